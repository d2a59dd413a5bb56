import fc from 'fast-check';
import { mostBytes, SeriesDetector } from '../../../domain/anomaly/detector';
import type { DetectorSettings } from '../../../domain/anomaly/presets';
import { presetNamed, PRESETS, withSeason } from '../../../domain/anomaly/presets';
import { BEGIN, MINUTE, series, within } from './made';
import type { Point } from './made';

const SMALL: DetectorSettings = { ...withSeason(PRESETS.default, 60 * MINUTE), window: 300 };
const scoresOf = (points: readonly Point[], settings: DetectorSettings = PRESETS.default): number[] => {
  const detector = new SeriesDetector(settings);
  return points.map(({ at, value }) => detector.push(at, value));
};
/** Anything that a series may hold, at times that may repeat and go back. */
const anyPoints = fc.array(
  fc.record({
    step: fc.integer({ min: -2, max: 9 }),
    value: fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }), fc.constantFrom(0, 5e-324, 1e308, -1e308, NaN)),
  }),
  { minLength: 200, maxLength: 500 },
);
const timed = (points: readonly { step: number; value: number }[]): Point[] => {
  let at = BEGIN;
  return points.map(({ step, value }) => ({ at: (at += step * 10_000), value }));
};

test('a score never depends on what follows, and lies from 0 to 1, whatever the values', () => {
  fc.assert(
    fc.property(anyPoints, fc.nat(), (points, cut) => {
      const all = timed(points);
      const scores = scoresOf(all, SMALL);
      expect(scores.every((score) => score >= 0 && score < 1)).toBe(true);
      expect(scoresOf(all.slice(0, cut % all.length), SMALL)).toEqual(scores.slice(0, cut % all.length));
    }),
    { numRuns: 40 },
  );
});

test('after a restart from a snapshot scores are the same to the last bit, wherever it falls', () => {
  fc.assert(
    fc.property(anyPoints, fc.nat(), (points, cut) => {
      const all = timed(points);
      const detector = new SeriesDetector(SMALL);
      const before = all.slice(0, cut % all.length).map(({ at, value }) => detector.push(at, value));
      const restored = SeriesDetector.restore(SMALL, detector.snapshot());
      const after = all.slice(cut % all.length).map(({ at, value }) => restored.push(at, value));
      expect([...before, ...after]).toEqual(scoresOf(all, SMALL));
    }),
    { numRuns: 40 },
  );
});

test('a snapshot of a snapshot is the same bytes', () => {
  const detector = new SeriesDetector(SMALL);
  for (const { at, value } of series(3)) detector.push(at, value);
  const snapshot = detector.snapshot();
  expect(SeriesDetector.restore(SMALL, snapshot).snapshot()).toEqual(snapshot);
});

test.each([
  ['cut', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1)],
  ['longer', (bytes: Uint8Array) => Uint8Array.from([...bytes, 0])],
  ['empty', () => new Uint8Array(0)],
])('a snapshot that is %s is refused, and it is said what to do', (_, change) => {
  const detector = new SeriesDetector(SMALL);
  expect(() => SeriesDetector.restore(SMALL, change(detector.snapshot()))).toThrow(/replay the values/);
});

test('a snapshot of other settings is refused', () => {
  const snapshot = new SeriesDetector(PRESETS.nab).snapshot();
  expect(() => SeriesDetector.restore(PRESETS.default, snapshot)).toThrow(expect.objectContaining({ code: 'invalid_input' }) as Error);
});

test('after a replay of the last values that fill the window, value and level are scored the same to the last bit', () => {
  const settings = { ...PRESETS.default, window: 600, weights: { value: 1, season: 0, spread: 0, level: 0.3 } };
  const points = series(8, { trouble: (at, value) => (within(at, 7, 60) ? 3 * value : value) });
  const replayed = points.slice(-288 - 600 - 30);
  expect(scoresOf(replayed, settings).slice(-288)).toEqual(scoresOf(points, settings).slice(-288));
});

test('after such a replay the whole score comes near: season and spread forget slowly', () => {
  const settings = { ...withSeason(PRESETS.default, 1440 * MINUTE), window: 600 };
  const points = series(20, { trouble: (at, value) => (within(at, 19, 60) ? 3 * value : value) });
  const [whole, replayed] = [scoresOf(points, settings).slice(-288), scoresOf(points.slice(-288 - 9 * 288), settings).slice(-288)];
  expect(Math.max(...whole)).toBeGreaterThan(0.5);
  expect(Math.max(...whole.map((score, i) => Math.abs(score - (replayed[i] ?? NaN))))).toBeLessThan(0.01);
});

test('scores are the same on every engine: these were made on one', () => {
  const scores = scoresOf(series(4, { trouble: (at, value) => (within(at, 3, 30) ? 0 : value) }));
  const most = Math.max(...scores);
  expect([scores.indexOf(most), most]).toEqual([864, 0.49664768991914615]);
});

test('an outage stands out at its first value, and holds back what follows in the same episode', () => {
  const scores = scoresOf(series(16, { trouble: (at, value) => (within(at, 15, 60) ? 0 : value) }));
  const first = 15 * 288;
  expect(scores[first]).toBeGreaterThan(0.4);
  expect(Math.max(...scores.slice(0, first).slice(-288))).toBeLessThan(0.2);
  expect(scores.slice(first + 1, first + 12).every((score) => score === 0)).toBe(true);
});

test('the second of two identical outages is seen: spread says so where novelty cannot', () => {
  const outage = (at: number): boolean => within(at, 15, 60) || within(at, 17.3, 60);
  const detector = new SeriesDetector(PRESETS.default);
  const strengths = series(18, { trouble: (at, value) => (outage(at) ? 0 : value) }).map(
    ({ at, value }) => [detector.push(at, value), detector.shares()] as const,
  );
  const second = strengths[Math.ceil(17.3 * 288)];
  expect(second?.[0]).toBeGreaterThan(0.09);
  expect(second?.[1].spread).toBeGreaterThan(0.3);
});

test('shares add up to 1, and name the expert', () => {
  const detector = new SeriesDetector(PRESETS.default);
  for (const { at, value } of series(16, { trouble: (at, value) => (within(at, 15.5, 300) ? 500 : value) }).slice(0, 15.5 * 288 + 1)) detector.push(at, value);
  const shares = detector.shares();
  expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
  expect(shares.value).toBeGreaterThan(0.4);
});

test('memory is bounded, and a short series takes little', () => {
  const detector = new SeriesDetector(PRESETS.default);
  expect(detector.bytes).toBeLessThan(5000);
  for (const { at, value } of series(30)) detector.push(at, value);
  expect(detector.bytes).toBeLessThanOrEqual(mostBytes(PRESETS.default));
  expect(mostBytes(PRESETS.default)).toBeLessThan(100_000);
  expect(detector.snapshot().length).toBeLessThan(55_000);
});

test('a preset that does not exist is refused with the one that is meant', () => {
  expect(() => presetNamed('defualt')).toThrow(/did you mean default/);
  expect(() => withSeason(PRESETS.default, 0)).toThrow(/at least 24 seconds/);
});
