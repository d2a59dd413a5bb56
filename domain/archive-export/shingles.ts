import { CounterRates } from '../anomaly/counter-rates';
import { median } from '../quantile';
import type { MetricPoint } from '../telemetry';
import type { ExportedPoint, SeriesDay } from './series';

/** A value that stands alone, whatever came before it. */
interface Measured {
  readonly at: number;
  readonly value: number;
}

/** Points further apart than this many usual intervals do not stand in one shingle. */
const GAP = 3;

/**
 * Rows of numbers that a Random Cut Forest trains on: each is `width` values of the series one after another, the newest last, without a gap among them. Gauges and deltas are as they
 * were measured, counters are rates per second, histograms the mean of what was observed since the point before. https://docs.aws.amazon.com/sagemaker/latest/dg/rcf_how-it-works.html
 */
export function shingleRows({ series, points }: SeriesDay, width: number): readonly (readonly number[])[] {
  const measured = measuredOf(series.kind, points);
  const intervals = measured.slice(1).map(({ at }, i) => at - (measured[i]?.at ?? at));
  const longest = intervals.length === 0 ? Infinity : GAP * median(intervals);
  const rows: number[][] = [];
  let run: number[] = [];
  measured.forEach(({ at, value }, i) => {
    if (i > 0 && at - (measured[i - 1]?.at ?? at) > longest) run = [];
    run.push(value);
    if (run.length >= width) rows.push(run.slice(-width));
  });
  return rows;
}

function measuredOf(kind: MetricPoint['kind'], points: readonly ExportedPoint[]): readonly Measured[] {
  if (kind === 'histogram') return meansOf(points);
  if (kind !== 'counter') return points;
  const rates = new CounterRates();
  return points.flatMap(({ at, value }) => {
    const rate = rates.push(at, value);
    return rate === null ? [] : [{ at, value: rate }];
  });
}

/** A histogram counts from the start of its process: what fell began again. */
function meansOf(points: readonly ExportedPoint[]): readonly Measured[] {
  return points.slice(1).flatMap(({ at, value, histogram }, i) => {
    const before = points[i];
    const count = (histogram?.count ?? 0) - (before?.histogram?.count ?? 0);
    const mean = (value - (before?.value ?? 0)) / count;
    return count > 0 && Number.isFinite(mean) ? [{ at, value: mean }] : [];
  });
}
