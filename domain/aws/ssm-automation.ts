import { said } from './ssm-finding';
import type { SsmFinding } from './ssm-finding';

/** An execution of an automation, as far as it is looked at. */
export interface AutomationSeen {
  readonly id: string;
  readonly document: string;
  readonly status: string;
  /** ISO. */
  readonly endedAt?: string;
  readonly failure?: string;
  readonly outputs: Readonly<Record<string, readonly string[]>>;
  readonly steps: readonly AutomationStepSeen[];
}

/** One of its steps. */
export interface AutomationStepSeen {
  readonly name: string;
  readonly action: string;
  readonly status: string;
  readonly failure?: string;
}

/** Key of the tag that an execution is found by. */
export function tokenTag(token: string): string {
  return `nightshift:${token}`;
}

const DONE: readonly string[] = ['Success', 'CompletedWithSuccess'];
const FAILED: readonly string[] = ['Failed', 'TimedOut', 'Cancelled', 'Rejected', 'CompletedWithFailure', 'ChangeCalendarOverrideRejected', 'Exited'];
/** What a person has to do before it goes on, by the step's action. */
const WAITS_FOR: Readonly<Record<string, string>> = { 'aws:approve': 'an approval', 'aws:pause': 'the signal to resume' };

/** What became of an execution. A status that is not known counts as under way until the execution has ended. */
export function automationFinding(seen: AutomationSeen): SsmFinding {
  const what = `the automation ${seen.id} of ${seen.document}`;
  const ended = seen.endedAt;
  if (DONE.includes(seen.status) && ended !== undefined) return { state: 'done', detail: `${what} succeeded${outputsText(seen)}`, at: ended };
  if (FAILED.includes(seen.status)) return { state: 'failed', detail: `${what} ended ${seen.status}${reasonText(seen)}` };
  if (ended !== undefined) return { state: 'ambiguous', detail: `${what} ended with the status ${seen.status}, which is not known here` };
  return { state: 'in-progress', detail: `${what} is ${seen.status}${waitingText(seen)}` };
}

/** Which execution a token began: the only one that was seen to bear it. */
export function onlyOne(ids: readonly string[], token: string): { readonly id?: string } | Extract<SsmFinding, { readonly detail: string }> {
  const [id, ...more] = ids;
  if (more.length > 0) return { state: 'ambiguous', detail: `${ids.join(' and ')} bear the token ${token}; look at them in Systems Manager` };
  return id === undefined ? {} : { id };
}

function outputsText({ outputs }: AutomationSeen): string {
  const all = Object.entries(outputs).map(([name, values]) => `${name}: ${values.join(', ')}`);
  return all.length === 0 ? '' : ` (${said(all.join('; '))})`;
}

function reasonText({ steps, failure, status }: AutomationSeen): string {
  const step = steps.find((each) => FAILED.includes(each.status) && each.status !== 'Cancelled') ?? steps.find((each) => each.status === status);
  const at = step === undefined ? '' : ` at the step ${step.name}`;
  const why = step?.failure ?? failure;
  return why === undefined ? at : `${at}: ${said(why)}`;
}

function waitingText({ status, steps }: AutomationSeen): string {
  const step = steps.find((each) => each.status === 'Waiting') ?? (status === 'PendingApproval' ? { name: '', action: 'aws:approve' } : undefined);
  if (step === undefined) return '';
  const named = step.name === '' ? '' : ` at the step ${step.name}`;
  return `${named}, waiting for ${WAITS_FOR[step.action] ?? 'a signal'} in Systems Manager`;
}
