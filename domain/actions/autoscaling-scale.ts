import type { ActionSpec } from './action';
import { BY, MOST, TO } from './capacity-inputs';

/** Raises how much of a service runs at the least, at once, or puts back what it was. What it was and what is wanted are on record before it acts, so that nothing is added twice. */
export const autoscalingScale = {
  summary: 'raises how much of the service runs at the least, or puts it back',
  inputs: {
    by: BY,
    to: TO,
    restore: { type: 'enum', description: 'Puts back what was there before, where it is still what was set here.', values: ['true'], optional: true },
    most: MOST,
  },
  oneOf: ['by', 'to', 'restore'],
  again: 'safe',
  trace: 'store',
  settleMs: 30_000,
  part: ['scaling', 'autoscaling'],
} as const satisfies ActionSpec;
