import { z } from 'zod';
import type { LimitStates } from './limits';

const time = z.number().nullable();
const state = z.object({ brokenSince: time, clearSince: time, firingSince: time, measuredAt: z.number() });
const states = z.record(z.string(), z.object({ errorShare: state, latencyP95Ms: state, silence: state }).partial());

/** Reads back states by service as they were saved as JSON; an empty record for anything else, as a detector that forgot is better than one that does not start. */
export function readLimitStates(saved: unknown): Record<string, LimitStates> {
  const parsed = states.safeParse(saved);
  return parsed.success ? (JSON.parse(JSON.stringify(parsed.data)) as Record<string, LimitStates>) : {};
}
