import type { ActionSpec } from './action';

/** Starts the application of a deployment group of CodeDeploy anew. */
export const codedeployRestart = {
  summary: 'starts the application anew on all instances of the deployment group, with the revision that is there',
  inputs: {},
  again: 'declared',
  trace: 'world',
  settleMs: 30_000,
  part: 'codedeploy',
} as const satisfies ActionSpec;
