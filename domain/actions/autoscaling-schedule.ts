import type { ActionSpec } from './action';
import { BY, MOMENT, MOST, TO } from './capacity-inputs';

/** Plans that more of a service runs for a time, and with it that it goes back afterwards: both are scheduled with AWS, the end first, so that it ends even when nobody is there. */
export const autoscalingSchedule = {
  summary: 'schedules that more of the service runs for a time and then as before, or takes that back',
  inputs: {
    by: BY,
    to: TO,
    cancel: { type: 'enum', description: 'Takes back what was scheduled, and what it has raised already.', values: ['true'], optional: true },
    at: { ...MOMENT, description: 'From when on, in UTC; at once where that has passed.' },
    until: { ...MOMENT, description: 'Until when, in UTC.' },
    most: MOST,
  },
  oneOf: ['by', 'to', 'cancel'],
  again: 'safe',
  trace: 'world',
  settleMs: 30_000,
  part: ['scaling', 'autoscaling'],
} as const satisfies ActionSpec;
