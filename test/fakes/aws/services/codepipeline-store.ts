import type {
  ActionExecutionDetail,
  PipelineDeclaration,
  PipelineExecutionSummary,
  PutJobFailureResultInput,
  PutJobSuccessResultInput,
  StageDeclaration,
  StageExecutionStatus,
} from '@aws-sdk/client-codepipeline';
import type { Call } from '../service';
import type { Place } from '../world';
import { found, newestFirst, stateKey } from './support';

/** A pipeline with all that it did. */
export interface Pipeline {
  readonly declaration: PipelineDeclaration;
  readonly updated: Date;
  readonly executions: Map<string, PipelineExecutionSummary>;
  readonly actions: Map<string, ActionExecutionDetail>;
}

/** What a job's worker said of it. */
export type JobResult = ({ readonly succeeded: true } & PutJobSuccessResultInput) | ({ readonly succeeded: false } & PutJobFailureResultInput);

/** Pipelines by their names. */
export const PIPELINES = stateKey('pipelines', () => new Map<string, Pipeline>());
/** Undefined while a job waits for its result. */
export const JOBS = stateKey('jobs', () => new Map<string, JobResult | undefined>());

/** Adds a pipeline or changes its declaration. */
export function putPipeline(place: Place, declaration: PipelineDeclaration): void {
  const all = place.state(PIPELINES);
  const name = declaration.name ?? '';
  const { executions = new Map<string, PipelineExecutionSummary>(), actions = new Map<string, ActionExecutionDetail>() } = all.get(name) ?? {};
  all.set(name, { declaration: { version: 1, ...declaration }, updated: new Date(place.world.clock.now()), executions, actions });
}

/** Adds an execution of a pipeline that is there, or puts it in the place of the one with its id. */
export function putPipelineExecution(place: Place, { pipeline, execution }: { readonly pipeline: string; readonly execution: PipelineExecutionSummary }): void {
  pipelineNamed(place, pipeline).executions.set(execution.pipelineExecutionId ?? '', execution);
}

/** Adds what an action of an execution did, or puts it in the place of the one with its id. */
export function putActionExecution(place: Place, { pipeline, action }: { readonly pipeline: string; readonly action: ActionExecutionDetail }): void {
  pipelineNamed(place, pipeline).actions.set(action.actionExecutionId ?? '', action);
}

/** Adds a job that waits for its result. */
export function putPipelineJob(place: Place, { jobId }: { readonly jobId: string }): void {
  place.state(JOBS).set(jobId, undefined);
}

/** What was said of a job; undefined while nothing was. */
export function jobResult(place: Place, jobId: string): JobResult | undefined {
  return place.state(JOBS).get(jobId);
}

/** A pipeline by its name; throws what CodePipeline says where there is none. */
export function pipelineNamed(place: Place, name: string): Pipeline {
  return found(place.state(PIPELINES).get(name), 'PipelineNotFoundException', `Account '${place.account}' does not have a pipeline with name '${name}'`);
}

/** A stage by its name, with its number; throws what CodePipeline says where there is none. */
export function stageNamed({ declaration }: Pipeline, name: string | undefined): readonly [StageDeclaration, number] {
  const stages = declaration.stages ?? [];
  const index = stages.findIndex((stage) => stage.name === name);
  return [found(stages[index], 'StageNotFoundException', `Pipeline '${declaration.name ?? ''}' does not have a stage '${name ?? ''}'`), index];
}

/** Executions that are seen, the latest first. */
export function executionsOf(pipeline: Pipeline, call: Call): PipelineExecutionSummary[] {
  return newestFirst(latestAdded(pipeline.executions), (one) => one.startTime).filter((one) => call.visible(one.pipelineExecutionId ?? ''));
}

/** What actions did, the latest first. */
export function actionsOf(pipeline: Pipeline): ActionExecutionDetail[] {
  return newestFirst(latestAdded(pipeline.actions), (one) => one.startTime);
}

/** Of one moment, what was added last comes first. */
function latestAdded<T>(items: ReadonlyMap<string, T>): T[] {
  return [...items.values()].reverse();
}

/** The last try of each action of a stage in one execution. */
export function lastTries(pipeline: Pipeline, stage: string | undefined, executionId: string): ActionExecutionDetail[] {
  const tries = actionsOf(pipeline).filter((one) => one.stageName === stage && one.pipelineExecutionId === executionId);
  return tries.filter((one, i) => tries.findIndex(({ actionName }) => actionName === one.actionName) === i);
}

/** Whether an execution came through a stage. */
export function succeededIn(pipeline: Pipeline, stage: string, executionId: string): boolean {
  const last = lastTries(pipeline, stage, executionId);
  return last.length > 0 && last.every(({ status }) => status === 'Succeeded');
}

/** The execution that was in a stage last, and how it stands there; undefined where none was. */
export function latestIn(pipeline: Pipeline, stage: StageDeclaration): { readonly id: string; readonly status: StageExecutionStatus } | undefined {
  const done = newestFirst(latestAdded(pipeline.actions), (one) => one.lastUpdateTime ?? one.startTime).filter((one) => one.stageName === stage.name);
  const id = done[0]?.pipelineExecutionId;
  if (id === undefined) return undefined;
  const last = lastTries(pipeline, stage.name, id);
  const worst = (['Failed', 'InProgress', 'Abandoned'] as const).find((each) => last.some(({ status }) => status === each));
  const cutShort = pipeline.executions.get(id)?.status === 'Stopped' && last.length < (stage.actions ?? []).length;
  return { id, status: worst === 'Abandoned' || (cutShort && !worst) ? 'Stopped' : (worst ?? 'Succeeded') };
}
