import type { AwsMetric, MetricLine } from '../domain/aws/metric-pull';

/** Answers metrics and queries over them. */
export interface MetricQueries {
  /** Values of the periods that begin with `from <= at < to` (epoch milliseconds), whole. Throws what refuses it. */
  read(metric: AwsMetric, from: number, to: number): Promise<readonly MetricLine[]>;
}
