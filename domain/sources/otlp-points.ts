import { z } from 'zod';
import { cleanText } from '../outside-text';
import type { MetricPoint } from '../telemetry';
import { explicitHistogram, exponentialHistogram } from './buckets';
import type { Bucket } from './buckets';
import { attributes, list, numberOf, pairsOf, scalar, text, timeOfNano } from './otlp-wire';
import type { Attributes, Scalar } from './otlp-wire';
import type { SourceContext } from './source';
import type { Tally } from './tally';
import { timeOf } from './to-alert';
import { hasMembers } from './wire';

const LONGEST_NAME = 200;
const LONGEST_UNIT = 64;
/** Flag of a point that tells only that its series has ended, or has nothing now. */
const NO_RECORDED_VALUE = 1;
const NOTHING_MEASURED = 'that says that nothing was measured';
const DATA = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const;

const common = { attributes, timeUnixNano: scalar, flags: scalar };
const numbers = list(z.looseObject({ ...common, asDouble: scalar, asInt: scalar }));
const histogramPoint = z.looseObject({ ...common, count: scalar, sum: scalar, bucketCounts: list(scalar), explicitBounds: list(scalar) });
const buckets = z.looseObject({ offset: scalar, bucketCounts: list(scalar) }).nullish();
const exponentialPoint = z.looseObject({
  ...common,
  ...{ count: scalar, sum: scalar, scale: scalar, zeroCount: scalar, zeroThreshold: scalar, positive: buckets, negative: buckets },
});
const summaryPoint = z.looseObject({ ...common, count: scalar, sum: scalar, quantileValues: list(z.looseObject({ quantile: scalar, value: scalar })) });
const temporality = z.union([z.number(), z.string()]).nullish();

/** A metric with its points of one kind. */
export const metric = z.looseObject({
  name: z.string().min(1),
  unit: text,
  gauge: z.looseObject({ dataPoints: numbers }).nullish(),
  sum: z.looseObject({ dataPoints: numbers, aggregationTemporality: temporality, isMonotonic: z.boolean().nullish() }).nullish(),
  histogram: z.looseObject({ dataPoints: list(histogramPoint), aggregationTemporality: temporality }).nullish(),
  exponentialHistogram: z.looseObject({ dataPoints: list(exponentialPoint), aggregationTemporality: temporality }).nullish(),
  summary: z.looseObject({ dataPoints: list(summaryPoint) }).nullish(),
});
type Metric = z.output<typeof metric>;

/** A point before it is known whose it is; labels are as the source has them. */
export type OtlpPoint = Omit<MetricPoint, 'source' | 'environment' | 'service' | 'labels'> & { readonly labels: readonly (readonly [string, string])[] };
type Measured = Pick<MetricPoint, 'kind' | 'value' | 'histogram'> & { readonly suffix?: string; readonly label?: readonly [string, string] };

/** Whether a decoded item can only be a metric: it has a name, and points of one kind. */
export function isMetric(item: unknown): boolean {
  return hasMembers(item, 'name') && DATA.some((kind) => hasMembers(item, kind));
}

/** How many points an item holds that is no metric as it should be; at least 1. */
export function pointsIn(item: unknown): number {
  if (typeof item !== 'object' || item === null) return 1;
  const counts = DATA.map((kind) => (item as Readonly<Record<string, unknown>>)[kind]).map((data) =>
    hasMembers(data, 'dataPoints') && Array.isArray(data['dataPoints']) ? data['dataPoints'].length : 0,
  );
  return Math.max(1, ...counts);
}

/**
 * The points of a metric. A sum that may fall is a gauge. Quantiles of a summary are gauges with the label `quantile`, its number and its sum counters. A histogram that
 * counts since the point before is of kind `delta`. One without a sum, as of what may be negative, has the value 0.
 */
export function pointsOf(told: Metric, context: SourceContext, aside: Tally): OtlpPoint[] {
  const unit = cleanText(told.unit ?? '', LONGEST_UNIT);
  const name = cleanText(told.name, LONGEST_NAME);
  const read = <P extends Told>(points: readonly P[], measure: (point: P) => readonly (Measured | string)[]): OtlpPoint[] =>
    points.flatMap((point) =>
      (isEmpty(point) ? [NOTHING_MEASURED] : measure(point)).flatMap((each) => {
        if (each === NOTHING_MEASURED) aside.pass('point', each);
        else if (typeof each === 'string') aside.refuse('point', each);
        return typeof each === 'string' ? [] : [dated(point, each, { name, unit }, context)];
      }),
    );
  const { gauge, sum, histogram, exponentialHistogram: exponential, summary } = told;
  if (gauge) return read(gauge.dataPoints, (point) => [numberIn(point, 'gauge')]);
  if (sum) return read(sum.dataPoints, (point) => [numberIn(point, kindOfSum(sum.aggregationTemporality, sum.isMonotonic === true))]);
  if (histogram) return read(histogram.dataPoints, (point) => [explicitIn(point, kindOfHistogram(histogram.aggregationTemporality))]);
  if (exponential) return read(exponential.dataPoints, (point) => [exponentialIn(point, kindOfHistogram(exponential.aggregationTemporality))]);
  if (summary) return read(summary.dataPoints, summaryIn);
  aside.pass('metric', 'without points that are known here');
  return [];
}

interface Told {
  readonly attributes: Attributes;
  readonly timeUnixNano?: Scalar;
  readonly flags?: Scalar;
}

function dated(told: Told, { suffix = '', label, ...measured }: Measured, { name, unit }: { name: string; unit: string }, context: SourceContext): OtlpPoint {
  return {
    metric: `${name}${suffix}`,
    at: timeOfNano(told.timeUnixNano) ?? timeOf(context.receivedAt) ?? '',
    ...measured,
    // A number of values is not in their unit.
    ...(unit !== '' && suffix !== '_count' && { unit }),
    labels: [...(label ? [label] : []), ...pairsOf(told.attributes)],
  };
}

function isEmpty({ flags }: Told): boolean {
  return ((numberOf(flags) ?? 0) & NO_RECORDED_VALUE) !== 0;
}

function numberIn({ asDouble, asInt }: { readonly asDouble?: Scalar; readonly asInt?: Scalar }, kind: MetricPoint['kind'] | undefined): Measured | string {
  const value = numberOf(asDouble ?? asInt);
  if (kind === undefined) return 'of a sum that does not say since when it counts';
  return value === undefined ? 'without a value' : { kind, value };
}

function explicitIn(point: z.output<typeof histogramPoint>, kind: MetricPoint['kind'] | undefined): Measured | string {
  const bounds = point.explicitBounds.map((bound) => numberOf(bound) ?? NaN);
  const between = point.bucketCounts.map((count) => numberOf(count) ?? NaN);
  const histogram = explicitHistogram(bounds, between, numberOf(point.count) ?? 0);
  if (kind === undefined) return 'of a histogram that does not say since when it counts';
  return histogram === undefined ? 'whose buckets do not fit its bounds' : { kind, value: numberOf(point.sum) ?? 0, histogram };
}

function exponentialIn(point: z.output<typeof exponentialPoint>, kind: MetricPoint['kind'] | undefined): Measured | string {
  if (kind === undefined) return 'of a histogram that does not say since when it counts';
  const histogram = exponentialHistogram({
    scale: Math.trunc(numberOf(point.scale) ?? 0),
    zeroThreshold: Math.max(0, numberOf(point.zeroThreshold) ?? 0),
    zeroCount: numberOf(point.zeroCount) ?? 0,
    positive: bucketsOf(point.positive),
    negative: bucketsOf(point.negative),
    count: numberOf(point.count) ?? 0,
  });
  return { kind, value: numberOf(point.sum) ?? 0, histogram };
}

function bucketsOf(told: z.output<typeof buckets>): Bucket[] {
  const offset = Math.trunc(numberOf(told?.offset) ?? 0);
  return (told?.bucketCounts ?? []).map((count, i) => [offset + i, numberOf(count) ?? 0] as const);
}

function summaryIn(point: z.output<typeof summaryPoint>): readonly (Measured | string)[] {
  return [
    ...point.quantileValues.map(({ quantile, value: told }): Measured | string => {
      // Both forms leave out a zero; a quantile of nothing measured is NaN.
      const value = numberOf(told ?? 0);
      return value === undefined ? NOTHING_MEASURED : { kind: 'gauge', value, label: ['quantile', String(numberOf(quantile) ?? 0)] };
    }),
    { kind: 'counter', value: numberOf(point.count) ?? 0, suffix: '_count' },
    { kind: 'counter', value: numberOf(point.sum) ?? 0, suffix: '_sum' },
  ];
}

function kindOfSum(told: Scalar, monotonic: boolean): MetricPoint['kind'] | undefined {
  if (isDelta(told)) return 'delta';
  if (isCumulative(told)) return monotonic ? 'counter' : 'gauge';
  return undefined;
}

function kindOfHistogram(told: Scalar): MetricPoint['kind'] | undefined {
  if (isDelta(told)) return 'delta';
  return isCumulative(told) ? 'histogram' : undefined;
}

// Numbers by the specification; libraries for protobuf write names into JSON.
function isDelta(told: Scalar): boolean {
  return told === 1 || told === 'AGGREGATION_TEMPORALITY_DELTA';
}

function isCumulative(told: Scalar): boolean {
  return told === 2 || told === 'AGGREGATION_TEMPORALITY_CUMULATIVE';
}
