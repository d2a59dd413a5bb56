import type { AwsPlace } from './place';

/** One metric of CloudWatch. */
export interface CloudWatchMetric {
  readonly namespace: string;
  readonly name: string;
  /** As `Average`, `Sum` or `p99`. */
  readonly stat: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A metric, or a query of Metrics Insights over many, that is read again and again. */
export interface AwsMetric extends AwsPlace {
  /** Name of its points in the archive. */
  readonly name: string;
  readonly environment: string;
  readonly service: string;
  readonly of: CloudWatchMetric | { readonly query: string };
  /** Its period, and how often it is read, milliseconds; whole minutes. */
  readonly everyMs: number;
}

/** One line of an answer; a query with GROUP BY has several, told apart by their labels. */
export interface MetricLine {
  readonly label: string;
  /** Times are epoch milliseconds, the begin of a period. */
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

/** A period is read when it has been over for so long, milliseconds, as CloudWatch has no whole value before. */
export const SETTLE_MS = 120_000;
