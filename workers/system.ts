import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { NativeConnection } from '@temporalio/worker';
import { Context } from '@temporalio/activity';
import { Counter, Registry } from 'prom-client';
import type { Logger } from 'pino';
import { createApprovalActivities } from '../activities/approval';
import { createAuditActivities } from '../activities/audit';
import { createDetector } from '../activities/detection';
import { createDiagnosisActivities } from '../activities/diagnosis';
import { createEvidenceActivities } from '../activities/evidence';
import { createExecutionActivities } from '../activities/execution';
import { withFailures } from '../activities/failure';
import { createDispatcher } from '../activities/intake';
import { createDeliverer } from '../activities/notifications';
import { createPrepareActivities } from '../activities/remediation';
import { createVerificationActivities } from '../activities/verification';
import { temporalIncidents } from '../adapters/temporal/client';
import { temporalAuditMemory } from '../adapters/temporal/heads';
import { buildApi } from '../api/server';
import type { ApiDeps } from '../api/types';
import { packageRoot } from '../config/package-root';
import type { NightshiftConfig } from '../config/types';
import type { IncidentActivities, RemediationActivities } from '../domain/steps';
import type { RunbookSnapshot } from '../domain/runbook';
import type { Clock } from '../ports/clock';
import type { Incidents, TemporalHealth } from '../ports/incidents';
import type { Store } from '../ports/store';
import { connectTemporal } from './connect';
import { incidentStart } from './incident-start';
import { listen } from './listen';
import { notifiersOf } from './notifiers';
import { ensureSearchAttributes } from './search-attributes';
import { localSenses } from './senses';
import type { Senses } from './senses';

/** What a running system is made of. */
export interface SystemOptions {
  readonly config: NightshiftConfig;
  readonly catalogue: readonly RunbookSnapshot[];
  readonly store: Store;
  readonly temporal: { readonly address: string; readonly uiUrl?: string };
  readonly log: Logger;
  readonly version: string;
  /** Writes notifications for a terminal. */
  readonly write: (text: string) => void;
  /** Replaces parts of the outside world, for benchmarks and tests. */
  readonly senses?: Partial<Senses>;
}

/** A running system. */
export interface System {
  readonly apiUrl: string;
  stop(): Promise<void>;
}

/** Billable actions of a system without incidents: nothing of ours polls Temporal. */
export const IDLE_ACTIONS_PER_DAY = 0;

/** Starts worker, dispatcher, detector, deliverer and HTTP API over an open store and a running Temporal server. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { config, store, temporal, log } = options;
  const clock: Clock = { now: () => Date.now() };
  const connections = await connectTemporal(temporal.address);
  await ensureSearchAttributes(connections.client, config.temporal.namespace);
  const client = new Client({ connection: connections.client, namespace: config.temporal.namespace });
  const senses = { ...localSenses(clock), ...options.senses };

  const deliverer = createDeliverer({ outbox: store.outbox, notifiers: notifiersOf(config, options.write, clock), clock, log });
  const metrics = new Registry();
  // Heartbeats leave no event in a history, and are billed: whoever counts actions needs this number.
  const heartbeats = new Counter({ name: 'nightshift_activity_heartbeats_total', help: 'Heartbeats that activities asked for.', registers: [metrics] });
  const activities = activitiesOf(
    options,
    senses,
    clock,
    () => deliverer.kick(),
    () => heartbeats.inc(),
  );
  const worker = await createWorker(config, connections.native, activities);
  const running = worker.run();

  const incidents = temporalIncidents({
    client,
    taskQueue: config.temporal.taskQueue,
    clock,
    doorTimeoutMs: config.api.doorTimeoutMs,
    start: incidentStart(config),
  });
  const dispatcher = createDispatcher({ inbox: store.inbox, starter: incidents, inventory: config, clock, log });
  const detector = createDetector({
    ...{ services: config.services, source: senses.metrics, samples: store.samples, inbox: store.inbox, state: store.state, clock, log },
    settings: { ...config.detector, keepMs: config.retention.samplesMs, inboxLimit: config.inbox.limit },
    onAlerts: () => dispatcher.kick(),
  });
  const api = await buildApi(
    apiDeps(options, { incidents, memory: temporalAuditMemory(client, config.api.doorTimeoutMs), clock, metrics, onAccepted: () => dispatcher.kick() }),
  );
  const stop = async (): Promise<void> => {
    await api.close();
    await detector.stop();
    await dispatcher.stop();
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
    await deliverer.stop();
    await connections.close();
  };
  try {
    return { apiUrl: await listen(api, config.api), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function apiDeps(
  { config, store, catalogue, temporal, version, log }: SystemOptions,
  parts: Pick<ApiDeps, 'clock' | 'memory' | 'metrics' | 'onAccepted'> & { readonly incidents: Incidents & TemporalHealth },
): ApiDeps {
  return {
    ...{ ...parts, store, temporal: parts.incidents, policy: config.policy, runbooks: catalogue },
    // The headers of a request hold its key.
    log: log.child({}, { level: 'warn', redact: ['req.headers', 'headers', 'authorization'] }),
    settings: {
      ...{ ...config.api, version, inboxLimit: config.inbox.limit, idleActionsPerDay: IDLE_ACTIONS_PER_DAY },
      environment: config.services[0]?.environment ?? 'production',
      ...(temporal.uiUrl === undefined ? {} : { temporalUi: temporal.uiUrl }),
    },
  };
}

function activitiesOf(
  options: SystemOptions,
  senses: Senses,
  clock: Clock,
  onWritten: () => void,
  onHeartbeat: () => void,
): IncidentActivities & RemediationActivities {
  const { config, store, catalogue: runbooks } = options;
  const { policy } = config;
  const approval = { policy, inventory: config, keys: store.keys, doorKey: store.doorKey, proposals: store.proposals, clock };
  const heartbeat = (detail: string): void => {
    onHeartbeat();
    Context.current().heartbeat(detail);
  };
  const pause = (ms: number): Promise<void> => Context.current().sleep(ms);
  return withFailures({
    ...createAuditActivities({ transitions: store.transitions, onWritten }),
    ...createEvidenceActivities({ ...store, ...senses, changes: [store.changes, ...senses.changes], inventory: config, clock }),
    ...createDiagnosisActivities({ evidence: store.evidence, proposals: store.proposals, inventory: config, policy, runbooks, clock }),
    ...createApprovalActivities(approval),
    ...createPrepareActivities({ ...approval, intents: store.intents, hands: senses.hands, verification: config.incidents.verification, onWritten }),
    ...createExecutionActivities({
      intents: store.intents,
      killSwitch: store.killSwitch,
      hands: senses.hands,
      inventory: config,
      clock,
      heartbeat,
      pause,
      beatEveryMs: 0.6 * config.incidents.activity.effect.heartbeatMs,
    }),
    ...createVerificationActivities({ evidence: store.evidence, samples: store.samples, inventory: config, clock }),
  });
}

async function createWorker(config: NightshiftConfig, connection: NativeConnection, activities: object): Promise<Worker> {
  const codePath = join(packageRoot(), 'dist', 'workflow-bundle.js');
  return Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: config.temporal.taskQueue,
    ...(existsSync(codePath) ? { workflowBundle: { codePath } } : { workflowsPath: join(__dirname, '..', 'workflows', 'index') }),
    activities,
    // After a crash the next worker should not wait for the old one's cache.
    stickyQueueScheduleToStartTimeout: '3s',
    shutdownGraceTime: '5s',
    shutdownForceTime: '10s',
  });
}

/** Sends the SDK's own log into ours; once a process, before the first connection. */
export function installRuntime(log: Logger): void {
  const level = (name: string): 'error' | 'warn' | 'debug' => (name === 'ERROR' ? 'error' : name === 'WARN' ? 'warn' : 'debug');
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level: name, message, meta }) => log[level(name)]({ ...meta }, message)),
    telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } },
  });
}
