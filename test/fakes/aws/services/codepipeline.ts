import type {
  ActionExecutionDetail,
  GetPipelineExecutionInput,
  GetPipelineExecutionOutput,
  GetPipelineInput,
  GetPipelineOutput,
  GetPipelineStateInput,
  GetPipelineStateOutput,
  ListActionExecutionsInput,
  ListActionExecutionsOutput,
  ListPipelineExecutionsInput,
  ListPipelineExecutionsOutput,
  ListPipelinesInput,
  ListPipelinesOutput,
  PipelineDeclaration,
  PipelineExecutionSummary,
  PutJobFailureResultInput,
  PutJobSuccessResultInput,
  StageState,
} from '@aws-sdk/client-codepipeline';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { found, newestFirst, stateKey } from './support';

interface Pipeline {
  readonly declaration: PipelineDeclaration;
  readonly updated: Date;
  readonly executions: Map<string, PipelineExecutionSummary>;
  readonly actions: Map<string, ActionExecutionDetail>;
}

/** What a job's worker said of it. */
export type JobResult = ({ readonly succeeded: true } & PutJobSuccessResultInput) | ({ readonly succeeded: false } & PutJobFailureResultInput);

const PIPELINES = stateKey('pipelines', () => new Map<string, Pipeline>());
/** Undefined while a job waits for its result. */
const JOBS = stateKey('jobs', () => new Map<string, JobResult | undefined>());
const PAGE = 100;
const PIPELINE_PAGE = 1_000;

/** Adds a pipeline or changes its declaration. */
export function putPipeline(place: Place, declaration: PipelineDeclaration): void {
  const all = place.state(PIPELINES);
  const name = declaration.name ?? '';
  const { executions = new Map<string, PipelineExecutionSummary>(), actions = new Map<string, ActionExecutionDetail>() } = all.get(name) ?? {};
  all.set(name, { declaration: { version: 1, ...declaration }, updated: new Date(place.world.clock.now()), executions, actions });
}

/** Adds an execution of a pipeline that is there, or puts it in the place of the one with its id. */
export function putPipelineExecution(place: Place, { pipeline, execution }: { readonly pipeline: string; readonly execution: PipelineExecutionSummary }): void {
  there(place, pipeline).executions.set(execution.pipelineExecutionId ?? '', execution);
}

/** Adds what an action of an execution did, or puts it in the place of the one with its id. */
export function putActionExecution(place: Place, { pipeline, action }: { readonly pipeline: string; readonly action: ActionExecutionDetail }): void {
  there(place, pipeline).actions.set(action.actionExecutionId ?? '', action);
}

/** Adds a job that waits for its result. */
export function putPipelineJob(place: Place, { jobId }: { readonly jobId: string }): void {
  place.state(JOBS).set(jobId, undefined);
}

/** What was said of a job; undefined while nothing was. */
export function jobResult(place: Place, jobId: string): JobResult | undefined {
  return place.state(JOBS).get(jobId);
}

function there(place: Place, name: string): Pipeline {
  return found(place.state(PIPELINES).get(name), 'PipelineNotFoundException', `Account '${place.account}' does not have a pipeline with name '${name}'`);
}

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
  const { declaration, updated } = there(place, name);
  return { pipeline: declaration, metadata: { pipelineArn: place.arn('codepipeline', name), created: updated, updated } };
}

function executionsOf(pipeline: Pipeline, call: Call): PipelineExecutionSummary[] {
  return newestFirst(pipeline.executions.values(), (one) => one.startTime).filter((one) => call.visible(one.pipelineExecutionId ?? ''));
}

function actionsOf(pipeline: Pipeline): ActionExecutionDetail[] {
  return newestFirst(pipeline.actions.values(), (one) => one.startTime);
}

function listPipelineExecutions({ pipelineName = '', maxResults, nextToken, filter }: ListPipelineExecutionsInput, call: Call): ListPipelineExecutionsOutput {
  const pipeline = there(call.place, pipelineName);
  const stage = filter?.succeededInStage?.stageName;
  const passed = (id: string | undefined): boolean => {
    const last = actionsOf(pipeline).filter((one) => one.pipelineExecutionId === id && one.stageName === stage);
    return last.length > 0 && last.every(({ status }) => status === 'Succeeded');
  };
  const items = (): PipelineExecutionSummary[] => executionsOf(pipeline, call).filter((one) => stage === undefined || passed(one.pipelineExecutionId));
  const page = call.page({ items, token: nextToken, size: maxResults, max: PAGE, badToken: 'InvalidNextTokenException' });
  return { pipelineExecutionSummaries: page.items, nextToken: page.next };
}

function getPipelineExecution({ pipelineName = '', pipelineExecutionId = '' }: GetPipelineExecutionInput, call: Call): GetPipelineExecutionOutput {
  const pipeline = there(call.place, pipelineName);
  const one = call.visible(pipelineExecutionId) ? pipeline.executions.get(pipelineExecutionId) : undefined;
  const execution = found(one, 'PipelineExecutionNotFoundException', `Execution ${pipelineExecutionId} of ${pipelineName} was not found`);
  const { status, statusSummary, sourceRevisions = [], trigger, executionMode, executionType, rollbackMetadata } = execution;
  const artifactRevisions = sourceRevisions.map(({ actionName, revisionId, revisionSummary, revisionUrl }) => ({
    name: actionName,
    revisionId,
    revisionSummary,
    revisionUrl,
  }));
  const whole = { pipelineName, pipelineVersion: pipeline.declaration.version, pipelineExecutionId, artifactRevisions };
  return { pipelineExecution: { ...whole, status, statusSummary, trigger, executionMode, executionType, rollbackMetadata } };
}

function listActionExecutions({ pipelineName = '', filter, maxResults, nextToken }: ListActionExecutionsInput, call: Call): ListActionExecutionsOutput {
  const pipeline = there(call.place, pipelineName);
  const id = filter?.pipelineExecutionId ?? filter?.latestInPipelineExecution?.pipelineExecutionId;
  const items = (): ActionExecutionDetail[] =>
    actionsOf(pipeline).filter((one) => (id === undefined || one.pipelineExecutionId === id) && call.visible(one.actionExecutionId ?? ''));
  const page = call.page({ items, token: nextToken, size: maxResults, max: PAGE, badToken: 'InvalidNextTokenException' });
  return { actionExecutionDetails: page.items, nextToken: page.next };
}

function getPipelineState({ name = '' }: GetPipelineStateInput, { place }: Call): GetPipelineStateOutput {
  const { declaration, updated, actions } = there(place, name);
  const stageStates = (declaration.stages ?? []).map((stage): StageState => {
    const done = newestFirst(actions.values(), (one) => one.lastUpdateTime ?? one.startTime).filter((one) => one.stageName === stage.name);
    const latest = done.filter((one) => one.pipelineExecutionId === done[0]?.pipelineExecutionId);
    const status = ['Failed', 'InProgress', 'Abandoned'].find((each) => latest.some((one) => one.status === each)) ?? 'Succeeded';
    const states = (stage.actions ?? []).map(({ name: actionName }) =>
      actionState(
        actionName,
        done.find((one) => one.actionName === actionName),
      ),
    );
    const execution = latest[0] && {
      pipelineExecutionId: latest[0].pipelineExecutionId,
      status: status === 'Abandoned' ? ('Stopped' as const) : (status as 'Failed'),
    };
    return { stageName: stage.name, inboundTransitionState: { enabled: true }, actionStates: states, ...(execution && { latestExecution: execution }) };
  });
  return { pipelineName: name, pipelineVersion: declaration.version, stageStates, created: updated, updated };
}

function actionState(actionName: string | undefined, last: ActionExecutionDetail | undefined): NonNullable<StageState['actionStates']>[number] {
  if (!last) return { actionName };
  const { externalExecutionId, externalExecutionUrl, externalExecutionSummary: summary } = last.output?.executionResult ?? {};
  const { actionExecutionId, status, lastUpdateTime: lastStatusChange } = last;
  return { actionName, latestExecution: { actionExecutionId, status, lastStatusChange, externalExecutionId, externalExecutionUrl, summary } };
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
    PutJobFailureResult: (input: PutJobFailureResultInput, call: Call) => finish(call, { succeeded: false, ...input }),
  },
  facts: {
    pipeline: { shape: 'PipelineDeclaration', put: putPipeline },
    execution: { shape: { execution: 'PipelineExecutionSummary' }, put: putPipelineExecution },
    action: { shape: { action: 'ActionExecutionDetail' }, put: putActionExecution },
    job: { put: putPipelineJob },
  },
};
