/** One value of a series. Times are ISO 8601 in UTC. */
export interface MetricPoint {
  readonly source: string;
  readonly environment: string;
  readonly service: string;
  /** Name as the source has it. */
  readonly metric: string;
  /** `counter` values grow from the start of a process; `delta` ones count since the point before. */
  readonly kind: 'gauge' | 'counter' | 'delta' | 'histogram';
  readonly at: string;
  /** The value; of a histogram the sum. */
  readonly value: number;
  /** Of a histogram: observations in all, and how many lie at or below each bound; the last bound is infinite, written null. */
  readonly histogram?: { readonly count: number; readonly le: readonly (number | null)[]; readonly counts: readonly number[] };
  readonly unit?: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** One line of a log, already redacted. Times are ISO 8601 in UTC. */
export interface LogRecord {
  readonly source: string;
  readonly environment: string;
  readonly service: string;
  readonly at: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly traceId?: string;
}

/** One step of a request through services, for the graph of calls and for errors; its text is redacted. Times are ISO 8601 in UTC. */
export interface Span {
  readonly source: string;
  readonly environment: string;
  readonly service: string;
  /** Lower-case hex. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly startedAt: string;
  readonly durationMs: number;
  readonly failed: boolean;
  /** Service that was called, where the span says it. */
  readonly peer?: string;
}
