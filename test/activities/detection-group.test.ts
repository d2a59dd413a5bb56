import { localScorer } from '../../adapters/local/scorer';
import { createDetectionActivities } from '../../activities/detection-group';
import type { DetectionGroupDeps } from '../../activities/detection-group';
import { OpenWatch } from '../../activities/open-watch';
import { PRESETS, withSeason } from '../../domain/anomaly/presets';
import { groupServices } from '../../domain/detection/groups';
import type { MeasureRow } from '../../domain/detection/measure-row';
import { NightshiftError } from '../../domain/errors';
import type { Service } from '../../domain/inventory';
import type { Sample } from '../../domain/metrics';
import { MemoryStore } from '../fakes/memory-store';

const MINUTE = 60_000;
const GRACE = 5000;
const T0 = 1_000_000 * MINUTE;
const ROWS = { failingFrom: 60, failingTo: 70, all: 90 };

const service = (name: string): Service => ({
  ...{ name, environment: 'test', tier: 'critical', dependsOn: [] },
  metrics: { url: 'http://127.0.0.1:1/metrics', everyMs: MINUTE, names: { requests: 'r', latency: 'l' }, saturation: [] },
});
const shop = service('shop');

/** A scrape a minute: 600 requests each, of which 3 in 10 fail between the two times. */
function samples(name: string): Sample[] {
  let [requests, errors] = [0, 0];
  return Array.from({ length: ROWS.all + 2 }, (_, minute): Sample => {
    requests += 600;
    errors += minute > ROWS.failingFrom && minute <= ROWS.failingTo ? 180 : minute % 2;
    const latency = { le: [0.1, null], counts: [requests, requests] };
    return {
      service: name,
      environment: 'test',
      instance: 'one',
      at: T0 + minute * MINUTE,
      up: true,
      routes: { '/': { requests, errors } },
      latency,
      saturation: {},
    };
  });
}

interface World {
  readonly store: MemoryStore;
  readonly clock: { ms: number; now: () => number };
  ids(): string[];
  /** The history of the shop. */
  rows(): Promise<readonly MeasureRow[]>;
}

async function world(services: readonly Service[] = [shop]): Promise<World> {
  const store = new MemoryStore();
  for (const { name } of services) await store.samples.append(samples(name));
  const clock = { ms: T0 + GRACE, now: (): number => clock.ms };
  const rows = () => store.measures.read({ environment: 'test', service: 'shop', rowMs: MINUTE }, 0, T0 + (ROWS.all - 1) * MINUTE);
  return { store, clock, rows, ids: () => store.inbox.waiting.map(({ alert }) => alert.id) };
}

const settings: DetectionGroupDeps['settings'] = {
  ...{ detector: withSeason(PRESETS.default, 24 * 60 * MINUTE), alertsPerWeek: 0.4, minRequests: 20 },
  ...{
    rowMs: MINUTE,
    graceMs: GRACE,
    groups: 1,
    checkpointMs: 20 * MINUTE,
    keepMs: 24 * 60 * MINUTE,
    measuresMs: 35 * 24 * 60 * MINUTE,
    pointsMs: 35 * 24 * 60 * MINUTE,
    inboxLimit: 1000,
  },
};

/** A worker whose pauses move the clock; `during` is called in each pause with the minute. */
function worker({ store, clock }: World, during: (minute: number) => void = () => undefined, changed: Partial<DetectionGroupDeps> = {}) {
  return createDetectionActivities({
    ...{
      services: [shop],
      series: [],
      points: store.archive.points,
      samples: store.samples,
      scorer: localScorer(),
      history: store.measures,
      inbox: store.inbox,
      book: store.detection,
      anomalies: store.anomalies,
      feedback: store.feedback,
      state: store.state,
      clock,
      settings,
    },
    log: { info: () => undefined, warn: () => undefined },
    ends: () => new AbortController().signal,
    heartbeat: () => undefined,
    pause: async (ms) => {
      clock.ms += ms;
      during((clock.ms - GRACE - T0) / MINUTE);
    },
    onAlerts: () => undefined,
    ...changed,
  });
}

const turn = (minutes: number) => ({ group: 0, groups: 1, turnMs: minutes * MINUTE });

class Killed extends Error {}

test('a failing service is told once when it begins and once when it ends', async () => {
  const here = await world();
  await worker(here).judgeGroup(turn(ROWS.all));
  expect(here.ids()).toEqual([
    `anomaly:test/shop/errorShare:${new Date(T0 + 61 * MINUTE).toISOString()}:firing`,
    `anomaly:test/shop/errorShare:${new Date(T0 + 61 * MINUTE).toISOString()}:resolved`,
  ]);
});

test.each([5, 30, 61, 62, 63, 71, 73])('killed at minute %i, the next worker tells the same alerts, and no row is left out or told twice', async (minute) => {
  const whole = await world();
  await worker(whole).judgeGroup(turn(ROWS.all));
  const here = await world();
  const dies = (now: number): void => {
    if (now >= minute) throw new Killed();
  };
  await expect(worker(here, dies).judgeGroup(turn(ROWS.all))).rejects.toThrow(Killed);
  // The group stays where it is until somebody notices.
  here.clock.ms += 3 * MINUTE;
  await worker(here).judgeGroup(turn(ROWS.all - minute));
  expect(here.ids()).toEqual(whole.ids());
  expect(await here.rows()).toEqual(await whole.rows());
  expect(here.store.detection.groups.get('0/1')?.judgedTo).toBeGreaterThanOrEqual(T0 + (ROWS.all - 1) * MINUTE);
});

test('one that was taken over in the middle writes no more, and ends its turn', async () => {
  const here = await world();
  const warned: object[] = [];
  let taken = false;
  const rival = (minute: number): void => {
    if (minute < 40 || taken) return;
    taken = true;
    void here.store.detection.take('0/1');
  };
  const log = { info: () => undefined, warn: (fields: object) => void warned.push(fields) };
  await expect(worker(here, rival, { log }).judgeGroup(turn(ROWS.all))).resolves.toBe('again');
  expect(warned).toEqual([expect.objectContaining({ error: expect.stringContaining('Another worker judges the group 0/1') })]);
  expect(here.store.detection.groups.get('0/1')?.judgedTo).toBeLessThan(T0 + 41 * MINUTE);
});

test('alerts that could not be committed are no progress: the row is judged again', async () => {
  const here = await world();
  let full = true;
  const inbox: DetectionGroupDeps['inbox'] = {
    accept: (alerts, at, limit) => (full ? Promise.reject(new NightshiftError('overloaded', 'full')) : here.store.inbox.accept(alerts, at, limit)),
  };
  await expect(worker(here, undefined, { inbox }).judgeGroup(turn(ROWS.all))).rejects.toThrow('full');
  full = false;
  await worker(here, undefined, { inbox }).judgeGroup(turn(ROWS.all));
  expect(here.ids()).toHaveLength(2);
});

test('a checkpoint of other settings is learnt anew from the samples', async () => {
  const here = await world();
  await worker(here).judgeGroup(turn(50));
  const season = { ...settings, detector: withSeason(PRESETS.default, 12 * 60 * MINUTE) };
  await worker(here, undefined, { settings: season }).judgeGroup(turn(ROWS.all - 50));
  expect(here.ids()).toHaveLength(2);
});

test('an alert that was told ends under its name, also where its service is judged later than before from then on', async () => {
  const here = await world();
  const every = (everyMs: number): Partial<DetectionGroupDeps> => ({
    services: [{ ...shop, metrics: { url: '', cloudwatch: [], everyMs, names: { requests: 'r', latency: 'l' }, saturation: [] } }],
  });
  await worker(here, undefined, every(MINUTE)).judgeGroup(turn(76));
  const begun = here.ids();
  await worker(here, undefined, every(5 * MINUTE)).judgeGroup(turn(ROWS.all - 76));
  expect(begun).toHaveLength(1);
  expect(here.ids()).toEqual([...begun, begun[0]?.replace('firing', 'resolved')]);
});

test('a group that there is not any more ends', async () => {
  await expect(worker(await world()).judgeGroup({ group: 1, groups: 2, turnMs: MINUTE })).resolves.toBe('gone');
});

test('groups share out the services: each is in one of them', () => {
  const services = Array.from({ length: 200 }, (_, i) => service(`s${String(i)}`));
  const groups = [0, 1, 2, 3].map((group) => groupServices(services, group, 4).map(({ name }) => name));
  expect(groups.flat().sort()).toEqual(services.map(({ name }) => name).sort());
  expect(Math.min(...groups.map(({ length }) => length))).toBeGreaterThan(25);
});

test('each alert names an anomaly that is kept with the rows before it', async () => {
  const here = await world();
  await worker(here).judgeGroup(turn(ROWS.all));
  const id = here.store.inbox.waiting[0]?.alert.anomaly ?? '';
  const record = await here.store.anomalies.get(id);
  expect(record).toMatchObject({ series: 'test/shop/errorShare', label: 'share of failed requests', anomaly: { alerting: true, learning: true } });
  expect(record?.points.at(-1)).toMatchObject({ at: record?.anomaly.at, value: 0.3 });
  expect(record?.points.length).toBeGreaterThan(50);
});

test('what people say of anomalies reaches the watch once, also over a change of hands', async () => {
  const here = await world();
  await worker(here).judgeGroup(turn(75));
  const id = here.store.inbox.waiting[0]?.alert.anomaly ?? '';
  await here.store.feedback.tell({ what: 'noise', by: 'ana', at: new Date(here.clock.ms).toISOString(), anomalies: [id] });
  const known = (): unknown => here.store.detection.checkpoints.get('test/shop');
  const before = known();
  await worker(here).judgeGroup(turn(1));
  expect(before).toMatchObject({ feedback: 0 });
  expect(known()).toMatchObject({ feedback: 1 });
  const heard = await OpenWatch.open(
    {
      samples: here.store.samples,
      scorer: localScorer(),
      history: here.store.measures,
      book: here.store.detection,
      state: here.store.state,
      settings,
      log: { info: () => undefined, warn: () => undefined },
      heartbeat: () => undefined,
    },
    shop,
    here.store.detection.groups.get('0/1')?.judgedTo ?? 0,
  );
  const told = await here.store.feedback.since(0, 10);
  const once = heard.checkpoint(0);
  heard.hear(told);
  expect(heard.checkpoint(0)).toEqual(once);
});
