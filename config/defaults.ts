import type { ActionLimits, ApprovalPolicy } from '../domain/policy-types';
import type { IncidentSettings } from '../domain/settings';
import type { ApiConfig, DetectorConfig, Profile, TemporalConfig } from './types';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What holds where the file says nothing. Durations in milliseconds. */
export interface Defaults {
  readonly api: ApiConfig;
  readonly temporal: TemporalConfig;
  readonly incidents: Omit<IncidentSettings, 'allowUnverified'>;
  readonly approvals: Omit<ApprovalPolicy, 'allowUnverified'>;
  readonly limits: ActionLimits;
  readonly detector: DetectorConfig;
  readonly inbox: { readonly limit: number };
  readonly retention: { readonly samplesMs: number };
  readonly metrics: { readonly everyMs: number; readonly requests: string; readonly latency: string };
  readonly minRequests: number;
  readonly webhookTimeoutMs: number;
}

const production: Defaults = {
  api: { host: '127.0.0.1', port: 7070, bodyLimitBytes: 1_048_576, doorTimeoutMs: 5 * SECOND, rateLimitPerMinute: 600 },
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
  limits: { actionsPerHour: 10, attemptsPerTargetPerDay: 4 },
  detector: { everyMs: 15 * SECOND, windowMs: 60 * SECOND },
  inbox: { limit: 100_000 },
  retention: { samplesMs: 24 * HOUR },
  metrics: { everyMs: 15 * SECOND, requests: 'http_requests_total', latency: 'http_request_duration_seconds' },
  minRequests: 20,
  webhookTimeoutMs: 10 * SECOND,
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
  detector: { everyMs: SECOND, windowMs: 4 * SECOND },
  metrics: { ...production.metrics, everyMs: SECOND },
  webhookTimeoutMs: 2 * SECOND,
};

/** The defaults of a profile. */
export function defaultsOf(profile: Profile): Defaults {
  return profile === 'fast' ? fast : production;
}
