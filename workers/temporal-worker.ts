import { Context } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import type { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createApprovalActivities } from '../activities/approval';
import { createAuditActivities } from '../activities/audit';
import { braking } from '../activities/brake';
import { createDetectionActivities } from '../activities/detection-group';
import { createDiagnosisActivities } from '../activities/diagnosis';
import { createEvidenceActivities } from '../activities/evidence';
import { createExecutionActivities } from '../activities/execution';
import { createHeartbeatActivities } from '../activities/heartbeat';
import { withFailures } from '../activities/failure';
import { createQuietFacts, quieting } from '../activities/quiet-facts';
import { SilenceBook } from '../activities/silence-book';
import { createProgressActivities } from '../activities/progress';
import { withOwners } from '../activities/ownership';
import { createPrepareActivities } from '../activities/remediation';
import { createVerificationActivities } from '../activities/verification';
import type { NightshiftConfig } from '../config/types';
import type { RunbookSnapshot } from '../domain/runbook';
import type { DetectionActivities, HeartbeatActivities, IncidentActivities, RemediationActivities } from '../domain/steps';
import type { Clock } from '../ports/clock';
import type { Store } from '../ports/store';
import { detectionDeps } from './detection';
import type { Senses } from './senses';
import { workerVersion, workflowCode } from './workflow-code';

/** What activities work with; `onHeartbeat` counts what leaves no event in a history. */
export interface ActivityDeps {
  readonly config: NightshiftConfig;
  readonly catalogue: readonly RunbookSnapshot[];
  readonly store: Store;
  readonly senses: Senses;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onHeartbeat: () => void;
  /** Aborted before the worker is shut down, so that groups of services are given up at once. */
  readonly stopping: AbortSignal;
}

/** Every activity of incidents and remediations. */
function activitiesOf(deps: ActivityDeps): IncidentActivities & RemediationActivities & HeartbeatActivities & DetectionActivities {
  const { config, store, catalogue: runbooks, senses, clock, log, onHeartbeat, stopping } = deps;
  const { policy } = config;
  const onWritten = (): void => store.coordination.wake('outbox');
  const { hands } = senses;
  const approval = { policy, inventory: config, keys: store.keys, doorKey: store.doorKey, proposals: store.proposals, hands, clock };
  const heartbeat = (detail: string): void => {
    onHeartbeat();
    Context.current().heartbeat(detail);
  };
  const brake = { killSwitch: store.killSwitch, rule: policy.brake, clock, onWritten };
  const book = new SilenceBook({ silences: store.silences, windows: config.alerts.maintenance, clock, log });
  const quiet = createQuietFacts({ quiet: store.quiet, incidents: store.incidents, book, rule: config.alerts.flapping, clock });
  const owned = withOwners(store, config);
  const transitions = braking(quieting(owned.transitions, quiet), brake);
  const pause = (ms: number): Promise<void> => Context.current().sleep(ms);
  return withFailures({
    ...createAuditActivities({ transitions, onWritten }),
    ...createEvidenceActivities({ ...store, ...senses, transitions, changes: [store.changes, ...senses.changes], inventory: config, clock }),
    ...createDiagnosisActivities({
      evidence: store.evidence,
      proposals: store.proposals,
      inventory: config,
      policy,
      runbooks,
      hands,
      allowed: config.actions,
      clock,
      quiet,
    }),
    ...createApprovalActivities(approval),
    ...createProgressActivities({ intents: store.intents, proposals: store.proposals }),
    ...createPrepareActivities({
      ...approval,
      intents: owned.intents,
      verification: config.incidents.verification,
      brake,
      quiet,
      onWritten,
    }),
    ...createExecutionActivities({
      intents: store.intents,
      killSwitch: store.killSwitch,
      hands,
      inventory: config,
      clock,
      heartbeat,
      pause,
      beatEveryMs: 0.6 * config.incidents.activity.effect.heartbeatMs,
    }),
    ...createDetectionActivities(detectionDeps({ config, store, clock, log, stopping })),
    ...createHeartbeatActivities({ outbox: store.outbox, state: store.state, onWritten }),
    ...createVerificationActivities({ evidence: store.evidence, samples: store.samples, inventory: config, clock }),
  });
}

/** What the server calls all workers of ours, of whatever version. */
const DEPLOYMENT = 'nightshift';

/** A worker for every workflow and activity; it polls once it runs. */
export async function createTemporalWorker(connection: NativeConnection, deps: ActivityDeps): Promise<Worker> {
  const { namespace, taskQueue } = deps.config.temporal;
  return Worker.create({
    ...{ connection, namespace, taskQueue },
    ...workflowCode(),
    workerDeploymentOptions: { version: { deploymentName: DEPLOYMENT, buildId: workerVersion() }, useWorkerVersioning: false },
    activities: activitiesOf(deps),
    // After a crash the next worker should not wait for the old one's cache.
    stickyQueueScheduleToStartTimeout: '3s',
    shutdownGraceTime: '5s',
    shutdownForceTime: '10s',
  });
}
