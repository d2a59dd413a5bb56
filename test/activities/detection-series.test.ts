import { localScorer } from '../../adapters/local/scorer';
import { createDetectionActivities } from '../../activities/detection-group';
import { archiveOf } from '../../adapters/postgres/archive/archive';
import type { Db } from '../../adapters/postgres/database';
import { migrate } from '../../adapters/postgres/migrate';
import { MIGRATIONS } from '../../adapters/postgres/migrations';
import { PRESETS, withSeason } from '../../domain/anomaly/presets';
import type { SeriesDefinition } from '../../domain/series/definition';
import { progressName, readProgress } from '../../domain/series/progress';
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
async function world() {
  const store = new MemoryStore();
  const clock = { ms: T0 + 40 * MINUTE, now: (): number => clock.ms };
  const made = (): Promise<void> =>
    store.state.save(progressName(definition.name), { ...readProgress(definition, undefined, clock.ms), madeTo: clock.ms - MINUTE });
  await made();
  const worker = (dies = Infinity) =>
    createDetectionActivities({
      ...{
        services: [],
        series: [definition],
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
        ...{ groups: 1, checkpointMs: 15 * MINUTE, keepMs: 1440 * MINUTE, measuresMs: 1440 * MINUTE, inboxLimit: 100 },
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
