/** One scrape of one instance: counters since the process began, and gauges. Times are epoch milliseconds. */
export interface Sample {
  readonly service: string;
  readonly environment: string;
  readonly instance: string;
  readonly at: number;
  /** False when the instance did not answer; then the rest is empty. */
  readonly up: boolean;
  /** True when something answered, but not with its numbers: that says neither up nor down, and the rest is empty. */
  readonly unreadable?: true;
  /** Start of the process, epoch milliseconds, where the service tells it. */
  readonly startedAt?: number;
  readonly routes: Readonly<Record<string, RouteCounters>>;
  /** Cumulative histogram over all routes: `counts[i]` observations at or below `le[i]` seconds; the last `le` is infinite (written null in JSON). */
  readonly latency: { readonly le: readonly (number | null)[]; readonly counts: readonly number[] };
  /** Ratio 0 to 1 by resource name. */
  readonly saturation: Readonly<Record<string, number>>;
  /** Release that the service says it runs, where it does. */
  readonly release?: string;
}

/** Counters of one route. */
export interface RouteCounters {
  readonly requests: number;
  readonly errors: number;
}

/** What happened on a service between two times. Null where there was nothing to measure. */
export interface WindowStats {
  readonly from: number;
  readonly to: number;
  readonly samples: number;
  /** Share of scrapes that were answered, 0 to 1; null where no scrape tells. */
  readonly upShare: number | null;
  /** The same of the newest scrape that tells. */
  readonly upShareLast?: number;
  readonly requests: number;
  readonly errors: number;
  readonly errorShare: number | null;
  readonly ratePerSecond: number | null;
  readonly latencyP95Ms: number | null;
  readonly routes: Readonly<Record<string, { readonly requests: number; readonly errors: number }>>;
  readonly saturation: Readonly<Record<string, { readonly first: number; readonly last: number; readonly max: number }>>;
  /** Milliseconds that the counted requests cover; less than the window where scrapes began late, failed or ended early. */
  readonly coveredMs?: number;
  /** Instances that answer a scrape, as a rule; 0 without an answer. */
  readonly running?: number;
  /** Same numbers by instance, present where there is more than one. */
  readonly instances?: Readonly<Record<string, InstanceStats>>;
}

/** What one instance served in a window. */
export interface InstanceStats {
  /** Null where no scrape tells. */
  readonly upShare: number | null;
  readonly requests: number;
  readonly errorShare: number | null;
  readonly latencyP95Ms: number | null;
}

/** One line of a structured log, already redacted. */
export interface LogLine {
  readonly at: number;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
}
