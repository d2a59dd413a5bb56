import type { Alert } from '../../../domain/alert';
import { PRESETS, withSeason } from '../../../domain/anomaly/presets';
import { ServiceWatch } from '../../../domain/detection/service-watch';
import type { ServiceWatchSettings } from '../../../domain/detection/service-watch';
import type { WindowStats } from '../../../domain/metrics';
import { seededRandom } from '../../../domain/seeded-random';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const shop = { name: 'shop', environment: 'test', tier: 'critical' } as const;
/** A season of six hours, so that learning is over after twelve. */
const settings: ServiceWatchSettings = { detector: withSeason(PRESETS.default, 6 * HOUR), alertsPerWeek: 0.4, minRequests: 20 };

/** A row with small noise; what is given stands instead. */
function row(at: number, random: () => number, given: Partial<WindowStats> = {}): WindowStats {
  const requests = Math.round(600 + 20 * random());
  return {
    ...{ from: at - MINUTE, to: at, samples: 4, upShare: 1, requests, errors: 1, errorShare: 0.001 + 0.001 * random() },
    ...{
      ratePerSecond: requests / 60,
      latencyP95Ms: 40 + 2 * random(),
      routes: {},
      saturation: { cache: { first: 0.5, last: 0.5, max: 0.5 + 0.02 * random() } },
    },
    ...given,
  };
}

/** Minutes from..to, with rows as `given` says. */
function play(watch: ServiceWatch, from: number, to: number, given: (minute: number) => Partial<WindowStats> = () => ({})): Alert[] {
  const alerts: Alert[] = [];
  for (let minute = from; minute < to; minute += 1) {
    alerts.push(...watch.row(row(minute * MINUTE, seededRandom(minute), given(minute))).alerts);
  }
  return alerts;
}

const FAILING = { errorShare: 0.3, errors: 180 };
const short = (alerts: readonly Alert[]): string[] => alerts.map(({ name, status }) => `${name} ${status}`);
const watched = (): ServiceWatch => new ServiceWatch(shop, settings);

test('errors far outside a short history alert at once, say that the series is still learnt, and end when they are over', () => {
  const watch = watched();
  const alerts = [...play(watch, 0, 60), ...play(watch, 60, 70, () => FAILING), ...play(watch, 70, 80)];
  expect(short(alerts)).toEqual(['ErrorShareUnusual firing', 'ErrorShareUnusual resolved']);
  const [begins, ends] = alerts;
  expect(begins).toMatchObject({ severity: 'sev2', signal: 'errorShare', value: 0.3, startsAt: new Date(60 * MINUTE).toISOString() });
  expect(begins?.summary).toMatch(/^shop: share of failed requests: 30 % is above the expected .*still being learnt/);
  expect(ends).toMatchObject({ fingerprint: begins?.fingerprint, startsAt: begins?.startsAt, endsAt: new Date(70 * MINUTE).toISOString() });
});

test('while it is learnt, slow answers are no alert; later they are', () => {
  const slow = (): Partial<WindowStats> => ({ latencyP95Ms: 400 });
  const early = watched();
  expect([...play(early, 0, 60), ...play(early, 60, 70, slow)]).toEqual([]);
  const later = watched();
  expect(short([...play(later, 0, 13 * 60), ...play(later, 13 * 60, 13 * 60 + 10, slow)])).toEqual(['LatencyUnusual firing']);
});

test('a second identical outage is told like the first, and one that comes back at once as well', () => {
  const watch = watched();
  play(watch, 0, 60);
  const outage = (from: number): string[] => short([...play(watch, from, from + 8, () => FAILING), ...play(watch, from + 8, from + 14)]);
  const both = ['ErrorShareUnusual firing', 'ErrorShareUnusual resolved'];
  expect(outage(60)).toEqual(both);
  expect(outage(74)).toEqual(both);
  play(watch, 88, 240);
  expect(outage(240)).toEqual(both);
});

test('what else is unusual in the row stands in the same message', () => {
  const watch = watched();
  play(watch, 0, 13 * 60);
  const [alert] = play(watch, 13 * 60, 13 * 60 + 5, () => ({ ...FAILING, latencyP95Ms: 900 }));
  expect(alert?.summary).toContain('Also unusual: p95 latency.');
});

test('unanswered scrapes are silence, and as bad as it gets', () => {
  const watch = watched();
  play(watch, 0, 60);
  const dead = { upShare: 0, requests: 0, errors: 0, errorShare: null, latencyP95Ms: null, ratePerSecond: null, saturation: {} };
  const alerts = play(watch, 60, 65, () => dead);
  expect(alerts).toMatchObject([{ name: 'AnswersMissing', signal: 'silence', severity: 'sev1', value: 0 }]);
});

test('rows that measured nothing neither begin nor end a condition', () => {
  const watch = watched();
  play(watch, 0, 60);
  expect(short(play(watch, 60, 65, () => FAILING))).toEqual(['ErrorShareUnusual firing']);
  expect(play(watch, 65, 75, () => ({ requests: 3, errorShare: 0, latencyP95Ms: null }))).toEqual([]);
});

test('after a restart from a checkpoint the same alerts come with the same ids', () => {
  const whole = watched();
  const first = watched();
  play(whole, 0, 62);
  play(first, 0, 62);
  const { watch: restored, forgotten } = ServiceWatch.restore(shop, settings, first.snapshot());
  expect(forgotten).toEqual([]);
  const go = (watch: ServiceWatch): Alert[] => [...play(watch, 62, 70, () => FAILING), ...play(watch, 70, 90)];
  const alerts = go(whole);
  expect(alerts).toHaveLength(2);
  expect(go(restored)).toEqual(alerts);
});

test('a measure that is watched by other settings from now on is learnt anew, and the others know what they knew', () => {
  const before = watched();
  play(before, 0, 120);
  const chosen = { errorShare: { detector: withSeason(PRESETS.default, HOUR), alertsPerWeek: 0.1 } };
  const { watch, forgotten } = ServiceWatch.restore(shop, { ...settings, chosen }, before.snapshot());
  expect(forgotten).toEqual(['errorShare']);
  expect(play(watch, 120, 125, () => FAILING)).toEqual([]);
  const anew = new ServiceWatch(shop, { ...settings, chosen });
  play(anew, 0, 125);
  watch.adopt(anew, forgotten);
  expect(short(play(watch, 125, 130, () => ({ ...FAILING, upShare: 0 }))).sort()).toEqual(['AnswersMissing firing', 'ErrorShareUnusual firing']);
});

test('an alert that fires while its measure is learnt anew ends when the measure is well again', () => {
  const before = watched();
  play(before, 0, 120);
  expect(short(play(before, 120, 125, () => FAILING))).toEqual(['ErrorShareUnusual firing']);
  const chosen = { errorShare: { detector: withSeason(PRESETS.default, HOUR), alertsPerWeek: 0.1 } };
  const { watch, forgotten } = ServiceWatch.restore(shop, { ...settings, chosen }, before.snapshot());
  const anew = new ServiceWatch(shop, { ...settings, chosen });
  play(anew, 0, 125);
  watch.adopt(anew, forgotten);
  expect(short(play(watch, 125, 135))).toEqual(['ErrorShareUnusual resolved']);
});

test('trouble that was learnt without telling anybody has not begun: it is told when it stays, and its end is not told where it goes', () => {
  const [stays, goes] = [watched(), watched()];
  for (const watch of [stays, goes]) {
    play(watch, 0, 120);
    play(watch, 120, 125, () => FAILING);
    watch.tell([]);
  }
  expect(short(play(stays, 125, 135, () => FAILING))).toEqual(['ErrorShareUnusual firing']);
  expect(play(goes, 125, 135)).toEqual([]);
});
