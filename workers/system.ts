import { Client } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { Counter, Gauge, Registry } from 'prom-client';
import type { Logger } from 'pino';
import { ArrivalRate } from '../activities/arrival-rate';
import { anchorsOf } from '../activities/audit-anchor';
import { archivedVerdicts } from '../activities/build-verdicts';
import { withCheckedClosings } from '../activities/closings';
import { discovering } from '../activities/discovery';
import { recoverStore } from '../activities/recovery';
import { similarIncidents } from '../activities/similar';
import { sns } from '../adapters/aws/sns';
import { RESTORED_STATE } from '../adapters/postgres/backups';
import { temporalIncidents } from '../adapters/temporal/client';
import { temporalAuditMemory } from '../adapters/temporal/heads';
import { temporalMemory } from '../adapters/temporal/memory';
import { buildWorkerHealth } from '../api/health-door';
import { keeper } from '../api/keep';
import type { Keeper } from '../api/keep';
import { pulledIntake } from '../api/pulled-intake';
import { buildApi } from '../api/server';
import type { ApiDeps, ApiSettings } from '../api/types';
import type { NightshiftConfig, SystemRole } from '../config/types';
import { accountEnvironments } from '../domain/aws/place';
import { errorMessage } from '../domain/errors';
import type { RunbookSnapshot } from '../domain/runbook';
import type { Autonomy } from '../ports/autonomy';
import type { Clock } from '../ports/clock';
import type { IncidentStarter, Incidents, TemporalHealth } from '../ports/incidents';
import type { RunbookLibrary } from '../ports/runbooks';
import type { Standings } from '../ports/standings';
import type { Store } from '../ports/store';
import { configuredPlace } from './anchors';
import { autonomyOf } from './autonomy';
import { connectTemporal, temporalPlace } from './connect';
import type { TemporalConnections } from './connect';
import { consolePage } from './console-page';
import { callMaps } from './correlation';
import { configuredEmbedder } from './embedder';
import { alertedStart } from './incident-start';
import { startLoops } from './leader-loops';
import { listen } from './listen';
import { measureRunbooks, runbookLibrary, startRunbooks } from './runbooks';
import { ensureSearchAttributes } from './search-attributes';
import { localSenses } from './senses';
import type { Senses } from './senses';
import { pulledFrom } from './pulled';
import { createTemporalWorkers } from './temporal-worker';
import { detectionActionsPerDay, detections, measureDetection } from './detection';
import type { Watch } from './watch';
import { replayOf } from './what-if';

/** What a running system is made of. */
export interface SystemOptions {
  readonly config: NightshiftConfig;
  readonly catalogue: readonly RunbookSnapshot[];
  readonly store: Store;
  readonly temporal: { readonly address: string; readonly uiUrl?: string };
  readonly log: Logger;
  readonly version: string;
  /** Already runs, as it needs nothing of what is started here; it is not stopped here either. */
  readonly watch: Watch;
  /** What this process runs; everything when absent. */
  readonly role?: SystemRole;
  /** Replaces parts of the outside world, for benchmarks and tests. */
  readonly senses?: Partial<Senses>;
  /** Reads the record; a person is always asked where it is absent. */
  readonly autonomy?: Autonomy;
  /** The machine's where nothing is said. */
  readonly clock?: Clock;
}

/** A running system. */
export interface System {
  /** Address of its listener: the HTTP API, which a process of the role `worker` has only for health and metrics. */
  readonly apiUrl: string;
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;
/** Of one heartbeat: the signal that starts it, and its activity. */
const ACTIONS_PER_HEARTBEAT = 2;

/** Billable actions a day of a system without incidents: heartbeats, and what keeps services in the hands of a worker. */
export function idleActionsPerDay(config: Pick<NightshiftConfig, 'heartbeat' | 'detector' | 'services' | 'series'>): number {
  const { heartbeat } = config;
  const beats = heartbeat ? Math.ceil((ACTIONS_PER_HEARTBEAT * DAY_MS) / heartbeat.everyMs) : 0;
  return beats + detectionActionsPerDay(config);
}

/** What every role has. */
interface Core extends SystemOptions {
  readonly connections: TemporalConnections;
  readonly client: Client;
  readonly incidents: Incidents & IncidentStarter & TemporalHealth;
  readonly clock: Clock;
  readonly metrics: Registry;
  readonly runbooks: RunbookLibrary;
  /** Reads what runbooks have earned, and what people granted. */
  readonly autonomy: Autonomy;
  /** By what was known at the time of a question. */
  readonly autonomyThen: Autonomy;
  readonly standings: Standings;
  /** What comes in at this process. */
  readonly arrivals: ArrivalRate;
  /** By which it comes in, at the door and by fetching. */
  readonly intake: Intake;
}

/** How this process takes messages in. */
interface Intake extends Pick<ApiDeps, 'store' | 'inventory' | 'sources' | 'settings'> {
  readonly keep: Keeper;
}

/** The worker's half of a system. */
interface Work {
  /** Throws when it takes no work any more. */
  check(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts what the role says over an open store and a running Temporal server: Temporal worker with the loops of the leader, HTTP API, or both. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { role = 'all', config, temporal, clock = { now: () => Date.now() } } = options;
  const connections = await connectTemporal(temporalPlace(temporal.address, config.temporal));
  await ensureSearchAttributes(connections.client, config.temporal.namespace);
  const client = new Client({ connection: connections.client, namespace: config.temporal.namespace });
  const start = alertedStart(config);
  const incidents = temporalIncidents({ client, taskQueue: config.temporal.taskQueue, clock, doorTimeoutMs: config.api.doorTimeoutMs, start });
  const arrivals = new ArrivalRate(clock);
  const metrics = new Registry();
  const intake = intakeOf({ ...options, clock, metrics, arrivals });
  const runbooks = runbookLibrary({ ...options, clock });
  measureRunbooks(metrics, config, runbooks);
  const core: Core = { ...autonomyOf({ ...options, clock, runbooks }), ...options, connections, client, incidents, clock, metrics, arrivals, intake, runbooks };
  options.watch.measure(core.metrics);
  const work = role === 'api' ? undefined : await startWork(core);
  const door = work && role === 'worker' ? await buildWorkerHealth(healthDeps(core, work)) : await buildApi(apiDeps(core));
  const stop = async (): Promise<void> => {
    await door.close();
    await work?.stop();
    await connections.close();
  };
  try {
    return { apiUrl: await listen(door, role === 'worker' ? config.worker : config.api, role === 'worker' ? 'worker' : 'api'), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Before the first piece of work: a store that is older than its workflows acts on nothing. */
async function recover({ config, store, runbooks, client, clock, log }: Core, { hands }: Senses): Promise<void> {
  const memory = temporalMemory(client, config.temporal.taskQueue);
  // What histories hold of a person's word is checked as it is when it is written at first.
  const transitions = withCheckedClosings(store.transitions, { ...store, policy: config.policy, log });
  const recovering = { ...store, transitions };
  const found = await recoverStore({
    ...{ store: recovering, memory, hands, inventory: config, runbooks: await runbooks.current(), clock },
    restoredState: RESTORED_STATE,
  });
  if (found) log.warn(found, 'the store was behind its workflows: the kill switch is on');
}

async function startWork(core: Core): Promise<Work> {
  const { config, store, arrivals, clock, log, metrics } = core;
  const senses = {
    ...localSenses(clock, {
      state: store.state,
      actions: config.actions,
      commandEnvironments: config.commandEnvironments,
      prometheusAuth: config.prometheusAuth,
      aws: config.aws,
      log,
    }),
    ...core.senses,
  };
  await recover(core, senses);
  // Heartbeats leave no event in a history, and are billed: whoever counts actions needs this number.
  const heartbeats = new Counter({ name: 'nightshift_activity_heartbeats_total', help: 'Heartbeats that activities asked for.', registers: [metrics] });
  const stopping = new AbortController();
  const workers = await createTemporalWorkers(core.connections.native, { ...core, senses, onHeartbeat: () => heartbeats.inc(), stopping: stopping.signal });
  const running = workers.run();
  const pulled =
    config.aws &&
    pulledFrom({ aws: config.aws, intake: pulledIntake({ ...core.intake, log }), state: store.state, writer: store.archive.writer, metrics, clock, log });
  const campaign = store.coordination.campaign('work', () =>
    startLoops({
      config,
      store,
      source: senses.metrics,
      history: senses.history,
      logs: senses.logs,
      starter: core.incidents,
      detections: detections(core),
      ...(pulled && { streams: () => pulled.streams() }),
      runbooks: () => startRunbooks(core, core.runbooks),
      arrivals,
      clock,
      log,
    }),
  );
  new Gauge({
    ...{ name: 'nightshift_leader', help: '1 while this process watches services and delivers alerts.', registers: [metrics] },
    collect() {
      this.set(campaign.leads() ? 1 : 0);
    },
  });
  const queues = pulled?.queues();
  measureDetection(metrics, config, { store, clock, leads: () => campaign.leads() });
  return {
    check: () => (workers.state === 'RUNNING' ? Promise.resolve() : Promise.reject(new Error(`the worker is ${workers.state}`))),
    async stop() {
      stopping.abort();
      await queues?.stop();
      workers.shutdown();
      // A step that outlives the grace is no failure: the next worker looks what became of it.
      await running.catch((error: unknown) => log.warn({ error: errorMessage(error) }, 'a step was still under way at the end'));
      await campaign.stop();
    },
  };
}

function apiDeps(core: Core): ApiDeps {
  const { store, runbooks, incidents, clock, metrics, client, config, intake } = core;
  return {
    ...intake,
    ...{ incidents, temporal: incidents, clock, metrics, policy: config.policy, catchAll: config.catchAll, runbooks, allowed: config.actions },
    signals: config.incidents.evidence,
    sns: sns({ timeoutMs: config.api.doorTimeoutMs }),
    correlation: config.correlation,
    callMaps: callMaps(config, store, clock, core.log),
    series: config.series,
    verdicts: archivedVerdicts(store.archive.builds, clock),
    page: consolePage(),
    replay: replayOf({ ...core, autonomy: core.autonomyThen }),
    similar: similarIncidents({ knowledge: store.knowledge, evidence: store.evidence, embedder: configuredEmbedder(config) }),
    standings: core.standings,
    anchors: anchorsOf({ ledger: store.ledger, key: store.anchorKey, clock, place: configuredPlace(config, clock) }),
    memory: temporalAuditMemory(client, config.api.doorTimeoutMs),
    onAccepted: onAccepted(core),
    log: doorLog(core),
  };
}

type IntakeOptions = SystemOptions & Pick<Core, 'clock' | 'metrics' | 'arrivals'>;

function intakeOf(options: IntakeOptions): Intake {
  const { config, clock, log, metrics } = options;
  const store = { ...options.store, ...discovering(options.store, { inventory: config, seen: options.store.services, clock, log }) };
  const settings = apiSettings(options);
  return { store, inventory: config, sources: config.sources, settings, keep: keeper({ store, settings, metrics, onAccepted: onAccepted(options) }) };
}

function onAccepted({ watch, arrivals, store }: IntakeOptions): ApiDeps['onAccepted'] {
  return (alerts) => {
    watch.note(alerts);
    arrivals.note(alerts.length);
    store.coordination.wake('inbox');
  };
}

function healthDeps(core: Core, work: Work): Parameters<typeof buildWorkerHealth>[0] {
  const { store, incidents, metrics } = core;
  const parts = { store: () => store.ping(), temporal: () => incidents.check(), worker: () => work.check() };
  return { parts, metrics, log: doorLog(core), settings: core.intake.settings };
}

function doorLog({ log }: Core): Logger {
  return log.child({}, { level: 'warn' });
}

function apiSettings({ config, temporal, version }: SystemOptions): ApiSettings {
  return {
    ...{
      ...config.api,
      version,
      inboxLimit: config.inbox.limit,
      longestSilenceMs: config.alerts.longestSilenceMs,
      maintenance: config.alerts.maintenance,
      idleActionsPerDay: idleActionsPerDay(config),
    },
    environment: config.services[0]?.environment ?? 'production',
    accounts: accountEnvironments(config.aws?.accounts),
    temporalAddress: temporal.address,
    ...(temporal.uiUrl === undefined ? {} : { temporalUi: temporal.uiUrl }),
  };
}

/** Sends the SDK's own log into ours; once a process, before the first connection. */
export function installRuntime(log: Logger): void {
  const level = (name: string): 'error' | 'warn' | 'debug' => (name === 'ERROR' ? 'error' : name === 'WARN' ? 'warn' : 'debug');
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level: name, message, meta }) => log[level(name)]({ ...meta }, message)),
    telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } },
  });
}
