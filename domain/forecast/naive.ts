import { middleOf } from './middle';

/** Each step ahead as the value one season before it: the forecast that all others are measured against. `season` 1 repeats the last value. */
export function seasonalNaive(values: Float64Array, season: number, leads: number): Float64Array {
  const result = new Float64Array(leads);
  const from = Math.max(0, values.length - season);
  const length = Math.min(season, values.length);
  for (let lead = 0; lead < leads; lead += 1) result[lead] = values[from + (lead % length)] ?? 0;
  return result;
}

/** The median of the last values for each step ahead: what can be said without any pattern. `width` is in steps. */
export function flat(values: Float64Array, width: number, leads: number): Float64Array {
  return new Float64Array(leads).fill(middleOf(values.slice(-width)));
}
