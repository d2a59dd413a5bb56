import { seededRandom } from '../../../domain/seeded-random';
import { normal, pick } from '../../random';

/** Random draws of one seed. */
export interface Chance {
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Standard normal. */
  normal(): number;
  between(low: number, high: number): number;
  /** Whole number, both ends included. */
  whole(low: number, high: number): number;
  /** Between low and high, evenly by ratio. */
  ratio(low: number, high: number): number;
  happens(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** How many of `count` happen with a probability. */
  binomial(count: number, probability: number): number;
  shuffled<T>(list: readonly T[]): T[];
}

/** Draws that are the same for the same seed. */
export function chanceOf(seed: number): Chance {
  const random = seededRandom(seed);
  const whole = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const chance: Chance = {
    random,
    normal: () => normal(random),
    whole,
    between: (low, high) => low + random() * (high - low),
    ratio: (low, high) => low * (high / low) ** random(),
    happens: (probability) => random() < probability,
    pick: (list) => pick(list, random),
    binomial: (count, probability) => binomial(random, count, probability),
    shuffled: (list) => {
      const copy = [...list];
      for (let i = copy.length - 1; i > 0; i -= 1) {
        const j = whole(0, i);
        [copy[i], copy[j]] = [copy[j] as (typeof copy)[0], copy[i] as (typeof copy)[0]];
      }
      return copy;
    },
  };
  return chance;
}

/** Exact where few are expected, else by the normal distribution. */
function binomial(random: () => number, count: number, probability: number): number {
  const p = Math.max(0, Math.min(1, probability));
  const mean = count * p;
  if (mean > 30 && count - mean > 30) return Math.max(0, Math.min(count, Math.round(mean + Math.sqrt(mean * (1 - p)) * normal(random))));
  if (p > 0.5) return count - binomial(random, count, 1 - p);
  // Gaps between hits are geometric.
  let hits = 0;
  for (let at = 0; p > 0; hits += 1) {
    at += 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - p));
    if (at > count) break;
  }
  return hits;
}
