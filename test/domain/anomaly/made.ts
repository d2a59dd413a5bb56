import { seededRandom } from '../../../domain/seeded-random';

export const MINUTE = 60_000;
export const DAY = 1440 * MINUTE;
export const BEGIN = Date.UTC(2026, 0, 5);

export interface Point {
  readonly at: number;
  readonly value: number;
}

/** Rows of 5 minutes: a daily wave around a level, with noise. `trouble` may replace the value of a row. */
export function series(
  days: number,
  setting: { level?: number; noise?: number; seed?: number; trouble?: (at: number, value: number) => number } = {},
): Point[] {
  const { level = 100, noise = 0.04, seed = 1, trouble = (_at, value) => value } = setting;
  const random = seededRandom(seed);
  return Array.from({ length: days * 288 }, (_, i) => {
    const at = BEGIN + i * 5 * MINUTE;
    const usual = level * (1 + 0.4 * Math.sin((2 * Math.PI * i) / 288) + noise * (random() + random() + random() - 1.5));
    return { at, value: trouble(at, usual) };
  });
}

/** Whether a time lies so many minutes from a day on. */
export function within(at: number, day: number, minutes: number): boolean {
  return at >= BEGIN + day * DAY && at < BEGIN + day * DAY + minutes * MINUTE;
}
