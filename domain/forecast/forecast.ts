import type { TimedValue } from '../trend';
import { cleaned } from './clean';
import { gridOf, timeOf } from './grid';
import { forecastOne } from './methods';
import type { Plan } from './plan';
import { NOMINALS } from './plan';
import { backward, forward } from './transform';

/** An interval that holds the value with a nominal probability. */
export interface Interval {
  readonly nominal: number;
  readonly low: number;
  readonly high: number;
}

/** What is expected one or more steps ahead. `at` (epoch milliseconds) is where the step begins. */
export interface LeadForecast {
  readonly at: number;
  readonly value: number;
  readonly intervals: readonly Interval[];
}

/** The forecast for each step after the last point, by a plan that was made on this series now or earlier. Empty without points. */
export function forecastBy(plan: Plan, points: readonly TimedValue[]): readonly LeadForecast[] {
  const grid = gridOf(points, plan.step);
  if (!grid) return [];
  const { transform, seasons, method, weights, fitted, leads } = plan;
  const clean = cleaned(forward(transform, grid.values), seasons[0] ?? 1);
  const forecast = forecastOne(clean, fitted, method, weights, leads);
  return Array.from(forecast, (value, lead) => ({
    at: timeOf(plan.step, grid.first + grid.values.length + lead),
    value: backward(transform, value),
    intervals: NOMINALS.map((nominal) => {
      const half = plan.halfWidths[String(nominal)]?.[lead] ?? NaN;
      return { nominal, low: backward(transform, value - half), high: backward(transform, value + half) };
    }),
  }));
}
