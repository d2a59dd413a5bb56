import { localScorer } from '../../adapters/local/scorer';
import { createDetectionActivities } from '../../activities/detection-group';
import type { DetectionGroupDeps } from '../../activities/detection-group';
import { OpenWatch } from '../../activities/open-watch';
import { PRESETS, withSeason } from '../../domain/anomaly/presets';
import type { AnomalyRecord } from '../../domain/detection/anomaly-record';
import type { MeasureRow } from '../../domain/detection/measure-row';
import { kindOfMeasure } from '../../domain/detection/measures';
import type { Service } from '../../domain/inventory';
import type { Sample } from '../../domain/metrics';
import { MemoryStore } from '../fakes/memory-store';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const T0 = 150 * WEEK;
const shop: Service = {
  ...{ name: 'shop', environment: 'test', tier: 'critical', dependsOn: [] },
  metrics: { url: 'http://127.0.0.1:1/metrics', everyMs: MINUTE, names: { requests: 'r', latency: 'l' }, saturation: [] },
};

/** Ten requests a second at minute `minute`, of which one in a thousand fails, and one in five after `failingFrom`. */
function sample(minute: number, failingFrom = Infinity): Sample {
  const requests = 600 * minute + (minute % 7);
  const errors = Math.floor(requests / 1000) + Math.max(0, minute - failingFrom) * 120;
  const latency = { le: [0.1, null], counts: [requests, requests] };
  const told = { service: 'shop', environment: 'test', instance: 'one', at: T0 + minute * MINUTE, up: true };
  return { ...told, routes: { '/': { requests, errors } }, latency, saturation: { disk: 0.5 + (minute % 10) / 100 } };
}

function world(from: number, to: number, failingFrom?: number) {
  const store = new MemoryStore();
  const all = Array.from({ length: to - from + 1 }, (_, i) => sample(from + i, failingFrom));
  const clock = { ms: T0, now: (): number => clock.ms };
  const settings: DetectionGroupDeps['settings'] = {
    ...{ detector: withSeason(PRESETS.default, WEEK), alertsPerWeek: 0.4, minRequests: 20, rowMs: MINUTE, graceMs: 0 },
    ...{ groups: 1, checkpointMs: HOUR, keepMs: DAY, measuresMs: 35 * DAY, pointsMs: 35 * DAY, inboxLimit: 100 },
  };
  const deps = (changed: Partial<DetectionGroupDeps> = {}): DetectionGroupDeps => ({
    ...{
      services: [shop],
      series: [],
      points: store.archive.points,
      samples: store.samples,
      history: store.measures,
      scorer: localScorer(),
      inbox: store.inbox,
    },
    ...{ book: store.detection, anomalies: store.anomalies, feedback: store.feedback, state: store.state, clock, settings },
    log: { info: () => undefined, warn: () => undefined },
    ends: () => new AbortController().signal,
    heartbeat: () => undefined,
    pause: async (ms) => void (clock.ms += ms),
    onAlerts: () => undefined,
    ...changed,
  });
  const judge = (minutes: number, changed?: Partial<DetectionGroupDeps>) =>
    createDetectionActivities(deps(changed)).judgeGroup({ group: 0, groups: 1, turnMs: minutes * MINUTE });
  const rows = () => store.measures.read({ environment: 'test', service: 'shop', rowMs: MINUTE }, 0, Infinity);
  const known = () => store.detection.checkpoints.get('test/shop');
  return { store, all, clock, settings, deps, judge, rows, known };
}

const minutesOf = (rows: readonly MeasureRow[]): number[] => rows.map(({ at }) => (at - T0) / MINUTE);
const minutes = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('what is learnt from samples at the first opening is history, from the first value on, and so is each row that is judged', async () => {
  const here = world(-90, 30);
  await here.store.samples.append(here.all);
  await here.judge(30);
  const rows = await here.rows();
  expect(minutesOf(rows)).toEqual(minutes(-90, 29));
  expect(rows.at(-1)?.measures.map(({ name, value }) => [name, value])).toEqual([
    ['errorShare', 0.00166389],
    ['up', 1],
    ['latencyP95Ms', expect.any(Number)],
    ['rate', 10.0167],
    ['saturation:disk', 0.59],
  ]);
});

test('a history that was interrupted goes on where it ended, as far as samples know', async () => {
  const here = world(-90, 60);
  await here.store.samples.append(here.all);
  await here.judge(10);
  // Something that writes no history judged meanwhile.
  await here.store.detection.advance('0/1', 1, T0 + 40 * MINUTE);
  here.clock.ms = T0 + 40 * MINUTE;
  await here.judge(20);
  expect(minutesOf(await here.rows())).toEqual(minutes(-90, 59));
});

test('after a restart all is known as without one, though the samples are gone and others came late', async () => {
  const whole = world(-60, 90, 70);
  await whole.store.samples.append(whole.all);
  await whole.judge(90);
  const here = world(-60, 90, 70);
  await here.store.samples.append(here.all.filter(({ at }) => at <= T0 + 50 * MINUTE));
  const dies = (ms: number): Promise<void> => (
    (here.clock.ms += ms),
    here.clock.ms >= T0 + 45 * MINUTE ? Promise.reject(new Error('killed')) : Promise.resolve()
  );
  await expect(here.judge(90, { pause: dies })).rejects.toThrow('killed');
  await here.store.samples.prune(T0 + 42 * MINUTE);
  await here.store.samples.append([{ ...sample(10), instance: 'late', saturation: { disk: 1 } }, ...here.all.filter(({ at }) => at > T0 + 50 * MINUTE)]);
  await here.judge(45);
  expect(here.known()).toEqual(whole.known());
  expect(here.store.inbox.waiting.map(({ alert }) => alert.id)).toEqual(whole.store.inbox.waiting.map(({ alert }) => alert.id));
  expect(whole.store.inbox.waiting).not.toHaveLength(0);
});

test('killed between history and progress, a row is judged again and kept once', async () => {
  const here = world(-30, 30, 12);
  await here.store.samples.append(here.all);
  const { detection } = here.store;
  const book: DetectionGroupDeps['book'] = {
    ...{ take: (group) => detection.take(group), judgedTo: (groups) => detection.judgedTo(groups), restore: (service) => detection.restore(service) },
    checkpoint: (...given) => detection.checkpoint(...given),
    advance: (group, epoch, to) => (to >= T0 + 20 * MINUTE ? Promise.reject(new Error('killed')) : detection.advance(group, epoch, to)),
  };
  await expect(here.judge(30, { book })).rejects.toThrow('killed');
  expect(minutesOf(await here.rows())).toEqual(minutes(-30, 20));
  await here.judge(10);
  expect(minutesOf(await here.rows())).toEqual(minutes(-30, 29));
});

test('a turn that is over before all services are learnt leaves what it has learnt to the next one', async () => {
  const here = world(-30, 30);
  await here.store.samples.append(here.all);
  const services = [shop, { ...shop, name: 'cart' }];
  // Each thing that is learnt takes longer than the turn.
  const slow = (): void => void (here.clock.ms += 1000);
  const turn = () => createDetectionActivities(here.deps({ services, heartbeat: slow })).judgeGroup({ group: 0, groups: 1, turnMs: 1500 });
  await expect(turn()).resolves.toBe('again');
  expect([...here.store.detection.checkpoints.keys()]).toEqual(['test/shop']);
  await turn();
  expect([...here.store.detection.checkpoints.keys()]).toEqual(['test/shop', 'test/cart']);
  await here.judge(30, { services });
  expect(minutesOf(await here.rows()).slice(0, 60)).toEqual(minutes(-30, 29));
});

test('other settings are learnt from five weeks, though samples are kept for a day: the series is not learning any more', async () => {
  const rowMs = 10 * MINUTE;
  const { store, deps, settings } = world(0, 0);
  const values = (i: number): Record<string, number> => ({ errorShare: 0.002 * (1 + Math.sin(i)), up: 1, latencyP95Ms: 90 + 5 * Math.sin(i * 3), rate: 10 });
  const rowOf = (i: number, over: Record<string, number> = {}): MeasureRow => ({
    at: T0 + i * rowMs,
    measures: Object.entries({ ...values(i), ...over }).map(([name, value]) => ({ name, kind: kindOfMeasure(name), value })),
  });
  const rows = Array.from({ length: (35 * DAY) / rowMs }, (_, i) => rowOf(i + 1));
  await store.measures.append(rowMs, [{ environment: 'test', service: 'shop', rows }]);
  const at = T0 + 35 * DAY;
  const open = (season: number) => OpenWatch.open(deps({ settings: { ...settings, rowMs, detector: withSeason(PRESETS.default, season) } }), shop, at);
  const before = await open(DAY);
  await store.detection.take('0/1');
  await store.detection.checkpoint('0/1', 1, 'test/shop', before.checkpoint(at));
  const anew = await open(WEEK);
  const last = rows.length;
  const rowsOfTrouble = [1, 2, 3].map((i) => rowOf(last + i, { errorShare: 0.2 }));
  const seen: AnomalyRecord[] = [];
  for (const row of rowsOfTrouble) seen.push(...anew.row(row, await localScorer().judge(anew.values(row))).records);
  expect(seen.map(({ anomaly }) => anomaly.learning)).toContain(false);
  expect(anew.anew).toBe(true);
});
