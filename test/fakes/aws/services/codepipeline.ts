import type {
  ActionExecutionDetail,
  GetPipelineExecutionInput,
  GetPipelineExecutionOutput,
  GetPipelineInput,
  GetPipelineOutput,
  ListActionExecutionsInput,
  ListActionExecutionsOutput,
  ListPipelineExecutionsInput,
  ListPipelineExecutionsOutput,
  ListPipelinesInput,
  ListPipelinesOutput,
  PipelineExecutionSummary,
  PutJobFailureResultInput,
  PutJobSuccessResultInput,
} from '@aws-sdk/client-codepipeline';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import { getPipelineState, putApprovalResult, retryStageExecution, rollbackStage, startPipelineExecution, stopPipelineExecution } from './codepipeline-act';
import { putActionCourse } from './codepipeline-run';
import {
  actionsOf,
  executionsOf,
  jobResult,
  JOBS,
  pipelineNamed,
  PIPELINES,
  putActionExecution,
  putPipeline,
  putPipelineExecution,
  putPipelineJob,
  succeededIn,
} from './codepipeline-store';
import type { JobResult, Pipeline } from './codepipeline-store';
import { found } from './support';

export { jobResult, putActionExecution, putPipeline, putPipelineExecution, putPipelineJob };
export type { JobResult };

const PAGE = 100;
const PIPELINE_PAGE = 1_000;

function listPipelines({ nextToken, maxResults }: ListPipelinesInput, call: Call): ListPipelinesOutput {
  const all = (): Pipeline[] => [...call.place.state(PIPELINES).values()].filter(({ declaration }) => call.visible(declaration.name ?? ''));
  const page = call.page({ items: all, token: nextToken, size: maxResults, max: PIPELINE_PAGE, badToken: 'InvalidNextTokenException' });
  const pipelines = page.items.map(({ declaration: { name, version, pipelineType, executionMode }, updated }) => ({
    name,
    version,
    pipelineType,
    executionMode,
    updated,
    created: updated,
  }));
  return { pipelines, nextToken: page.next };
}

function getPipeline({ name = '' }: GetPipelineInput, { place }: Call): GetPipelineOutput {
  const { declaration, updated } = pipelineNamed(place, name);
  return { pipeline: declaration, metadata: { pipelineArn: place.arn('codepipeline', name), created: updated, updated } };
}

function listPipelineExecutions({ pipelineName = '', maxResults, nextToken, filter }: ListPipelineExecutionsInput, call: Call): ListPipelineExecutionsOutput {
  const pipeline = pipelineNamed(call.place, pipelineName);
  const stage = filter?.succeededInStage?.stageName;
  const items = (): PipelineExecutionSummary[] =>
    executionsOf(pipeline, call).filter((one) => stage === undefined || succeededIn(pipeline, stage, one.pipelineExecutionId ?? ''));
  const page = call.page({ items, token: nextToken, size: maxResults, max: PAGE, badToken: 'InvalidNextTokenException' });
  return { pipelineExecutionSummaries: page.items, nextToken: page.next };
}

function getPipelineExecution({ pipelineName = '', pipelineExecutionId = '' }: GetPipelineExecutionInput, call: Call): GetPipelineExecutionOutput {
  const pipeline = pipelineNamed(call.place, pipelineName);
  const one = call.visible(pipelineExecutionId) ? pipeline.executions.get(pipelineExecutionId) : undefined;
  const execution = found(one, 'PipelineExecutionNotFoundException', `Execution ${pipelineExecutionId} of ${pipelineName} was not found`);
  const { status, statusSummary, sourceRevisions = [], trigger, executionMode, executionType, rollbackMetadata } = execution;
  const artifactRevisions = sourceRevisions.map(({ actionName, revisionId, revisionSummary, revisionUrl }) => ({
    name: actionName,
    revisionId,
    revisionSummary,
    revisionUrl,
  }));
  // Of the time when it ran.
  const ran = actionsOf(pipeline).find((action) => action.pipelineExecutionId === pipelineExecutionId && action.pipelineVersion !== undefined);
  const whole = { pipelineName, pipelineVersion: ran?.pipelineVersion ?? pipeline.declaration.version, pipelineExecutionId, artifactRevisions };
  return { pipelineExecution: { ...whole, status, statusSummary, trigger, executionMode, executionType, rollbackMetadata } };
}

function listActionExecutions({ pipelineName = '', filter, maxResults, nextToken }: ListActionExecutionsInput, call: Call): ListActionExecutionsOutput {
  const pipeline = pipelineNamed(call.place, pipelineName);
  const id = filter?.pipelineExecutionId ?? filter?.latestInPipelineExecution?.pipelineExecutionId;
  const items = (): ActionExecutionDetail[] =>
    actionsOf(pipeline).filter((one) => (id === undefined || one.pipelineExecutionId === id) && call.visible(one.actionExecutionId ?? ''));
  const page = call.page({ items, token: nextToken, size: maxResults, max: PAGE, badToken: 'InvalidNextTokenException' });
  return { actionExecutionDetails: page.items, nextToken: page.next };
}

function finish({ place }: Call, result: JobResult): object {
  const { jobId = '' } = result;
  const jobs = place.state(JOBS);
  if (!jobs.has(jobId)) throw new AwsError('JobNotFoundException', `There is no job ${jobId}`);
  if (jobs.get(jobId)) throw new AwsError('InvalidJobStateException', `The job ${jobId} has its result already`);
  jobs.set(jobId, result);
  return {};
}

/** CodePipeline. */
export const CODEPIPELINE: FakeService = {
  signedAs: 'codepipeline',
  target: 'CodePipeline_20150709',
  load: () => import('@aws-sdk/client-codepipeline'),
  operations: {
    ListPipelines: listPipelines,
    GetPipeline: getPipeline,
    GetPipelineState: getPipelineState,
    ListPipelineExecutions: listPipelineExecutions,
    GetPipelineExecution: getPipelineExecution,
    ListActionExecutions: listActionExecutions,
    PutJobSuccessResult: (input: PutJobSuccessResultInput, call: Call) => finish(call, { succeeded: true, ...input }),
    StartPipelineExecution: startPipelineExecution,
    StopPipelineExecution: stopPipelineExecution,
    RetryStageExecution: retryStageExecution,
    RollbackStage: rollbackStage,
    PutApprovalResult: putApprovalResult,
    PutJobFailureResult: (input: PutJobFailureResultInput, call: Call) => finish(call, { succeeded: false, ...input }),
  },
  facts: {
    pipeline: { shape: 'PipelineDeclaration', put: putPipeline },
    execution: { shape: { execution: 'PipelineExecutionSummary' }, put: putPipelineExecution },
    action: { shape: { action: 'ActionExecutionDetail' }, put: putActionExecution },
    job: { put: putPipelineJob },
    course: { put: putActionCourse },
  },
};
