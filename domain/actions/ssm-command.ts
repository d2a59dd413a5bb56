import type { ActionSpec } from './action';

/** Sends a command of Systems Manager that the service's hands name. It takes no token: what was sent is found by its comment, and sent again only where the step may be done twice. */
export const ssmCommand = {
  summary: 'sends a command of `hands.commands` to its instances',
  inputs: { command: { type: 'string', description: 'Its name in the configuration.', pattern: '[a-z][a-z0-9-]{0,62}' } },
  others: { type: 'string', description: "A parameter of the command's document that the configuration does not fix." },
  again: 'declared',
  trace: 'world',
  exact: 'label',
  settleMs: 60_000,
  part: 'commands',
} as const satisfies ActionSpec;
