import type { ActionSpec } from './action';

/** Starts a workflow of GitHub Actions that the configuration allows. It is on record before it begins; one whose answer was lost is looked for by the token that its run shows, and is begun again only where the step may be done twice. */
export const githubDispatch = {
  summary: 'starts a workflow of `actions.github`',
  inputs: { workflow: { type: 'string', description: 'Its name in the configuration.', pattern: '[a-z][a-z0-9-]{0,62}' } },
  others: { type: 'string', description: 'An input that the workflow declares.' },
  again: 'declared',
  trace: 'store',
  exact: true,
  settleMs: 60_000,
} as const satisfies ActionSpec;
