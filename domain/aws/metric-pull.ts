import { cleanText } from '../outside-text';
import type { MetricPoint } from '../telemetry';
import { SETTLE_MS } from './metric';
import type { AwsMetric, MetricLine } from './metric';

/** Source of these points in the archive. */
export const METRIC_SOURCE = 'cloudwatch-metrics';
/** The last few periods are read once more, as some values come later. */
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
