import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { DetectionGroupDeps } from '../activities/detection-group';
import { repeat } from '../activities/repeat';
import type { Repeated } from '../activities/repeat';
import { awsAccess } from '../adapters/aws/access';
import { sagemakerScorer } from '../adapters/aws/sagemaker-scorer';
import { localScorer } from '../adapters/local/scorer';
import { ensureDetection } from '../adapters/temporal/detection';
import type { NightshiftConfig } from '../config/types';
import { PRESETS, withSeason } from '../domain/anomaly/presets';
import { groupName } from '../domain/detection/groups';
import { errorMessage } from '../domain/errors';
import type { DetectionInput } from '../domain/steps';
import { WORKFLOW_VERSIONS } from '../domain/workflow-versions';
import type { Clock } from '../ports/clock';
import type { Scorer } from '../ports/scorer';
import type { Store } from '../ports/store';

const DAY_MS = 86_400_000;
/** The SDK sends heartbeats after this share of their time-out, however often they are made. */
const HEARTBEAT_SHARE = 0.8;
/** It is looked whether a group's workflow is open so often, milliseconds, and again so soon after that failed. */
const LOOK_MS = 10 * 60_000;
const AGAIN_MS = 5000;
/** So long after the end of a row everything scraped in it is in the store, milliseconds; of a short row a part of it. */
const GRACE_MS = 5000;
const GRACE_SHARE = 0.3;
const TURNS = 100;

/** What the judging of groups works with in a worker. */
export function detectionDeps({
  config,
  store,
  clock,
  log,
  stopping,
}: {
  readonly config: NightshiftConfig;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly stopping: AbortSignal;
}): DetectionGroupDeps {
  const { anomalies } = config.detector;
  return {
    ...{
      services: config.services,
      series: config.series,
      points: store.archive.points,
      samples: store.samples,
      scorer: scorerOf(config, store, clock, log),
      history: store.measures,
      inbox: store.inbox,
      book: store.detection,
      anomalies: store.anomalies,
      feedback: store.feedback,
      state: store.state,
      clock,
      log,
    },
    settings: {
      ...anomalies,
      detector: withSeason(PRESETS.default, anomalies.seasonMs),
      graceMs: Math.min(GRACE_MS, GRACE_SHARE * anomalies.rowMs),
      groups: groupsOf(config),
      keepMs: config.retention.samplesMs,
      measuresMs: config.retention.measuresMs,
      pointsMs: config.retention.pointsMs,
      inboxLimit: config.inbox.limit,
    },
    ends: () => AbortSignal.any([stopping, Context.current().cancellationSignal]),
    heartbeat: () => Context.current().heartbeat(),
    pause: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
    onAlerts: () => store.coordination.wake('inbox'),
  };
}

/** This process, and endpoints of SageMaker where they are configured. */
function scorerOf({ aws }: NightshiftConfig, { state }: Store, clock: Clock, log: Logger): Scorer {
  const local = localScorer();
  return aws && aws.scorers.length > 0 ? sagemakerScorer({ access: awsAccess(aws), endpoints: aws.scorers, local, state, clock, log }) : local;
}

/** Sees to it that the workflow of each group is open, now and every ten minutes. */
export function detections({ client, config, log }: { readonly client: Client; readonly config: NightshiftConfig; readonly log: Logger }): () => Repeated {
  const { turnMs, heartbeatMs } = config.detector.anomalies;
  const { taskQueue } = config.temporal;
  const groups = groupsOf(config);
  return () =>
    repeat(async () => {
      try {
        for (let group = 0; group < groups; group += 1) {
          const input: DetectionInput = { schemaVersion: WORKFLOW_VERSIONS.detection.written, group, groups, turnMs, turns: TURNS, heartbeatMs };
          await ensureDetection(client, taskQueue, input);
        }
        return LOOK_MS;
      } catch (error) {
        log.warn({ error: errorMessage(error) }, 'the detection of anomalies could not be started; it is tried again');
        return AGAIN_MS;
      }
    });
}

type Watched = Pick<NightshiftConfig, 'detector' | 'services' | 'series'>;

/** Registers how far behind the last group of services is, in the process that leads. */
export function measureDetection(
  metrics: Registry,
  config: NightshiftConfig,
  deps: { readonly store: Store; readonly clock: Clock; readonly leads: () => boolean },
): void {
  const groups = groupsOf(config);
  const names = Array.from({ length: groups }, (_, group) => groupName(group, groups));
  new Gauge({
    ...{ name: 'nightshift_detection_behind_seconds', help: 'Age of the newest row that every group of services has been judged to.', registers: [metrics] },
    async collect() {
      const end = groups > 0 && deps.leads() ? await deps.store.detection.judgedTo(names).catch(() => undefined) : undefined;
      if (end === undefined) this.remove();
      else this.set((deps.clock.now() - end) / 1000);
    },
  });
}

/** None where nothing is to be judged. */
function groupsOf({ detector, services, series }: Watched): number {
  const { enabled, groups } = detector.anomalies;
  return enabled && (services.some(({ metrics }) => metrics) || series.some(({ anomalies }) => anomalies)) ? groups : 0;
}

/** Billable actions a day of keeping the groups in somebody's hands: their heartbeats, and a turn's activity. */
export function detectionActionsPerDay(watched: Watched): number {
  const { heartbeatMs, turnMs } = watched.detector.anomalies;
  const each = DAY_MS / (HEARTBEAT_SHARE * heartbeatMs) + DAY_MS / turnMs;
  return Math.ceil(groupsOf(watched) * each);
}
