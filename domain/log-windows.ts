import { z } from 'zod';

/** Lines of one window are counted together, milliseconds. */
export const LOG_WINDOW_MS = 10_000;
/** A line may be written so long after its time, milliseconds; one that comes later is not counted. */
export const LOG_SETTLE_MS = 5_000;
/** How far back a log is counted that is new or was not looked at for long, milliseconds. */
export const LOG_REACH_MS = 3_600_000;
/** Most windows that are counted in one go; what is further behind follows in the next. */
const MOST_WINDOWS = 60;

const progress = z.object({ file: z.string(), countedTo: z.number() });

/** How far a log file has been counted. */
export interface LogProgress {
  readonly file: string;
  /** Begin of the first window that is not counted yet, epoch milliseconds. */
  readonly countedTo: number;
}

/** Reads back what was saved; the beginning for a log that is new, is another file now, or was not looked at for longer than it reaches back. */
export function readLogProgress(file: string, saved: unknown, now: number): LogProgress {
  const parsed = progress.safeParse(saved);
  const earliest = windowOf(now - LOG_REACH_MS);
  return parsed.success && parsed.data.file === file ? { file, countedTo: Math.max(parsed.data.countedTo, earliest) } : { file, countedTo: earliest };
}

/** Begins of the windows that are over by now and not counted, oldest first. They are the same ones after a restart, so that each is a delivery that is counted once. */
export function dueWindows({ countedTo }: LogProgress, now: number): readonly number[] {
  const count = Math.floor((windowOf(now - LOG_SETTLE_MS) - countedTo) / LOG_WINDOW_MS);
  return Array.from({ length: Math.min(MOST_WINDOWS, Math.max(0, count)) }, (_, i) => countedTo + i * LOG_WINDOW_MS);
}

/** Begin of the window of a time, epoch milliseconds. */
export function windowOf(at: number): number {
  return Math.floor(at / LOG_WINDOW_MS) * LOG_WINDOW_MS;
}
