import type { ActionSpec } from './action';

/** Starts an automation of Systems Manager that the service's hands name. The token goes with it, and Systems Manager takes a token twice for one. */
export const ssmAutomation = {
  summary: 'starts an automation of `hands.automations`',
  inputs: { automation: { type: 'string', description: 'Its name in the configuration.', pattern: '[a-z][a-z0-9-]{0,62}' } },
  others: { type: 'string', description: "A parameter of the automation's document that the configuration does not fix." },
  again: 'safe',
  trace: 'world',
  exact: true,
  settleMs: 60_000,
  part: 'automations',
} as const satisfies ActionSpec;
