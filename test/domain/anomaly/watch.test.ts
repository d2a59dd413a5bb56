import fc from 'fast-check';
import type { Anomaly } from '../../../domain/anomaly/explain';
import type { MeasureKind } from '../../../domain/anomaly/kinds';
import { PRESETS, withSeason } from '../../../domain/anomaly/presets';
import type { WatchSettings } from '../../../domain/anomaly/watch';
import { SeriesWatch } from '../../../domain/anomaly/watch';
import { BEGIN, DAY, MINUTE, series, within } from './made';
import type { Point } from './made';

const DAILY = withSeason(PRESETS.default, DAY);
const settingsOf = (kind: MeasureKind): WatchSettings => ({ detector: DAILY, kind });
const watched = (points: readonly Point[], kind: MeasureKind = 'rate', watch = new SeriesWatch(settingsOf(kind))): Anomaly[] =>
  points.flatMap(({ at, value }) => watch.push(at, value).anomaly ?? []);
const dayOf = (at: number): number => (at - BEGIN) / DAY;
const alerting = (anomalies: readonly Anomaly[]): number[] => anomalies.filter((each) => each.alerting).map(({ at }) => dayOf(at));
const outages =
  (...days: number[]) =>
  (at: number, value: number) =>
    days.some((day) => within(at, day, 40)) ? 0 : value;

test('a healthy series of two weeks raises no alert', () => {
  expect(alerting(watched(series(14)))).toEqual([]);
});

test('each of four identical outages is one alert, within three values', () => {
  const days = [5.3, 6.6, 8.1, 9.9];
  const found = alerting(watched(series(11, { trouble: outages(...days) })));
  expect(found).toHaveLength(4);
  found.forEach((day, i) => expect(day - (days[i] ?? NaN)).toBeLessThan((3 * 5) / 1440));
});

test('before two seasons have been seen an anomaly is evidence only', () => {
  const anomalies = watched(series(2, { trouble: outages(1.5) }));
  expect(anomalies.length).toBeGreaterThan(0);
  expect(anomalies.every((each) => each.learning && !each.alerting)).toBe(true);
});

test.each([
  ['errorShare', 0.001, 0.4],
  ['up', 1, 0],
] as const)('but %s far outside its own short history alerts, marked as learning, at the second value', (kind, usual, bad) => {
  const points = Array.from({ length: 60 }, (_, i) => ({ at: BEGIN + i * MINUTE, value: i >= 50 ? bad : usual }));
  const anomalies = watched(points, kind).filter((each) => each.alerting);
  expect(anomalies).toMatchObject([{ at: BEGIN + 51 * MINUTE, since: BEGIN + 50 * MINUTE, learning: true }]);
});

test('one missing answer is no outage while the series is learnt', () => {
  const points = Array.from({ length: 60 }, (_, i) => ({ at: BEGIN + i * MINUTE, value: i === 50 ? 0 : 1 }));
  expect(alerting(watched(points, 'up'))).toEqual([]);
});

test('a latency that is unusual for one row is evidence, and an alert from the second row on', () => {
  const slow = (minutes: number): Anomaly[] =>
    watched(series(8, { trouble: (at, value) => (within(at, 6.5, minutes) ? 3 * value : value) }), 'latency').filter(({ at }) => dayOf(at) > 6);
  expect(slow(5)).toMatchObject([{ alerting: false }]);
  expect(slow(10).map((each) => each.alerting)).toEqual([false, true]);
});

test('an error share far outside what is usual alerts in its first row', () => {
  const points = series(8).map(({ at }) => ({ at, value: within(at, 6.5, 5) ? 0.4 : 0.001 }));
  expect(alerting(watched(points, 'errorShare'))).toHaveLength(1);
});

test('short spikes that came all through the second season raise no alert in the third', () => {
  const weekly = new SeriesWatch({ detector: PRESETS.default, kind: 'latency' });
  const often = series(21, { trouble: (at, value) => (dayOf(at) > 7 && (dayOf(at) * 2.3) % 1 < 2.3 * (10 / 1440) ? 3 * value : value) });
  expect(alerting(watched(often, 'latency', weekly))).toEqual([]);
});

test.each([
  ['doubles', 2, 0],
  ['halves', 0.5, 0],
  ['stays away but for a fifth', 0.2, 1],
])('traffic that %s is evidence, and alerts only when most of it stays away', (_what, times, alerts) => {
  const anomalies = watched(series(8, { trouble: (at, value) => (within(at, 6.5, 60) ? times * value : value) }), 'rate').filter(({ at }) => dayOf(at) > 6);
  expect(anomalies.length).toBeGreaterThan(0);
  expect(alerting(anomalies)).toHaveLength(alerts);
});

test('a resource that is all but empty may be used a little more, but not fill up', () => {
  const used = (much: number): number[] =>
    alerting(
      watched(
        series(8).map(({ at }) => ({ at, value: within(at, 6.5, 60) ? much : 0.01 })),
        'saturation',
      ),
    );
  expect(used(0.08)).toEqual([]);
  expect(used(0.5)).toHaveLength(1);
});

test('what is good news raises nothing: fewer errors, lower latency, less used', () => {
  for (const kind of ['errorShare', 'latency', 'saturation'] as const)
    expect(watched(series(8, { trouble: outages(6.5) }), kind).filter(({ at }) => dayOf(at) > 6)).toEqual([]);
});

test('a change below the floor is no anomaly, however strange', () => {
  const steady = series(8, { noise: 0.0001, trouble: (at, value) => (within(at, 6.5, 60) ? 1.05 * value : value) });
  expect(watched(steady, 'rate').filter(({ at }) => dayOf(at) > 6)).toEqual([]);
});

test('an anomaly tells since when, the band, the direction and how rare it is', () => {
  const [anomaly] = watched(series(8, { trouble: (at, value) => (within(at, 6.5, 60) ? 3 * value : value) }), 'latency').filter((each) => each.alerting);
  expect(anomaly).toMatchObject({ direction: 'above', learning: false, rarity: { never: true } });
  expect(dayOf(anomaly?.since ?? NaN)).toBeCloseTo(6.5, 2);
  expect(anomaly?.band.high).toBeLessThan(anomaly?.value ?? NaN);
  expect(Object.values(anomaly?.shares ?? {}).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
});

test('a level that shifts for good is told, and then is the usual one', () => {
  const found = alerting(watched(series(20, { trouble: (at, value) => (dayOf(at) >= 6.5 ? 2 * value : value) }), 'other'));
  expect(found[0]).toBeCloseTo(6.5, 1);
  expect(found.filter((day) => day > 9)).toEqual([]);
});

test('noise raises the threshold of a series and lets fewer alerts through; useful does the opposite', () => {
  const thresholdAfter = (what: 'noise' | 'useful'): number => {
    const watch = new SeriesWatch(settingsOf('rate'));
    const points = series(12);
    watched(points, 'rate', watch);
    for (let i = 0; i < 5; i += 1) watch.feedback(0.5, what);
    return watch.push((points.at(-1)?.at ?? 0) + MINUTE, 100).threshold;
  };
  expect(thresholdAfter('noise')).toBeGreaterThan(thresholdAfter('useful'));
});

test('a watch restored from a snapshot judges as if it had never stopped', () => {
  const points = series(7, { trouble: outages(3.2, 5.5, 6.1) });
  const whole = new SeriesWatch(settingsOf('rate'));
  const judged = points.map(({ at, value }) => whole.push(at, value));
  fc.assert(
    fc.property(fc.nat(points.length - 1), (cut) => {
      const watch = new SeriesWatch(settingsOf('rate'));
      for (const { at, value } of points.slice(0, cut)) watch.push(at, value);
      const restored = SeriesWatch.restore(settingsOf('rate'), watch.snapshot());
      expect(points.slice(cut).map(({ at, value }) => restored.push(at, value))).toEqual(judged.slice(cut));
    }),
    { numRuns: 8 },
  );
});

test('a snapshot that is cut is refused', () => {
  expect(() => SeriesWatch.restore(settingsOf('rate'), new Uint8Array(20))).toThrow(/no whole snapshot/);
});

test('in a season made short learning and budget are short as well', () => {
  const season = 10 * MINUTE;
  const detector = withSeason(PRESETS.default, season);
  const watch = new SeriesWatch({ detector, kind: 'latency' });
  const points = series(9, { trouble: (at, value) => (within(at, 7.5, 90) ? 5 * value : value) }).map(({ at, value }) => ({
    at: BEGIN + Math.round(((at - BEGIN) / DAY) * season),
    value,
  }));
  const anomalies = watched(points, 'latency', watch).filter((each) => each.alerting);
  expect(anomalies.map(({ at }) => (at - BEGIN) / season)).toEqual([expect.closeTo(7.5, 1)]);
});
