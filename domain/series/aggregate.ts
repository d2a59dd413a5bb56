import { addBuckets } from '../histogram';
import { quantileOf } from './measure';
import type { Measure } from './measure';
import { Sketch } from './sketch';
import type { Observation } from './stream';

/** What lies this far below the upper bound of a bucket that begins at zero is put together: it is a thousandth of the bucket. */
const LEAST_SHARE = 0.001;

/** What is known of the observations of one stretch of time; two can be merged. */
export interface Aggregate {
  /** Observations that were taken, for telling late ones. */
  points: number;
  /** Events. */
  count: number;
  /** Those of them that are errors. */
  errors: number;
  /** Events that have a value, and the sum of the values. */
  valued: number;
  sum: number;
  least: number;
  most: number;
  /** Only where quantiles are asked for. */
  readonly sketch?: Sketch;
  /** Histograms by their bounds, summed up: they go into the sketch only when it is asked, as that costs far more than adding them. */
  readonly spreads: Map<string, Map<number, number>>;
}

/** An aggregate of nothing, with what the measure needs. */
export function emptyAggregate(measure: Measure): Aggregate {
  const numbers = { points: 0, count: 0, errors: 0, valued: 0, sum: 0, least: Infinity, most: -Infinity, spreads: new Map<string, Map<number, number>>() };
  return quantileOf(measure) === undefined ? numbers : { ...numbers, sketch: new Sketch() };
}

/** Adds an observation. */
export function addObservation(into: Aggregate, observation: Observation, isError: boolean): void {
  const { count, sum, spread } = observation;
  into.points += 1;
  into.count += count;
  if (isError) into.errors += count;
  if (sum === undefined) return;
  into.valued += count;
  into.sum += sum;
  if (spread) {
    if (into.sketch) addSpread(into.spreads, [...spread.keys()].join(), spread);
    return;
  }
  into.least = Math.min(into.least, sum);
  into.most = Math.max(into.most, sum);
  into.sketch?.add(sum, count);
}

/** Adds what another aggregate of the same measure holds. */
export function mergeAggregate(into: Aggregate, more: Aggregate): void {
  into.points += more.points;
  into.count += more.count;
  into.errors += more.errors;
  into.valued += more.valued;
  into.sum += more.sum;
  into.least = Math.min(into.least, more.least);
  into.most = Math.max(into.most, more.most);
  if (into.sketch && more.sketch) into.sketch.merge(more.sketch);
  for (const [bounds, spread] of more.spreads) addSpread(into.spreads, bounds, spread);
}

/** The measure of an aggregate over so many milliseconds; null where it says nothing, as the share of errors of no events. */
export function measured(measure: Measure, of: Aggregate, windowMs: number): number | null {
  const quantile = quantileOf(measure);
  if (quantile !== undefined) return wholeSketch(of).quantile(quantile);
  switch (measure) {
    case 'rate':
      return of.count / (windowMs / 1000);
    case 'count':
      return of.count;
    case 'sum':
      return of.sum;
    case 'error-share':
      return of.count > 0 ? of.errors / of.count : null;
    case 'mean':
      return of.valued > 0 ? of.sum / of.valued : null;
    case 'min':
      return Number.isFinite(of.least) ? of.least : null;
    case 'max':
      return Number.isFinite(of.most) ? of.most : null;
    default:
      return null;
  }
}

function addSpread(spreads: Aggregate['spreads'], bounds: string, spread: ReadonlyMap<number, number>): void {
  const sum = spreads.get(bounds);
  if (sum) addBuckets(sum, spread);
  else spreads.set(bounds, new Map(spread));
}

function wholeSketch({ sketch, spreads }: Aggregate): Sketch {
  const whole = new Sketch();
  if (sketch) whole.merge(sketch);
  for (const spread of spreads.values()) spreadInto(whole, spread);
  return whole;
}

/** The values of a bucket are taken to lie evenly in it; those above the last finite bound are taken to be that bound, which is all that is known. */
function spreadInto(sketch: Sketch, spread: ReadonlyMap<number, number>): void {
  const bounds = [...spread.keys()].sort((a, b) => a - b);
  let low: number | undefined;
  for (const bound of bounds) {
    const count = spread.get(bound) ?? 0;
    // The first bucket begins at zero where its bound is above it, as latencies and sizes do.
    const from = low ?? (bound > 0 ? 0 : bound);
    if (count > 0) evenly(sketch, bound === Infinity ? from : bound, from, count);
    low = bound;
  }
}

function evenly(sketch: Sketch, high: number, low: number, count: number): void {
  const width = high - low;
  if (width <= 0 || !Number.isFinite(width)) return sketch.add(high, count);
  const inside = (part: number): number => (count * part) / width;
  if (low < 0) {
    const upTo = Math.min(0, high);
    slices(-low, -upTo, (value, part) => sketch.add(-value, inside(part)));
  }
  if (high > 0) slices(high, Math.max(0, low), (value, part) => sketch.add(value, inside(part)));

  function slices(from: number, to: number, add: (value: number, part: number) => void): void {
    const least = Math.max(to, from * LEAST_SHARE);
    let above = from;
    while (above > least) {
      const below = Math.max(least, above * (1 - 2 * sketch.relativeError));
      add((above + below) / 2, above - below);
      above = below;
    }
    if (above > to) add((above + to) / 2, above - to);
  }
}
