import type { ActionSpec } from './action';

/** Deploys a release by the service's own hands: a supervisor, or a team's command. */
export const releaseDeploy = {
  summary: 'deploys that release of the service',
  inputs: { release: { type: 'string', description: 'Release to deploy.' } },
  again: 'safe',
  trace: 'world',
  settleMs: 0,
} as const satisfies ActionSpec;
