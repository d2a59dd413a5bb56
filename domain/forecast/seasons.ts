import type { Step } from './grid';
import { DAY } from './grid';

/** A local name, as this is called for every value. */
const { abs } = Math;

/** Autocorrelation that a season must at least have, as below it explains less than a tenth of the spread (0.3 squared); and one over the number of seasons more, as of a few any walk resembles itself. */
export const LEAST_CORRELATION = 0.3;
const HOUR = DAY / 24;
/** Whole seasons that a history must hold: with fewer there is nothing to check the season against. */
const LEAST_CYCLES = 2.5;
/** Parts of a season that its shape is seen in: finer noise is averaged away before values are compared, as it hides a season that is there. */
const PARTS = 24;
/** Values further out than so many mean deviations count as that far: one spike is no season. */
const CLIP = 4;
/** Shortest season in steps: with two steps it would be a zigzag. */
const SHORTEST = 4;
const MONTHS_IN_YEAR = 12;

/** Seasons in steps that a calendar suggests for a step, shortest first: the hour, the day, the week, the year. */
export function calendarSeasons(step: Step): readonly number[] {
  if (step.unit === 'month') return [MONTHS_IN_YEAR / step.size].filter((length) => length >= SHORTEST || length === 4);
  if (step.size === 7 * DAY) return [52];
  return [HOUR, DAY, 7 * DAY].map((length) => length / step.size).filter((length) => Number.isInteger(length) && length >= SHORTEST);
}

/**
 * The seasons (in steps, shortest first, at most two) that some values of about 1 (NaN where unmeasured) really have: of the suggested ones those that history holds often enough, and
 * that values correlate with; of a season and its multiple the multiple only where values change less over it.
 */
export function seasonsOf(values: Float64Array, suggested: readonly number[]): readonly number[] {
  const possible = suggested.filter((length) => values.length >= Math.ceil(length * LEAST_CYCLES));
  const found = possible.filter((length) => autocorrelation(values, length) >= LEAST_CORRELATION + length / values.length);
  return found.filter((length) => addsTo(values, length, found)).slice(-2);
}

function addsTo(values: Float64Array, length: number, found: readonly number[]): boolean {
  const shorter = found.filter((each) => each < length && length % each === 0);
  return shorter.every((each) => {
    const seen = movingMean(values, Math.floor(each / PARTS));
    return meanChange(seen, length) < meanChange(seen, each);
  });
}

/** Mean absolute change between measured values so many steps apart; 0 where there are none. */
export function meanChange(values: Float64Array, lag: number): number {
  let sum = 0;
  let count = 0;
  for (let i = lag; i < values.length; i += 1) {
    const change = abs((values[i] ?? NaN) - (values[i - lag] ?? NaN));
    if (!(change >= 0)) continue;
    sum += change;
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}

/**
 * Correlation of values (of about 1, NaN where unmeasured) with those `lag` steps earlier, both averaged over a 24th of the lag and less a moving mean over the lag, so that neither
 * noise hides a season nor a trend or a random walk is taken for one. 0 for constant values.
 */
export function autocorrelation(values: Float64Array, lag: number): number {
  const clipped = values.map((value) => Math.max(-CLIP, Math.min(CLIP, value)));
  const long = movingMean(clipped, lag);
  const rest = movingMean(clipped, Math.floor(lag / PARTS)).map((value, i) => value - (long[i] ?? NaN));
  const products = { sum: 0, count: 0 };
  const squares = { sum: 0, count: 0 };
  for (let i = 0; i < rest.length; i += 1) {
    add(squares, (rest[i] ?? NaN) ** 2);
    if (i >= lag) add(products, (rest[i] ?? NaN) * (rest[i - lag] ?? NaN));
  }
  return squares.sum > 0 && products.count > 0 ? products.sum / products.count / (squares.sum / squares.count) : 0;
}

function add(total: { sum: number; count: number }, value: number): void {
  if (Number.isNaN(value)) return;
  total.sum += value;
  total.count += 1;
}

function movingMean(values: Float64Array, width: number): Float64Array {
  const half = Math.floor(width / 2);
  const sums = new Float64Array(values.length + 1);
  const counts = new Float64Array(values.length + 1);
  values.forEach((value, i) => {
    const measured = Number.isFinite(value);
    sums[i + 1] = (sums[i] ?? 0) + (measured ? value : 0);
    counts[i + 1] = (counts[i] ?? 0) + (measured ? 1 : 0);
  });
  return values.map((_, i) => {
    const from = Math.max(0, i - half);
    const to = Math.min(values.length, i + half + 1);
    return ((sums[to] ?? 0) - (sums[from] ?? 0)) / ((counts[to] ?? 0) - (counts[from] ?? 0));
  });
}
