import type { ActionSpec } from './action';

/** Starts a service's process anew by the service's own hands. */
export const serviceRestart = {
  summary: "starts the service's process anew",
  inputs: {},
  again: 'safe',
  trace: 'world',
  settleMs: 0,
} as const satisfies ActionSpec;
