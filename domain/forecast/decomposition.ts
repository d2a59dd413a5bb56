import type { TimedValue } from '../trend';
import { theilSenSlope } from '../trend';
import { middleOf, middleOfSorted } from './middle';

/** Longest seasons that shapes are taken from: older ones tell little of today, and they bound the cost. */
const MOST_CYCLES = 8;
/** Groups that the robust line goes through. */
const LINE_POINTS = 24;
/** Steps without a season that count as recent. */
const RECENT = 12;
/** Damping of the trend over one season: beyond a few seasons ahead nothing goes on as it was. */
const DAMPING = 0.9;

/** What the decomposition is fitted on: how much of the last deviation remains after one step, by past forecasts' errors (0 to 1). */
export interface Decomposition {
  readonly carry: number;
}

interface Parts {
  readonly shapes: readonly Float64Array[];
  readonly slope: number;
  readonly level: number;
  /** Last values less level and seasons, oldest first. */
  readonly rest: Float64Array;
}

/** The correlation of neighbouring deviations, at most 0.995. */
export function fitDecomposition(values: Float64Array, seasons: readonly number[]): Decomposition {
  const { rest } = split(values, seasons);
  let product = 0;
  let square = 0;
  for (let i = 1; i < rest.length; i += 1) {
    product += (rest[i] ?? 0) * (rest[i - 1] ?? 0);
    square += (rest[i - 1] ?? 0) ** 2;
  }
  return { carry: square > 0 ? Math.min(0.995, Math.max(0, product / square)) : 0 };
}

/** Forecast by a Theil-Sen trend that is damped, the median shape of each season, and the last deviation, which fades. */
export function decompose(values: Float64Array, seasons: readonly number[], { carry }: Decomposition, leads: number): Float64Array {
  const { shapes, slope, level, rest } = split(values, seasons);
  const damping = DAMPING ** (1 / (seasons.at(-1) ?? RECENT));
  const result = new Float64Array(leads);
  let damped = 0;
  let step = slope;
  let deviation = rest.at(-1) ?? 0;
  for (let lead = 1; lead <= leads; lead += 1) {
    step *= damping;
    damped += step;
    deviation *= carry;
    let season = 0;
    shapes.forEach((shape, k) => (season += shape[(values.length - 1 + lead) % (seasons[k] ?? 1)] ?? 0));
    result[lead - 1] = level + damped + deviation + season;
  }
  return result;
}

function split(values: Float64Array, seasons: readonly number[]): Parts {
  const longest = seasons.at(-1) ?? RECENT;
  const from = Math.max(0, values.length - MOST_CYCLES * longest);
  const rest = values.slice(from);
  const slope = lineSlope(rest, seasons);
  const last = rest.length - 1;
  for (let i = 0; i <= last; i += 1) rest[i] = (rest[i] ?? 0) - slope * (i - last);
  const shapes = shapesOf(rest, seasons, from);
  // The level of now, from the last of the shortest season: a change of level a season ago is over.
  const width = Math.min(rest.length, seasons[0] ?? RECENT);
  const level = middleOf(rest.subarray(rest.length - width));
  for (let i = 0; i <= last; i += 1) rest[i] = (rest[i] ?? 0) - level;
  return { shapes, slope, level, rest };
}

/** The slope a step through medians of whole seasons, or of equal groups where there is none. */
function lineSlope(values: Float64Array, seasons: readonly number[]): number {
  const shortest = seasons[0] ?? 1;
  const longest = seasons.at(-1) ?? 1;
  const unit = values.length >= 3 * longest ? longest : shortest;
  const width = Math.max(unit, unit * Math.ceil(values.length / LINE_POINTS / unit));
  const points: TimedValue[] = [];
  for (let end = values.length; end - width >= 0; end -= width) points.push({ at: end, value: mean(values.subarray(end - width, end)) });
  return theilSenSlope(points);
}

/** Median shape of each season, the shortest first and each next one from what the one before leaves; takes them out of `rest`. `offset` is the number of its first value. */
function shapesOf(rest: Float64Array, seasons: readonly number[], offset: number): readonly Float64Array[] {
  return seasons.map((length) => {
    const away = lessBlocks(rest, length);
    const shape = Float64Array.from({ length }, (_, slot) => slotOf(away, (slot - (offset % length) + length) % length, length));
    rest.forEach((value, i) => (rest[i] = value - (shape[(offset + i) % length] ?? 0)));
    return shape;
  });
}

/** Median of every `length`-th value from the first on; with few of them it is as much noise as shape, and counts less. */
function slotOf(values: Float64Array, first: number, length: number): number {
  const found = new Float64Array(Math.ceil(Math.max(0, values.length - first) / length));
  for (let k = 0; k < found.length; k += 1) found[k] = values[first + k * length] ?? 0;
  return (middleOfSorted(found.sort()) * found.length) / (found.length + 1);
}

/** Values less the mean of their own season, counted back from the newest. */
function lessBlocks(values: Float64Array, length: number): Float64Array {
  const result = values.slice();
  for (let end = values.length; end > 0; end -= length) {
    // What is left at the old end is no whole season: it takes the level of the oldest whole one.
    const from = Math.max(0, end - length);
    const level = mean(values.subarray(from, Math.max(end, Math.min(values.length, from + length))));
    for (let i = from; i < end; i += 1) result[i] = (values[i] ?? 0) - level;
  }
  return result;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
