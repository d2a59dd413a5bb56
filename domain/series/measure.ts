/** Quantiles that can be measured, by name. */
export const QUANTILES = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 } as const;
/** What a series can measure of a stream in a window. */
export const MEASURES = ['rate', 'count', 'sum', 'mean', 'min', 'max', 'error-share', 'p50', 'p75', 'p90', 'p95', 'p99', 'p999'] as const;
/** What a series measures: `rate` and `count` of events, `error-share` of them from 0 to 1, the others of their values. */
export type Measure = (typeof MEASURES)[number];

/** The quantile (0 to 1) that a measure asks for, or undefined for the others. */
export function quantileOf(measure: Measure): number | undefined {
  return Object.entries(QUANTILES).find(([name]) => name === measure)?.[1];
}

/** Kinds of streams: metric points by their kind, lines of logs, and builds. */
export type StreamKind = 'gauge' | 'counter' | 'delta' | 'histogram' | 'log' | 'builds';

const OF_COUNTS: readonly Measure[] = ['rate', 'count', 'error-share'];
const OF_VALUES: readonly Measure[] = ['mean', 'p50', 'p75', 'p90', 'p95', 'p99', 'p999'];
const FITS: Readonly<Record<StreamKind, readonly Measure[]>> = {
  // A gauge is looked at now and then: how often it was looked at is no rate of anything.
  gauge: ['count', 'sum', 'min', 'max', ...OF_VALUES],
  counter: [...OF_COUNTS, 'sum'],
  delta: [...OF_COUNTS, 'sum'],
  // Buckets say where values lie, but not which was the least or the most.
  histogram: [...OF_COUNTS, 'sum', ...OF_VALUES],
  log: OF_COUNTS,
  builds: MEASURES,
};

/** Whether a measure means something on a kind of stream; a quantile of a counter does not. */
export function fits(measure: Measure, kind: StreamKind): boolean {
  return FITS[kind].includes(measure);
}

/** Measures that a kind of stream has. */
export function measuresOf(kind: StreamKind): readonly Measure[] {
  return FITS[kind];
}
