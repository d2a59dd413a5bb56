import type { Logger } from 'pino';
import type { ArrivalRate } from '../activities/arrival-rate';
import { createBuildWatchLoop } from '../activities/build-watch';
import { createQualityLoop } from '../activities/data-quality';
import { fillIn } from '../activities/backfill';
import { labelsOf } from '../activities/choice-labels';
import { createChoiceLoop } from '../activities/choices';
import { createDetector } from '../activities/detection';
import { createForgetter } from '../activities/forgetting';
import { createMeasureFill } from '../activities/measure-fill';
import { createLogFollower } from '../activities/log-files';
import { createLogWatchLoop } from '../activities/log-watch';
import { createKnowledgeLoop } from '../activities/knowledge';
import { createDispatcher } from '../activities/intake';
import type { Repeated } from '../activities/repeat';
import { createPredictionLoop } from '../activities/predictions';
import { createSeriesLoop } from '../activities/series';
import type { NightshiftConfig } from '../config/types';
import { PRESETS, withSeason } from '../domain/anomaly/presets';
import { MEASURES } from '../domain/detection/service-watch';
import type { Service } from '../domain/inventory';
import type { Clock } from '../ports/clock';
import type { Term } from '../ports/coordination';
import type { IncidentStarter, Incidents } from '../ports/incidents';
import type { LogSource } from '../ports/logs';
import type { MetricHistory, MetricSource } from '../ports/metrics';
import type { Store } from '../ports/store';
import { startAnchors } from './anchors';
import { startAwsPolls } from './aws-polls';
import { configuredEmbedder } from './embedder';
import { startExport } from './objects';
import { startCorrelation } from './correlation';
import { startQuiet } from './quiet';

/** What the loops work with. */
export interface LoopDeps {
  readonly config: NightshiftConfig;
  readonly store: Store;
  readonly source: MetricSource;
  readonly history: MetricHistory;
  readonly logs: LogSource;
  readonly starter: IncidentStarter & Pick<Incidents, 'command'>;
  /** Begins what keeps groups of services in the hands of workers. */
  readonly detections: () => Repeated;
  /** Begins to read what only one process should. */
  readonly streams?: () => Repeated;
  /** The same of the repository with runbooks, where one is configured. */
  readonly runbooks: () => Repeated | undefined;
  readonly arrivals: ArrivalRate;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Starts what must not run twice on one database: detector, dispatcher of alerts, and what forgets the old. */
export function startLoops({ config, store, source, history, logs, starter, detections, streams, runbooks, arrivals, clock, log }: LoopDeps): Term {
  const correlator = startCorrelation(config, store, clock, log);
  const quiet = startQuiet({ config, store, incidents: starter, clock, log, kick: () => dispatcher.kick(), correlator });
  const dispatcher = createDispatcher({ inbox: store.inbox, starter, inventory: config, arrivals, clock, log, gate: quiet.gate, correlator });
  const detector = createDetector({
    ...{ services: config.services, source, samples: store.samples, inbox: store.inbox, state: store.state, clock, log },
    settings: { ...config.detector, keepMs: config.retention.samplesMs, inboxLimit: config.inbox.limit },
    onAlerts: () => dispatcher.kick(),
  });
  const forgetter = createForgetter({ pruner: store.archive.pruner, clock, log, keep: config.retention });
  const series = createSeriesLoop({ definitions: config.series, archive: store.archive, state: store.state, clock, log });
  const predictions = startPredictions(config, store, clock, log, () => dispatcher.kick());
  const follower = createLogFollower({ services: config.services, logs, writer: store.archive.writer, state: store.state, clock, log });
  const lines = startLogWatch(config, store, clock, log, () => dispatcher.kick());
  const builds = startBuildWatch(config, store, clock, log, () => dispatcher.kick());
  const groups = detections();
  const read = streams?.();
  const books = runbooks();
  const choices = startChoices(config, store, clock, log);
  const exporter = startExport(config, store, clock, log);
  const anchors = startAnchors(config, store, clock, log);
  const quality = createQualityLoop({ archive: store.archive, state: store.state, clock, log });
  const { baselineMs, lookbackMs } = config.incidents.evidence;
  // Of the others nobody keeps a past, so that their samples need not be read at a start.
  const services = config.services.filter(({ metrics }) => metrics?.prometheus !== undefined || metrics?.cloudwatch !== undefined);
  const knowledge = startKnowledge(config, store, clock, log);
  const filled = fillIn({ services, history, samples: store.samples, clock, log, reachMs: Math.max(baselineMs, lookbackMs) });
  const polls = startAwsPolls(config, store, clock, log);
  const fill = startFill(config, services, store, history, clock, log);
  log.info({}, 'this process leads: it watches services and delivers alerts');
  return {
    wake: () => dispatcher.kick(),
    async stop() {
      await Promise.all([
        detector.stop(),
        dispatcher.stop(),
        quiet.stop(),
        forgetter.stop(),
        series.stop(),
        follower.stop(),
        lines?.stop(),
        builds?.stop(),
        quality.stop(),
        knowledge.stop(),
        groups.stop(),
        read?.stop(),
        books?.stop(),
        predictions?.stop(),
        choices?.stop(),
        exporter?.stop(),
        anchors?.stop(),
        fill?.stop(),
        polls?.stop(),
        filled,
      ]);
      log.info({}, 'this process does not lead any more');
    },
  };
}

function startKnowledge(config: NightshiftConfig, { knowledge, audit, evidence }: Store, clock: Clock, log: Logger): Repeated {
  return createKnowledgeLoop({ knowledge, audit, evidence, embedder: configuredEmbedder(config), clock, log });
}

function startPredictions(config: NightshiftConfig, store: Store, clock: Clock, log: Logger, onAlerts: () => void): Repeated | undefined {
  const { predictions, retention, detector } = config;
  if (!predictions) return undefined;
  return createPredictionLoop({
    ...{ services: config.services, definitions: config.series, archive: store.archive, history: store.measures, samples: store.samples },
    ...{ inbox: store.inbox, state: store.state, clock, log, onAlerts },
    settings: { ...predictions, ...retention, rowMs: detector.anomalies.rowMs, inboxLimit: config.inbox.limit },
  });
}

function startFill(
  { detector, retention, aws }: NightshiftConfig,
  services: readonly Service[],
  store: Store,
  past: MetricHistory,
  clock: Clock,
  log: Logger,
): Repeated | undefined {
  const { enabled, rowMs, minRequests } = detector.anomalies;
  const filled = services.filter(({ metrics }) => !metrics?.cloudwatch || (aws && aws.backfillMs > 0));
  if (!enabled || filled.length === 0) return undefined;
  const reachMs = ({ metrics }: Service): number => (metrics?.cloudwatch ? (aws?.backfillMs ?? 0) : Infinity);
  const settings = { rowMs, minRequests, measuresMs: retention.measuresMs, reachMs };
  return createMeasureFill({ services: filled, past, history: store.measures, state: store.state, clock, log, settings });
}

function startLogWatch(config: NightshiftConfig, store: Store, clock: Clock, log: Logger, onAlerts: () => void): Repeated | undefined {
  const { enabled, logs, seasonMs, alertsPerWeek } = config.detector.anomalies;
  if (!enabled || !logs) return undefined;
  const { inbox, anomalies, feedback, state } = store;
  const settings = { detector: withSeason(PRESETS.default, seasonMs), alertsPerWeek, inboxLimit: config.inbox.limit, keepMs: config.retention.logsMs };
  return createLogWatchLoop({ inventory: config, logs: store.archive.logs, inbox, anomalies, feedback, state, clock, log, settings, onAlerts });
}

function startBuildWatch(config: NightshiftConfig, store: Store, clock: Clock, log: Logger, onAlerts: () => void): Repeated | undefined {
  const { enabled, builds } = config.detector.anomalies;
  const unusual = enabled && builds;
  if (!unusual && config.services.every((service) => !service.builds)) return undefined;
  const { inbox, anomalies, state } = store;
  const read = { builds: store.archive.builds, inventory: config, unusual };
  return createBuildWatchLoop({ ...read, inbox, anomalies, state, clock, log, inboxLimit: config.inbox.limit, onAlerts });
}

function startChoices({ detector, services, retention }: NightshiftConfig, store: Store, clock: Clock, log: Logger): Repeated | undefined {
  const { chooseEveryMs, anomalies } = detector;
  if (chooseEveryMs === null || !anomalies.enabled) return undefined;
  const { rowMs, seasonMs } = anomalies;
  const labels = (key: string) => labelsOf(store.feedback, store.anomalies, key);
  const settings = { everyMs: chooseEveryMs, keepMs: retention.measuresMs, rowMs, seasonMs, alertsPerWeek: anomalies.alertsPerWeek / MEASURES };
  return createChoiceLoop({ labels, services, history: store.measures, state: store.state, clock, log, settings });
}
