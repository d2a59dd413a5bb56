import { z } from 'zod';
import { NightshiftError } from '../domain/errors';
import { durationComplaint, parseDuration } from '../domain/duration';
import { isoTime } from '../domain/outside-schemas';

/** Members of a query that choose a time: since when (so long ago, or a time), and until when (now when absent). */
export const timeRange = {
  since: z
    .string()
    .refine((text) => durationComplaint(text) === undefined || isoTime('').safeParse(text).success, {
      error: 'must be how long ago, such as 7d, or a time such as 2026-03-01T09:30:00Z',
    })
    .default('7d')
    .meta({ description: 'How long ago, at most 365d, or a time.', examples: ['7d', '2026-03-01T00:00:00Z'] }),
  until: isoTime('Until when; now when absent.').optional(),
};

/** The chosen time in epoch milliseconds. Throws `invalid_input`, naming the member of the query that is `since`, when it ends before it begins. */
export function rangeOf(
  query: { readonly since: string; readonly until?: string | undefined },
  now: number,
  name = 'since',
): { readonly from: number; readonly to: number } {
  const to = query.until === undefined ? now : Date.parse(query.until);
  const from = durationComplaint(query.since) === undefined ? to - parseDuration(query.since) : Date.parse(query.since);
  if (from < to) return { from, to };
  throw new NightshiftError('invalid_input', 'The chosen time must begin before it ends.', [
    { path: name, message: 'must lie before the end of the chosen time' },
  ]);
}
