import type { Autoregression } from './autoregression';
import { autoregress, fitAutoregression } from './autoregression';
import type { Decomposition } from './decomposition';
import { decompose, fitDecomposition } from './decomposition';
import type { Smoothing } from './smoothing';
import { fitSmoothing, smooth } from './smoothing';

/** Methods that stand alone. */
export const SINGLE = ['smoothing', 'decomposition', 'autoregression'] as const;

/** Methods that a forecast may be made by; `mean` is the weighted mean of all the others. */
export const METHODS = [...SINGLE, 'mean'] as const;

/** One of the methods. */
export type Method = (typeof METHODS)[number];

/** Weights of the single methods in the mean; they need not add up to 1. */
export type Weights = Readonly<Record<(typeof SINGLE)[number], number>>;

/** All alike. */
export const EQUAL: Weights = { smoothing: 1, decomposition: 1, autoregression: 1 };

/** What each method learnt from a history; plain data. Null where history is too short for an autoregression. */
export interface Fitted {
  readonly seasons: readonly number[];
  readonly smoothing: Smoothing;
  readonly decomposition: Decomposition;
  readonly autoregression: Autoregression | null;
}

/** Fits every method on values without gaps, of about 1. `seasons` in steps, shortest first; `leads` is how many steps ahead counts. */
export function fitAll(values: Float64Array, seasons: readonly number[], leads: number): Fitted {
  return {
    seasons,
    smoothing: fitSmoothing(values, seasons, leads),
    decomposition: fitDecomposition(values, seasons),
    autoregression: fitAutoregression(values, seasons),
  };
}

/** Forecasts for each step after the values, by each method that was fitted. */
export function forecastAll(values: Float64Array, fitted: Fitted, weights: Weights, leads: number): Readonly<Partial<Record<Method, Float64Array>>> {
  const single = SINGLE.flatMap((method) => {
    const forecast = forecastSingle(values, fitted, method, leads);
    return forecast ? [{ method, forecast }] : [];
  });
  return { ...Object.fromEntries(single.map(({ method, forecast }) => [method, forecast])), mean: meanOf(single, weights, leads) };
}

/** Forecast for each step after the values by one method; zeros for one that was not fitted. */
export function forecastOne(values: Float64Array, fitted: Fitted, method: Method, weights: Weights, leads: number): Float64Array {
  if (method === 'mean') return forecastAll(values, fitted, weights, leads).mean ?? new Float64Array(leads);
  return forecastSingle(values, fitted, method, leads) ?? new Float64Array(leads);
}

function forecastSingle(values: Float64Array, fitted: Fitted, method: (typeof SINGLE)[number], leads: number): Float64Array | null {
  switch (method) {
    case 'smoothing':
      return smooth(values, fitted.seasons, fitted.smoothing, leads);
    case 'decomposition':
      return decompose(values, fitted.seasons, fitted.decomposition, leads);
    case 'autoregression':
      return fitted.autoregression && autoregress(values, fitted.autoregression, leads);
  }
}

function meanOf(single: readonly { readonly method: keyof Weights; readonly forecast: Float64Array }[], weights: Weights, leads: number): Float64Array {
  const total = single.reduce((sum, { method }) => sum + weights[method], 0);
  const mean = new Float64Array(leads);
  for (const { method, forecast } of single) forecast.forEach((value, lead) => (mean[lead] = (mean[lead] ?? 0) + (weights[method] / total) * value));
  return mean;
}
