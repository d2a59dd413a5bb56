import type { Sample } from '../../domain/metrics';
import { fillings } from '../../domain/saturation';
import { seededRandom } from '../../domain/seeded-random';
import { T0 } from '../fakes/bookshop-series';

/** Samples of one resource, a second each. */
const series = (values: readonly number[]): Sample[] =>
  values.map((value, second) => ({
    ...{ service: 's', environment: 'e', instance: 'a', at: T0 + second * 1000, up: true, routes: {}, latency: { le: [], counts: [] } },
    saturation: { pool: value },
  }));
/** Second in which the resource began to fill, as seen at the end. */
const began = (values: readonly number[]): number | undefined => {
  const [found] = fillings(series(values), T0, T0 + (values.length - 2) * 1000, T0 + values.length * 1000);
  return found?.risingSince === undefined ? undefined : (found.risingSince - T0) / 1000;
};
const from = (seconds: number, at: (second: number) => number): number[] => Array.from({ length: seconds }, (_, second) => Math.min(1, at(second)));

/** How many of 20 are in use by chance, for a mean (Poisson, by Knuth's way). */
function inUse(mean: number, random: () => number): number {
  let count = 0;
  for (let product = random(); product > Math.exp(-mean); product *= random()) count += 1;
  return count / 20;
}

test.each([0.3, 0.8, 1.4, 2])('the beginning of a rise is found within two seconds in a busy pool, with %d of 20 in use as a rule', (mean) => {
  const misses = Array.from({ length: 300 }, (_, i) => {
    const random = seededRandom(i + 1);
    const found = began(from(50, (second) => inUse(mean, random) + Math.max(0, second - 40) * 0.16));
    return Math.abs((found ?? Infinity) - 40) > 2;
  }).filter(Boolean);
  expect(misses.length).toBeLessThanOrEqual(3);
});

test('a slow leak began where it began, and a jump where it jumped', () => {
  expect(began(from(100, (second) => second / 100))).toBe(0);
  expect(began(from(100, (second) => (second < 30 ? 0.1 : 0.1 + (second - 30) / 80)))).toBe(30);
  expect(began(from(60, (second) => (second < 50 ? 0.02 : 1)))).toBe(49);
});

test('what filled it before a restart emptied it is left aside', () => {
  expect(began(from(90, (second) => (second < 40 ? second / 40 : second < 60 ? 0 : (second - 60) / 25)))).toBe(60);
});

test('a level that only breathes does not rise', () => {
  const random = seededRandom(7);
  expect(began(from(100, () => 0.3 + random() * 0.1))).toBeUndefined();
});
