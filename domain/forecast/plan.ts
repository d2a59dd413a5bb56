import type { TimedValue } from '../trend';
import { backtest } from './backtest';
import type { Backtest, Prepared } from './backtest';
import { cleaned } from './clean';
import type { Grid, Step } from './grid';
import { gridOf, MOST_LEADS, stepMs } from './grid';
import type { LeadErrors } from './lead-errors';
import type { Fitted, Method, Weights } from './methods';
import { fitAll } from './methods';
import { calendarSeasons, seasonsOf } from './seasons';
import type { Transform } from './transform';
import { forward, transformOf } from './transform';
import type { ForecastRecord } from './record';
import { answered, declined } from './record';

/** Probabilities of the intervals that are made. */
export const NOMINALS = [0.8, 0.95] as const;
/** Without a season a method must be this much nearer than a flat line, or there is no pattern to forecast; where few trials stand side by side, by more: half over the square root of their number. */
const FLAT_MARGIN = 0.95;
/** The mean of all methods is kept unless one alone is this much better in the backtest, as the mean errs less where things change. */
const MEAN_MARGIN = 0.95;

/** Everything that forecasts of one series are made with: plain data. */
export interface Plan {
  readonly record: ForecastRecord;
  readonly step: Step;
  /** Steps that a season has, the shortest first. */
  readonly seasons: readonly number[];
  readonly leads: number;
  readonly transform: Transform;
  readonly fitted: Fitted;
  readonly method: Method;
  readonly weights: Weights;
  /** Half widths of the intervals, as numbers of about 1, by nominal probability and lead. */
  readonly halfWidths: Readonly<Record<string, readonly number[]>>;
}

/** What a plan is asked for. */
export interface PlanOptions {
  /** How many steps ahead, up to 400. */
  readonly leads: number;
  /** Step of the series where it is known; else it is found from the times. */
  readonly step?: Step;
  /** Seasons in milliseconds where they are declared; else those of the calendar are tried. A declared season counts too only where it shows. */
  readonly seasonsMs?: readonly number[];
}

/**
 * Chooses how a series is forecast by a backtest of each method on its own past, or declines: with under 2.5 seasons, where nothing changes, where no method beats the seasonal naive
 * forecast, or a flat line does as well. Uses the newest 8,192 steps. Deterministic; the points after the last one given make no difference.
 */
export function planForecast(points: readonly TimedValue[], options: PlanOptions): Plan | { readonly record: ForecastRecord } {
  const grid = gridOf(points, options.step);
  if (!grid) return { record: declined('there are fewer than two measured times') };
  return planGrid(grid, options);
}

function planGrid(grid: Grid, options: PlanOptions): Plan | { readonly record: ForecastRecord } {
  const leads = Math.min(MOST_LEADS, Math.max(1, Math.round(options.leads)));
  const prepared = prepare(grid, options.seasonsMs);
  if (!prepared) return { record: declined('the values never change') };
  const tested = backtest(prepared, leads);
  if (!tested) return { record: declined('the history is too short to try a method on it') };
  const best = chosen(tested.methods);
  const mase = best.error / tested.base.error;
  const facts = { ...tested, method: best.method, mase, flatRatio: best.error / tested.flatError };
  if (!(mase < 1) || !(best.error < flatMargin(prepared, tested) * tested.flatError)) return { record: declined(facts) };
  const intervals = best.errors.intervals(NOMINALS);
  const covered = intervals.flatMap(({ nominal, coverage }) => (coverage === null ? [] : [[String(nominal), coverage] as const]));
  const { transform, seasons } = prepared;
  return {
    record: { method: best.method, mase, coverage: covered.length === 0 ? null : Object.fromEntries(covered), why: answered(facts) },
    step: grid.step,
    seasons,
    leads,
    transform,
    fitted: fitAll(prepared.clean, seasons, leads),
    method: best.method,
    weights: tested.weights,
    halfWidths: Object.fromEntries(intervals.map(({ nominal, halfWidths }) => [String(nominal), [...halfWidths]])),
  };
}

/** A grid as numbers of about 1 without gaps or outliers, with the seasons that it shows; null where its values never change. */
export function prepare(grid: Grid, seasonsMs?: readonly number[]): Prepared | null {
  const suggested = seasonsMs
    ? [...new Set(seasonsMs.map((ms) => Math.round(ms / stepMs(grid.step))))].sort((a, b) => a - b).filter((length) => length > 1)
    : calendarSeasons(grid.step);
  const rough = suggested.filter((length) => grid.values.length >= 2 * length);
  const first = transformOf(grid.values, rough[0] ?? 1);
  if (!first) return null;
  const seasons = seasonsOf(forward(first, grid.values), suggested);
  const transform = transformOf(grid.values, seasons[0] ?? 1) ?? first;
  const measured = forward(transform, grid.values);
  return { clean: cleaned(measured, seasons[0] ?? 1), measured, transform, seasons };
}

function flatMargin({ seasons }: Prepared, { independent }: Backtest): number {
  return seasons.length > 0 ? 1 : Math.min(FLAT_MARGIN, 1 - 0.5 / Math.sqrt(independent));
}

interface Tested {
  readonly method: Method;
  readonly error: number;
  readonly errors: LeadErrors;
}

function chosen(methods: readonly Tested[]): Tested {
  const best = methods.reduce((a, b) => (b.error < a.error ? b : a));
  const mean = methods.find(({ method }) => method === 'mean');
  return mean && best.error > MEAN_MARGIN * mean.error ? mean : best;
}
