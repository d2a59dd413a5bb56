import type { FarFinding } from './finding';
import { isUnderWay } from './pipeline';
import type { ActionRun, PipelineNow, StageNow } from './pipeline';

/** What is tried again, as it was before that. */
export interface RetryFrom {
  readonly stage: string;
  readonly execution: string;
  /** When the last action of the stage in that execution began, epoch milliseconds. */
  readonly lastStart: number;
}

/** The stage to try again, or why there is none. */
export function stageToRetry(
  { stages }: PipelineNow,
  { stage: wanted, execution }: { readonly stage?: string; readonly execution?: string } = {},
): Required<StageNow> | { readonly reason: string } {
  const named = stages.filter(({ name }) => wanted === undefined || name === wanted);
  if (named.length === 0) return { reason: `it has no stage ${wanted ?? ''}; its stages are ${stages.map(({ name }) => name).join(', ')}` };
  const failed = named.filter(({ status }) => status === 'Failed');
  if (execution !== undefined && failed.length > 0 && !failed.some((each) => each.execution === execution))
    return {
      reason: `execution ${execution} is in no stage that has failed; ${failed.map((each) => `${each.execution ?? ''} is in ${each.name}`).join(', ')}`,
    };
  if (failed.length > 1) return { reason: `${failed.map(({ name }) => name).join(' and ')} have failed; name the stage in the runbook` };
  const [stage] = failed;
  if (stage?.execution !== undefined) return { name: stage.name, execution: stage.execution, status: 'Failed' };
  return { reason: wanted === undefined ? 'no stage of it has failed' : `its stage ${wanted} is ${named[0]?.status ?? 'empty'} and has not failed` };
}

/** What was read of a stage; `now` is in epoch milliseconds. */
export interface StageSeen {
  readonly stage: StageNow | undefined;
  readonly actions: readonly ActionRun[];
  readonly now: number;
}

/** A stage may still say what it was so long after its actions have said what they are. */
const BEHIND_MS = 60_000;

/** What became of a retry, by how the stage stands and what its actions did in the execution. A person who tried the same again at the same time did what was wanted. */
export function retried(from: RetryFrom, { stage, actions, now }: StageSeen): FarFinding {
  const again = actions.filter((one) => one.stage === from.stage && one.startedAt > from.lastStart);
  const isLast = stage?.execution === from.execution;
  const what = `stage ${from.stage} of execution ${from.execution}`;
  if (isLast && isUnderWay(stage.status)) return { state: 'in-progress', detail: `${what} is ${stage.status ?? ''} again` };
  if (again.length === 0 && !isLast) return { state: 'failed', detail: supersededText(from, stage) };
  if (again.length === 0 && stage?.status === 'Succeeded') return { state: 'in-progress', detail: `${what} is Succeeded; its actions do not show yet` };
  if (again.length === 0) return { state: 'absent' };
  if (again.some(({ status }) => isUnderWay(status))) return { state: 'in-progress', detail: `${what} is tried again` };
  const bad = again.find((one) => one.status !== 'Succeeded' && !again.some((later) => later.action === one.action && later.startedAt > one.startedAt));
  if (bad)
    return { state: 'failed', detail: `${what} was tried again, and ${bad.action} is ${bad.status}${bad.summary === undefined ? '' : `: ${bad.summary}`}` };
  const endedAt = Math.max(...again.map(({ updatedAt }) => updatedAt));
  if (isLast && stage.status === 'Failed' && now - endedAt < BEHIND_MS)
    return { state: 'in-progress', detail: `the actions of ${what} succeeded, which the stage does not show yet` };
  if (isLast && stage.status !== 'Succeeded') return { state: 'failed', detail: `${what} was tried again and is ${stage.status ?? ''}` };
  return {
    state: 'done',
    detail: `${what} succeeded when it was tried again`,
    at: new Date(endedAt).toISOString(),
  };
}

/** A newer execution has taken the stage: trying the older one again would bring what is out of date. */
export function supersededText({ stage, execution }: RetryFrom, now: StageNow | undefined): string {
  return `execution ${execution} is not the latest of stage ${stage} any more${now?.execution === undefined ? '' : ` (${now.execution} is)`}; look at the newer one, then decide anew`;
}

/** Whether actions of a stage ran twice in an execution, the later time since `from` (epoch milliseconds): it was tried again. Returns how it stood before. */
export function retryIn(stage: StageNow, actions: readonly ActionRun[], from: number): RetryFrom | undefined {
  if (stage.execution === undefined) return undefined;
  const ofStage = actions.filter((one) => one.stage === stage.name);
  const failed = ofStage.filter((one) => one.status === 'Failed' || one.status === 'Abandoned');
  const lastStart = Math.max(...failed.map(({ startedAt }) => startedAt));
  const later = ofStage.some(({ startedAt }) => startedAt > lastStart && startedAt >= from);
  return failed.length > 0 && later ? { stage: stage.name, execution: stage.execution, lastStart } : undefined;
}
