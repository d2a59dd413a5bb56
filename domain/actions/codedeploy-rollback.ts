import type { ActionSpec } from './action';

/** Brings a deployment group of CodeDeploy back to its last good revision. */
export const codedeployRollback = {
  summary: 'brings the deployment group back: stops what is under way and has it rolled back, or deploys the last good revision',
  inputs: {},
  again: 'declared',
  trace: 'world',
  exact: true,
  settleMs: 30_000,
  part: 'codedeploy',
} as const satisfies ActionSpec;
