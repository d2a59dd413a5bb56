import type { ActionSpec } from './action';
import { EXECUTION_ID, STAGE_NAME } from './codepipeline-inputs';

/** Tries a stage of CodePipeline that failed again. */
export const codepipelineRetryStage = {
  summary: 'tries the stage that failed again, in the same execution',
  inputs: {
    stage: { type: 'string', description: 'Stage to try again; the one that failed when left out.', pattern: STAGE_NAME, optional: true },
    execution: {
      type: 'string',
      description: 'Execution that is to be in the stage; whichever is there when left out.',
      pattern: EXECUTION_ID,
      optional: true,
    },
    mode: {
      type: 'enum',
      description: 'Only the actions that failed, as when left out, or all of the stage.',
      values: ['FAILED_ACTIONS', 'ALL_ACTIONS'],
      optional: true,
    },
  },
  again: 'declared',
  trace: 'world',
  settleMs: 30_000,
  part: 'codepipeline',
} as const satisfies ActionSpec;
