import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pino from 'pino';
import { stringify } from 'yaml';
import { openStore } from '../../workers/open-store';
import { packageRoot } from '../../config/package-root';
import { loadStartup } from '../../config/startup';
import type { Startup } from '../../config/startup';
import type { HeartbeatConfig } from '../../config/types';
import { normaliseAlert } from '../../domain/alert-intake';
import type { Alert } from '../../domain/alert';
import { billableActions } from '../../domain/billable';
import type { BillableEvent } from '../../domain/billable';
import { historyJson } from '../../adapters/temporal/histories';
import type { IncidentView } from '../../domain/incident-view';
import type { Store } from '../../ports/store';
import { idleActionsPerDay, installRuntime, startSystem } from '../../workers/system';
import { startWatch } from '../../workers/watch';
import { startWebhook } from '../fakes/webhook';
import type { FakeWebhook } from '../fakes/webhook';
import { serviceName } from './harness';
import { until } from './until';

// Nothing but a store, channels and a Temporal server: what runs over them is started and stopped by each test.
const service = 'shop';
let environment: string;
let folder: string;
let startup: Startup;
let store: Store;
let hook: FakeWebhook;
let beats: FakeWebhook;
const log = pino({ level: 'silent' });

beforeAll(() => {
  installRuntime(log);
});
beforeEach(async () => {
  environment = serviceName('watched');
  folder = await mkdtemp(join(tmpdir(), 'nightshift-watch-'));
  [hook, beats] = [await startWebhook(), await startWebhook('/beat/s3cr3t')];
  const file = join(folder, 'nightshift.yaml');
  await writeFile(file, stringify(sections()));
  startup = loadStartup({ root: packageRoot(), env: {}, cwd: folder, file });
  store = await openStore(startup.config);
});
afterEach(async () => {
  await store.close();
  await Promise.all([hook.close(), beats.close()]);
  await rm(folder, { recursive: true, force: true });
});

function sections(): object {
  return {
    ...{ home: join(folder, 'home'), profile: 'fast', api: { port: 0 }, temporal: { taskQueue: environment } },
    services: [{ name: service, environment }],
    notifications: [{ channel: 'hook', kind: 'webhook', url: hook.url, allowPrivate: true, on: ['escalated'] }],
    watch: { undeliveredAfter: '1s', stalledAfter: '1s', every: '100ms' },
    heartbeat: { url: beats.url, every: '1s', allowPrivate: true },
  };
}

const alertOf = (name: string): Alert =>
  normaliseAlert(
    { service, environment, name, status: 'firing', severity: 'sev2', summary: `${name} is high`, labels: { route: '/checkout' } },
    { environment, receivedAt: Date.now() },
  );
const accept = (...alerts: Alert[]): Promise<unknown> => store.inbox.accept(alerts, Date.now(), 1000);
const watching = () => startWatch({ config: startup.config, store, log, write: () => undefined });
const address = (): string => process.env['NIGHTSHIFT_TEST_TEMPORAL'] ?? '';

interface Told {
  readonly id: string;
  readonly reason: string;
  readonly alerts?: readonly Alert[];
  readonly incidentId?: string;
  readonly why?: string;
  readonly text: string;
}
const told = (): Told[] => hook.received.map(({ body }) => JSON.parse(body) as Told);
const toldOf = (reason: string): Promise<Told> => until(async () => told().find((one) => one.reason === reason), `a notification that it is ${reason}`);

/** The whole system over the watch, while `work` runs. */
async function working(work: () => Promise<void>): Promise<void> {
  const watch = watching();
  const system = await startSystem({ ...startup, store, temporal: { address: address() }, log, version: '0.0.0', watch });
  try {
    await work();
  } finally {
    await system.stop();
    await watch.stop();
  }
}

test('alerts that Temporal does not take are told whole, once, though no channel asks for it; and still open their incident later', async () => {
  const [one, other] = [alertOf('ErrorShareHigh'), alertOf('LatencyHigh')];
  await accept(one, other);
  const watch = watching();
  expect(await toldOf('undelivered')).toMatchObject({
    alerts: [one, other],
    why: expect.stringMatching(/^Temporal has not taken 2 alerts within 1s/) as string,
  });
  await watch.stop();
  await working(async () => {
    const opened = async () => (await store.incidents.list({ service, environment, limit: 1 })).incidents[0];
    const view = await until(opened, 'the incident');
    expect(view.alerts.map((alert) => alert.name).sort()).toEqual(['ErrorShareHigh', 'LatencyHigh']);
    await until(
      async () => ((await store.watch.unsettled(10)).filter(({ alert }) => alert.service === service).length === 0 ? true : undefined),
      'nothing is watched',
    );
  });
  expect(told().filter((one_) => one_.reason === 'undelivered')).toHaveLength(1);
});

test('an alert that Temporal has and no worker takes up is told whole', async () => {
  const alert = alertOf('ErrorShareHigh');
  await accept(alert);
  const [item] = await store.inbox.undelivered(1);
  await store.inbox.markDelivered([item?.position ?? 0], `incident:${environment}:${service}`);
  const watch = watching();
  expect(await toldOf('undelivered')).toMatchObject({
    alerts: [alert],
    why: expect.stringMatching(/^No incident shows an alert within 1s, though Temporal has it/) as string,
  });
  await watch.stop();
});

test('an incident that does not move is told once, also after a restart', async () => {
  const at = new Date(Date.now() - 60_000).toISOString();
  const incidentId = 'inc-stalledstalledst';
  const view: IncidentView = {
    ...{ incidentId, workflowId: `incident:${environment}:${service}`, runId: 'r', environment, service, title: 'Shop fails', affected: 'buyers' },
    ...{ severity: 'sev2', status: 'triaged', openedAt: at, updatedAt: at, alerts: [], alertCount: 0, round: 1, version: 1 },
  };
  await store.transitions.apply({ incidentId, records: [{ seq: 1, at, actor: 'nightshift', kind: 'opened', summary: 'opened' }], view });
  const first = watching();
  expect(await toldOf('stalled')).toMatchObject({ incidentId, text: expect.stringContaining('Nothing has happened in this incident since') as string });
  await first.stop();
  const beatsBefore = hook.received.length;
  const second = watching();
  await accept(alertOf('Another'));
  await until(async () => told().find((one) => one.reason === 'undelivered'), 'a whole look of the second watcher');
  await second.stop();
  expect(told().filter((one) => one.reason === 'stalled')).toHaveLength(1);
  expect(hook.received.length).toBeGreaterThan(beatsBefore);
});

test('when the store goes away, what this process accepted is told all the same, again and again until the channel has it', async () => {
  hook.answer(503);
  const watch = watching();
  await until(async () => ((await store.watch.unsettled(10)).length > 0 ? true : undefined), 'the heartbeat in the inbox');
  const alert = alertOf('ErrorShareHigh');
  await accept(alert);
  watch.note([alert]);
  await store.close();
  await hook.until(2);
  hook.answer(200);
  const before = hook.received.length;
  await hook.until(before + 1);
  expect(told().at(-1)).toMatchObject({
    reason: 'undelivered',
    alerts: [alert],
    why: expect.stringMatching(/^The store of Nightshift does not answer/) as string,
  });
  await watch.stop();
  expect(hook.received.length).toBe(before + 1);
});

test('a heartbeat goes out only when a synthetic alert came the whole way: none without a worker, one again and again with it', async () => {
  const watch = watching();
  const waiting = async (): Promise<number> => (await store.watch.unsettled(10)).length;
  await until(async () => ((await waiting()) === 1 ? true : undefined), 'the synthetic alert in the inbox');
  // Several times as long as between two heartbeats.
  await accept(alertOf('ErrorShareHigh'));
  await toldOf('undelivered');
  await watch.stop();
  expect(beats.received).toEqual([]);
  expect((await store.inbox.undelivered(10)).map(({ alert }) => alert.name).sort()).toEqual(['ErrorShareHigh', 'Heartbeat']);
  await working(async () => {
    await beats.until(2);
  });
  const ids = beats.received.map(({ body }) => (JSON.parse(body) as { id: string }).id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(told().some((one) => JSON.stringify(one.alerts ?? []).includes('Heartbeat'))).toBe(false);
  expect((await store.incidents.list({ environment, limit: 10 })).incidents.map((view) => view.service)).toEqual([service]);
});

test('a heartbeat costs two billable actions', async () => {
  const heartbeat = { ...(startup.config.heartbeat as HeartbeatConfig), everyMs: 3_600_000 };
  startup = { ...startup, config: { ...startup.config, heartbeat } };
  await working(async () => {
    await beats.until(1);
  });
  const connection = await Connection.connect({ address: address() });
  const { events } = JSON.parse(await historyJson(new Client({ connection }), `heartbeat:${environment}`)) as { events: BillableEvent[] };
  await connection.close();
  expect(billableActions(events)).toBe(2);
  const quiet = { services: [], series: [], detector: startup.config.detector };
  expect([idleActionsPerDay(quiet), idleActionsPerDay({ ...quiet, heartbeat: { ...heartbeat, everyMs: 300_000 } })]).toEqual([0, 576]);
});
