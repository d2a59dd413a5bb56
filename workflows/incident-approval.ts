import { tally } from '../domain/decisions';
import { breakGlass, strikeDecision } from '../domain/incident-answers';
import * as moves from '../domain/incident-moves';
import { announce, enter } from '../domain/incident-record';
import { askInstead, beginUnasked } from '../domain/incident-unasked';
import type { OpenProposal } from '../domain/incident-state';
import { isForetold } from '../domain/prediction/foretold';
import { rejectionText } from '../domain/rejection';
import type { IncidentFlow } from './incident-flow';
import { Deadline, incidentActivities } from './support';

/** Waits for an answer, reminds once, and gives the proposal up when nobody answers. Waiting costs one timer, however long. */
export async function awaitApproval(flow: IncidentFlow): Promise<void> {
  const { state } = flow;
  const asked = state.asked;
  if (!asked) return moves.escalate(state, Date.now(), 'The proposal is gone.');
  if (asked.actsAt !== undefined) return awaitObjection(flow, asked, asked.actsAt);
  const remindAt = asked.askedAt + asked.policy.remindAfterMs;
  const wakeAt = asked.reminded ? asked.expiresAt : Math.min(remindAt, asked.expiresAt);
  const timer = new Deadline(wakeAt - Date.now(), asked.reminded ? 'The proposal expires' : 'Remind the approvers');
  try {
    await flow.until(() => timer.fired || tally(asked).kind !== 'waiting' || flow.healed());
  } finally {
    timer.cancel();
  }
  if (tally(asked).kind !== 'waiting') return answer(flow, asked);
  if (timer.fired) return remindOrExpire(flow, asked);
  if (flow.healed()) await withdrawWhenQuiet(flow, asked);
}

/** Waits as long as people may object; an approval begins it at once, the end of every alert makes it needless. */
async function awaitObjection(flow: IncidentFlow, asked: OpenProposal, actsAt: number): Promise<void> {
  const left = actsAt - Date.now();
  const timer = left > 0 ? new Deadline(left, 'It is done then, unless a person objects') : undefined;
  const over = (): boolean => timer?.fired ?? true;
  try {
    await flow.until(() => over() || tally(asked).kind !== 'waiting' || flow.healed());
  } finally {
    timer?.cancel();
  }
  if (tally(asked).kind !== 'waiting') return answer(flow, asked);
  if (flow.healed()) return withdrawWhenQuiet(flow, asked);
  if (!over() || flow.box.wish) return;
  if (!isForetold(flow.state.alerts)) return beginUnasked(flow.state, Date.now());
  askInstead(flow.state, Date.now(), asked, ['What was broken has ended, and the rest is only predicted.']);
  await flow.flush();
}

/** Alerts end for a moment whenever a process starts anew; a proposal falls only when the quiet lasts as long as a verification. */
async function withdrawWhenQuiet(flow: IncidentFlow, asked: OpenProposal): Promise<void> {
  const { verification, watchMs } = flow.input.settings;
  const quiet = new Deadline(verification.settleMs + verification.windowMs, 'Every alert has ended; does it stay quiet?');
  try {
    await flow.until(() => quiet.fired || !flow.healed() || tally(asked).kind !== 'waiting');
  } finally {
    quiet.cancel();
  }
  if (!quiet.fired || tally(asked).kind !== 'waiting' || !flow.healed()) return;
  moves.recoverUnaided(flow.state, Date.now(), watchMs);
  await flow.flush();
}

async function answer(flow: IncidentFlow, asked: OpenProposal): Promise<void> {
  const { state } = flow;
  const { activity, allowUnverified } = flow.input.settings;
  const where = tally(asked);
  if (where.kind === 'waiting') return;
  // Approvals are verified by `prepare`, in the transaction that writes the intent; only the other answers need a look of their own.
  if (where.kind === 'approved') {
    if (await glassHolds(flow, asked)) moves.beginRemediation(state, Date.now());
    return;
  }
  const { decision } = where;
  const acts = incidentActivities(activity.quick, `Check the answer of ${decision.person}`);
  if (where.kind === 'edited') {
    moves.applyRevision(state, Date.now(), decision, await acts.revise({ proposal: asked.proposal, decision, allowUnverified }));
    return flow.flush();
  }
  const editedFrom = asked.editedFrom === undefined ? {} : { editedFrom: asked.editedFrom };
  const refusal = await acts.checkDecision({ proposal: asked.proposal, decision, allowUnverified, ...editedFrom });
  if (refusal !== null) {
    strikeDecision(state, Date.now(), decision, refusal);
  } else {
    asked.state = 'rejected';
    moves.attempted(state, 'rejected');
    const why = rejectionText(decision.code, decision.reason);
    moves.escalate(state, Date.now(), `${decision.person} rejected the proposal${why === '' ? '.' : `: ${why}`}`);
  }
  await flow.flush();
}

/** Breaking the glass is told loudly, so it is checked before it is told; false when it was struck, as then nothing may begin. */
async function glassHolds(flow: IncidentFlow, asked: OpenProposal): Promise<boolean> {
  const { state } = flow;
  const decision = asked.decisions.find((d) => d.breakGlass === true && d.verdict === 'approve');
  if (!decision || !flow.looksUp) return true;
  const { activity, allowUnverified } = flow.input.settings;
  const { checkDecision } = incidentActivities(activity.quick, `Check the break-glass of ${decision.person}`);
  const editedFrom = asked.editedFrom === undefined ? {} : { editedFrom: asked.editedFrom };
  const refusal = await checkDecision({ proposal: asked.proposal, decision, allowUnverified, ...editedFrom });
  if (refusal === null) {
    breakGlass(state, Date.now(), decision);
    return true;
  }
  strikeDecision(state, Date.now(), decision, refusal);
  await flow.flush();
  return false;
}

async function remindOrExpire(flow: IncidentFlow, asked: OpenProposal): Promise<void> {
  const { state } = flow;
  const now = Date.now();
  if (now >= asked.expiresAt) {
    asked.state = 'expired';
    enter(state, now, 'nightshift', 'expired', 'Nobody answered in time; the proposal has expired.');
    moves.escalate(state, now, `Nobody answered; this goes to ${asked.policy.escalateTo}.`);
  } else {
    asked.reminded = true;
    enter(state, now, 'nightshift', 'reminded', `Reminded; the proposal expires at ${new Date(asked.expiresAt).toISOString()}.`);
    announce(state, 'reminder');
  }
  await flow.flush();
}
