import { median } from '../quantile';
import type { TimedValue } from '../trend';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** A day in milliseconds. */
export const DAY = 24 * HOUR;
/** Points that a forecast looks back at: four weeks of 5-minute points, or 11 months of hours. It bounds time and memory. */
export const MOST_POINTS = 8192;
/** Furthest that a forecast looks, in steps. */
export const MOST_LEADS = 400;
/** Values beyond this are left out as unmeasured: sums of their squares would overflow. */
const MOST_VALUE = 1e150;
const STEPS = [1, 2, 5, 10, 15, 20, 30]
  .map((n) => n * SECOND)
  .concat([1, 2, 3, 5, 10, 15, 20, 30].map((n) => n * MINUTE))
  .concat([1, 2, 3, 4, 6, 8, 12].map((n) => n * HOUR))
  .concat([DAY, 7 * DAY]);
/** Distances that differ by no more count as the same, and that many alike make a series regular. */
const TOLERANCE = 0.1;
const REGULAR_SHARE = 0.75;
/** Distances between points, in days, that are a month, a quarter or a year. */
const CALENDAR = [
  { least: 27, most: 32, months: 1 },
  { least: 88, most: 93, months: 3 },
  { least: 360, most: 371, months: 12 },
] as const;

/** Distance between two points: a length in milliseconds, or months of the calendar (UTC). */
export type Step = { readonly unit: 'ms'; readonly size: number } | { readonly unit: 'month'; readonly size: number };

/** Values at regular times, oldest first; NaN where nothing was measured. `first` is the number of the first step since 1970. */
export interface Grid {
  readonly step: Step;
  readonly first: number;
  readonly values: Float64Array;
}

/** Time (epoch milliseconds) at which a step begins, by its number since 1970. */
export function timeOf(step: Step, number: number): number {
  return step.unit === 'ms' ? number * step.size : Date.UTC(1970, number * step.size, 1);
}

/** Number of the step since 1970 in which a time lies. */
export function stepNumber(step: Step, at: number): number {
  if (step.unit === 'ms') return Math.floor(at / step.size);
  const date = new Date(at);
  return Math.floor(((date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()) / step.size);
}

/** Usual length of a step in milliseconds. */
export function stepMs(step: Step): number {
  return step.unit === 'ms' ? step.size : step.size * 30.4375 * DAY;
}

/** Steps that a time takes, rounded up; at least one. */
export function stepsIn(step: Step, ms: number): number {
  return Math.max(1, Math.ceil(ms / stepMs(step) - 1e-9));
}

/** How far people usually want to look, in steps: a day, two weeks of days, a quarter of weeks, a year of months. */
export function usualLeads(step: Step): number {
  if (step.unit === 'month') return Math.max(1, 12 / step.size);
  if (step.size >= DAY) return step.size === DAY ? 14 : 13;
  return Math.min(MOST_LEADS, Math.round(DAY / step.size));
}

/** The step, or the next usual one that reaches a time (milliseconds) ahead in at most `MOST_LEADS` steps. */
export function stepReaching(step: Step, ms: number): Step {
  if (step.unit === 'month' || ms / step.size <= MOST_LEADS) return step;
  return { unit: 'ms', size: STEPS.find((each) => each > step.size && ms / each <= MOST_LEADS) ?? 7 * DAY };
}

/**
 * The regular step of some times in ascending order (epoch milliseconds): the usual step near the median distance, or that distance, or where the times are irregular the next longer usual step; months, quarters and years
 * by the calendar. Null for fewer than two different times.
 */
export function detectStep(times: readonly number[]): Step | null {
  const distances: number[] = [];
  for (let i = 1; i < times.length; i += 1) {
    const distance = (times[i] ?? 0) - (times[i - 1] ?? 0);
    if (distance > 0) distances.push(distance);
  }
  if (distances.length === 0) return null;
  const usual = median(distances);
  const calendar = CALENDAR.find(({ least, most }) => usual >= least * DAY && usual <= most * DAY);
  if (calendar) return { unit: 'month', size: calendar.months };
  // Clocks drift, and jobs start late.
  const near = (distance: number, step: number): boolean => Math.abs(distance - step) <= TOLERANCE * step;
  const known = STEPS.find((each) => near(usual, each));
  if (known !== undefined) return { unit: 'ms', size: known };
  const regular = distances.filter((distance) => near(distance, usual)).length >= REGULAR_SHARE * distances.length;
  const size = regular ? usual : STEPS.find((each) => each >= usual);
  return { unit: 'ms', size: size ?? Math.ceil(usual / DAY) * DAY };
}

/** The points (any order) as means over regular steps, at most the newest `MOST_POINTS`; null without two different times. What is not finite, or too huge to be squared, counts as unmeasured. */
export function gridOf(points: readonly TimedValue[], step?: Step): Grid | null {
  const sorted = points.filter(({ at }) => Number.isFinite(at)).sort((a, b) => a.at - b.at);
  const used = step ?? detectStep(sorted.slice(-MOST_POINTS).map(({ at }) => at));
  const last = sorted.at(-1);
  if (!used || !last) return null;
  const end = stepNumber(used, last.at);
  const first = Math.max(stepNumber(used, sorted[0]?.at ?? last.at), end - MOST_POINTS + 1);
  const sums = new Float64Array(end - first + 1);
  const counts = new Uint32Array(sums.length);
  for (const { at, value } of sorted) {
    const index = stepNumber(used, at) - first;
    if (index < 0 || !(Math.abs(value) <= MOST_VALUE)) continue;
    sums[index] = (sums[index] ?? 0) + value;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return { step: used, first, values: sums.map((sum, i) => sum / (counts[i] ?? 0)) };
}
