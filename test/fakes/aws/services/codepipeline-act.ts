import type {
  ActionExecutionDetail,
  GetPipelineStateInput,
  GetPipelineStateOutput,
  PipelineExecutionSummary,
  PutApprovalResultInput,
  PutApprovalResultOutput,
  RetryStageExecutionInput,
  RetryStageExecutionOutput,
  RollbackStageInput,
  RollbackStageOutput,
  StageState,
  StartPipelineExecutionInput,
  StartPipelineExecutionOutput,
  StopPipelineExecutionInput,
  StopPipelineExecutionOutput,
} from '@aws-sdk/client-codepipeline';
import { AwsError } from '../errors';
import type { Call } from '../service';
import type { Place } from '../world';
import { abandon, addExecution, APPROVALS, enterStage, runAction, setExecution } from './codepipeline-run';
import { actionsOf, lastTries, latestIn, pipelineNamed, stageNamed, succeededIn } from './codepipeline-store';
import type { Pipeline } from './codepipeline-store';
import { found, newestFirst, stateKey } from './support';

const TOKENS = stateKey('tokens of pipeline executions', () => new Map<string, string>());

/** Starts an execution, or tells the id of the one that its token started. */
export function startPipelineExecution(
  { name = '', clientRequestToken: token, sourceRevisions }: StartPipelineExecutionInput,
  call: Call,
): StartPipelineExecutionOutput {
  const { place, now } = call;
  const pipeline = pipelineNamed(place, name);
  const key = `${name}/${token ?? ''}`;
  const used = token === undefined ? undefined : place.state(TOKENS).get(key);
  if (used !== undefined) return { pipelineExecutionId: used };
  const given = sourceRevisions?.map(({ actionName, revisionValue: revisionId }) => ({ actionName, revisionId }));
  const id = addExecution(call, pipeline, {
    trigger: { triggerType: 'StartPipelineExecution', triggerDetail: call.principal.arn },
    ...(given && { sourceRevisions: given }),
  });
  if (token !== undefined) place.state(TOKENS).set(key, id);
  call.made({ kind: 'codepipeline.execution', id, target: name, token });
  enterStage(call, { name, id }, 0, now);
  return { pipelineExecutionId: id };
}

/** Stops an execution after the actions that are under way, or gives these up. */
export function stopPipelineExecution(input: StopPipelineExecutionInput, call: Call): StopPipelineExecutionOutput {
  const { pipelineName = '', pipelineExecutionId = '', abandon: now = false, reason } = input;
  const pipeline = pipelineNamed(call.place, pipelineName);
  const execution = executionOf(pipeline, call, pipelineExecutionId, 'PipelineExecutionNotStoppableException');
  if (execution.status === 'Stopping' && !now) throw new AwsError('DuplicatedStopRequestException', 'The execution is stopping already');
  if (execution.status !== 'InProgress' && execution.status !== 'Stopping')
    throw new AwsError('PipelineExecutionNotStoppableException', `The execution is ${String(execution.status)}: it cannot be stopped`);
  const run = { name: pipelineName, id: pipelineExecutionId };
  call.effect({ kind: 'codepipeline.stop', id: pipelineExecutionId, target: pipelineName, comment: reason, detail: { abandon: now } });
  setExecution(call.place, run, call.now, { status: 'Stopping', ...(reason !== undefined && { stopTrigger: { reason } }) });
  if (now) abandon(call, run);
  return { pipelineExecutionId };
}

function executionOf(
  { executions, declaration }: Pipeline,
  { visible }: Call,
  id: string,
  error = 'PipelineExecutionNotFoundException',
): PipelineExecutionSummary {
  return found(visible(id) ? executions.get(id) : undefined, error, `Execution ${id} of ${declaration.name ?? ''} was not found`);
}

/** Tries a stage that failed again, in the same execution; there is no token, but the stage must still be failed and the execution its latest. */
export function retryStageExecution(input: RetryStageExecutionInput, call: Call): RetryStageExecutionOutput {
  const { pipelineName = '', stageName = '', pipelineExecutionId = '', retryMode } = input;
  const pipeline = pipelineNamed(call.place, pipelineName);
  const [stage, index] = stageNamed(pipeline, stageName);
  const inside = latestIn(pipeline, stage);
  if (inside?.id !== pipelineExecutionId)
    throw new AwsError('NotLatestPipelineExecutionException', `Execution ${pipelineExecutionId} is not the latest of the stage '${stageName}'`);
  if (inside.status === 'InProgress') throw new AwsError('ConflictException', `The stage '${stageName}' is in progress`);
  const last = lastTries(pipeline, stageName, pipelineExecutionId);
  if (inside.status === 'Succeeded') throw new AwsError('StageNotRetryableException', `The stage '${stageName}' has no failed actions`);
  if (!last.every((one) => isOfNow(pipeline, one))) throw new AwsError('StageNotRetryableException', 'The structure of the pipeline has changed');
  const done = (name: string | undefined): boolean => last.some(({ actionName, status }) => actionName === name && status === 'Succeeded');
  const first = retryMode === 'ALL_ACTIONS' ? 0 : (stage.actions ?? []).findIndex(({ name }) => !done(name));
  const run = { name: pipelineName, id: pipelineExecutionId, onlyStage: pipeline.executions.get(pipelineExecutionId)?.executionType === 'ROLLBACK' };
  setExecution(call.place, run, call.now, { status: 'InProgress' });
  call.effect({ kind: 'codepipeline.retry', id: pipelineExecutionId, target: `${pipelineName}/${stageName}`, detail: { retryMode } });
  runAction(call, run, index, Math.max(0, first), call.now);
  return { pipelineExecutionId };
}

/** Whether an action ran in the pipeline as it is declared now. */
function isOfNow({ declaration }: Pipeline, { pipelineVersion }: ActionExecutionDetail): boolean {
  return pipelineVersion === undefined || pipelineVersion === declaration.version;
}

/** Runs a stage with what an earlier execution brought through it, as a new execution; there is no token. */
export function rollbackStage({ pipelineName = '', stageName = '', targetPipelineExecutionId = '' }: RollbackStageInput, call: Call): RollbackStageOutput {
  const { place, now } = call;
  const pipeline = pipelineNamed(place, pipelineName);
  const [stage, index] = stageNamed(pipeline, stageName);
  const target = executionOf(pipeline, call, targetPipelineExecutionId);
  const unable = (why: string): AwsError => new AwsError('UnableToRollbackStageException', why);
  const isSource = index === 0 || (stage.actions ?? []).some(({ actionTypeId }) => actionTypeId?.category === 'Source');
  if (isSource) throw unable(`The stage '${stageName}' has sources: it cannot be rolled back`);
  if (target.executionType === 'ROLLBACK') throw unable(`Execution ${targetPipelineExecutionId} is a rollback itself`);
  const last = lastTries(pipeline, stageName, targetPipelineExecutionId);
  if (!last.every((one) => isOfNow(pipeline, one))) throw new AwsError('PipelineExecutionOutdatedException', 'The structure of the pipeline has changed since');
  if (!succeededIn(pipeline, stageName, targetPipelineExecutionId)) throw unable(`Execution ${targetPipelineExecutionId} did not succeed in '${stageName}'`);
  if (latestIn(pipeline, stage)?.status === 'InProgress') throw new AwsError('ConflictException', `The stage '${stageName}' is in progress`);
  const id = addExecution(call, pipeline, {
    ...{ executionType: 'ROLLBACK', rollbackMetadata: { rollbackTargetPipelineExecutionId: targetPipelineExecutionId } },
    trigger: { triggerType: 'ManualRollback', triggerDetail: call.principal.arn },
    sourceRevisions: target.sourceRevisions ?? [],
  });
  call.made({ kind: 'codepipeline.rollback', id, target: `${pipelineName}/${stageName}`, detail: { targetPipelineExecutionId } });
  enterStage(call, { name: pipelineName, id, onlyStage: true }, index, now);
  return { pipelineExecutionId: id };
}

/** Tells what a person says to an approval that waits. */
export function putApprovalResult({ pipelineName = '', stageName, actionName, token, result }: PutApprovalResultInput, call: Call): PutApprovalResultOutput {
  const { place, now } = call;
  const pipeline = pipelineNamed(place, pipelineName);
  const [stage] = stageNamed(pipeline, stageName);
  found(
    (stage.actions ?? []).find(({ name }) => name === actionName),
    'ActionNotFoundException',
    `There is no action '${actionName ?? ''}'`,
  );
  const last = actionsOf(pipeline).find((one) => one.stageName === stageName && one.actionName === actionName);
  const waiting = place.state(APPROVALS).get(last?.actionExecutionId ?? '');
  if (!last || !waiting) throw new AwsError('ApprovalAlreadyCompletedException', 'The approval has been given or refused already');
  if (waiting.token !== token) throw new AwsError('InvalidApprovalTokenException', 'The token is not that of the approval');
  const approved = result?.status === 'Approved';
  const target = `${pipelineName}/${stageName ?? ''}/${actionName ?? ''}`;
  call.effect({ kind: 'codepipeline.approval', id: last.pipelineExecutionId ?? '', target, comment: result?.summary, detail: { approved } });
  waiting.finish(approved ? 'Succeeded' : 'Failed', now);
  return { approvedAt: new Date(now) };
}

/** How every stage stands. */
export function getPipelineState({ name = '' }: GetPipelineStateInput, { place }: Call): GetPipelineStateOutput {
  const pipeline = pipelineNamed(place, name);
  const { declaration, updated } = pipeline;
  const stageStates = (declaration.stages ?? []).map((stage): StageState => {
    const inside = latestIn(pipeline, stage);
    const done = newestFirst([...pipeline.actions.values()].reverse(), (one) => one.lastUpdateTime ?? one.startTime).filter(
      (one) => one.stageName === stage.name,
    );
    const actionStates = (stage.actions ?? []).map((action) =>
      actionState(
        place,
        action.name,
        done.find((one) => one.actionName === action.name),
      ),
    );
    const latestExecution = inside && { pipelineExecutionId: inside.id, status: inside.status };
    return { stageName: stage.name, inboundTransitionState: { enabled: true }, actionStates, ...(latestExecution && { latestExecution }) };
  });
  return { pipelineName: name, pipelineVersion: declaration.version, stageStates, created: updated, updated };
}

function actionState(place: Place, actionName: string | undefined, last: ActionExecutionDetail | undefined): NonNullable<StageState['actionStates']>[number] {
  if (!last) return { actionName };
  const { externalExecutionId, externalExecutionUrl, externalExecutionSummary: summary } = last.output?.executionResult ?? {};
  const { actionExecutionId, status, lastUpdateTime: lastStatusChange } = last;
  const token = place.state(APPROVALS).get(actionExecutionId ?? '')?.token;
  const latest = { actionExecutionId, status, lastStatusChange, externalExecutionId, externalExecutionUrl, summary };
  return { actionName, latestExecution: { ...latest, ...(token !== undefined && { token }) } };
}
