import { median } from './quantile';

/** A value at a time, epoch milliseconds. */
export interface TimedValue {
  readonly at: number;
  readonly value: number;
}

/** Where values go over a time. */
export interface Trend {
  /** `unknown` with too few values. */
  readonly direction: 'rising' | 'falling' | 'steady' | 'unknown';
  /** From the first to the last value along the line, as a share of the median: 0.5 is half as much again. 0 where unknown. */
  readonly changeShare: number;
  /** The line at the first and at the last value; null where unknown. */
  readonly line: { readonly from: TimedValue; readonly to: TimedValue } | null;
}

/** With fewer values nothing is called a trend. */
export const LEAST_TREND_VALUES = 8;
/** A change below this share of the median is steady, however sure it is. */
export const TREND_SHARE = 0.2;
/** Two-sided 5 % of the normal distribution: a change that chance brings about as often as that is steady. */
const SURE_Z = 1.96;
/** Values that are compared pair by pair; of more each group of neighbours counts by its median. */
const MOST_VALUES = 200;

/**
 * The trend of some values by the Theil–Sen line, the median of the slopes of all pairs, which up to 29 % of outliers cannot move (P. K. Sen, J. Am. Stat. Assoc. 63, 1968, 1379–1389).
 * It rises or falls when the line changes by a fifth of the median or more over the time, and the Mann–Kendall test (two-sided, 5 %) says that this is not chance.
 */
export function trendOf(values: readonly TimedValue[]): Trend {
  const sorted = thinned([...values].sort((a, b) => a.at - b.at));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (values.length < LEAST_TREND_VALUES || !first || !last || first.at === last.at) return { direction: 'unknown', changeShare: 0, line: null };
  const slope = theilSenSlope(sorted);
  const level = median(sorted.map(({ at, value }) => value - slope * (at - first.at)));
  const end = level + slope * (last.at - first.at);
  const middle = Math.abs(median(sorted.map(({ value }) => value)));
  const changeShare = end === level ? 0 : (end - level) / (middle === 0 ? Math.abs(end - level) : middle);
  const moved = Math.abs(changeShare) >= TREND_SHARE && Math.abs(mannKendallZ(sorted.map(({ value }) => value))) >= SURE_Z;
  const direction = !moved ? 'steady' : changeShare > 0 ? 'rising' : 'falling';
  return { direction, changeShare, line: { from: { at: first.at, value: level }, to: { at: last.at, value: end } } };
}

/** Median of the slopes of all pairs at different times, per millisecond; 0 without any. */
export function theilSenSlope(values: readonly TimedValue[]): number {
  const slopes: number[] = [];
  values.forEach((a, i) => {
    for (const b of values.slice(i + 1)) if (b.at !== a.at) slopes.push((b.value - a.value) / (b.at - a.at));
  });
  return median(slopes);
}

/** The test statistic of Mann and Kendall for values in order of time, corrected for ties: normally distributed where there is no trend. */
export function mannKendallZ(values: readonly number[]): number {
  const n = values.length;
  let s = 0;
  values.forEach((a, i) => {
    for (const b of values.slice(i + 1)) s += Math.sign(b - a);
  });
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  const spread = (count: number): number => count * (count - 1) * (2 * count + 5);
  const variance = (spread(n) - [...ties.values()].reduce((sum, count) => sum + spread(count), 0)) / 18;
  return s === 0 || variance <= 0 ? 0 : (s - Math.sign(s)) / Math.sqrt(variance);
}

function thinned(sorted: readonly TimedValue[]): readonly TimedValue[] {
  if (sorted.length <= MOST_VALUES) return sorted;
  return Array.from({ length: MOST_VALUES }, (_, i) => {
    const group = sorted.slice(Math.floor((i * sorted.length) / MOST_VALUES), Math.floor(((i + 1) * sorted.length) / MOST_VALUES));
    return { at: median(group.map(({ at }) => at)), value: median(group.map(({ value }) => value)) };
  });
}
