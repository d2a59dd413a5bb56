import type { ActionSpec } from './action';

/** Runs an executable that the configuration allows, with arguments from typed inputs and without a shell. It is on record before it begins, and so never begun twice. */
export const commandRun = {
  summary: 'runs a command of `actions.commands`',
  inputs: { command: { type: 'string', description: 'Its name in the configuration.', pattern: '[a-z][a-z0-9-]{0,62}' } },
  others: { type: 'string', description: 'An input that the command declares.' },
  again: 'safe',
  trace: 'store',
  exact: true,
  settleMs: 0,
} as const satisfies ActionSpec;
