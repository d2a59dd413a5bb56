import { CancellationScope, getExternalWorkflowHandle, isCancellation, log, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import { queueOf } from '../domain/actions/queue';
import type { AuditHead } from '../domain/audit';
import type {
  CallOffInput,
  EffectNote,
  ExecuteInput,
  Executed,
  PrepareInput,
  Prepared,
  PreparedStep,
  RemediationInput,
  RemediationResult,
} from '../domain/steps';
import type { Verification } from '../domain/verification';
import { progressSignal, stopSignal } from './messages';
import { activityOptions, mustUnderstand, remediationActivities, rootMessage } from './support';

/**
 * One execution of a runbook on one target. Its workflow id is the target's, so that two never run at once: it holds that lock
 * from the preconditions through verification and inverse. A safe point is between two steps.
 */
export async function remediation(input: RemediationInput): Promise<RemediationResult> {
  mustUnderstand('remediation', input);
  let stop: string | undefined;
  // Anybody with access to Temporal can send anything, and a handler that throws would block the workflow.
  setHandler(stopSignal, (message: unknown) => void (stop ??= reasonOf(message)), { description: 'Stop at the next safe point.' });

  const prepared = await prepare(input, { undo: false });
  const base = { refusals: prepared.refusals, ...(prepared.answers ? { answers: prepared.answers } : {}), ...(prepared.head ? { head: prepared.head } : {}) };
  if (prepared.refusals.length > 0) {
    return { kind: 'refused', reason: prepared.refusals.map((r) => r.reason).join(' '), effects: [], ...base };
  }
  const done = await carryOut(input, prepared.steps, () => stop);
  if (done.kind !== 'done') return { kind: done.kind, reason: done.reason, effects: done.effects, ...base };

  await tellParent(input, done.effects);
  const verification = await verify(input, prepared, lastAt(done.effects));
  const undone = prepared.undoOn.includes(verification.verdict) ? await undo(input) : undefined;
  return { kind: 'measured', reason: verification.reason, effects: done.effects, verification, ...(undone ? { undone } : {}), ...base };
}

function reasonOf(message: unknown): string {
  const reason = typeof message === 'object' && message !== null && 'reason' in message ? message.reason : undefined;
  return typeof reason === 'string' ? reason.slice(0, 500) : 'somebody asked for it, without a reason.';
}

type CarriedOut = {
  readonly kind: 'done' | 'stopped' | 'failed' | 'ambiguous' | 'halted' | 'refused';
  readonly reason: string;
  readonly effects: EffectNote[];
};

async function prepare(input: RemediationInput, { undo }: { undo: boolean }): Promise<Prepared & { head?: AuditHead }> {
  const options = activityOptions(input.settings.activity.quick, undo ? 'Prepare the inverse' : `Prepare ${input.proposal.runbook.title}`);
  const request: PrepareInput = {
    proposal: input.proposal,
    decisions: input.decisions,
    allowUnverified: input.settings.allowUnverified,
    undo,
    ...(input.editedFrom === undefined ? {} : { editedFrom: input.editedFrom }),
    ...(input.warrant === undefined ? {} : { warrant: input.warrant }),
    ...(undo ? {} : { transition: input.transition }),
  };
  return remediationActivities(options).prepare(request);
}

async function carryOut(input: RemediationInput, steps: readonly PreparedStep[], stopped: () => string | undefined): Promise<CarriedOut> {
  const { next, ...ended } = await inOrder(input, steps, stopped);
  if (input.schemaVersion >= 2) await giveUp(input, steps.slice(next), whyGivenUp(ended, steps[next - 1]));
  return ended;
}

/** `next`: the first step that was not tried. */
async function inOrder(
  input: RemediationInput,
  steps: readonly PreparedStep[],
  stopped: () => string | undefined,
): Promise<CarriedOut & { readonly next: number }> {
  const effects: EffectNote[] = [];
  const { graceMs, heartbeatMs, ...retry } = input.settings.activity.effect;
  for (const [index, step] of steps.entries()) {
    const reason = stopped();
    if (reason !== undefined) return { kind: 'stopped', reason, effects, next: index };
    const next = index + 1;
    const taskQueue = queueOf(step.action, workflowInfo().taskQueue);
    // Whoever cancels it waits until what was begun has been asked to stop: the lock is held as long as anything is under way.
    const own = { heartbeatTimeout: heartbeatMs, cancellationType: 'WAIT_CANCELLATION_COMPLETED', ...(taskQueue === undefined ? {} : { taskQueue }) } as const;
    const options = { ...activityOptions({ ...retry, timeoutMs: step.timeoutMs + graceMs }, step.name), ...own };
    const request = requestOf(input, step);
    const { result, broken } = await executed(input, request, remediationActivities(options).execute);
    if (result.state === 'done') effects.push({ step: step.id, name: step.name, token: step.token, detail: result.detail, found: result.found, at: result.at });
    // What was done by then is neither refused nor measured.
    const cut = broken ?? (input.schemaVersion >= 2 && result.state === 'refused' ? `not carried on (${result.detail})` : undefined);
    if (cut !== undefined && effects.length > 0 && (result.state === 'done' || result.state === 'refused')) {
      return { kind: 'ambiguous', reason: `${cut} after ${effects.map(({ name }) => name).join(', ')}, and not measured.`, effects, next };
    }
    if (result.state !== 'done') return { kind: result.state, reason: result.detail, effects, next };
  }
  return { kind: 'done', reason: '', effects, next: steps.length };
}

function requestOf({ proposal }: RemediationInput, step: PreparedStep): ExecuteInput {
  const { environment, suspect, target, incidentId } = proposal;
  return { incidentId, environment, service: suspect, target, step };
}

function whyGivenUp({ kind }: CarriedOut, last: PreparedStep | undefined): string {
  return kind === 'stopped' || last === undefined ? kind : `given up (${last.name}: ${kind})`;
}

/** Steps that nobody comes to any more: their intents do not stay open. What came of the steps before is told in any case. */
async function giveUp(input: RemediationInput, steps: readonly PreparedStep[], why: string): Promise<void> {
  for (const step of steps) {
    try {
      await calledOff(input, { ...requestOf(input, step), stop: false, why });
    } catch (error) {
      log.warn('The intent of a step that is not carried out stays open', { step: step.name, error: rootMessage(error) });
    }
  }
}

function calledOff(input: RemediationInput, request: CallOffInput): Promise<Executed> {
  const { callOff } = remediationActivities(activityOptions(input.settings.activity.gather, `Call off: ${request.step.name}`));
  return CancellationScope.nonCancellable(() => callOff(request));
}

/** Carries a step out. Where it is cancelled, or its attempts are used up, it is called off: what was begun does not stay open in the store, and the incident is told what is known. `broken` says why nothing follows. */
async function executed(
  input: RemediationInput,
  request: ExecuteInput,
  execute: (request: ExecuteInput) => Promise<Executed>,
): Promise<{ readonly result: Executed; readonly broken?: string }> {
  try {
    return { result: await execute(request) };
  } catch (error) {
    if (input.schemaVersion < 2) throw error;
    const stop = isCancellation(error);
    const why = stop ? 'cancelled' : `given up (${rootMessage(error)})`;
    const result = await calledOff(input, { ...request, stop, why });
    return { result, ...(stop || result.state === 'refused' ? { broken: why } : {}) };
  }
}

/** A parent that is gone does not stop the verification: somebody may have terminated it, and the effect still needs its proof. */
async function tellParent(input: RemediationInput, effects: readonly EffectNote[]): Promise<void> {
  const { incidentId, round } = input.proposal;
  try {
    await getExternalWorkflowHandle(input.parentWorkflowId).signal(progressSignal, { incidentId, round, effects });
  } catch (error) {
    log.warn('The incident did not take the progress of its remediation', { error: String(error) });
  }
}

async function verify(input: RemediationInput, prepared: Prepared, effectAt: number): Promise<Verification> {
  const { probe } = prepared;
  const giveUpAt = effectAt + probe.timeoutMs;
  const { environment, service, incidentId } = input.proposal;
  const measure = remediationActivities(activityOptions(input.settings.activity.gather, `Measure ${service}`)).measure;
  await sleep(Math.max(1, effectAt + probe.settleMs + probe.windowMs - Date.now()), { summary: 'Let the effect settle, then measure' });
  for (;;) {
    const found = await measure({ incidentId, environment, service, evidence: input.evidence, alerts: input.alerts, effectAt, plan: probe });
    if (!found.inconclusive || Date.now() + probe.windowMs > giveUpAt) return found;
    await sleep(probe.windowMs, { summary: 'Not enough was measured yet' });
  }
}

async function undo(input: RemediationInput): Promise<NonNullable<RemediationResult['undone']>> {
  const prepared = await prepare(input, { undo: true });
  if (prepared.refusals.length > 0) return { done: false, reason: prepared.refusals.map((r) => r.reason).join(' '), effects: [] };
  const done = await carryOut(input, prepared.steps, () => undefined);
  return { done: done.kind === 'done', reason: done.kind === 'done' ? 'The change made things worse and was undone.' : done.reason, effects: done.effects };
}

function lastAt(effects: readonly EffectNote[]): number {
  return Math.max(...effects.map((e) => e.at));
}
