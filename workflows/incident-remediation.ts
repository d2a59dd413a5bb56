import { CancellationScope, condition, isCancellation, log, ParentClosePolicy, startChild } from '@temporalio/workflow';
import type { ChildWorkflowHandle } from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import * as moves from '../domain/incident-moves';
import { enter, transitionOf } from '../domain/incident-record';
import { isUnasked } from '../domain/decisions';
import { askInstead } from '../domain/incident-unasked';
import type { Progress, RemediationInput, RemediationResult } from '../domain/steps';
import { WORKFLOW_VERSIONS } from '../domain/workflow-versions';
import type { IncidentFlow } from './incident-flow';
import { stopSignal } from './messages';
import type { remediation } from './remediation';
import { Deadline, incidentActivities, rootMessage } from './support';

/** Runs the approved remedy as a child that holds the target, and takes in how it ended. */
export async function remediate(flow: IncidentFlow): Promise<void> {
  const { state } = flow;
  const { asked, evidence } = state;
  if (!asked || !evidence) return moves.escalate(state, Date.now(), 'The proposal is gone.');
  flow.publish();
  // Progress that came together with the end of an earlier round.
  delete flow.box.progress;
  const transition = transitionOf(state, Date.now());
  const child = await startRemediation(flow, {
    schemaVersion: WORKFLOW_VERSIONS.remediation.written,
    parentWorkflowId: state.workflowId,
    proposal: asked.proposal,
    decisions: asked.decisions,
    evidence,
    alerts: state.alerts,
    settings: flow.input.settings,
    transition,
    ...(asked.editedFrom === undefined ? {} : { editedFrom: asked.editedFrom }),
    ...(asked.warrant !== undefined && isUnasked(asked) ? { warrant: asked.warrant } : {}),
  });
  if (!child) return;
  const result = await followToTheEnd(flow, child);
  if (typeof result === 'string') {
    moves.breakOff(state, Date.now(), result);
  } else {
    if (result.head) flow.confirmed(transition, result.head);
    moves.applyRemediation(state, Date.now(), result, { watchMs: flow.input.settings.watchMs, standsBy: flow.standsBy });
  }
  // The next step writes these entries with its own: a new round gathers, and an incident that is not watched closes.
  const writtenNext = state.status === 'triaged' || (state.status === 'watching' && state.outcome !== undefined && flow.input.settings.watchMs <= 0);
  if (!writtenNext) await flow.flush();
}

/** Another incident may hold the target: its id is taken then, and this one tries again on a durable timer. */
async function startRemediation(flow: IncidentFlow, args: RemediationInput): Promise<ChildWorkflowHandle<typeof remediation> | undefined> {
  const { state } = flow;
  const { lockRetry } = flow.input.settings;
  const workflowId = state.remediation?.workflowId ?? '';
  let pause = lockRetry.firstMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      // Cancelling the incident asks the remediation to stop at a safe point; it must not cut an effect in two.
      return await CancellationScope.nonCancellable(() =>
        startChild<typeof remediation>('remediation', {
          workflowId,
          args: [args],
          parentClosePolicy: ParentClosePolicy.ABANDON,
          staticSummary: `${args.proposal.runbook.title} on ${args.proposal.suspect}`,
          staticDetails: `For incident ${state.incidentId}, round ${String(state.round)}.`,
        }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    if (state.asked && isUnasked(state.asked)) {
      askInstead(state, Date.now(), state.asked, ['Another incident holds the target, and what it does may mend this too.']);
      await flow.flush();
      return undefined;
    }
    if (attempt === 1) {
      enter(state, Date.now(), 'nightshift', 'waiting', `Another incident holds ${workflowId}; waiting for it.`);
      await flow.flush();
    }
    await pauseFor(flow, pause, workflowId);
    pause = Math.min(pause * 2, lockRetry.maxMs);
    if (flow.box.wish) {
      if (state.asked) state.asked.state = 'withdrawn';
      moves.escalate(state, Date.now(), 'Stopped while waiting for the target.');
      return undefined;
    }
  }
}

async function pauseFor(flow: IncidentFlow, ms: number, workflowId: string): Promise<void> {
  const timer = new Deadline(ms, `Waiting for ${workflowId}`);
  await condition(() => timer.fired || flow.box.wish !== undefined);
  timer.cancel();
  if (flow.due()) await flow.flush();
}

/** Somebody cancelled the incident: what was begun ends at its safe point, so that history and target agree. */
async function followToTheEnd(flow: IncidentFlow, child: ChildWorkflowHandle<typeof remediation>): Promise<RemediationResult | string> {
  try {
    return await follow(flow, child);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return CancellationScope.nonCancellable(async () => {
      await stop(child, 'The incident was cancelled.');
      return child.result().catch(rootMessage);
    });
  }
}

async function follow(flow: IncidentFlow, child: ChildWorkflowHandle<typeof remediation>): Promise<RemediationResult | string> {
  const { box, state } = flow;
  let result: RemediationResult | string | undefined;
  void child.result().then(
    (r) => (result = r),
    (error: unknown) => (result = rootMessage(error)),
  );
  let stopping = false;
  for (;;) {
    await condition(() => result !== undefined || box.progress !== undefined || flow.due() || (box.wish !== undefined && !stopping));
    if (result !== undefined) return result;
    if (box.wish && !stopping) {
      stopping = true;
      await stop(child, `${box.wish.person} took the incident over.`);
    }
    if (box.progress && state.status === 'remediating') await takeProgress(flow, box.progress);
    delete box.progress;
    await flow.flush();
  }
}

/** A signal proves nothing: what it reports counts where the store knows of it. The remediation's own result, which only Temporal can give, comes later. */
async function takeProgress(flow: IncidentFlow, progress: Progress): Promise<void> {
  const { state } = flow;
  const proposal = state.asked?.proposal;
  if (!proposal || !flow.looksUp) return moves.beginVerification(state, Date.now(), progress.effects);
  const { confirmEffects } = incidentActivities(flow.input.settings.activity.quick, 'Look whether the effects are recorded');
  const confirmed = await confirmEffects({ proposal, effects: progress.effects });
  if (confirmed.length > 0 && confirmed.length === progress.effects.length) return moves.beginVerification(state, Date.now(), confirmed);
  enter(state, Date.now(), 'unknown', 'note', 'A message reported effects of the remediation that are not recorded as done; it does not count.');
}

async function stop(child: ChildWorkflowHandle<typeof remediation>, reason: string): Promise<void> {
  try {
    await child.signal(stopSignal, { reason });
  } catch (error) {
    log.warn('The remediation ended before it could be stopped', { error: String(error) });
  }
}
