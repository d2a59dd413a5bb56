import { FallWatch } from '../../../domain/confidence/fall';
import { seededRandom } from '../../../domain/seeded-random';

/** Outcomes until a fall is believed, at most `most`. */
function until(success: number, seed: number, most: number): number {
  const random = seededRandom(seed);
  const watch = new FallWatch(0.95, 200);
  for (let n = 1; n <= most; n += 1) if (watch.add(random() < success)) return n;
  return most;
}

function mean(success: number, most: number): number {
  const runs = 100;
  return Array.from({ length: runs }, (_, i) => until(success, i + 1, most)).reduce((sum, n) => sum + n, 0) / runs;
}

test('a success on the gate itself is called a fall after 200 outcomes at the earliest on average', () => {
  expect(mean(0.95, 4000)).toBeGreaterThanOrEqual(200);
});

test('a success of 0.99 is hardly ever called a fall', () => {
  expect(mean(0.99, 2000)).toBeGreaterThan(1900);
});

test('a success of 0.5 is called a fall within ten outcomes on average', () => {
  expect(mean(0.5, 500)).toBeLessThanOrEqual(10);
});
