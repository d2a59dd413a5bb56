/** Time-outs and limits that an incident keeps from its start to its end. Durations in milliseconds. */
export interface IncidentSettings {
  /** Window before the onset that counts as normal, and how far evidence looks back. */
  readonly evidence: { readonly baselineMs: number; readonly lookbackMs: number; readonly stepMs: number };
  readonly verification: { readonly settleMs: number; readonly windowMs: number; readonly minRequests: number; readonly timeoutMs: number };
  /** How long a fixed incident is watched before it is resolved; 0 resolves at once. */
  readonly watchMs: number;
  /** Longest time from a service being well to the detector telling the end of its condition; not in incidents of before there was such a thing. */
  readonly conditionEndsMs?: number;
  /** How long a cause that heals by itself is waited for before a person is asked. */
  readonly selfHealMs: number;
  /** Hypotheses tried before a person is asked. */
  readonly maxHypotheses: number;
  /** First and longest pause of a waiter for a target that another incident holds. */
  readonly lockRetry: { readonly firstMs: number; readonly maxMs: number };
  /** Alert ids remembered for deduplication, oldest forgotten first. */
  readonly dedupeSize: number;
  /** Continue as new at this number of events even when the server does not suggest it. */
  readonly maxHistoryEvents: number;
  /** Unsigned decisions count. */
  readonly allowUnverified: boolean;
  readonly activity: ActivitySettings;
}

/** Time-outs and retries of activities, by kind. */
export interface ActivitySettings {
  /** Store and statistics. */
  readonly quick: RetrySettings;
  /** Diagnosing where a model is heard; as `quick` where absent. */
  readonly assess?: RetrySettings;
  /** Reads of the outside world. */
  readonly gather: RetrySettings;
  /** Effects; one attempt's limit is the step's own time-out plus `graceMs`. */
  readonly effect: RetrySettings & { readonly graceMs: number; readonly heartbeatMs: number };
}

/** One retry policy. `attempts` 0 means until it works. */
export interface RetrySettings {
  readonly timeoutMs: number;
  readonly firstMs: number;
  readonly maxMs: number;
  readonly attempts: number;
  /** An attempt that is silent for so long has lost its worker; it sends no heartbeats where absent. */
  readonly heartbeatMs?: number;
}
