import { SERIES } from './weights';

/** The steps of a window that together deviate most: first and last place, and deviations of their mean. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly sigmas: number;
}

/** Strength of a mean over so many steps, as a factor: of noise it falls with the root of their number. */
const WEIGHT = Array.from({ length: 512 }, (_each, length) => Math.sqrt(Math.min(length, SERIES.mostSteps)) / Math.max(1, length));

/** The stretch that ends at or after `from` and has most deviations upwards. Null without values. */
export function strongestStretch(sigmas: readonly number[], from = 0): Stretch | null {
  let best = -Infinity;
  let bestFirst = -1;
  let bestLast = -1;
  for (let first = 0; first < sigmas.length; first += 1) {
    let sum = 0;
    for (let last = first; last < sigmas.length; last += 1) {
      sum += sigmas[last] ?? 0;
      if (last < from) continue;
      const length = last - first + 1;
      const strength = sum * (WEIGHT[length] ?? Math.sqrt(SERIES.mostSteps) / length);
      if (strength <= best) continue;
      best = strength;
      bestFirst = first;
      bestLast = last;
    }
  }
  return bestFirst < 0 ? null : { first: bestFirst, last: bestLast, sigmas: best };
}

/** From how many deviations on the strongest stretch of so many steps is rare in normal time: a quantile over windows of it, never less than a bound. */
export function rareStrength(normal: readonly number[], length: number): number {
  const places = normal.length - length + 1;
  if (length < 1 || places < 2 * SERIES.leastNormal) return SERIES.leastSigmas;
  const stride = Math.max(1, Math.floor(places / SERIES.nullWindows));
  const found: number[] = [];
  for (let i = 0; i < places; i += stride) found.push(strongestStretch(normal.slice(i, i + length))?.sigmas ?? 0);
  found.sort((a, b) => a - b);
  return Math.max(SERIES.leastSigmas, found[Math.min(found.length - 1, Math.floor(SERIES.nullQuantile * found.length))] ?? 0);
}
