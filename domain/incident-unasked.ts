import { formatDuration } from './duration';
import { askAgain } from './incident-answers';
import { announce, enter } from './incident-record';
import type { IncidentState, OpenProposal } from './incident-state';
import { targetId } from './inventory';
import { noteLeftAlone } from './ledger-lines';
import type { PolicyVerdict } from './proposal';
import type { AnswersFound } from './steps';

const SELF = 'nightshift';
/** Who lets something begin that nobody answered. */
const POLICY = 'policy';

/** Notes what would have been done; a person is told what is wrong and why, and asked for nothing. */
export function castShadow(state: IncidentState, now: number, cause: string): void {
  state.status = 'escalated';
  state.reason = `${cause}. Nightshift only watches here, and keeps to itself what it would have done.`;
  enter(state, now, SELF, 'escalated', state.reason);
  announce(state, 'escalated');
}

/** The proposal is carried out without an answer: at once, or after the time in which people may object, who are told of it. */
export function planUnasked(state: IncidentState, now: number, asked: OpenProposal): void {
  const { mode, vetoMs = 0, reason } = asked.policy;
  const actsAt = Math.max(now + (mode === 'veto' ? vetoMs : 0), asked.warrant?.notBefore ?? 0);
  state.asked = { ...asked, actsAt, expiresAt: Math.max(asked.expiresAt, actsAt) };
  state.status = 'awaiting-approval';
  if (mode !== 'veto') return;
  enter(state, now, POLICY, 'waiting', `Done at ${new Date(actsAt).toISOString()}, after ${formatDuration(vetoMs)}, unless a person objects. ${reason}`);
  announce(state, 'veto');
}

/** Nobody had to answer, or nobody objected: the remediation may begin. `prepare` asks everything again, and only then people are told that it began. */
export function beginUnasked(state: IncidentState, now: number): void {
  const asked = state.asked;
  if (!asked) return;
  const { proposal, policy } = asked;
  noteLeftAlone(state, now, 'unchanged');
  begin(state, asked);
  const on = `${proposal.runbook.title} on ${targetId(proposal.target)} begins`;
  enter(state, now, POLICY, 'remediating', `${on} ${policy.mode === 'veto' ? 'as nobody objected' : 'without an answer'}: ${authorityText(policy)}.`, {
    proposal: proposal.digest,
    mode: policy.mode,
    authority: policy.grantedBy === undefined ? 'record' : `grant of ${policy.grantedBy}`,
    ...(policy.confidence === undefined ? {} : { confidence: policy.confidence }),
    ...(policy.outcomes === undefined ? {} : { outcomes: policy.outcomes }),
  });
  announce(state, 'acting');
}

/** The proposal becomes a remediation on its target. */
export function begin(state: IncidentState, asked: OpenProposal): void {
  asked.state = 'approved';
  state.status = 'remediating';
  const { runbook, target } = asked.proposal;
  state.remediation = { workflowId: `remediation:${targetId(target)}`, target: targetId(target), runbook: `${runbook.id}@${runbook.version}`, effects: [] };
}

/** What let it act without an answer holds no more: people are asked, with all the time that a proposal has. */
export function askInstead(state: IncidentState, now: number, asked: OpenProposal, why: readonly string[], answers?: AnswersFound): void {
  const { actsAt: _actsAt, warrant: _warrant, ...plain } = asked;
  const policy: PolicyVerdict = { ...asked.policy, mode: 'approve', reason: `${asked.policy.reason} A person is asked now: ${why.join(' ')}` };
  const open: OpenProposal = { ...plain, policy, askedAt: now, expiresAt: now + policy.expireAfterMs, reminded: false };
  state.asked = open;
  askAgain(state, now, open, answers);
  announce(state, 'proposed');
}

/** By what a runbook acts, in words: the grant of a person, or its record. */
export function authorityText({ grantedBy, confidence, outcomes }: PolicyVerdict): string {
  const proven = confidence === undefined ? 'nothing is proven' : `${confidence.toFixed(3)} proven over ${String(outcomes ?? 0)} outcomes`;
  return grantedBy === undefined ? `by its record, ${proven}` : `by a grant of ${grantedBy}, ${proven}`;
}
