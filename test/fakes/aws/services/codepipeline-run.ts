import type { ActionExecutionDetail, ActionExecutionStatus, PipelineExecutionSummary, SourceRevision, StageDeclaration } from '@aws-sdk/client-codepipeline';
import { makeCourses } from '../course';
import type { Course } from '../course';
import type { Call } from '../service';
import type { Place } from '../world';
import { latestIn, pipelineNamed } from './codepipeline-store';
import type { Pipeline } from './codepipeline-store';
import { idOf, stateKey } from './support';

type End = 'Succeeded' | 'Failed';

/** An execution on its way through a pipeline. */
interface Run {
  readonly name: string;
  readonly id: string;
  /** A rollback runs one stage alone. */
  readonly onlyStage?: boolean;
}

/** An action that waits for a person. */
export interface Waiting {
  readonly token: string;
  readonly finish: (status: ActionExecutionStatus, at: number) => void;
}

const COURSES = makeCourses<End, ActionExecutionDetail>('courses of actions');
/** Executions that wait before a stage, by pipeline and stage: one at most, the newest. */
const QUEUE = stateKey('executions before stages', () => new Map<string, Run & { readonly enter: (at: number) => void }>());
/** Approvals that are open, by the ids of their action executions. */
export const APPROVALS = stateKey('open approvals', () => new Map<string, Waiting>());
const ACTION_MS = 10_000;

/** Says how an action of a stage, or every action of it, goes from now on. */
export function putActionCourse(
  place: Place,
  { pipeline, stage, action, ...course }: Course<End, ActionExecutionDetail> & { readonly pipeline: string; readonly stage: string; readonly action?: string },
): void {
  COURSES.put(place, [pipeline, stage, ...(action === undefined ? [] : [action])].join('/'), course);
}

/** Puts a new execution in; it does not move yet. Returns its id. */
export function addExecution({ place, now }: Call, pipeline: Pipeline, more: Partial<PipelineExecutionSummary>): string {
  const id = idOf(place);
  const at = new Date(now);
  const last = [...pipeline.executions.values()].at(-1);
  const sourceRevisions: SourceRevision[] = more.sourceRevisions ?? last?.sourceRevisions ?? [];
  const usual = { executionMode: pipeline.declaration.executionMode ?? 'SUPERSEDED', executionType: 'STANDARD' } as const;
  pipeline.executions.set(id, { ...usual, status: 'InProgress', startTime: at, lastUpdateTime: at, ...more, sourceRevisions, pipelineExecutionId: id });
  return id;
}

/** Changes how an execution stands. */
export function setExecution(place: Place, { name, id }: Run, at: number, changes: Partial<PipelineExecutionSummary>): void {
  const { executions } = pipelineNamed(place, name);
  executions.set(id, { ...executions.get(id), ...changes, lastUpdateTime: new Date(at) });
}

/** Lets an execution into a stage; where another is in it, it waits, and whoever waited is superseded. */
export function enterStage(call: Call, run: Run, index: number, at: number): void {
  const { place } = call;
  const pipeline = pipelineNamed(place, run.name);
  const stage = pipeline.declaration.stages?.[index];
  if (!stage) return setExecution(place, run, at, { status: 'Succeeded' });
  const inside = latestIn(pipeline, stage);
  if (inside?.status !== 'InProgress' || inside.id === run.id) return runAction(call, run, index, 0, at);
  const key = `${run.name}/${stage.name ?? ''}`;
  const waiting = place.state(QUEUE).get(key);
  if (waiting) setExecution(place, waiting, at, { status: 'Superseded' });
  place.state(QUEUE).set(key, { ...run, enter: (then) => enterStage(call, run, index, then) });
}

/** Begins an action of a stage; after the last the execution leaves the stage. */
export function runAction(call: Call, run: Run, index: number, number: number, at: number): void {
  const { place } = call;
  const pipeline = pipelineNamed(place, run.name);
  const stage = pipeline.declaration.stages?.[index] as StageDeclaration;
  const action = stage.actions?.[number];
  if (!action) return leaveStage(call, run, index, at);
  const detail: ActionExecutionDetail = {
    ...{ pipelineExecutionId: run.id, actionExecutionId: idOf(place), pipelineVersion: pipeline.declaration.version, stageName: stage.name },
    ...{ actionName: action.name, startTime: new Date(at), lastUpdateTime: new Date(at), status: 'InProgress', updatedBy: call.principal.arn },
  };
  const id = detail.actionExecutionId ?? '';
  pipeline.actions.set(id, detail);
  const finish = (status: ActionExecutionStatus, then: number): void => finishAction(call, run, { index, number, id }, status, then);
  if (action.actionTypeId?.category === 'Approval') return void place.state(APPROVALS).set(id, { token: idOf(place), finish });
  const key = [`${run.name}/${stage.name ?? ''}/${action.name ?? ''}`, `${run.name}/${stage.name ?? ''}`].find((each) => COURSES.get(place, each)) ?? '';
  place.world.agenda.after(at, COURSES.get(place, key)?.durationMs ?? ACTION_MS, (then) => {
    if (pipelineNamed(place, run.name).actions.get(id)?.status === 'InProgress') finish(COURSES.end(place, key, detail, 'Succeeded'), then);
  });
}

interface At {
  readonly index: number;
  readonly number: number;
  readonly id: string;
}

function finishAction(call: Call, run: Run, { index, number, id }: At, status: ActionExecutionStatus, at: number): void {
  const { place } = call;
  const { actions, executions } = pipelineNamed(place, run.name);
  place.state(APPROVALS).delete(id);
  actions.set(id, { ...actions.get(id), status, lastUpdateTime: new Date(at) });
  const stopping = executions.get(run.id)?.status === 'Stopping';
  if (status === 'Succeeded' && !stopping) return runAction(call, run, index, number + 1, at);
  setExecution(place, run, at, { status: stopping ? 'Stopped' : 'Failed' });
  free(call, run, index, at);
}

function leaveStage(call: Call, run: Run, index: number, at: number): void {
  free(call, run, index, at);
  if (run.onlyStage === true) setExecution(call.place, run, at, { status: 'Succeeded' });
  else enterStage(call, run, index + 1, at);
}

/** Whoever waits before a stage that nobody is in goes on. */
function free({ place }: Call, { name }: Run, index: number, at: number): void {
  const key = `${name}/${pipelineNamed(place, name).declaration.stages?.[index]?.name ?? ''}`;
  const waiting = place.state(QUEUE).get(key);
  place.state(QUEUE).delete(key);
  waiting?.enter(at);
}

/** Gives up the actions of an execution that are under way; it has stopped then. */
export function abandon(call: Call, run: Run): void {
  const { place, now } = call;
  const { actions, declaration } = pipelineNamed(place, run.name);
  const open = [...actions.values()].filter((one) => one.pipelineExecutionId === run.id && one.status === 'InProgress');
  for (const one of open) {
    const id = one.actionExecutionId ?? '';
    place.state(APPROVALS).delete(id);
    actions.set(id, { ...one, status: 'Abandoned', lastUpdateTime: new Date(now) });
  }
  setExecution(place, run, now, { status: 'Stopped' });
  for (const one of open)
    free(
      call,
      run,
      (declaration.stages ?? []).findIndex(({ name }) => name === one.stageName),
      now,
    );
}
