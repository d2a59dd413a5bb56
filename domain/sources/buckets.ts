import type { MetricPoint } from '../telemetry';

type Histogram = NonNullable<MetricPoint['histogram']>;

/** Most buckets of an exponential histogram that are kept apart; it is what SDKs keep by default. */
const MOST_BUCKETS = 160;

/** A bucket of an exponential histogram: index i counts what lies above base^i and at or below base^(i+1); of negative values the same without their sign. */
export type Bucket = readonly [index: number, count: number];

/** An exponential histogram: the base is 2^(2^-scale). Buckets stand in the order of their index. */
export interface Exponential {
  readonly scale: number;
  /** Values at most this far from zero are in the bucket of zero. */
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly positive: readonly Bucket[];
  readonly negative: readonly Bucket[];
  readonly count: number;
}

/** A histogram of bounds and of what lies between them; the last bucket has no bound. Undefined where the two do not fit each other. */
export function explicitHistogram(bounds: readonly number[], between: readonly number[], count: number): Histogram | undefined {
  // Only the number and the sum of what was measured is a histogram too.
  if (between.length === 0) return { count: Math.max(0, count), le: [null], counts: [Math.max(0, count)] };
  const ascending = bounds.every((bound, i) => Number.isFinite(bound) && (i === 0 || bound > (bounds[i - 1] ?? bound)));
  if (!ascending || between.length !== bounds.length + 1 || between.some((each) => !(each >= 0))) return undefined;
  let sum = 0;
  const counts = between.map((each) => (sum += each));
  return { count: sum, le: [...bounds, null], counts };
}

/**
 * An exponential histogram with its bounds written out: each bucket that holds something gives its lower and its upper bound. With more than 160 such buckets neighbours
 * are merged in pairs (the scale falls by one, which is exact) until there are no more.
 */
export function exponentialHistogram(told: Exponential): Histogram {
  const { scale, positive, negative } = coarse(told);
  const marks: (readonly [bound: number, below: number])[] = [];
  let below = 0;
  const bucket = (low: number, high: number, count: number): void => {
    marks.push([low, below], [high, (below += count)]);
  };
  for (const [index, count] of [...negative].reverse()) bucket(-power(index + 1, scale), -power(index, scale), count);
  if (told.zeroCount > 0) bucket(-told.zeroThreshold, told.zeroThreshold, told.zeroCount);
  for (const [index, count] of positive) bucket(power(index, scale), power(index + 1, scale), count);
  return withBounds(marks, Math.max(told.count, below));
}

function coarse({ scale, positive, negative }: Exponential): Pick<Exponential, 'scale' | 'positive' | 'negative'> {
  const full = (buckets: readonly Bucket[]): readonly Bucket[] => buckets.filter(([, count]) => count > 0);
  let now = { scale, positive: full(positive), negative: full(negative) };
  while (now.positive.length + now.negative.length > MOST_BUCKETS) {
    now = { scale: now.scale - 1, positive: inPairs(now.positive), negative: inPairs(now.negative) };
  }
  return now;
}

function inPairs(buckets: readonly Bucket[]): readonly Bucket[] {
  const merged = new Map<number, number>();
  for (const [index, count] of buckets) merged.set(Math.floor(index / 2), (merged.get(Math.floor(index / 2)) ?? 0) + count);
  return [...merged];
}

function power(index: number, scale: number): number {
  return index === 0 ? 1 : 2 ** (index * 2 ** -scale);
}

/** Bounds that ascend and are finite: two that a number cannot tell apart become one, and what lies beyond all numbers is in the last bucket. */
function withBounds(marks: readonly (readonly [bound: number, below: number])[], count: number): Histogram {
  const le: (number | null)[] = [];
  const counts: number[] = [];
  let highest = -Infinity;
  for (const [bound, below] of marks) {
    if (!Number.isFinite(bound)) continue;
    if (le.length > 0 && bound <= highest) counts[counts.length - 1] = below;
    else {
      // Not minus zero.
      le.push(bound + 0);
      counts.push(below);
      highest = bound;
    }
  }
  return { count, le: [...le, null], counts: [...counts, count] };
}
