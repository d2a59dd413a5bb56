import { z } from 'zod';
import { DURATION_PATTERN, durationComplaint, formatDuration, parseDuration } from './duration';

/** Schema of a duration: text in, milliseconds out, between `min` and `max` milliseconds where they are given. */
export function durationField(bounds: { readonly min?: number; readonly max?: number } = {}) {
  return z
    .string({ error: (issue) => (issue.input === undefined ? 'is missing; write a duration such as 90s or 15m' : durationComplaint(issue.input)) })
    .regex(DURATION_PATTERN, { error: (issue) => durationComplaint(issue.input) ?? '', abort: true })
    .check((context) => {
      const complaint = durationComplaint(context.value) ?? outside(parseDuration(context.value), bounds);
      if (complaint !== undefined) context.issues.push({ code: 'custom', message: complaint, input: context.value, continue: false });
    })
    .transform(parseDuration);
}

function outside(ms: number, bounds: { readonly min?: number; readonly max?: number }): string | undefined {
  if (bounds.min !== undefined && ms < bounds.min) return `must be at least ${formatDuration(bounds.min)}`;
  if (bounds.max !== undefined && ms > bounds.max) return `must be at most ${formatDuration(bounds.max)}`;
  return undefined;
}
