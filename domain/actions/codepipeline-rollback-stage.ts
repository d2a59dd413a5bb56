import type { ActionSpec } from './action';
import { EXECUTION_ID, STAGE_NAME } from './codepipeline-inputs';

/** Runs a stage of CodePipeline with what an earlier execution brought through it. */
export const codepipelineRollbackStage = {
  summary: 'brings the stage back to the last execution that succeeded in it before, as a new execution',
  inputs: {
    stage: { type: 'string', description: 'Stage to roll back.', pattern: STAGE_NAME },
    to: { type: 'string', description: 'Execution to go back to; the last good one when left out.', pattern: EXECUTION_ID, optional: true },
  },
  again: 'declared',
  trace: 'world',
  exact: true,
  settleMs: 30_000,
  part: 'codepipeline',
} as const satisfies ActionSpec;
