import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import type { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { createApprovalActivities } from '../activities/approval';
import { createAuditActivities } from '../activities/audit';
import { braking } from '../activities/brake';
import { withCheckedClosings } from '../activities/closings';
import { createDetectionActivities } from '../activities/detection-group';
import { createEvidenceActivities } from '../activities/evidence';
import { createExecutionActivities } from '../activities/execution';
import { createHeartbeatActivities } from '../activities/heartbeat';
import { withFailures } from '../activities/failure';
import { createQuietFacts, quieting } from '../activities/quiet-facts';
import { SilenceBook } from '../activities/silence-book';
import { createJudgedRounds } from '../activities/judged-rounds';
import { createProgressActivities } from '../activities/progress';
import { withOwners } from '../activities/ownership';
import { withRelated } from '../activities/related';
import { createPrepareActivities } from '../activities/remediation';
import { lessonsOf } from '../activities/rejections';
import { createVerificationActivities } from '../activities/verification';
import type { NightshiftConfig } from '../config/types';
import { actingOf, actingQueue } from '../domain/actions/queue';
import { AWS_ACTING } from '../domain/aws/hands';
import type { DetectionActivities, ExecuteInput, HeartbeatActivities, IncidentActivities, RemediationActivities } from '../domain/steps';
import type { Autonomy } from '../ports/autonomy';
import type { Clock } from '../ports/clock';
import type { RunbookLibrary } from '../ports/runbooks';
import type { Store } from '../ports/store';
import { detectionDeps } from './detection';
import { configuredHearing } from './hearing';
import { configuredEmbedder } from './embedder';
import type { Senses } from './senses';
import { workerVersion, workflowCode } from './workflow-code';

/** What activities work with; `onHeartbeat` counts what leaves no event in a history. */
export interface ActivityDeps {
  readonly config: NightshiftConfig;
  readonly runbooks: RunbookLibrary;
  readonly store: Store;
  readonly senses: Senses;
  readonly clock: Clock;
  /** Reads the record; a person is always asked where it is absent. */
  readonly autonomy?: Autonomy;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly onHeartbeat: () => void;
  /** Aborted before the worker is shut down, so that groups of services are given up at once. */
  readonly stopping: AbortSignal;
}

/** Every activity of incidents and remediations. */
function activitiesOf(deps: ActivityDeps): IncidentActivities & RemediationActivities & HeartbeatActivities & DetectionActivities {
  const { config, store, runbooks, senses, clock, log, onHeartbeat, stopping } = deps;
  const { policy } = config;
  const onWritten = (): void => store.coordination.wake('outbox');
  const { hands } = senses;
  const approval = { policy, inventory: config, keys: store.keys, doorKey: store.doorKey, proposals: store.proposals, hands, clock };
  const heartbeat = (detail: string): void => {
    onHeartbeat();
    Context.current().heartbeat(detail);
  };
  const authority = deps.autonomy && { autonomy: deps.autonomy, doorKey: store.doorKey };
  const brake = { killSwitch: store.killSwitch, rule: policy.brake, clock, onWritten };
  const book = new SilenceBook({ silences: store.silences, windows: config.alerts.maintenance, clock, log });
  const quiet = createQuietFacts({ quiet: store.quiet, incidents: store.incidents, book, rule: config.alerts.flapping, clock });
  const owned = withOwners({ transitions: withRelated(store.transitions, store.correlation), intents: store.intents }, config);
  const transitions = braking(quieting(withCheckedClosings(owned.transitions, { ...approval, log }), quiet), brake);
  return withFailures({
    ...createAuditActivities({ transitions, onWritten }),
    ...createEvidenceActivities({
      ...{ ...store, ...senses, transitions, changes: [store.changes, ...senses.changes], inventory: config, clock },
      choosable: { runbooks, allowed: config.actions },
      past: { knowledge: store.knowledge, embedder: configuredEmbedder(config) },
      patienceMs: config.incidents.activity.gather.timeoutMs,
    }),
    ...createJudgedRounds({
      evidence: store.evidence,
      rounds: store.rounds,
      lessons: lessonsOf({ ledger: store.shadow, inventory: config }),
      proposals: store.proposals,
      inventory: config,
      ...{ policy, triage: config.triage, runbooks, hands, ...(authority && { authority }) },
      allowed: config.actions,
      clock,
      quiet,
      hear: configuredHearing({ ...deps, heartbeat }),
    }),
    ...createApprovalActivities(approval),
    ...createProgressActivities({ intents: store.intents, proposals: store.proposals }),
    ...createPrepareActivities({
      ...approval,
      intents: owned.intents,
      verification: config.incidents.verification,
      brake,
      ...(authority && { authority: { ...authority, incidents: store.incidents, outbox: store.outbox } }),
      quiet,
      onWritten,
    }),
    ...executionOf(deps, heartbeat),
    ...createDetectionActivities(detectionDeps({ config, store, clock, log, stopping })),
    ...createHeartbeatActivities({ outbox: store.outbox, state: store.state, onWritten }),
    ...createVerificationActivities({
      ...{ evidence: store.evidence, samples: store.samples, inventory: config, clock },
      ...{ builds: store.archive.builds, proposals: store.proposals, intents: store.intents },
    }),
  });
}

function executionOf(deps: ActivityDeps, heartbeat: (detail: string) => void): Pick<RemediationActivities, 'execute' | 'callOff'> {
  const { config, store, senses, clock } = deps;
  return createExecutionActivities({
    intents: store.intents,
    killSwitch: store.killSwitch,
    hands: senses.hands,
    inventory: config,
    clock,
    heartbeat,
    ...{ pause: (ms) => Context.current().sleep(ms), linger: delay, allowedMs: () => Context.current().info.startToCloseTimeoutMs },
    beatEveryMs: 0.6 * config.incidents.activity.effect.heartbeatMs,
    cancelled: () => Context.current().cancellationDetails?.cancelRequested === true,
    far: config.aws?.acting,
  });
}

/** What the server calls all workers of ours, of whatever version. */
const DEPLOYMENT = 'nightshift';

/** Workers of one process; they poll once they run. */
export interface Workers {
  /** Runs them until they are shut down; rejects when one failed. */
  run(): Promise<void>;
  /** What any of them is, where it is not `RUNNING`. */
  readonly state: string;
  shutdown(): void;
}

/** A worker for every workflow and activity, and one for each service of AWS that is acted through, whose effects begin no faster than its limit allows. */
export async function createTemporalWorkers(connection: NativeConnection, deps: ActivityDeps): Promise<Workers> {
  const { temporal, services, aws } = deps.config;
  const { namespace, taskQueue } = temporal;
  const activities = activitiesOf(deps);
  const shared = {
    ...{ connection, namespace },
    workerDeploymentOptions: { version: { deploymentName: DEPLOYMENT, buildId: workerVersion() }, useWorkerVersioning: false as const },
    ...({ shutdownGraceTime: '5s', shutdownForceTime: '10s' } as const),
  };
  const all = await Promise.all([
    // After a crash the next worker should not wait for the old one's cache.
    Worker.create({ ...shared, taskQueue, ...workflowCode(), activities, stickyQueueScheduleToStartTimeout: '3s' }),
    // What waits when the last service that had such hands is taken out of the configuration ends too.
    ...(aws?.accounts.some(({ actuator }) => actuator) ? AWS_ACTING : actingOf(services)).map((acting) =>
      Worker.create({
        ...shared,
        taskQueue: actingQueue(taskQueue, acting),
        activities: { execute: (input: ExecuteInput) => activities.execute(input) },
        maxConcurrentActivityTaskPolls: 1,
        ...(aws && { maxTaskQueueActivitiesPerSecond: aws.acting.perSecond }),
      }),
    ),
  ]);
  const running = (): readonly Worker[] => all.filter((each) => each.getState() === 'RUNNING');
  return {
    async run() {
      const runs = all.map((each) => each.run());
      // One that fails takes the others with it: a process does all of its work or none.
      await Promise.race(runs).catch(() => running().forEach((each) => each.shutdown()));
      // Those that are still at work need the connection.
      const ends = await Promise.allSettled(runs);
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
    get state() {
      return all.map((each) => each.getState()).find((state) => state !== 'RUNNING') ?? 'RUNNING';
    },
    shutdown: () => running().forEach((each) => each.shutdown()),
  };
}
