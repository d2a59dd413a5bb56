import { LeadErrors } from './lead-errors';
import type { Method, Weights } from './methods';
import { EQUAL, fitAll, forecastAll, METHODS, SINGLE } from './methods';
import { flat, seasonalNaive } from './naive';
import type { Transform } from './transform';
import { backward } from './transform';

/** A local name, as this is called for every value. */
const { abs } = Math;

/** Forecasts that a backtest makes at most, and so the errors that are kept for each lead. */
export const MOST_ORIGINS = 80;
/** With fewer forecasts nothing can be said of a method. */
export const LEAST_ORIGINS = 8;
/** Times that parameters are fitted anew on the way. */
const FITS = 3;
/** Share of the history that comes before the first forecast. */
const WARM_SHARE = 0.4;
/** Values whose medians are the flat forecasts beside the last value: the latest, and about all. */
const FLAT_WIDTHS = [12, 1000];
/** Spreads the forecasts over all phases of a season: the fraction of the golden ratio. */
const GOLDEN = 0.618_033_988_749_895;

/** A gap-free history as numbers of about 1, which of them were measured, and how they become values again. */
export interface Prepared {
  readonly clean: Float64Array;
  readonly measured: Float64Array;
  readonly transform: Transform;
  readonly seasons: readonly number[];
}

/** How forecasts at past times went. Errors are mean absolute errors in the unit of the values. */
export interface Backtest {
  /** Number of forecasts. */
  readonly origins: number;
  /** How many of them could stand side by side without overlapping: errors of forecasts for the same time are no news. */
  readonly independent: number;
  /** The best seasonal naive forecast: its season in steps (1 is the last value) and its error. */
  readonly base: { readonly season: number; readonly error: number };
  /** Error of the best flat line: the last value, the median of the last ones, or of all. */
  readonly flatError: number;
  /** Weights for the mean of all methods: one over the square of each method's error. */
  readonly weights: Weights;
  readonly methods: readonly { readonly method: Method; readonly error: number; readonly errors: LeadErrors }[];
}

interface Tally {
  sum: number;
  count: number;
  /** Mean error of each forecast. */
  readonly each: { readonly origin: number; readonly error: number }[];
  readonly errors: LeadErrors;
}

/** Makes forecasts at up to 80 past times with what was known then (rolling origin), and measures them against what came. Null where history is too short. */
export function backtest(prepared: Prepared, leads: number): Backtest | null {
  const origins = originsOf(prepared, leads);
  if (origins.length < LEAST_ORIGINS) return null;
  const tallies = new Map<string, Tally>();
  const { clean, seasons } = prepared;
  const group = Math.ceil(origins.length / FITS);
  let fitted = fitAll(clean.subarray(0, origins[0]), seasons, leads);
  origins.forEach((origin, k) => {
    const known = clean.subarray(0, origin);
    if (k > 0 && k % group === 0) fitted = fitAll(known, seasons, leads);
    const ahead = Math.min(leads, clean.length - origin);
    const forecasts = { ...forecastAll(known, fitted, weightsOf(tallies, origin - leads), ahead), ...plainForecasts(known, seasons, ahead) };
    for (const [name, forecast] of Object.entries(forecasts)) {
      let tally = tallies.get(name);
      if (!tally) tallies.set(name, (tally = { sum: 0, count: 0, each: [], errors: new LeadErrors(leads, MOST_ORIGINS) }));
      measure(prepared, origin, forecast, tally);
    }
  });
  const independent = Math.max(1, (clean.length - (origins[0] ?? 0)) / leads);
  return { independent, ...summary(origins.length, seasons, tallies) };
}

/** Numbers of values that are known at each forecast, ascending. */
function originsOf({ clean, seasons }: Prepared, leads: number): readonly number[] {
  const longest = seasons.at(-1) ?? 1;
  // Older errors than it takes to have all forecasts side by side tell less of today, when more is known.
  const first = Math.max(Math.ceil(clean.length * WARM_SHARE), clean.length - MOST_ORIGINS * leads, 2 * longest + Math.min(longest, 4), 12);
  const span = clean.length - first;
  const count = Math.min(MOST_ORIGINS, span);
  if (span < Math.min(leads, longest)) return [];
  return Array.from({ length: Math.max(0, count) }, (_, k) => first + Math.floor(((k + ((k * GOLDEN) % 1)) * span) / count));
}

function plainForecasts(known: Float64Array, seasons: readonly number[], ahead: number): Readonly<Record<string, Float64Array>> {
  const naive = [...seasons, 1].map((season) => [`naive ${season}`, seasonalNaive(known, season, ahead)] as const);
  const lines = FLAT_WIDTHS.map((width, i) => [`flat ${i}`, flat(known, width, ahead)] as const);
  return Object.fromEntries([...naive, ...lines]);
}

function measure({ measured, transform }: Prepared, origin: number, forecast: Float64Array, tally: Tally): void {
  const errors = new Float64Array(forecast.length).fill(NaN);
  const before = { sum: tally.sum, count: tally.count };
  forecast.forEach((value, lead) => {
    const actual = measured[origin + lead] ?? NaN;
    if (!Number.isFinite(actual)) return;
    errors[lead] = actual - value;
    tally.sum += abs(backward(transform, actual) - backward(transform, value));
    tally.count += 1;
  });
  tally.errors.add({ origin, errors });
  if (tally.count > before.count) tally.each.push({ origin, error: (tally.sum - before.sum) / (tally.count - before.count) });
}

/** Weights from the forecasts that were made up to an origin; equal ones where there are few. */
function weightsOf(tallies: ReadonlyMap<string, Tally>, upTo: number): Weights {
  const weight = (method: string): number => {
    const known = (tallies.get(method)?.each ?? []).filter(({ origin }) => origin <= upTo);
    const error = known.reduce((sum, each) => sum + each.error / known.length, 0);
    return known.length < LEAST_ORIGINS ? NaN : 1 / error ** 2;
  };
  const weights = SINGLE.map((method) => [method, weight(method)] as const);
  // Without an autoregression its weight does not count.
  const usable = weights.filter(([method]) => tallies.has(method)).every(([, each]) => Number.isFinite(each));
  return usable ? { ...EQUAL, ...Object.fromEntries(weights.filter(([, each]) => Number.isFinite(each))) } : EQUAL;
}

function summary(origins: number, seasons: readonly number[], tallies: ReadonlyMap<string, Tally>): Omit<Backtest, 'independent'> {
  const errorOf = (name: string): number => {
    const tally = tallies.get(name);
    return tally && tally.count > 0 ? tally.sum / tally.count : Infinity;
  };
  const bases = (seasons.length === 0 ? [1] : seasons).map((season) => ({ season, error: errorOf(`naive ${season}`) }));
  const base = bases.reduce((a, b) => (b.error < a.error ? b : a));
  const methods = METHODS.flatMap((method) => {
    const tally = tallies.get(method);
    return tally ? [{ method, error: errorOf(method), errors: tally.errors }] : [];
  });
  return { origins, base, flatError: Math.min(errorOf('naive 1'), errorOf('flat 0'), errorOf('flat 1')), weights: weightsOf(tallies, Infinity), methods };
}
