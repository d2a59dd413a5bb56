/** An execution of CodePipeline. Times are epoch milliseconds. */
export interface PipelineExecution {
  readonly id: string;
  /** As CodePipeline writes it, such as `InProgress`. */
  readonly status: string;
  readonly startedAt: number;
  readonly updatedAt: number;
  /** The execution that it rolls a stage back to. */
  readonly rollbackTo?: string;
  /** Its sources, in words. */
  readonly revision?: string;
}

/** How a stage stands: the execution that was in it last. */
export interface StageNow {
  readonly name: string;
  readonly execution?: string;
  readonly status?: string;
}

/** A pipeline as it is declared now, and how its stages stand, in their order. */
export interface PipelineNow {
  readonly version: number;
  readonly stages: readonly StageNow[];
}

/** What an action of a stage did in an execution. */
export interface ActionRun {
  readonly stage: string;
  readonly action: string;
  readonly status: string;
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly summary?: string;
}

/** Whether a stage or an execution goes on. */
export function isUnderWay(status: string | undefined): boolean {
  return status === 'InProgress' || status === 'Stopping';
}
