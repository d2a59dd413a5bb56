import { PRESETS, withSeason } from '../../../domain/anomaly/presets';
import { anomalyDrawing } from '../../../domain/detection/anomaly-record';
import { ErrorLinesWatch } from '../../../domain/log-watch/error-lines';
import type { JudgedMinute } from '../../../domain/log-watch/error-lines';
import { healthyLines, minuteAt } from './simulated-lines';

const DAY = 1440;
const DAYS = 3;
const SHOP = { name: 'shop', environment: 'prod', tier: 'standard' as const };
/** Days are alike, so that three of them are more than two seasons. */
const SETTINGS = { detector: withSeason(PRESETS.default, DAY * 60_000), alertsPerWeek: 0.1 };

/** Days with an error line now and then, and then these minutes. */
function after(lines: readonly number[], days = DAYS, watch = ErrorLinesWatch.begin(SHOP, SETTINGS)): readonly JudgedMinute[] {
  for (let i = 0; i < days * DAY; i += 1) watch.minute(minuteAt(i), i % 7 === 0 || i % 7 === 1 ? (i * 31) % 3 : 0);
  return lines.map((count, i) => watch.minute(minuteAt(days * DAY + i), count));
}

const begun = (judged: readonly JudgedMinute[]): number[] => judged.flatMap(({ event }, i) => (event?.kind === 'begins' ? [i] : []));

test('a spike is told at its third minute, from its first on, and ends after three minutes without', () => {
  const judged = after([40, 44, 39, 41, 42, 0, 0, 0, 0]);
  expect(begun(judged)).toEqual([2]);
  expect(judged[2]?.event).toMatchObject({ kind: 'begins', since: minuteAt(DAYS * DAY) });
  expect(judged[7]?.event).toMatchObject({ kind: 'ends', since: minuteAt(DAYS * DAY), at: minuteAt(DAYS * DAY + 5) });
});

test('lines of a minute or two, as of a restart, are no spike, and few of them never', () => {
  expect(begun(after([200, 180, 0, 0, 0, 90, 0, 0]))).toEqual([]);
  expect(begun(after([8, 9, 8, 9, 8, 9, 8, 9]))).toEqual([]);
});

test('the second spike like the first is told again', () => {
  const quiet = Array.from({ length: DAY / 2 }, () => 0);
  expect(begun(after([40, 44, 39, 41, ...quiet, 40, 44, 39, 41]))).toHaveLength(2);
});

test('of a service that is known for some hours a spike is told as well', () => {
  const judged = after([60, 60, 60, 60, 60], 0.05);
  expect(begun(judged)).toHaveLength(1);
  expect(judged.find(({ record }) => record)?.record?.anomaly.learning).toBe(true);
});

test('what is told says how many were expected, is of the kind log, and can be drawn', () => {
  const record = after([40, 44, 39])[2]?.record;
  expect(record).toMatchObject({ series: 'prod/shop/errorLines', anomaly: { kind: 'log', alerting: true, value: 39, since: minuteAt(DAYS * DAY) } });
  expect(record && anomalyDrawing(record).title).toMatch(/^error lines in each of three minutes: 39 is above the expected 0 to .*, for 2 m since/);
});

test('a watch that was saved goes on as if nothing had happened, and one of other settings is not taken', () => {
  const whole = ErrorLinesWatch.begin(SHOP, SETTINGS);
  after([40, 44], 1, whole);
  const restored = ErrorLinesWatch.restore(SHOP, SETTINGS, whole.snapshot(), whole.state);
  const next = minuteAt(DAY + 2);
  const [expected, found] = [whole.minute(next, 41), restored?.minute(next, 41)];
  expect(found?.score).toBe(expected.score);
  expect(found?.event).toEqual(expected.event);
  const weekly = { ...SETTINGS, detector: PRESETS.default };
  expect(ErrorLinesWatch.restore(SHOP, weekly, whole.snapshot(), whole.state)).toBeUndefined();
});

test('healthy services with daily swing, bursts, failing jobs and deployments give no alert in three weeks each', () => {
  const alerts = [2, 5].flatMap((seed) => {
    const lines = healthyLines(seed, 3);
    const watch = ErrorLinesWatch.begin(SHOP, { ...SETTINGS, detector: PRESETS.default });
    return Array.from({ length: 3 * 7 * DAY }, (_, i) => {
      const errors = lines.rows(i, minuteAt(i)).filter(({ level }) => level === 'error');
      return watch.minute(
        minuteAt(i),
        errors.reduce((sum, { minutes }) => sum + (minutes[0]?.lines ?? 0), 0),
      );
    }).filter(({ event }) => event?.kind === 'begins');
  });
  expect(alerts).toEqual([]);
});
