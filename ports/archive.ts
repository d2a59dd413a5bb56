import type { Build, BuildResult } from '../domain/build';
import type { CallCount } from '../domain/call-counts';
import type { LogCount } from '../domain/log-counts';
import type { LogRecord, MetricPoint } from '../domain/telemetry';

/** What one message gives to the archive. */
export interface ArchiveBatch {
  readonly points?: readonly MetricPoint[];
  readonly logs?: readonly LogCount[];
  readonly calls?: readonly CallCount[];
  readonly builds?: readonly Build[];
  /** Identity of the counted things (`deliveryId`): lines and calls that came under it before are not counted again. */
  readonly delivery?: string;
  /** What other messages that are kept with it count, each under its own delivery. */
  readonly parts?: readonly Pick<ArchiveBatch, 'logs' | 'calls' | 'delivery'>[];
}

/** Why something was not kept: the service has too many series; it is older than what is kept; its time lies too far ahead. */
export type RefusalReason = 'cardinality' | 'too-old' | 'ahead';

/** How many points of a message were kept, and how. Every point told is exactly one of `added`, `corrected`, `duplicates` and `refused`. */
export interface KeptPoints {
  readonly added: number;
  /** There already with the same value. */
  readonly duplicates: number;
  /** There already with another value: the one told last counts. */
  readonly corrected: number;
  /** Of those added: older than the newest of its series by more than the named time. */
  readonly late: number;
  readonly refused: Readonly<Record<RefusalReason, number>>;
}

/** What became of a batch. */
export interface Kept {
  readonly points: KeptPoints;
  /** Lines of logs: counted, there before, or refused as too old or too far ahead. Beyond the limit of templates they are counted as `<other>`. */
  readonly logs: { readonly counted: number; readonly duplicates: number; readonly refused: number };
  readonly calls: { readonly counted: number; readonly duplicates: number; readonly refused: number };
  readonly builds: { readonly added: number; readonly completed: number; readonly duplicates: number };
}

/** Takes in what was measured. */
export interface ArchiveWriter {
  /** Commits all that is not refused, or nothing. `receivedAt` in epoch milliseconds. */
  keep(batch: ArchiveBatch, receivedAt: number): Promise<Kept>;
}

/** A series: points of one metric with the same labels. Another unit is another series. */
export interface Series {
  /** Number of the series in this store. */
  readonly id: number;
  /** Who told of it first. */
  readonly source: string;
  readonly environment: string;
  readonly service: string;
  readonly metric: string;
  readonly kind: MetricPoint['kind'];
  readonly unit?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly counts: SeriesCounts;
}

/** What is known of a series without reading its points. Times are epoch milliseconds; the counts are over its whole life, also of points that are forgotten by now. */
export interface SeriesCounts {
  readonly createdAt: number;
  readonly points: number;
  readonly late: number;
  readonly duplicates: number;
  readonly corrected: number;
  /** Points whose time was after their arrival by more than a second. */
  readonly ahead: number;
  /** Series of the same metric and labels in other units that were there when this one began. */
  readonly unitChanges: number;
  /** Times of the oldest point that is kept and of the newest. */
  readonly first: number;
  readonly last: number;
  /** When a point last came, and how long after its own time the newest of that message came (milliseconds; negative when ahead). */
  readonly receivedAt: number;
  readonly lagMs: number;
}

/** Which series. */
export interface SeriesFilter {
  readonly environment?: string;
  readonly service?: string;
  readonly metric?: string;
  /** Labels that it must have, with these values. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Only those that began at or after this time, epoch milliseconds. */
  readonly createdSince?: number;
  /** Only those to which a point came at or after this time, epoch milliseconds. */
  readonly receivedSince?: number;
  /** Continues after this id. */
  readonly after?: number;
  readonly limit: number;
}

/** A point of a series that is known. */
export interface PointValue {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly value: number;
  readonly histogram?: MetricPoint['histogram'];
}

/** Reads metric points. */
export interface PointReader {
  /** In the order of their ids. */
  series(filter: SeriesFilter): Promise<readonly Series[]>;
  /** Points with `from <= at <= to` (epoch milliseconds) of each of the series, oldest first; a series without any is not in it. Throws `too_large` beyond a million points. */
  read(series: readonly number[], from: number, to: number): Promise<ReadonlyMap<number, readonly PointValue[]>>;
}

/** A kind of line that a service writes, with how many there were in each minute. */
export interface LogTemplate {
  readonly id: number;
  readonly source: string;
  readonly environment: string;
  readonly service: string;
  readonly level: LogRecord['level'];
  /** The line with placeholders for what varies. */
  readonly template: string;
  /** The first line of its kind, redacted. */
  readonly sample: string;
  /** When it was first seen, epoch milliseconds. */
  readonly createdAt: number;
  /** Lines in the asked time, by minute, oldest first. `at` is the begin of the minute, epoch milliseconds. */
  readonly minutes: readonly { readonly at: number; readonly lines: number }[];
}

/** Which services and when: `from <= minute <= to`, epoch milliseconds. */
export interface TimeFilter {
  readonly environment?: string;
  readonly service?: string;
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/** Reads counts of log templates. */
export interface LogReader {
  /** Templates with lines in that time, those with the most lines first. */
  templates(filter: TimeFilter & { readonly level?: LogRecord['level'] }): Promise<readonly LogTemplate[]>;
}

/** Reads the graph of calls. */
export interface CallReader {
  /** Calls by minute with the service on either side, oldest first; of more than the limit the newest. */
  calls(filter: TimeFilter): Promise<readonly CallCount[]>;
}

/** Reads sums of calls, so that what many call is not cut short. */
export interface CallSums {
  /** All calls of that time by pair, with the service on either side, as of the newest minute; those with the most requests first. */
  totals(filter: TimeFilter): Promise<readonly CallCount[]>;
  /** All that came to a service by minute, oldest first: what it counted itself, without a caller, beside what its callers counted, together under the first of them by name. */
  received(filter: TimeFilter & { readonly service: string }): Promise<readonly CallCount[]>;
}

/** Which builds: those that ended with `from <= endedAt <= to`, epoch milliseconds. */
export interface BuildFilter extends TimeFilter {
  readonly name?: string;
  readonly results?: readonly BuildResult[];
  /** Goes on after this build, the last of the page before. */
  readonly after?: Pick<Build, 'id' | 'endedAt'>;
}

/** Reads builds. */
export interface BuildReader {
  /** Newest first, those of the same time by id. */
  list(filter: BuildFilter): Promise<readonly Build[]>;
  get(id: string): Promise<Build | undefined>;
}

/** What was refused of a service, in all. Times are epoch milliseconds. */
export interface Refusal {
  readonly environment: string;
  readonly service: string;
  readonly reason: RefusalReason;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** What the archive holds in all, for people and for /metrics. */
export interface ArchiveTotals {
  readonly series: number;
  readonly templates: number;
  readonly edges: number;
}

/** Reads what is known of the archive itself. */
export interface ArchiveMarks {
  refusals(): Promise<readonly Refusal[]>;
  totals(): Promise<ArchiveTotals>;
}

/** What is older than these times (epoch milliseconds) is forgotten. */
export interface Horizon {
  readonly points: number;
  readonly logs: number;
  readonly builds: number;
  readonly changes: number;
  /** Rows of the measure history. */
  readonly measures: number;
  /** How long lines and calls that are sent again are known by. */
  readonly deliveries: number;
}

/** Forgets what is old. */
export interface ArchivePruner {
  /** Deletes at most `most` rows of each kind. Calls are forgotten with points, and how incidents are related, and what was split off ended ones, with changes. Returns how many it deleted, and whether more is left to delete. */
  prune(before: Horizon, most: number): Promise<{ readonly rows: number; readonly more: boolean }>;
}

/** Everything measured and told that is kept for a while. */
export interface Archive {
  readonly writer: ArchiveWriter;
  readonly points: PointReader;
  readonly logs: LogReader;
  readonly calls: CallReader & CallSums;
  readonly builds: BuildReader;
  readonly marks: ArchiveMarks;
  readonly pruner: ArchivePruner;
}
