import { findOnset } from '../../domain/onset';
import { seriesPoints } from '../../domain/windows';
import { makeSeries, T0, type Second } from '../fakes/bookshop-series';
import { traffic } from '../fakes/practice-faults';

const onset = (alertSecond: number, at: (second: number) => Second, seed = 1) =>
  (findOnset(seriesPoints(makeSeries({ seconds: 70, at, seed }), T0, T0 + 70_000, 1000), T0 + alertSecond * 1000) - T0) / 1000;

test.each([1, 2, 3, 4, 5])('is found within two seconds where errors begin, in noisy traffic %i', (seed) => {
  const found = onset(50, (s) => ({ rate: traffic(s), errorShare: s >= 42 ? 0.2 : 0.01 }), seed);
  expect(found).toBeGreaterThanOrEqual(40);
  expect(found).toBeLessThanOrEqual(42);
});

test('is found where latency jumps without an error', () => {
  const found = onset(50, (s) => ({ rate: 90, latencyMs: s >= 44 ? 300 : 8 }));
  expect(found).toBeGreaterThanOrEqual(42);
  expect(found).toBeLessThanOrEqual(44);
});

test('is found where the service falls silent', () => {
  expect(onset(50, (s) => ({ rate: 90, up: s < 45 }))).toBeCloseTo(44, 0);
});

test('is never later than the first alert', () => {
  expect(onset(30, (s) => ({ rate: 90, errorShare: s >= 40 ? 0.5 : 0 }))).toBe(30);
});

test('does not go back into an earlier trouble that was over', () => {
  expect(onset(60, (s) => ({ rate: 90, errorShare: (s >= 20 && s < 26) || s >= 52 ? 0.4 : 0.002 }))).toBeGreaterThanOrEqual(50);
});

test('bridges a good second or two inside the trouble', () => {
  expect(onset(60, (s) => ({ rate: 90, errorShare: s >= 48 && s !== 53 && s !== 54 ? 0.4 : 0.002 }))).toBeLessThanOrEqual(48);
});

test('is not carried over a time that nobody measured to an earlier trouble, unless that had not ended', () => {
  const blind = (from: number, to: number, bad: (second: number) => boolean): number => {
    const samples = makeSeries({ seconds: 70, at: (s) => ({ rate: 90, errorShare: bad(s) ? 0.4 : 0.002 }), seed: 1 });
    const seen = samples.filter((s) => s.at <= T0 + from * 1000 || s.at > T0 + to * 1000);
    return (findOnset(seriesPoints(seen, T0, T0 + 70_000, 1000), T0 + 60_000) - T0) / 1000;
  };
  expect(blind(44, 54, (s) => (s >= 38 && s < 42) || s >= 52)).toBeGreaterThanOrEqual(54);
  expect(blind(44, 54, (s) => s >= 40)).toBeLessThanOrEqual(40);
});

test('is the alert when there is nothing to compare with', () => {
  expect(findOnset([], T0)).toBe(T0);
});
