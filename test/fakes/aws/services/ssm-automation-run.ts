import type { AutomationExecution, AutomationExecutionStatus, StepExecution, Tag } from '@aws-sdk/client-ssm';
import { makeCourses } from '../course';
import type { Call } from '../service';
import type { Place } from '../world';
import type { DocumentStep, SsmDocument } from './ssm-store';
import { idOf, stateKey } from './support';

/** An execution with what only the fake knows of it. */
export interface Automation {
  execution: AutomationExecution;
  readonly document: SsmDocument;
  readonly tags: readonly Tag[];
  readonly token: string | undefined;
  /** A stop that was asked for while a step ran. */
  stopping?: 'Cancel' | 'Complete';
}

/** Executions by their ids, the latest last. */
export const AUTOMATIONS = stateKey('automations', () => new Map<string, Automation>());
const ENDS = makeCourses<'Success' | 'Failed' | 'TimedOut', Readonly<Record<string, readonly string[]>>>('ends of steps');
const STEP_MS = 5_000;
const CANCEL_MS = 1_000;
const WAITING_ACTIONS: readonly (string | undefined)[] = ['aws:approve', 'aws:pause'];

/** Whether an execution has come to its end. */
export function automationEnded({ AutomationExecutionStatus: status = 'Pending' }: AutomationExecution): boolean {
  return ['Success', 'Failed', 'TimedOut', 'Cancelled', 'Rejected'].includes(status);
}

/** Lets an execution begin; its steps are done as time passes. Returns its id. */
export function beginAutomation(
  call: Call,
  document: SsmDocument,
  automation: Pick<Automation, 'tags' | 'token'> & { execution: AutomationExecution },
): string {
  const { place, now } = call;
  const id = idOf(place);
  const execution: AutomationExecution = {
    ...automation.execution,
    AutomationExecutionId: id,
    AutomationExecutionStatus: 'InProgress',
    ExecutionStartTime: new Date(now),
    ExecutedBy: call.principal.arn,
    StepExecutions: (document.steps ?? []).map((step) => pending(place, step)),
    StepExecutionsTruncated: false,
  };
  const one: Automation = { ...automation, document, execution };
  place.state(AUTOMATIONS).set(id, one);
  const comment = automation.tags.map(({ Key, Value }) => `${Key ?? ''}=${Value ?? ''}`).join(',');
  call.made({ kind: 'ssm.automation', id, target: document.name, token: automation.token, comment, detail: { parameters: execution.Parameters } });
  runStep(call, one, 0, now);
  return id;
}

function pending(place: Place, { name, action = 'aws:runCommand' }: DocumentStep): StepExecution {
  return { StepName: name, Action: action, StepStatus: 'Pending', StepExecutionId: idOf(place) };
}

function runStep(call: Call, one: Automation, index: number, at: number): void {
  const step = one.document.steps?.[index];
  if (!step) return end(one, 'Success', at);
  const waits = WAITING_ACTIONS.includes(step.action);
  changeStep(one, index, { StepStatus: waits ? 'Waiting' : 'InProgress', ExecutionStartTime: new Date(at) });
  Object.assign(one.execution, {
    AutomationExecutionStatus: waits ? 'Waiting' : 'InProgress',
    CurrentStepName: step.name,
    CurrentAction: step.action ?? 'aws:runCommand',
  });
  if (waits) return;
  happen(call, one, step, at);
  call.place.world.agenda.after(at, step.durationMs ?? STEP_MS, (then) => finishStep(call, one, index, then));
}

function happen(call: Call, { execution, token }: Automation, { effect, name }: DocumentStep, at: number): void {
  if (!effect) return;
  const targets = effect.parameter === undefined ? [execution.DocumentName ?? ''] : (execution.Parameters?.[effect.parameter] ?? []);
  for (const target of targets) call.effect({ kind: effect.kind, id: `${execution.AutomationExecutionId ?? ''}/${name}`, target, token, at });
}

function finishStep(call: Call, one: Automation, index: number, at: number): void {
  const step = one.document.steps?.[index];
  if (!step || automationEnded(one.execution) || one.stopping === 'Cancel') return;
  const parameters = one.execution.Parameters ?? {};
  const key = `${one.document.name}/${step.name}`;
  // The course of a step is its document's, so that a document that is put again begins anew.
  if (ENDS.get(call.place, key) !== step) ENDS.put(call.place, key, step);
  const status = ENDS.end(call.place, key, parameters, 'Success');
  changeStep(one, index, {
    StepStatus: status,
    ExecutionEndTime: new Date(at),
    ...(status !== 'Success' && { FailureMessage: `Step ${step.name}: ${status}` }),
  });
  if (status !== 'Success') return end(one, status, at, `Step fails when it is ${step.action ?? 'aws:runCommand'}: ${step.name}`);
  if (one.stopping === 'Complete') return end(one, 'Success', at);
  runStep(call, one, index + 1, at);
}

/** Goes on after a signal: the step that waits ends as it says. */
export function endWaiting(call: Call, one: Automation, approved: boolean): void {
  const index = waitingStep(one);
  changeStep(one, index, { StepStatus: approved ? 'Success' : 'Failed', ExecutionEndTime: new Date(call.now) });
  if (approved) runStep(call, one, index + 1, call.now);
  else end(one, 'Failed', call.now, `The step ${one.document.steps?.[index]?.name ?? ''} was rejected`);
}

/** Which step waits for a signal; -1 where none does. */
export function waitingStep({ execution }: Automation): number {
  return (execution.StepExecutions ?? []).findIndex(({ StepStatus }) => StepStatus === 'Waiting');
}

/** Stops an execution: before its step ends (Cancel) or after it (Complete). */
export function stopAutomation(call: Call, one: Automation, how: 'Cancel' | 'Complete'): void {
  one.stopping = how;
  const waiting = waitingStep(one) >= 0;
  if (how === 'Complete') return waiting ? end(one, 'Success', call.now) : undefined;
  one.execution.AutomationExecutionStatus = 'Cancelling';
  call.place.world.agenda.after(call.now, CANCEL_MS, (at) => {
    (one.execution.StepExecutions ?? []).forEach(({ StepStatus }, index) => {
      if (StepStatus !== 'Success') changeStep(one, index, { StepStatus: 'Cancelled', ExecutionEndTime: new Date(at) });
    });
    end(one, 'Cancelled', at);
  });
}

function changeStep(one: Automation, index: number, changes: Partial<StepExecution>): void {
  const steps = one.execution.StepExecutions ?? [];
  one.execution = { ...one.execution, StepExecutions: steps.map((step, i) => (i === index ? { ...step, ...changes } : step)) };
}

function end(one: Automation, status: AutomationExecutionStatus, at: number, message?: string): void {
  const { CurrentStepName: _step, CurrentAction: _action, ...rest } = one.execution;
  const ended = { AutomationExecutionStatus: status, ExecutionEndTime: new Date(at), ...(message !== undefined && { FailureMessage: message }) };
  one.execution = { ...(rest as AutomationExecution), ...ended };
}
