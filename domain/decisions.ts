import type { Decision, DecisionProblem, RecordedDecision } from './approval';
import { countApprovals } from './approval-rules';
import { defined } from './defined';
import { isRejectionCode, REJECTION_CODES } from './rejection';
import { STATE_LIMITS } from './incident-state';
import type { IncidentState, OpenProposal } from './incident-state';

/** Checks the shape of a decision that came from outside; anyone with access to Temporal can send anything. */
export function malformedDecision(value: unknown): DecisionProblem | undefined {
  const wrong = (message: string): DecisionProblem => ({ code: 'invalid_input', message });
  if (typeof value !== 'object' || value === null) return wrong('A decision is an object with incidentId, proposal, verdict and person.');
  const d = value as Record<string, unknown>;
  for (const key of ['incidentId', 'proposal', 'person', 'at', 'acceptBy'] as const) {
    if (typeof d[key] !== 'string' || d[key].length === 0 || d[key].length > 200) return wrong(`A decision needs "${key}" as text of at most 200 characters.`);
  }
  if (d['verdict'] !== 'approve' && d['verdict'] !== 'reject') return wrong('The verdict of a decision is "approve" or "reject".');
  const reason = malformedReason(d);
  if (reason !== undefined) return wrong(reason);
  if (d['signature'] !== undefined && (typeof d['signature'] !== 'string' || d['signature'].length > 200))
    return wrong('The signature of a decision is text of at most 200 characters.');
  if (d['breakGlass'] !== undefined && typeof d['breakGlass'] !== 'boolean') return wrong('"breakGlass" of a decision is true or false.');
  if (!isTextRecord(d['parameters'])) return wrong('Edited parameters are an object of at most 20 names with text values of at most 500 characters.');
  if (Number.isNaN(Date.parse(d['acceptBy'] as string))) return wrong('"acceptBy" is an ISO 8601 time.');
  return undefined;
}

function malformedReason({ verdict, reason, code }: Record<string, unknown>): string | undefined {
  if (reason !== undefined && (typeof reason !== 'string' || reason.length > 2000)) return 'The reason of a decision is text of at most 2,000 characters.';
  if (code !== undefined && (verdict !== 'reject' || !isRejectionCode(code)))
    return `The code of a rejection is one of ${REJECTION_CODES.join(', ')}; an approval has none.`;
  return undefined;
}

/** A well-formed decision with its own members only: whatever else came along would fill the history. */
export function plainDecision(decision: Decision): Decision {
  const { incidentId, proposal, verdict, parameters, person, breakGlass, reason, code, at, acceptBy, signature } = decision;
  return defined({ incidentId, proposal, verdict, parameters, person, breakGlass, reason, code, at, acceptBy, signature });
}

/** Checks a well-formed decision against the proposal that is open now. Times are epoch milliseconds. */
export function untimelyDecision(state: IncidentState, decision: Decision, now: number): DecisionProblem | undefined {
  const asked = state.asked;
  if (decision.incidentId !== state.incidentId)
    return { code: 'conflict', message: `This answer is for incident ${decision.incidentId}, not for ${state.incidentId}.` };
  if (asked?.state === 'expired') return { code: 'expired', message: 'The proposal has expired. Hand the incident back to get a new one.' };
  if (state.status !== 'awaiting-approval' || asked?.state !== 'open')
    return { code: 'conflict', message: `The incident is ${state.status}; no proposal waits for an answer.` };
  if (decision.proposal !== asked.proposal.digest) {
    return { code: 'stale_proposal', message: 'The proposal has changed since it was shown. Look at the new one and answer that.' };
  }
  if (now > asked.expiresAt) return { code: 'expired', message: 'The proposal has expired. Hand the incident back to get a new one.' };
  if (asked.decisions.length >= STATE_LIMITS.decisions)
    return { code: 'conflict', message: 'Too many answers came at once; look at the incident and send yours again.' };
  if (now > Date.parse(decision.acceptBy)) return { code: 'not_recorded', message: 'This answer came too late: its door had given up on it. Send it again.' };
  return undefined;
}

/** Where the answers to a proposal stand. A rejection outweighs approvals. */
export type Tally =
  | { readonly kind: 'rejected'; readonly decision: RecordedDecision }
  | { readonly kind: 'edited'; readonly decision: RecordedDecision }
  | { readonly kind: 'approved' }
  | { readonly kind: 'waiting'; readonly missing: number };

/** Counts the answers: distinct persons against the quorum; break-glass needs nobody else. */
export function tally(asked: OpenProposal): Tally {
  const rejected = asked.decisions.find((d) => d.verdict === 'reject');
  if (rejected) return { kind: 'rejected', decision: rejected };
  const edited = asked.decisions.find((d) => d.parameters !== undefined && !sameParameters(d.parameters, asked.proposal.parameters));
  if (edited) return { kind: 'edited', decision: edited };
  const { missing, reached } = countApprovals(asked.decisions, asked.policy.quorum);
  return reached ? { kind: 'approved' } : { kind: 'waiting', missing };
}

/** True where a proposal was, or is to be, begun without the answers of people. */
export function isUnasked(asked: OpenProposal): boolean {
  return asked.warrant !== undefined && tally(asked).kind !== 'approved';
}

/** True when two sets of parameters say the same. */
export function sameParameters(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => a[k] === b[k]);
}

function isTextRecord(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return entries.length <= 20 && entries.every(([k, v]) => k.length <= 100 && typeof v === 'string' && v.length <= 500);
}
