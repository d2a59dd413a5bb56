import type { LeadForecast } from '../../domain/forecast/forecast';
import { forecastBy } from '../../domain/forecast/forecast';
import type { Grid } from '../../domain/forecast/grid';
import { gridOf, timeOf, usualLeads } from '../../domain/forecast/grid';
import { seasonalNaive } from '../../domain/forecast/naive';
import { NOMINALS, planForecast } from '../../domain/forecast/plan';
import type { TimedValue } from '../../domain/trend';
import type { Limit } from '../../domain/forecast/breach';

/** A series to forecast, with the limits that matter on it where some are known. */
export interface BenchSeries {
  readonly name: string;
  readonly points: readonly TimedValue[];
  readonly limits?: readonly Limit[];
}

/** A series on its regular step, with what is asked of it. */
export interface Task {
  readonly name: string;
  readonly grid: Grid;
  /** Steps of the season that is declared for its step: a day, a week of days, a year of months or weeks; 1 where history is too short. */
  readonly season: number;
  readonly leads: number;
  /** Numbers of values that are known at each forecast, ascending; the first is where the held-out time begins. */
  readonly origins: readonly number[];
  readonly limits: readonly Limit[] | undefined;
}

/** How the forecasts of one series went; errors are in its own unit, null where nothing could be measured. */
export interface Scored {
  readonly name: string;
  readonly season: number;
  readonly leads: number;
  readonly forecasts: number;
  readonly declined: number;
  readonly methods: Readonly<Record<string, number>>;
  /** Mean absolute error over the in-sample error of the seasonal naive forecast. */
  readonly mase: number;
  /** Mean absolute error over that of the seasonal naive forecast for the same values. */
  readonly relative: number;
  readonly naiveMase: number;
  /** Share of values inside each interval, by nominal; only of forecasts that were made. */
  readonly coverage: Readonly<Record<string, number>> | null;
  /** The same, over those forecasts only. */
  readonly answered: number | null;
}

const DAY = 86_400_000;
/** Share of each series that is held out. */
const HELD_OUT = 0.25;

/** What is asked of a series, up to so many forecasts; null where it is too short to hold anything out. */
export function taskOf({ name, points, limits }: BenchSeries, mostForecasts: number): Task | null {
  const grid = gridOf(points);
  if (!grid) return null;
  const declared = declaredSeason(grid);
  const leads = usualLeads(grid.step);
  const length = grid.values.length;
  const heldOut = Math.max(leads, Math.floor(length * HELD_OUT));
  const first = length - heldOut;
  if (first < 2 * leads || first < 12) return null;
  const count = Math.min(mostForecasts, Math.floor(heldOut / leads));
  const spacing = Math.floor((heldOut - leads) / Math.max(1, count - 1));
  const origins = Array.from({ length: count }, (_, k) => first + (count === 1 ? 0 : k * spacing));
  return { name, grid, season: first >= 2 * declared ? declared : 1, leads, origins, limits };
}

/** Forecasts at each origin with what was known then, and measures them. A declined forecast counts as the seasonal naive one. Null where nothing can be measured. */
export function evaluate(task: Task): Scored | null {
  const { name, grid, season, leads, origins } = task;
  const scale = insample(grid.values.subarray(0, origins[0]), season);
  const sums: Sums = { ours: 0, naive: 0, count: 0, answered: 0, answeredNaive: 0, covered: 0, inside: new Map() };
  const methods: Record<string, number> = {};
  let declined = 0;
  for (const origin of origins) {
    const known = pointsOf(grid, 0, origin);
    const naive = seasonalNaive(filled(grid.values.subarray(0, origin), season), season, leads);
    const plan = planForecast(known, { leads, step: grid.step });
    const made = 'fitted' in plan ? forecastBy(plan, known) : null;
    const { method } = plan.record;
    if (method) methods[method] = (methods[method] ?? 0) + 1;
    if (!made) declined += 1;
    for (let lead = 0; lead < leads; lead += 1) tally(sums, grid.values[origin + lead] ?? NaN, naive[lead] ?? NaN, made?.[lead]);
  }
  if (sums.count === 0 || !(scale > 0) || !(sums.naive > 0)) return null;
  const coverage = NOMINALS.map((nominal) => [String(nominal), (sums.inside.get(nominal) ?? 0) / sums.covered] as const);
  return {
    name,
    season,
    leads,
    forecasts: origins.length,
    declined,
    methods,
    mase: sums.ours / sums.count / scale,
    relative: sums.ours / sums.naive,
    naiveMase: sums.naive / sums.count / scale,
    coverage: sums.covered === 0 ? null : Object.fromEntries(coverage),
    answered: sums.answeredNaive > 0 ? sums.answered / sums.answeredNaive : null,
  };
}

interface Sums {
  ours: number;
  naive: number;
  count: number;
  answered: number;
  answeredNaive: number;
  covered: number;
  readonly inside: Map<number, number>;
}

/** Counts one value: against our forecast where there is one, else against the seasonal naive one. What was not measured counts nowhere. */
function tally(sums: Sums, actual: number, naive: number, ahead: LeadForecast | undefined): void {
  if (!Number.isFinite(actual)) return;
  const naiveError = Math.abs(actual - naive);
  const error = ahead ? Math.abs(actual - ahead.value) : naiveError;
  sums.ours += error;
  sums.naive += naiveError;
  sums.count += 1;
  if (!ahead) return;
  sums.covered += 1;
  sums.answered += error;
  sums.answeredNaive += naiveError;
  for (const { nominal, low, high } of ahead.intervals) if (actual >= low && actual <= high) sums.inside.set(nominal, (sums.inside.get(nominal) ?? 0) + 1);
}

/** The measured points of some steps of a grid, and one at the last of them, so that it ends there. */
export function pointsOf(grid: Grid, from: number, to: number): readonly TimedValue[] {
  return Array.from({ length: to - from }, (_, i) => ({ at: timeOf(grid.step, grid.first + from + i), value: grid.values[from + i] ?? NaN }));
}

function declaredSeason({ step }: Grid): number {
  if (step.unit === 'month') return Math.max(1, 12 / step.size);
  if (step.size >= 7 * DAY) return 52;
  return step.size >= DAY ? 7 : Math.max(1, Math.round(DAY / step.size));
}

/** Mean absolute change from each measured value to the one a season later: the denominator of MASE (Hyndman and Koehler, Int. J. Forecasting 22, 2006). */
export function insample(values: Float64Array, season: number): number {
  let sum = 0;
  let count = 0;
  for (let i = season; i < values.length; i += 1) {
    const change = Math.abs((values[i] ?? NaN) - (values[i - season] ?? NaN));
    if (!Number.isFinite(change)) continue;
    sum += change;
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}

/** Gaps as the value a season before, or the last one: what a person who repeats the last season would take. */
export function filled(values: Float64Array, season: number): Float64Array {
  const result = values.slice();
  let last = values.find((value) => Number.isFinite(value)) ?? 0;
  for (let i = 0; i < result.length; i += 1) {
    const value = result[i] ?? NaN;
    result[i] = Number.isFinite(value) ? value : i >= season ? (result[i - season] ?? last) : last;
    last = result[i] ?? last;
  }
  return result;
}
