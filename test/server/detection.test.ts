import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import pino from 'pino';
import { localScorer } from '../../adapters/local/scorer';
import { createDetectionActivities } from '../../activities/detection-group';
import { withFailures } from '../../activities/failure';
import { ensureDetection } from '../../adapters/temporal/detection';
import { PRESETS } from '../../domain/anomaly/presets';
import type { Service } from '../../domain/inventory';
import type { DetectionInput } from '../../domain/steps';
import type { DetectionBook } from '../../ports/detection';
import { installRuntime } from '../../workers/system';
import { workflowCode } from '../../workers/workflow-code';
import { MemoryStore } from '../fakes/memory-store';
import { until } from './until';

const GROUPS = 6;
const ROW_MS = 200;
const HEARTBEAT_MS = 2000;
const taskQueue = `detection-${randomUUID()}`;
const services = Array.from({ length: 18 }, (_, i): Service => ({
  ...{ name: `s${String(i)}`, environment: 'test', tier: 'standard', dependsOn: [] },
  metrics: { url: 'http://127.0.0.1:9/metrics', everyMs: ROW_MS, names: { requests: 'r', latency: 'l' }, saturation: [] },
}));

/** A row that was written as judged: whose, of which group, and where it ends. */
interface Judged {
  readonly worker: string;
  readonly group: string;
  readonly to: number;
}

const store = new MemoryStore();
const judged: Judged[] = [];
const running: { readonly worker: Worker; readonly done: Promise<void>; readonly ends: AbortController }[] = [];
let native: NativeConnection;
let client: Client;

/** A worker; once it is lost it takes nothing up, neither beats nor ends, and says nothing. */
async function start(name: string): Promise<{ lose(): void }> {
  const state = { lost: false };
  const ends = new AbortController();
  const book: DetectionBook = {
    judgedTo: (groups) => store.detection.judgedTo(groups),
    ...{ take: (group) => store.detection.take(group), restore: (service) => store.detection.restore(service) },
    checkpoint: (...given) => store.detection.checkpoint(...given),
    advance: async (group, epoch, to) => {
      await store.detection.advance(group, epoch, to);
      judged.push({ worker: name, group, to });
    },
  };
  const activities = createDetectionActivities({
    ...{
      services,
      series: [],
      points: store.archive.points,
      samples: store.samples,
      scorer: localScorer(),
      history: store.measures,
      inbox: store.inbox,
      book,
      anomalies: store.anomalies,
      feedback: store.feedback,
      state: store.state,
      clock: { now: () => Date.now() },
    },
    log: { info: () => undefined, warn: () => undefined },
    settings: {
      ...{ detector: { ...PRESETS.default, window: 100 }, alertsPerWeek: 1, minRequests: 1, rowMs: ROW_MS, graceMs: 20 },
      ...{ groups: GROUPS, checkpointMs: 1000, keepMs: 60_000, measuresMs: 60_000, pointsMs: 60_000, inboxLimit: 1000 },
    },
    // One that is lost hears of no cancellation either.
    ends: () => ends.signal,
    heartbeat: () => {
      if (!state.lost) Context.current().heartbeat();
    },
    pause: (ms) => delay(state.lost ? 3_600_000 : ms, undefined, { signal: ends.signal }).catch(() => undefined),
    onAlerts: () => undefined,
  });
  const worker = await Worker.create({
    ...{ connection: native, taskQueue, ...workflowCode(), activities: withFailures(activities), shutdownForceTime: '1s' },
    // One process may have two workers on a queue only where they are told apart.
    workerDeploymentOptions: { version: { deploymentName: 'test', buildId: name }, useWorkerVersioning: false },
  });
  running.push({ worker, done: worker.run().catch(() => undefined), ends });
  return {
    lose() {
      state.lost = true;
      worker.shutdown();
    },
  };
}

const by = (name: string): number => judged.filter(({ worker }) => worker === name).length;

beforeAll(async () => {
  const address = process.env['NIGHTSHIFT_TEST_TEMPORAL'] ?? '';
  installRuntime(pino({ level: 'silent' }));
  native = await NativeConnection.connect({ address });
  client = new Client({ connection: await Connection.connect({ address }) });
}, 60_000);

afterAll(async () => {
  for (const { ends, worker } of running) {
    ends.abort();
    if (worker.getState() === 'RUNNING') worker.shutdown();
  }
  await Promise.all(running.map(({ done }) => done));
  await client.connection.close();
  await native.close();
}, 60_000);

test('two workers share the groups; one is lost, and the other judges on where it was, no row twice and none left out', async () => {
  const first = await start('first');
  await start('second');
  for (let group = 0; group < GROUPS; group += 1) {
    const input: DetectionInput = { schemaVersion: 1, group, groups: GROUPS, turnMs: 1000, turns: 100, heartbeatMs: HEARTBEAT_MS };
    await ensureDetection(client, taskQueue, input);
    await ensureDetection(client, taskQueue, input);
  }
  await until(() => Promise.resolve(by('first') > 10 && by('second') > 10 ? true : undefined), 'both to judge', 30_000);
  first.lose();
  const lostAt = Date.now();
  const groups = (): number => new Set(judged.filter(({ worker, to }) => worker === 'second' && to > lostAt + HEARTBEAT_MS).map(({ group }) => group)).size;
  await until(() => Promise.resolve(groups() === GROUPS ? true : undefined), 'the second to have every group', 30_000);
  for (const group of new Set(judged.map((each) => each.group))) {
    const ends = judged.filter((each) => each.group === group).map(({ to }) => to);
    // Rows are judged from where the group stood, so that ends which only rise leave nothing out and say nothing twice.
    expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
  }
}, 90_000);
