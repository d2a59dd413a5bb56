import { ARCHIVE_DEFAULTS } from '../domain/archive-settings';
import type { BrakeRule } from '../domain/brake';
import type { FlappingRule } from '../domain/quiet/flapping';
import type { ActionLimits, ApprovalPolicy } from '../domain/policy-types';
import type { IncidentSettings } from '../domain/settings';
import type { ApiConfig, ArchiveConfig, DetectorConfig, PredictionsConfig, Profile, RetentionConfig, TemporalConfig, WatchConfig, WorkerConfig } from './types';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What holds where the file says nothing. Durations in milliseconds. */
export interface Defaults {
  readonly api: ApiConfig;
  readonly worker: WorkerConfig;
  readonly temporal: TemporalConfig;
  readonly incidents: Omit<IncidentSettings, 'allowUnverified'>;
  readonly approvals: Omit<ApprovalPolicy, 'allowUnverified'>;
  readonly limits: ActionLimits;
  readonly brake: BrakeRule;
  readonly detector: DetectorConfig;
  readonly predictions: PredictionsConfig;
  readonly alerts: {
    readonly flapping: FlappingRule;
    readonly longestSilenceMs: number;
    readonly alertmanager: { readonly everyMs: number; readonly timeoutMs: number };
  };
  readonly inbox: { readonly limit: number };
  readonly retention: RetentionConfig;
  readonly archive: ArchiveConfig;
  readonly metrics: { readonly everyMs: number; readonly requests: string; readonly latency: string };
  /** For commands that a team gives as hands. */
  readonly commands: { readonly timeoutMs: number; readonly confirmMs: number; readonly outputLimitBytes: number };
  readonly minRequests: number;
  readonly webhookTimeoutMs: number;
  readonly watch: WatchConfig;
  readonly heartbeatEveryMs: number;
}

const { seriesPerService, templatesPerService, calleesPerService, lateAfterMs } = ARCHIVE_DEFAULTS;

const production: Defaults = {
  api: { host: '127.0.0.1', port: 7070, bodyLimitBytes: 1_048_576, doorTimeoutMs: 5 * SECOND, rateLimitPerMinute: 600 },
  worker: { host: '127.0.0.1', port: 7071 },
  temporal: { namespace: 'default', taskQueue: 'nightshift' },
  incidents: {
    evidence: { baselineMs: 30 * MINUTE, lookbackMs: 2 * HOUR, stepMs: 60 * SECOND },
    verification: { settleMs: 60 * SECOND, windowMs: 3 * MINUTE, minRequests: 50, timeoutMs: 20 * MINUTE },
    watchMs: 30 * MINUTE,
    selfHealMs: 20 * MINUTE,
    maxHypotheses: 3,
    lockRetry: { firstMs: 5 * SECOND, maxMs: 5 * MINUTE },
    dedupeSize: 500,
    maxHistoryEvents: 3000,
    activity: {
      quick: { timeoutMs: 10 * SECOND, firstMs: SECOND, maxMs: MINUTE, attempts: 0 },
      gather: { timeoutMs: MINUTE, firstMs: 2 * SECOND, maxMs: MINUTE, attempts: 5 },
      effect: { timeoutMs: 30 * MINUTE, firstMs: 2 * SECOND, maxMs: MINUTE, attempts: 10, graceMs: 15 * SECOND, heartbeatMs: 30 * SECOND },
    },
  },
  approvals: {
    approvers: [],
    quorum: 1,
    notAuthor: false,
    remindAfterMs: 30 * MINUTE,
    expireAfterMs: 72 * HOUR,
    escalateTo: 'on-call',
    validForMs: HOUR,
    breakGlass: { enabled: false, role: 'admin' },
  },
  limits: { actionsPerHour: 10, attemptsPerTargetPerDay: 4, targetsAtOnce: 3, shareOfFleet: 0.5 },
  brake: { incidents: 10, withinMs: 10 * MINUTE },
  predictions: { everyMs: 15 * MINUTE, horizonMs: 24 * HOUR },
  detector: {
    everyMs: 15 * SECOND,
    windowMs: 60 * SECOND,
    chooseEveryMs: 24 * HOUR,
    anomalies: {
      ...{ enabled: true, rowMs: MINUTE, seasonMs: 7 * 24 * HOUR, alertsPerWeek: 0.1, minRequests: 20, groups: 1 },
      ...{ turnMs: 15 * MINUTE, heartbeatMs: MINUTE, checkpointMs: 30 * MINUTE, logs: true, builds: true },
    },
  },
  alerts: {
    flapping: { enabled: true, changes: 4, withinMs: 15 * MINUTE, calmMs: 15 * MINUTE, settleMs: 3 * MINUTE },
    longestSilenceMs: 7 * 24 * HOUR,
    alertmanager: { everyMs: MINUTE, timeoutMs: 5 * SECOND },
  },
  inbox: { limit: 100_000 },
  retention: { samplesMs: 24 * HOUR, measuresMs: 35 * 24 * HOUR, ...ARCHIVE_DEFAULTS.keep },
  archive: { seriesPerService, templatesPerService, calleesPerService, lateAfterMs },
  metrics: { everyMs: 15 * SECOND, requests: 'http_requests_total', latency: 'http_request_duration_seconds' },
  commands: { timeoutMs: 10 * SECOND, confirmMs: 30 * SECOND, outputLimitBytes: 10_485_760 },
  minRequests: 20,
  webhookTimeoutMs: 10 * SECOND,
  watch: { undeliveredAfterMs: MINUTE, stalledAfterMs: 15 * MINUTE, everyMs: 5 * SECOND },
  heartbeatEveryMs: 5 * MINUTE,
};

const fast: Defaults = {
  ...production,
  incidents: {
    ...production.incidents,
    evidence: { baselineMs: 20 * SECOND, lookbackMs: 60 * SECOND, stepMs: SECOND },
    verification: { settleMs: 2 * SECOND, windowMs: 4 * SECOND, minRequests: 20, timeoutMs: 40 * SECOND },
    watchMs: 4 * SECOND,
    selfHealMs: 45 * SECOND,
    lockRetry: { firstMs: 200, maxMs: 2 * SECOND },
    activity: {
      quick: { timeoutMs: 5 * SECOND, firstMs: 100, maxMs: SECOND, attempts: 0 },
      gather: { timeoutMs: 10 * SECOND, firstMs: 100, maxMs: SECOND, attempts: 5 },
      effect: { timeoutMs: 2 * MINUTE, firstMs: 200, maxMs: SECOND, attempts: 10, graceMs: 5 * SECOND, heartbeatMs: 3 * SECOND },
    },
  },
  // Seconds are what minutes are in earnest.
  alerts: { ...production.alerts, flapping: { enabled: true, changes: 6, withinMs: 20 * SECOND, calmMs: 20 * SECOND, settleMs: 0 } },
  detector: {
    everyMs: SECOND,
    windowMs: 4 * SECOND,
    chooseEveryMs: 24 * HOUR,
    // A day takes two minutes, and lines are counted by the minute: too coarse to say anything of them.
    anomalies: {
      ...{ ...production.detector.anomalies, rowMs: SECOND, seasonMs: 2 * MINUTE, turnMs: MINUTE, heartbeatMs: 5 * SECOND, checkpointMs: 20 * SECOND },
      logs: false,
    },
  },
  // A row is a second.
  retention: { ...production.retention, measuresMs: 24 * HOUR },
  metrics: { ...production.metrics, everyMs: SECOND },
  commands: { ...production.commands, confirmMs: 5 * SECOND },
  webhookTimeoutMs: 2 * SECOND,
};

/** The defaults of a profile. */
export function defaultsOf(profile: Profile): Defaults {
  return profile === 'fast' ? fast : production;
}
