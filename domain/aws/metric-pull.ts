import { cleanText } from '../outside-text';
import type { MetricPoint } from '../telemetry';
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

/** Source of these points in the archive. */
export const METRIC_SOURCE = 'cloudwatch-metrics';
/** A period is read when it has been over for so long, as CloudWatch has no whole value before, and once more for the last few, as some comes later. */
export const SETTLE_MS = 120_000;
const AGAIN_PERIODS = 3;
/** So far back it is read after a pause, periods; older values are left out. */
const MOST_PERIODS = 360;

/** What is due: periods from `from` until before `to`, epoch milliseconds; undefined while the next period is not over. `readTo` is what was read before. */
export function dueSpan(everyMs: number, readTo: number | undefined, now: number): { readonly from: number; readonly to: number } | undefined {
  const to = Math.floor((now - SETTLE_MS) / everyMs) * everyMs;
  if (readTo !== undefined && to <= readTo) return undefined;
  const oldest = to - MOST_PERIODS * everyMs;
  return { from: readTo === undefined ? to - AGAIN_PERIODS * everyMs : Math.max(oldest, readTo - AGAIN_PERIODS * everyMs), to };
}

/** The points of an answer. Values that are no numbers are left out. */
export function metricPoints({ name, environment, service, account, region, of }: AwsMetric, lines: readonly MetricLine[]): MetricPoint[] {
  return lines.flatMap(({ label, points }) => {
    const labels = { account, region, ...(isGrouped(of) && { group: cleanText(label, 200) }) };
    return points.flatMap(({ at, value }): MetricPoint[] =>
      Number.isFinite(value)
        ? [{ source: METRIC_SOURCE, environment, service, metric: name, kind: 'gauge', at: new Date(at).toISOString(), value, labels }]
        : [],
    );
  });
}

function isGrouped(of: AwsMetric['of']): boolean {
  return 'query' in of && /\bGROUP\s+BY\b/i.test(of.query);
}
