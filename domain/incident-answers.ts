import type { DecisionProblem, RecordedDecision } from './approval';
import { samePerson } from './approval-rules';
import { tally } from './decisions';
import { announce, enter } from './incident-record';
import { rejectionText } from './rejection';
import type { IncidentState, OpenProposal } from './incident-state';
import type { AnswersFound } from './steps';

/** How a person's answer is named in the history: one that carries a signature by name, any other as unverified. */
export function actorOf(decision: RecordedDecision): string {
  return `${decision.signature === undefined ? 'unverified' : 'person'}:${decision.person}`;
}

/**
 * Notes a decision in history and proposal. A second answer of one person that says the same does not count, and is noted as refused; unless it is the very same one it is kept, as
 * the first may turn out to be forged. An unsigned answer does not stand in for a signed one.
 */
export function takeDecision(state: IncidentState, now: number, decision: RecordedDecision): DecisionProblem | undefined {
  const asked = state.asked;
  if (!asked) return undefined;
  const before = asked.decisions.find((known) => standsFor(known, decision));
  if (before) {
    if (!isSame(before, decision)) asked.decisions.push(decision);
    const message = `${decision.person} has answered this already, and one person counts once.`;
    enter(state, now, actorOf(decision), 'decision-refused', `The answer of "${decision.person}" does not count: ${message}`, { proposal: decision.proposal });
    return { code: 'conflict', message };
  }
  asked.decisions.push(decision);
  const what = decision.verdict === 'approve' ? 'Approved' : 'Rejected';
  const why = rejectionText(decision.code, decision.reason);
  enter(state, now, actorOf(decision), 'decision', `${what} by ${decision.person}${why === '' ? '.' : `: ${why}`}`, {
    proposal: decision.proposal,
    verdict: decision.verdict,
    via: decision.via,
    ...(decision.parameters === undefined ? {} : { parameters: decision.parameters }),
    ...(decision.code === undefined ? {} : { code: decision.code }),
    ...(decision.breakGlass === true ? { breakGlass: true } : {}),
  });
  return undefined;
}

/** The glass was broken by somebody who may: everyone is told. */
export function breakGlass(state: IncidentState, now: number, decision: RecordedDecision): void {
  enter(state, now, actorOf(decision), 'break-glass', `BREAK-GLASS: ${decision.person} goes past scope and quorum.`, { proposal: decision.proposal });
  announce(state, 'break-glass');
}

function standsFor(known: RecordedDecision, decision: RecordedDecision): boolean {
  const alike = samePerson(known.person, decision.person) && known.verdict === decision.verdict && known.breakGlass === decision.breakGlass;
  return (
    alike && JSON.stringify(known.parameters) === JSON.stringify(decision.parameters) && (known.signature !== undefined || decision.signature === undefined)
  );
}

function isSame(a: RecordedDecision, b: RecordedDecision): boolean {
  return a.person === b.person && a.verdict === b.verdict && a.signature === b.signature && JSON.stringify(a.parameters) === JSON.stringify(b.parameters);
}

/** Strikes an answer that does not count. A signature that does not fit names nobody. */
export function strikeDecision(
  state: IncidentState,
  now: number,
  decision: RecordedDecision,
  refusal: { readonly reason: string; readonly verified: boolean },
): void {
  const asked = state.asked;
  if (!asked) return;
  asked.decisions = asked.decisions.filter((d) => d !== decision);
  const actor = refusal.verified ? actorOf(decision) : `unverified:${decision.person}`;
  enter(state, now, actor, 'decision-refused', `The answer of "${decision.person}" does not count: ${refusal.reason}`, { proposal: decision.proposal });
}

/**
 * The answers did not carry the action: strikes those that do not count, keeps the others, and asks again. People whose signed answer had been taken in are told, as they
 * were told that it begins; a forged answer is only noted.
 */
export function askAgain(state: IncidentState, now: number, asked: OpenProposal, found: AnswersFound | undefined): void {
  const given = asked.decisions;
  asked.state = 'open';
  state.status = 'awaiting-approval';
  if (state.pendingNotify === 'approved' || state.pendingNotify === 'acting') delete state.pendingNotify;
  given.forEach((decision, i) => {
    const answer = found?.answers[i];
    if (answer && answer.refusal !== null) strikeDecision(state, now, decision, { reason: answer.refusal, verified: answer.verified });
  });
  const again: OpenProposal = { ...asked, policy: { ...asked.policy, quorum: found?.needed ?? asked.policy.quorum } };
  // What counted and did not suffice would be refused the same way again.
  if (tally(again).kind !== 'waiting') again.decisions = [];
  state.asked = again;
  if (given.length === 0 || found?.answers.some((answer) => answer.verified)) announce(state, 'reminder');
}
