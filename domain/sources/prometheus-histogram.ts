import type { MetricPoint } from '../telemetry';
import { explicitHistogram, exponentialHistogram } from './buckets';
import type { Bucket } from './buckets';
import { numberOf } from './otlp-wire';
import type { Scalar } from './otlp-wire';
import type { WriteHistogram } from './prometheus-write-shapes';

/** Schema of histograms that list their bounds. */
const CUSTOM_BOUNDS = -53;
const LEAST_SCHEMA = -4;
const MOST_SCHEMA = 8;

/** A native histogram of Prometheus in our words; undefined where its schema is not known or its buckets do not fit. https://prometheus.io/docs/specs/native_histograms/ */
export function nativeHistogram(told: WriteHistogram): MetricPoint['histogram'] {
  const count = numberOf(told.countInt ?? told.countFloat) ?? 0;
  const positive = bucketsOf(told.positiveSpans, told.positiveDeltas, told.positiveCounts);
  if (told.schema === CUSTOM_BOUNDS) return withListedBounds(told.customValues, positive, count);
  if (told.schema < LEAST_SCHEMA || told.schema > MOST_SCHEMA) return undefined;
  return exponentialHistogram({
    scale: told.schema,
    zeroThreshold: Math.max(0, numberOf(told.zeroThreshold) ?? 0),
    zeroCount: numberOf(told.zeroCountInt ?? told.zeroCountFloat) ?? 0,
    // Prometheus names a bucket by its upper bound, OpenTelemetry by its lower one.
    positive: positive.map(([index, each]) => [index - 1, each] as const),
    negative: bucketsOf(told.negativeSpans, told.negativeDeltas, told.negativeCounts).map(([index, each]) => [index - 1, each] as const),
    count,
  });
}

/** Buckets stand in runs; of whole numbers each is told as the difference from the one before. */
function bucketsOf(spans: WriteHistogram['positiveSpans'], deltas: readonly Scalar[], counts: readonly Scalar[]): Bucket[] {
  let last = 0;
  const absolute = deltas.length > 0 ? deltas.map((delta) => (last += numberOf(delta) ?? 0)) : counts.map((count) => numberOf(count) ?? 0);
  const buckets: Bucket[] = [];
  let index = 0;
  for (const { offset, length } of spans) {
    index += offset;
    // A run may claim any length: there are only as many buckets as counts.
    const run = absolute.slice(buckets.length, buckets.length + length);
    for (const count of run) buckets.push([index++, count]);
  }
  return buckets;
}

function withListedBounds(told: readonly Scalar[], buckets: readonly Bucket[], count: number): MetricPoint['histogram'] {
  const bounds = told.map((bound) => numberOf(bound) ?? NaN);
  const between = bounds.concat(0).fill(0);
  if (buckets.some(([index]) => between[index] === undefined)) return undefined;
  for (const [index, each] of buckets) between[index] = (between[index] ?? 0) + each;
  return explicitHistogram(bounds, between, count);
}
