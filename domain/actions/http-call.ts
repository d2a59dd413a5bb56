import type { ActionSpec } from './action';

/** Makes an HTTP call that the configuration allows. It is on record before it begins; one whose answer was lost is made again only where the other side takes a token twice for one, or the step may be done twice. */
export const httpCall = {
  summary: 'makes a call of `actions.calls`',
  inputs: { call: { type: 'string', description: 'Its name in the configuration.', pattern: '[a-z][a-z0-9-]{0,62}' } },
  others: { type: 'string', description: 'An input that the call declares.' },
  again: 'declared',
  trace: 'store',
  exact: true,
  settleMs: 0,
} as const satisfies ActionSpec;
