import { NightshiftError } from './errors';

/** Text form of a duration: a whole number and a unit. */
export const DURATION_PATTERN = /^(\d{1,11})(ms|s|m|h|d)$/;

const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
const LONGEST_MS = 365 * 86_400_000;

/** Milliseconds of `500ms`, `90s`, `15m`, `2h` or `3d`. Throws `invalid_input` for anything else: a bare number does not say its unit. */
export function parseDuration(value: unknown): number {
  const complaint = durationComplaint(value);
  if (complaint !== undefined) throw new NightshiftError('invalid_input', complaint);
  return milliseconds(String(value)) ?? 0;
}

/** Why a value is not a duration, in words that say what to write instead; undefined when it is one. */
export function durationComplaint(value: unknown): string | undefined {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))) {
    return `${value} has no unit; write ${value}s, ${value}m or ${value}h`;
  }
  const ms = typeof value === 'string' ? milliseconds(value) : undefined;
  if (ms === undefined) return 'is not a duration; write a whole number and a unit, such as 500ms, 90s, 15m, 2h or 3d';
  return ms > LONGEST_MS ? 'is longer than a year; 365d is the longest' : undefined;
}

/** Shortest exact text of a duration in milliseconds, such as `90s` or `2h`. */
export function formatDuration(ms: number): string {
  const [unit, size] = Object.entries(UNITS).find(([, each]) => ms >= each && ms % each === 0) ?? ['ms', 1];
  return ms === 0 ? '0s' : `${ms / size}${unit}`;
}

function milliseconds(text: string): number | undefined {
  const match = DURATION_PATTERN.exec(text);
  const unit = UNITS[match?.[2] ?? ''];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}
