import type { AwsMetric, MetricLine } from '../domain/aws/metric';

/** Answers metrics and queries over them. */
export interface MetricQueries {
  /** Values of the periods that begin with `from <= at < to` (epoch milliseconds), whole. Throws what refuses it, and is broken off when `signal` is aborted. */
  read(metric: AwsMetric, from: number, to: number, signal: AbortSignal): Promise<readonly MetricLine[]>;
  /** The same of several metrics of one place, together, in their order. Throws where one of them is refused. */
  readAll(metrics: readonly AwsMetric[], from: number, to: number, signal: AbortSignal): Promise<readonly (readonly MetricLine[])[]>;
}
