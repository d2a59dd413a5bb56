import type { RecordedDecision } from './approval';
import type { RecordedClosing } from './closing';
import { defined } from './defined';
import { conditionName, firing, silent } from './incident-alerts';
import { actorOf, askAgain, strikeDecision } from './incident-answers';
import { announce, enter } from './incident-record';
import type { IncidentState, OpenProposal } from './incident-state';
import { STATE_LIMITS } from './incident-state';
import { isUnasked } from './decisions';
import { askInstead, begin, castShadow, planUnasked } from './incident-unasked';
import type { DoneByHand } from './incident-view';
import { attemptLine, noteDoneByHand, noteLeftAlone, noteUndoneByHand } from './ledger-lines';
import type { Assessment, EffectNote, RemediationResult, Revision } from './steps';
import { targetId } from './inventory';
import { endsBy, isForetold } from './prediction/foretold';
import { verdictText } from './wording';

const SELF = 'nightshift';

/** A person is needed: says why, and to whom it goes. */
export function escalate(state: IncidentState, now: number, reason: string): void {
  state.status = 'escalated';
  state.reason = reason;
  enter(state, now, SELF, 'escalated', reason);
  announce(state, 'escalated');
}

/** Asks people, as nothing will tell by itself whether the service is well again. */
export function escalateBlind(state: IncidentState, now: number): void {
  escalate(
    state,
    now,
    `No data of ${silent(state).map(conditionName).join(', ')} comes any more: whether it is well is not known. Look yourself, and close the incident when it is.`,
  );
}

/** Takes in what triage, diagnosis and policy said, and moves to what follows from it. */
export function applyAssessment(state: IncidentState, now: number, found: Assessment, selfHealMs: number): void {
  state.title = found.triage.title;
  state.affected = found.triage.affected;
  state.severity = found.triage.severity;
  state.cause = found.cause;
  state.diagnosis = found.diagnosis;
  const { impact, urgency, reasons } = found.triage;
  if (impact && urgency && reasons) state.triage = { impact, urgency, reasons };
  enter(state, now, SELF, 'triaged', `${found.triage.severity}: ${found.triage.title}. ${found.triage.affected}`, state.triage && { ...state.triage });
  const best = found.diagnosis.hypotheses[0];
  enter(state, now, SELF, 'diagnosed', best && found.diagnosis.verdict === 'determined' ? best.title : 'Undetermined: the evidence names no cause.', {
    cause: found.cause,
    evidence: found.diagnosis.evidenceDigest,
    hypotheses: found.diagnosis.hypotheses.map((h) => ({ id: h.id, score: h.score, supporting: h.supporting, contradicting: h.contradicting })),
    ...(found.diagnosis.choice === undefined ? {} : { choice: found.diagnosis.choice }),
    ...(found.diagnosis.advice === undefined ? {} : { from: found.diagnosis.advice.note, askPerson: found.diagnosis.advice.askPerson }),
  });
  applyPlan(state, now, found.plan, selfHealMs);
}

function applyPlan(state: IncidentState, now: number, plan: Assessment['plan'], selfHealMs: number): void {
  if (plan.kind === 'escalate') return escalate(state, now, plan.reason);
  if (!('proposal' in plan)) {
    state.status = 'diagnosed';
    state.reason = plan.reason;
    state.waitUntil = now + selfHealMs;
    enter(state, now, SELF, 'waiting', plan.reason);
    return announce(state, 'no-action');
  }
  const asked = openProposal(plan, now);
  state.asked = asked;
  enterProposal(state, now, asked);
  if (plan.kind === 'shadow') return castShadow(state, now, state.diagnosis?.hypotheses[0]?.title ?? 'A cause is known');
  if (plan.kind === 'suggest') {
    state.status = 'escalated';
    state.reason = `Policy only suggests here: ${plan.policy.reason}`;
    return announce(state, 'suggested');
  }
  if (asked.warrant !== undefined) return planUnasked(state, now, asked);
  state.status = 'awaiting-approval';
  announce(state, 'proposed');
}

const BEGINS_AS = { propose: 'open', suggest: 'suggested', shadow: 'shadowed' } as const;

type Proposing = Extract<Assessment['plan'], { readonly proposal: unknown }>;

function openProposal({ kind, proposal, policy, warrant }: Proposing, now: number): OpenProposal {
  const times = { askedAt: now, expiresAt: now + policy.expireAfterMs };
  return { proposal, policy, ...(warrant === undefined ? {} : { warrant }), ...times, decisions: [], reminded: false, state: BEGINS_AS[kind] };
}

function enterProposal(state: IncidentState, now: number, { proposal, policy, state: how }: OpenProposal): void {
  const { mode, reason, confidence, outcomes, grantedBy } = policy;
  enter(state, now, SELF, 'proposed', `${how === 'shadowed' ? 'Would have done: ' : ''}${proposal.runbook.title}: ${proposal.preview.join(' ')}`, {
    proposal: proposal.digest,
    runbook: `${proposal.runbook.id}@${proposal.runbook.version}`,
    target: targetId(proposal.target),
    ...defined({ mode, reason, confidence, outcomes, grantedBy }),
  });
}

/** A person edited the parameters: the checked proposal takes the place of the one that was shown. */
export function applyRevision(state: IncidentState, now: number, decision: RecordedDecision, revision: Revision): void {
  const asked = state.asked;
  if (!asked) return;
  if ('refused' in revision) {
    strikeDecision(state, now, decision, { reason: revision.refused, verified: revision.verified });
    // Somebody wanted it otherwise, so it is not done as it was for want of an answer.
    if (revision.verified && state.asked && isUnasked(state.asked))
      askInstead(state, now, state.asked, [`${decision.person} wanted other parameters, which cannot be had.`]);
    return;
  }
  const fallen = asked.decisions.filter((d) => d !== decision).map((d) => d.person);
  // What a person changed has no record of its own, so it waits for answers.
  const { actsAt: _actsAt, warrant: _warrant, ...plain } = asked;
  state.asked = { ...plain, proposal: revision.proposal, policy: revision.policy, editedFrom: asked.proposal.digest, decisions: [decision] };
  enter(state, now, actorOf(decision), 'proposed', `Changed by ${decision.person}: ${revision.proposal.preview.join(' ')}`, {
    proposal: revision.proposal.digest,
    editedFrom: asked.proposal.digest,
    ...(fallen.length === 0 ? {} : { fallen }),
  });
}

/** The quorum is there: the remediation may begin. */
export function beginRemediation(state: IncidentState, now: number): void {
  const asked = state.asked;
  if (!asked) return;
  noteLeftAlone(state, now, 'unchanged');
  begin(state, asked);
  const { runbook, target } = asked.proposal;
  enter(state, now, SELF, 'remediating', `${runbook.title} on ${targetId(target)} begins.`, { proposal: asked.proposal.digest });
  announce(state, 'approved');
}

/** The effects are done, and measuring begins. */
export function beginVerification(state: IncidentState, now: number, effects: readonly EffectNote[]): void {
  state.status = 'verifying';
  noteEffects(state, now, effects);
  enter(state, now, SELF, 'verifying', 'Measuring whether it helped.');
}

function noteEffects(state: IncidentState, now: number, effects: readonly EffectNote[]): void {
  const known = state.remediation?.effects ?? [];
  for (const effect of effects) {
    if (known.some((line) => line.startsWith(effect.token))) continue;
    enter(state, now, SELF, 'effect', `${effect.name}: ${effect.detail}${effect.found ? ' (found done by an earlier attempt)' : ''}`, {
      token: effect.token,
      step: effect.step,
    });
  }
  if (state.remediation) {
    const lines = effects.map((e) => `${e.token} ${e.name}: ${e.detail}`);
    state.remediation = { ...state.remediation, effects: [...known, ...lines.filter((l) => !known.includes(l))] };
  }
}

/** The remediation ended without saying how: something may have been done. */
export function breakOff(state: IncidentState, now: number, reason: string): void {
  if (state.remediation) state.remediation = { ...state.remediation, uncertain: true };
  state.heldBack = true;
  if (state.asked) state.pendingOutcome = attemptLine(state, state.asked, 'unknown');
  escalate(state, now, `The remediation broke off: ${reason}`);
}

/** What follows a remediation: how long a service that is well is watched (milliseconds), and whether the end of a prediction is awaited. */
interface Afterwards {
  readonly watchMs: number;
  readonly standsBy: boolean;
}

/** Takes in how a remediation ended. */
export function applyRemediation(state: IncidentState, now: number, result: RemediationResult, how: Afterwards): void {
  noteEffects(state, now, result.effects);
  if (result.kind === 'refused') return applyRefusal(state, now, result);
  if (result.kind === 'stopped' || result.kind === 'halted') state.heldBack = true;
  if (result.kind === 'stopped') {
    // Whoever asked for the stop is told by what follows from it.
    state.status = 'escalated';
    state.reason = `Stopped at a safe point: ${result.reason}`;
    return enter(state, now, SELF, 'refused', state.reason);
  }
  if (result.kind !== 'measured') {
    // What the kill switch stopped was not tried: the same remedy may be proposed again.
    if (result.kind !== 'halted') attempted(state, result.kind === 'failed' ? 'failed' : 'unknown');
    if (result.kind === 'ambiguous' && state.remediation) state.remediation = { ...state.remediation, uncertain: true };
    const what = {
      failed: 'The remediation failed',
      ambiguous: 'It is not known whether the remediation happened',
      halted: 'The kill switch stopped the remediation',
    }[result.kind];
    return escalate(state, now, `${what}: ${result.reason}`);
  }
  applyVerification(state, now, result, how);
}

function applyVerification(state: IncidentState, now: number, result: RemediationResult, { watchMs, standsBy }: Afterwards): void {
  const verification = result.verification;
  if (!verification) return escalate(state, now, 'The remediation ended without a measurement.');
  attempted(state, verification.verdict);
  const found = verdictText(verification.verdict, verification.reason);
  enter(state, now, SELF, 'verified', found);
  if (state.remediation) state.remediation = { ...state.remediation, verdict: verification.verdict, verification: verification.reason };
  if (result.undone) enter(state, now, SELF, 'undone', result.undone.reason, { done: result.undone.done, effects: result.undone.effects.map((e) => e.token) });
  if (verification.verdict === 'recovered') {
    state.fixedAt = now;
    state.wellSince = verification.after?.from ?? now;
    state.outcome = { kind: 'fixed', runbook: state.remediation?.runbook ?? '', summary: verification.reason };
    watch(state, now, watchMs);
    return announce(state, 'verified');
  }
  if (result.undone && !result.undone.done) return escalate(state, now, `It made things worse and could not be undone: ${result.undone.reason}`);
  if (standsBy && verification.foretold) return standBy(state, now, verification.reason);
  if (verification.verdict === 'partial' || verification.verdict === 'unknown') return escalate(state, now, found);
  state.status = 'triaged';
}

/** What was to come is provided for and not here: waits for the end of the prediction. Where trouble has come meanwhile, a new round looks at it. */
function standBy(state: IncidentState, now: number, reason: string): void {
  if (!isForetold(state.alerts)) {
    state.status = 'triaged';
    return;
  }
  state.status = 'watching';
  state.reason = reason;
  state.watchUntil = endsBy(state.alerts, now);
  enter(state, now, SELF, 'watching', `Watched until the end of what is predicted: ${firingNames(state)}.`);
}

/** While the end of a prediction was awaited, something else came: a new round looks at it. */
export function interrupt(state: IncidentState, now: number): void {
  enter(state, now, SELF, 'note', `Something has come while the end of what is predicted was awaited: ${firingNames(state)}.`);
  delete state.watchUntil;
  state.status = 'triaged';
}

/** No cause was found, and now something graver has come, by which it may be: a new round looks at it. */
export function lookAgain(state: IncidentState, now: number): void {
  enter(state, now, SELF, 'note', `Something graver has come, and the evidence is gathered again: ${firingNames(state)}.`);
  state.status = 'triaged';
}

/** A prediction was awaited for as long as it spoke of, and longer; it has neither ended nor come true. */
export function escalateUnended(state: IncidentState, now: number): void {
  delete state.watchUntil;
  escalate(state, now, `The time that was predicted is over, and the prediction still stands: ${firingNames(state)}. Look whether more is needed.`);
}

/** What was predicted is not expected any more, after a remedy that was meant for it. */
export function avert(state: IncidentState, now: number, watchMs: number): void {
  state.fixedAt = now;
  state.wellSince = now;
  const summary = 'What was predicted is not expected any more, and it has not come.';
  state.outcome = { kind: 'fixed', runbook: state.remediation?.runbook ?? '', summary };
  watch(state, now, watchMs);
}

function refusedFor({ refusals }: RemediationResult): string[] {
  return refusals.filter(({ kind }) => kind === 'approval').map(({ reason }) => reason);
}

function applyRefusal(state: IncidentState, now: number, result: RemediationResult): void {
  const asked = state.asked;
  enter(state, now, SELF, 'refused', result.reason, { kinds: result.refusals.map((r) => r.kind) });
  // Without valid answers nothing was asked for, so no brake matters yet: a forged answer must not end the proposal.
  if (asked && result.refusals.some((r) => r.kind === 'approval')) {
    return isUnasked(asked) ? askInstead(state, now, asked, refusedFor(result), result.answers) : askAgain(state, now, asked, result.answers);
  }
  if (state.pendingNotify === 'approved' || state.pendingNotify === 'acting') delete state.pendingNotify;
  if (asked) asked.state = 'refused';
  if (result.refusals.length > 0 && result.refusals.every((r) => r.kind === 'precondition')) {
    attempted(state, 'refused');
    state.status = 'triaged';
    return;
  }
  escalate(state, now, `Not done: ${result.reason}`);
}

/** Remembers what was tried, so that the next round tries something else. */
export function attempted(state: IncidentState, verdict: string): void {
  const asked = state.asked;
  if (!asked) return;
  const { hypothesis, runbook, parameters, round } = asked.proposal;
  state.attempts.push({ round, hypothesis, runbook: runbook.id, parameters, verdict });
  state.attempts.splice(0, Math.max(0, state.attempts.length - STATE_LIMITS.attempts));
  if (verdict === 'rejected' || verdict === 'refused') return;
  const ledger =
    verdict === 'recovered' || verdict === 'unchanged' || verdict === 'worse' || verdict === 'partial' || verdict === 'relapsed' || verdict === 'failed'
      ? verdict
      : 'unknown';
  state.pendingOutcome = attemptLine(state, asked, ledger);
}

/** Begins to watch a service that is well again. */
export function watch(state: IncidentState, now: number, watchMs: number): void {
  state.status = 'watching';
  state.watchUntil = now + watchMs;
  delete state.watchedOn;
  enter(state, now, SELF, 'watching', watchMs > 0 ? `Watched until ${new Date(now + watchMs).toISOString()}.` : 'Not watched: the configuration says 0.');
}

/** Watches on, as a condition that is over is told as ended only after a while. */
export function watchOn(state: IncidentState, now: number, until: number): void {
  state.watchUntil = until;
  state.watchedOn = true;
  enter(state, now, SELF, 'watching', `Watched until ${new Date(until).toISOString()}: ${whoTells(state)} has not told the end of ${firingNames(state)}.`);
}

/** The service is well without us: an open proposal falls. */
export function recoverUnaided(state: IncidentState, now: number, watchMs: number): void {
  if (state.asked?.state === 'open') {
    state.asked.state = 'withdrawn';
    enter(state, now, SELF, 'withdrawn', 'Every alert has ended; the proposal is withdrawn.');
  }
  noteLeftAlone(state, now, 'recovered');
  state.fixedAt = now;
  state.wellSince = now;
  state.outcome = { kind: 'recovered-unaided', summary: 'Every alert ended without an action of ours.' };
  watch(state, now, watchMs);
}

/** It came back while watched, or never went: counts against the runbook, and a new round begins. */
export function relapse(state: IncidentState, now: number, what = 'It came back'): void {
  enter(state, now, SELF, 'relapsed', `${what}: ${firingNames(state)}.`);
  if (state.outcome?.kind === 'fixed') {
    state.attempts.pop();
    attempted(state, 'relapsed');
  }
  if (state.outcome?.kind === 'recovered-unaided') noteLeftAlone(state, now, 'relapsed');
  if (state.outcome?.kind === 'resolved-by-person') noteUndoneByHand(state, state.outcome.byHand?.runbook);
  delete state.outcome;
  delete state.fixedAt;
  delete state.watchUntil;
  delete state.watchedOn;
  delete state.resolvedAt;
  state.status = 'triaged';
  announce(state, 'relapsed');
}

/** The incident ends. */
export function resolve(state: IncidentState, now: number): void {
  const open = firing(state).map(conditionName);
  const outcome = state.outcome?.summary ?? 'Resolved.';
  state.status = 'resolved';
  state.resolvedAt = now;
  state.reason = open.length > 0 ? `${outcome} No end was received for: ${open.join(', ')}.` : outcome;
  enter(state, now, SELF, 'resolved', state.reason);
  announce(state, 'resolved');
}

/** What a person asked for besides deciding. */
export interface Wish {
  readonly kind: 'take-over' | 'hand-back' | 'resolve';
  readonly person: string;
  readonly note: string;
  readonly byHand?: DoneByHand;
  /** The same as a door signed it. */
  readonly closing?: RecordedClosing;
}

/** Carries out a person's wish; an open proposal falls with each of them. */
export function carryOutWish(state: IncidentState, now: number, wish: Wish): void {
  const actor = `person:${wish.person}`;
  if (wish.kind !== 'hand-back') noteLeftAlone(state, now, 'unchanged');
  // Approved and not begun counts as open: the wish came together with the answer.
  if (state.asked && (state.asked.state === 'open' || state.status === 'remediating')) {
    state.asked.state = 'withdrawn';
    enter(state, now, actor, 'withdrawn', 'The proposal is withdrawn.');
  }
  if (wish.kind === 'take-over') {
    state.status = 'handed-over';
    state.takenBy = wish.person;
    state.wasTaken = true;
    enter(state, now, actor, 'handed-over', `${wish.person} has taken it. ${wish.note}`.trim());
    announce(state, 'handed-over');
  } else if (wish.kind === 'hand-back') {
    delete state.takenBy;
    state.status = 'triaged';
    enter(state, now, actor, 'handed-back', `${wish.person} gave it back. ${wish.note}`.trim());
  } else {
    noteDoneByHand(state, wish.byHand?.runbook, wish.closing);
    const byHand = wish.byHand === undefined ? {} : { byHand: wish.byHand };
    state.outcome = { kind: 'resolved-by-person', summary: `${wish.person}: ${wish.note}`, ...byHand };
    state.status = 'watching';
    state.watchUntil = now;
  }
}

function whoTells({ alerts }: IncidentState): string {
  return alerts.some(({ status, joined }) => status === 'firing' && joined !== undefined) ? 'its source' : 'the detector';
}

function firingNames(state: IncidentState): string {
  return firing(state)
    .map((a) => a.name)
    .join(', ');
}
