import { localScorer } from '../../adapters/local/scorer';
import { createDetectionActivities } from '../../activities/detection-group';
import { archiveOf } from '../../adapters/postgres/archive/archive';
import type { Db } from '../../adapters/postgres/database';
import { migrate } from '../../adapters/postgres/migrate';
import { MIGRATIONS } from '../../adapters/postgres/migrations';
import { PRESETS, withSeason } from '../../domain/anomaly/presets';
import type { SeriesDefinition } from '../../domain/series/definition';
import { progressName, readProgress } from '../../domain/series/progress';
import { ServiceWatch } from '../../domain/detection/service-watch';
import { seededRandom } from '../../domain/seeded-random';
import type { Archive } from '../../ports/archive';
import { memoryDatabase } from '../adapters/postgres/memory-database';
import { MemoryStore } from '../fakes/memory-store';

const MINUTE = 60_000;
const T0 = 1_000_000 * MINUTE;
const definition: SeriesDefinition = {
  ...{ name: 'order-failures', from: { metric: 'orders', labels: {} }, measure: 'error-share', windowMs: MINUTE, slideMs: MINUTE },
  ...{ latenessMs: 0, settleMs: 0, by: ['route'], unit: '1', anomalies: { kind: 'errorShare' } },
};

let db: Db;
let archive: Archive;
beforeAll(async () => {
  db = await memoryDatabase();
  await migrate(db, MIGRATIONS);
  archive = archiveOf({ db, forgotten: async () => undefined }, (part) => part);
  const random = seededRandom(1);
  const points = ['/pay', '/search'].flatMap((route) =>
    Array.from({ length: 90 }, (_, i) => ({
      ...({ source: 'nightshift', environment: 'prod', service: 'shop', metric: 'order-failures', kind: 'gauge', labels: { route } } as const),
      at: new Date(T0 + i * MINUTE).toISOString(),
      value: route === '/pay' && i >= 60 && i < 70 ? 0.4 : 0.01 * random(),
    })),
  );
  await archive.writer.keep({ points }, T0 + 90 * MINUTE);
}, 60_000);
afterAll(() => db.destroy());

/** Buckets are made to the minute before the clock's. */
async function world(anomalies: SeriesDefinition['anomalies'] = definition.anomalies, name = definition.name) {
  const declared: SeriesDefinition = { ...definition, name, ...(anomalies && { anomalies }) };
  const store = new MemoryStore();
  const clock = { ms: T0 + 40 * MINUTE, now: (): number => clock.ms };
  const made = (): Promise<void> => store.state.save(progressName(name), { ...readProgress(declared, undefined, clock.ms), madeTo: clock.ms - MINUTE });
  await made();
  const worker = (dies = Infinity) =>
    createDetectionActivities({
      ...{
        services: [],
        series: [declared],
        points: archive.points,
        samples: store.samples,
        scorer: localScorer(),
        history: store.measures,
        inbox: store.inbox,
        book: store.detection,
      },
      ...{ anomalies: store.anomalies, feedback: store.feedback, state: store.state, clock },
      settings: {
        ...{ detector: withSeason(PRESETS.default, 1440 * MINUTE), alertsPerWeek: 0.4, minRequests: 20, rowMs: MINUTE, graceMs: 0 },
        ...{ groups: 1, checkpointMs: 15 * MINUTE, keepMs: 1440 * MINUTE, measuresMs: 1440 * MINUTE, pointsMs: 1440 * MINUTE, inboxLimit: 100 },
      },
      log: { info: () => undefined, warn: () => undefined },
      ends: () => new AbortController().signal,
      heartbeat: () => undefined,
      pause: async (ms) => {
        clock.ms += ms;
        if (clock.ms >= dies) throw new Error('killed');
        await made();
      },
      onAlerts: () => undefined,
    });
  const turn = (minutes: number) => ({ group: 0, groups: 1, turnMs: minutes * MINUTE });
  return { store, worker, turn, told: () => store.inbox.waiting.map(({ alert }) => alert) };
}

test('a declared series is judged by its own history, each set of labels by itself, and its service is told', async () => {
  const { worker, turn, told, store } = await world();
  await worker().judgeGroup(turn(50));
  expect(told().map(({ name, status, service, signal, value }) => [name, status, service, signal, value])).toEqual([
    ['SeriesUnusual', 'firing', 'shop', 'order-failures{route=/pay}', 0.4],
    ['SeriesUnusual', 'resolved', 'shop', 'order-failures{route=/pay}', expect.any(Number)],
  ]);
  const record = await store.anomalies.get(told()[0]?.anomaly ?? '');
  expect(record).toMatchObject({ series: 'prod/shop/order-failures{route=/pay}', anomaly: { kind: 'errorShare', alerting: true } });
});

test.each([55, 62, 66, 73])('killed at minute %i, the next worker tells the same, and nothing twice', async (minute) => {
  const whole = await world();
  await whole.worker().judgeGroup(whole.turn(50));
  const { worker, turn, told } = await world();
  await expect(worker(T0 + minute * MINUTE).judgeGroup(turn(50))).rejects.toThrow('killed');
  await worker().judgeGroup(turn(90 - minute));
  expect(told().map(({ id }) => id)).toEqual(whole.told().map(({ id }) => id));
});

describe('labels that stop coming', () => {
  const service = { name: 'shop', environment: 'prod', tier: 'standard' } as const;
  const TIMES = { stepMs: MINUTE, endMs: 60 * MINUTE };
  const FORGET_MS = 600 * MINUTE;
  const settings = { detector: withSeason(PRESETS.default, 1440 * MINUTE), alertsPerWeek: 0.4, kind: 'errorShare', minRequests: 0 } as const;

  /** What is told while others have so many buckets after a time. */
  const pass = (watch: ServiceWatch, after: number, buckets: number) =>
    Array.from({ length: buckets }, (_, i) => watch.passBucket(after + (i + 1) * MINUTE, TIMES)).flat();

  /** A watch on which an alert of `/pay` fires since its 60th value, and its last value. */
  function firing() {
    const watch = new ServiceWatch(service, settings);
    const random = seededRandom(1);
    const told = [];
    let last = 0;
    for (let i = 0; i < 70; i += 1) {
      last = T0 + i * MINUTE;
      const measures = [{ name: 'pay', kind: 'errorShare' as const, value: i >= 60 ? 0.4 : 0.01 * random() }];
      const answers = watch.values(measures, last).map((each) => each.watch.push(each.at, each.value));
      told.push(...watch.settle(measures, last, answers).alerts);
    }
    expect(told.map(({ status }) => status)).toEqual(['firing']);
    return { watch, last, begun: told[0] };
  }

  test('end their alert after the quiet time, as no data and under the id of its end, once', () => {
    const { watch, last, begun } = firing();
    expect(pass(watch, last, 59)).toEqual([]);
    const [ended, ...others] = pass(watch, last + 59 * MINUTE, 140);
    expect(others).toEqual([]);
    expect(ended).toMatchObject({ status: 'resolved', noData: true, fingerprint: begun?.fingerprint, startsAt: begun?.startsAt });
    expect([ended?.endsAt, ended?.summary]).toEqual([new Date(last + 60 * MINUTE).toISOString(), expect.stringContaining('comes any more')]);
  });

  test('end the same by way of a checkpoint', () => {
    const [whole, halved] = [firing(), firing()];
    expect(pass(halved.watch, halved.last, 30)).toEqual([]);
    const { watch: restored } = ServiceWatch.restore(service, settings, halved.watch.snapshot());
    const alerts = pass(restored, halved.last + 30 * MINUTE, 100);
    expect(alerts).toHaveLength(1);
    expect(alerts).toEqual(pass(whole.watch, whole.last, 130));
  });

  test('do not end it while nobody has a bucket: then it may be our own gap', () => {
    const { watch, last } = firing();
    expect(watch.passBucket(last + 500 * MINUTE, TIMES)).toEqual([]);
    expect(watch.forgetQuiet(last + 500 * MINUTE, FORGET_MS)).toEqual({ alerts: [], forgotten: [] });
  });

  test('end it in the end, when they are forgotten', () => {
    const { watch, last } = firing();
    const { alerts, forgotten } = watch.forgetQuiet(last + FORGET_MS, FORGET_MS);
    expect([alerts.map(({ status, noData }) => [status, noData]), forgotten]).toEqual([[['resolved', true]], ['pay']]);
  });

  test('are forgotten when they were quiet for longer than buckets are kept, so that a checkpoint stays bounded', () => {
    const { watch, last } = firing();
    for (let i = 0; i < 50; i += 1) {
      const measures = [{ name: `route-${String(i)}`, kind: 'errorShare' as const, value: 0.01 }];
      const at = last + i * 30 * MINUTE;
      watch.forgetQuiet(at, FORGET_MS);
      const answers = watch.values(measures, at).map((each) => each.watch.push(each.at, each.value));
      watch.settle(measures, at, answers);
      expect(watch.snapshot().length).toBeLessThanOrEqual(21);
    }
    expect(watch.forgetQuiet(last + 50 * 30 * MINUTE + FORGET_MS, FORGET_MS).forgotten).toHaveLength(20);
    expect(watch.empty).toBe(true);
  });

  test('end in a worker too, through the inbox, and are no part of its checkpoint any more', async () => {
    const random = seededRandom(1);
    const points = Array.from({ length: 70 }, (_, i) => ({
      ...({ source: 'nightshift', environment: 'prod', service: 'gone', metric: 'order-failures', kind: 'gauge', labels: { route: '/old' } } as const),
      at: new Date(T0 + i * MINUTE).toISOString(),
      value: i >= 60 ? 0.4 : 0.01 * random(),
    }));
    await archive.writer.keep({ points }, T0 + 90 * MINUTE);
    const { worker, turn, told, store } = await world({ kind: 'errorShare', quietMs: 10 * MINUTE });
    await worker().judgeGroup(turn(60));
    const gone = told().filter((alert) => alert.service === 'gone');
    expect(gone.map(({ status, endsAt, noData }) => [status, endsAt, noData])).toEqual([
      ['firing', undefined, undefined],
      ['resolved', new Date(T0 + 79 * MINUTE).toISOString(), true],
    ]);
    expect((await store.detection.restore('series:order-failures'))?.measures.filter(({ condition }) => condition.firingSince !== null)).toEqual([]);
  });

  test('a gap of all of them, as when nothing was taken in for hours, ends nothing', async () => {
    const random = seededRandom(1);
    const minutes = [...Array.from({ length: 70 }, (_, i) => i), ...Array.from({ length: 10 }, (_, i) => 190 + i)];
    const points = minutes.map((i) => ({
      ...({ source: 'nightshift', environment: 'prod', service: 'gap', metric: 'order-gaps', kind: 'gauge', labels: { route: '/pay' } } as const),
      at: new Date(T0 + i * MINUTE).toISOString(),
      value: i >= 60 ? 0.4 : 0.01 * random(),
    }));
    await archive.writer.keep({ points }, T0 + 200 * MINUTE);
    const { worker, turn, told } = await world({ kind: 'errorShare', quietMs: 60 * MINUTE }, 'order-gaps');
    await worker().judgeGroup(turn(160));
    expect(told().map(({ status }) => status)).toEqual(['firing']);
  });
});
