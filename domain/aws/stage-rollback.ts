import type { FarFinding } from './finding';
import { isUnderWay } from './pipeline';
import type { PipelineExecution, PipelineNow, StageNow } from './pipeline';

/** What a stage is rolled back to: written down before it is. */
export interface RollbackTo {
  readonly stage: string;
  readonly target: string;
  /** The execution that was in the stage. */
  readonly from?: string;
  /** Rollbacks to the same that were there before. */
  readonly before: readonly string[];
  /** Nothing was begun by it. */
  readonly unsent?: true;
}

/** What is known of a stage: how it stands, and executions that succeeded in it, the latest first. */
export interface StageHistory {
  readonly pipeline: PipelineNow;
  readonly stage: string;
  readonly succeeded: readonly PipelineExecution[];
}

/** The execution to go back to, or why there is none. */
export function stageTarget({ pipeline, stage: name, succeeded }: StageHistory, wanted?: string): PipelineExecution | { readonly reason: string } {
  const stage = pipeline.stages.find((one) => one.name === name);
  if (!stage) return { reason: `it has no stage ${name}; its stages are ${pipeline.stages.map((one) => one.name).join(', ')}` };
  if (stage === pipeline.stages[0]) return { reason: `its stage ${name} is the one of its sources, which cannot be rolled back` };
  if (isUnderWay(stage.status)) return { reason: `execution ${stage.execution ?? ''} is in its stage ${name}; wait for its end or stop it` };
  const last = succeeded.find(({ id }) => id === stage.execution);
  if (last?.rollbackTo !== undefined)
    return { reason: `its stage ${name} was rolled back to ${last.rollbackTo} already, by ${last.id}; going further back is for a person to decide` };
  const kept = notLeft(succeeded).filter(({ id }) => id !== stage.execution);
  const target = wanted === undefined ? kept[0] : succeeded.find(({ id }) => id === wanted);
  if (target?.rollbackTo !== undefined)
    return { reason: `execution ${target.id} is a rollback itself; name the one that it went back to, ${target.rollbackTo}` };
  if (target && target.id !== stage.execution) return target;
  return {
    reason:
      wanted === undefined
        ? `no earlier execution has succeeded in its stage ${name}`
        : `execution ${wanted} is none that succeeded in its stage ${name} before`,
  };
}

/** Executions without those that were left again by a rollback, and without the rollbacks. */
function notLeft(latestFirst: readonly PipelineExecution[]): readonly PipelineExecution[] {
  const kept: PipelineExecution[] = [];
  let backTo: string | undefined;
  for (const one of latestFirst) {
    if (backTo !== undefined && one.id !== backTo) continue;
    backTo = one.rollbackTo;
    if (one.rollbackTo === undefined) kept.push(one);
  }
  return kept;
}

/** Rollbacks that an effect may have brought about: to its target, and new. Without what was written down: the one that is in the stage now and began since `from` (epoch milliseconds). */
export function rollbacksFor(
  executions: readonly PipelineExecution[],
  to: RollbackTo | undefined,
  stage: StageNow | undefined,
  { wanted, from }: { readonly wanted?: string | undefined; readonly from: number },
): readonly PipelineExecution[] {
  if (to) return executions.filter(({ id, rollbackTo }) => rollbackTo === to.target && !to.before.includes(id));
  return executions.filter(
    ({ id, rollbackTo, startedAt }) => rollbackTo !== undefined && (wanted ?? rollbackTo) === rollbackTo && id === stage?.execution && startedAt >= from,
  );
}

/** What became of an execution that is followed to its end. */
export function endOf({ id, status, updatedAt, rollbackTo }: PipelineExecution): FarFinding {
  const what = `execution ${id}, the rollback to ${rollbackTo ?? 'an earlier one'},`;
  if (isUnderWay(status)) return { state: 'in-progress', detail: `${what} is ${status}` };
  if (status === 'Succeeded') return { state: 'done', detail: `${what} succeeded`, at: new Date(updatedAt).toISOString() };
  return { state: 'failed', detail: `${what} is ${status}; its actions in CodePipeline say why` };
}
