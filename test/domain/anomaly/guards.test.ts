import { CounterRates } from '../../../domain/anomaly/counter-rates';
import { SeriesDetector } from '../../../domain/anomaly/detector';
import { PRESETS, withSeason } from '../../../domain/anomaly/presets';
import { SeriesWatch } from '../../../domain/anomaly/watch';
import { BEGIN, DAY, MINUTE, series, within } from './made';
import type { Point } from './made';

const DAILY = withSeason(PRESETS.default, DAY);
const run = (
  points: readonly { at: number; value: number | null }[],
  detector = new SeriesDetector(DAILY),
): { scores: number[]; detector: SeriesDetector } => ({
  scores: points.map(({ at, value }) => detector.push(at, value)),
  detector,
});
const alertsOf = (points: readonly Point[], kind: 'rate' | 'latency' | 'saturation' | 'other' = 'other'): number[] => {
  const watch = new SeriesWatch({ detector: DAILY, kind });
  return points.flatMap(({ at, value }) => {
    const { anomaly } = watch.push(at, value);
    return anomaly?.alerting ? [anomaly.at] : [];
  });
};
const most = (scores: readonly number[]): number => Math.max(...scores);

test('a flat line scores 0, its first change stands out, and a change of a thousandth hardly does', () => {
  const flat = Array.from({ length: 600 }, (_, i) => ({ at: BEGIN + i * MINUTE, value: 5 }));
  expect(most(run(flat).scores)).toBe(0);
  expect(run([...flat, { at: BEGIN + 600 * MINUTE, value: 6 }]).scores[600]).toBeGreaterThan(0.5);
  expect(run([...flat, { at: BEGIN + 600 * MINUTE, value: 5.000001 }]).scores[600]).toBeLessThan(0.05);
});

test('a line at 0 that moves is judged too', () => {
  const zeros = Array.from({ length: 600 }, (_, i) => ({ at: BEGIN + i * MINUTE, value: i === 599 ? 3 : 0 }));
  expect(run(zeros).scores[599]).toBeGreaterThan(0.5);
});

test('a counter becomes a rate, and a process that begins again is no anomaly', () => {
  const rates = new CounterRates();
  const pushed = [100, 160, 220, 30, 90].map((value, i) => rates.push(BEGIN + i * MINUTE, value));
  expect(pushed).toEqual([null, 1, 1, null, 1]);
  let count = 0;
  const counter = series(6, { level: 60 }).map(({ at, value }, i) => ({ at, value: (count = i === 1000 ? 0 : count + value) }));
  const detector = new SeriesDetector(DAILY);
  const grown = new CounterRates();
  const scores = counter.map(({ at, value }) => detector.push(at, grown.push(at, value)));
  expect(most(scores.slice(995, 1010))).toBeLessThan(0.2);
  expect(detector.counts.missing).toBe(2);
});

test('a counter passes over what is missing, late or twice', () => {
  const rates = new CounterRates();
  const pushed = (
    [
      [0, 10],
      [60_000, null],
      [60_000, NaN],
      [120_000, 70],
      [120_000, 80],
      [90_000, 75],
    ] as const
  ).map(([ms, value]) => rates.push(BEGIN + ms, value));
  expect(pushed).toEqual([null, null, null, 0.5, null, null]);
});

test('a gap is no anomaly, nor is what comes after it', () => {
  const points = series(10).filter(({ at }) => !within(at, 7.2, 600));
  expect(alertsOf(points)).toEqual([]);
});

test('what is no number is counted, scores 0 and changes nothing', () => {
  const points = series(4);
  const holes = points.flatMap((point) => [point, { at: point.at + 1, value: null }, { at: point.at + 2, value: NaN }, { at: point.at + 3, value: Infinity }]);
  const { scores, detector } = run(holes);
  expect(scores.filter((_, i) => i % 4 === 0)).toEqual(run(points).scores);
  expect(detector.counts).toEqual({ scored: points.length, missing: 3 * points.length, late: 0, unitChanges: 0 });
});

test('points twice at one time and out of order are counted and skipped', () => {
  const points = series(4);
  const { scores, detector } = run(points.flatMap((point) => [point, { at: point.at, value: 1e6 }, { at: point.at - 1, value: 1e6 }]));
  expect(scores.filter((_, i) => i % 3 === 0)).toEqual(run(points).scores);
  expect(detector.counts).toMatchObject({ scored: points.length, late: 2 * points.length });
});

test('after a change of unit there is one sign, and an outage in the new unit is found like any other', () => {
  const before = series(10, { level: 0.2 });
  const shift = 10 * DAY;
  const after = series(10, { level: 200, seed: 2, trouble: (at, value) => (within(at, 8, 60) ? 4 * value : value) }).map(({ at, value }) => ({
    at: at + shift,
    value,
  }));
  const { detector } = run([...before, ...after]);
  expect(detector.counts.unitChanges).toBe(1);
  const alerts = alertsOf([...before, ...after]).map((at) => (at - BEGIN) / DAY);
  expect(alerts.filter((day) => day >= 10 && day < 11).length).toBeGreaterThanOrEqual(1);
  expect(alerts.filter((day) => day > 11)).toEqual([expect.closeTo(18, 1)]);
});

test('a quiet night is no change of unit', () => {
  const points = series(10, { trouble: (at, value) => ((at - BEGIN) % DAY < 0.45 * DAY ? value / 1000 : value) });
  expect(run(points).detector.counts.unitChanges).toBe(0);
});

test('memory that falls with each restart of its process raises no alert', () => {
  const sawtooth = series(12, { level: 300, noise: 0.01 }).map(({ at }, i) => ({ at, value: 300 + 200 * ((i % 100) / 100) + (i % 7) }));
  const early = sawtooth.map((point, i) => (i > 2900 ? { ...point, value: sawtooth[(i - 2900) % 100]?.value ?? 0 } : point));
  expect(alertsOf(early, 'saturation')).toEqual([]);
});

test('the smallest and the largest numbers are scored like others', () => {
  const tiny = Array.from({ length: 600 }, (_, i) => ({ at: BEGIN + i * MINUTE, value: i % 2 === 0 ? 5e-324 : 1e-310 }));
  expect(most(run(tiny).scores)).toBe(0);
  const huge = Array.from({ length: 600 }, (_, i) => ({ at: BEGIN + i * MINUTE, value: (i % 3) * 1e300 * (i === 599 ? -1 : 1) }));
  expect(run(huge).scores.every((score) => score >= 0 && score < 1)).toBe(true);
});

test('irregular sampling finds the same outage', () => {
  const points = series(12, { trouble: (at, value) => (within(at, 10, 90) ? 0 : value) }).filter((_, i) => (i * 7) % 11 < 6);
  const alerts = alertsOf(points, 'rate').map((at) => (at - BEGIN) / DAY);
  expect(alerts).toEqual([expect.closeTo(10, 1)]);
});

test('where nearly everything is the same, the hold counts time too', () => {
  const detector = new SeriesDetector(PRESETS.default);
  for (let i = 0; i < 1000; i += 1) detector.push(BEGIN + i * 1000, 100 + (i % 5));
  const spikes = Array.from({ length: 120 }, (_, i) => detector.push(BEGIN + (1000 + i) * 1000, i % 40 === 0 ? 900 - i : 100 + (i % 5)));
  expect(spikes.filter((score) => score > 0.3)).toHaveLength(1);
});
