import { seededRandom } from '../../../domain/seeded-random';
import type { TimedValue } from '../../../domain/trend';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const START = Date.UTC(2026, 0, 5);

/** Points at each step from `START` on. */
export function pointsOf(count: number, value: (i: number) => number, stepMs = HOUR): TimedValue[] {
  return Array.from({ length: count }, (_, i) => ({ at: START + i * stepMs, value: value(i) }));
}

/** Normally distributed numbers that are the same for the same seed. */
export function normals(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Hours with a daily shape, a quieter weekend, some growth and noise. */
export function busyWeeks(seed: number, count = 5 * 168): TimedValue[] {
  const normal = normals(seed);
  return pointsOf(count, (i) => {
    const weekend = Math.floor(i / 24) % 7 >= 5 ? 40 : 0;
    return 200 + 0.02 * i + 50 * Math.sin((2 * Math.PI * i) / 24) - weekend + 8 * normal();
  });
}
