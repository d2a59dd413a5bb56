import type { RecordedDecision } from './approval';
import { countApprovals, decisionContext, hasRole, mayDecide, samePerson } from './approval-rules';
import { verifyStatement } from './approval-signature';
import { canonicalJson } from './canonical-json';
import { moreCautious } from './confidence/rungs';
import { formatDuration } from './duration';
import type { Role, Tier } from './names';
import { judge } from './policy';
import type { Policy } from './policy-types';
import type { Proposal, ProposalContent } from './proposal';
import { proposalDigest } from './propose';

/** What the decisions on a proposal are checked against; times are epoch milliseconds. */
export interface DecisionFacts {
  readonly proposal: Proposal;
  readonly policy: Policy;
  /** Tier of the service that is acted on. */
  readonly tier: Tier;
  readonly secret: Buffer;
  readonly allowUnverified: boolean;
  readonly now: number;
  /** Current role by person, from the keys; absent when the person has no valid key. */
  readonly roles: Readonly<Record<string, Role | undefined>>;
  /** Digest of the proposal that a person edited into this one. */
  readonly editedFrom?: string | undefined;
  /** That earlier proposal, where it is at hand: then only what follows from the parameters may differ. */
  readonly original?: ProposalContent | undefined;
}

/** Result for a whole set of decisions: no refusal means that they carry the action. `verified` says for each decision whether the door signed it. */
export interface DecisionsResult {
  readonly refusals: readonly string[];
  readonly verified: readonly boolean[];
  /** For each decision why it does not count; null where it does. */
  readonly findings: readonly (string | null)[];
  /** Approvals that policy wants now. */
  readonly needed: number;
}

/** Decisions, and where nobody had to answer what speaks against that now; then a quorum is not asked for. */
export interface GivenDecisions {
  readonly decisions: readonly RecordedDecision[];
  readonly unasked?: readonly string[] | undefined;
}

/**
 * Whether these decisions carry the proposal now: the proposal is what its digest says, policy still asks, nobody who may decide rejected it, and enough distinct persons
 * approved. A decision that does not count is passed over, so that a forged one can neither help nor harm; the refusals then say why it did not count.
 */
export function checkDecisions(facts: DecisionFacts & GivenDecisions): DecisionsResult {
  const { proposal, decisions, unasked } = facts;
  const verified = decisions.map((decision) => verifyStatement(facts.secret, decision));
  const findings = decisions.map((decision) => ({ decision, refusal: decisionRefusal(facts, decision) }));
  const valid = findings.filter(({ refusal }) => refusal === null).map(({ decision }) => decision);
  const verdict = judge(
    facts.policy,
    { runbook: proposal.runbook.id, environment: proposal.environment, service: proposal.suspect, tier: facts.tier },
    facts.now,
  );
  const rejections = valid.filter((decision) => decision.verdict === 'reject').map((decision) => `${decision.person} rejected this proposal.`);
  const count = countApprovals(valid, verdict.quorum);
  const refusals = [
    ...(proposalDigest(proposal) === proposal.digest ? [] : ['The proposal is not what its digest says.']),
    ...(moreCautious(verdict.mode, 'suggest') === verdict.mode ? [`Policy does not allow this any more. ${verdict.reason}`] : []),
    ...rejections,
    ...(count.reached
      ? []
      : (unasked ?? [
          ...new Set(findings.flatMap(({ refusal }) => refusal ?? [])),
          ...twice(valid),
          `${count.persons.length} of ${count.needed} needed approvals count.`,
        ])),
  ];
  return { refusals, verified, findings: findings.map(({ refusal }) => refusal), needed: count.needed };
}

/** Why one decision does not count, as a sentence; null when it does. */
export function decisionRefusal(facts: DecisionFacts, decision: RecordedDecision): string | null {
  const signed = verifyStatement(facts.secret, decision);
  return forgery(facts, decision, signed) ?? misfit(facts, decision) ?? lateness(facts, decision, signed) ?? overreach(facts, decision, signed);
}

function forgery(facts: DecisionFacts, decision: RecordedDecision, signed: boolean): string | null {
  if (signed) return null;
  if (decision.signature !== undefined) return `The signature on the answer of ${decision.person} does not fit its words.`;
  return facts.allowUnverified ? null : `The answer of ${decision.person} is not signed by a door that knows who it is.`;
}

function misfit(facts: DecisionFacts, decision: RecordedDecision): string | null {
  const { proposal } = facts;
  if (decision.incidentId !== proposal.incidentId) return `The answer of ${decision.person} is for incident ${decision.incidentId}.`;
  const edited = decision.parameters !== undefined;
  const sameParameters = !edited || canonicalJson(decision.parameters) === canonicalJson(proposal.parameters);
  if (!sameParameters) return `${decision.person} decided on other parameters.`;
  if (decision.proposal === proposal.digest || (edited && isEditOf(facts, decision.proposal))) return null;
  return `${decision.person} decided on another proposal (${decision.proposal.slice(0, 12)}).`;
}

/** True when the proposal is the one with this digest, but for its parameters and what is derived from them. */
function isEditOf(facts: DecisionFacts, digest: string): boolean {
  if (facts.editedFrom !== digest) return false;
  if (facts.original === undefined) return true;
  const core = (content: ProposalContent): string =>
    canonicalJson({ ...content, digest: undefined, parameters: undefined, preview: undefined, inverse: undefined });
  return proposalDigest(facts.original) === digest && core(facts.original) === core(facts.proposal);
}

function lateness(facts: DecisionFacts, decision: RecordedDecision, signed: boolean): string | null {
  const accepted = Date.parse(decision.acceptedAt);
  const { validForMs } = facts.policy.approvals;
  if (Number.isNaN(accepted)) return `The answer of ${decision.person} does not say when it was taken in.`;
  // The signed time bounds the unsigned one: an old statement cannot be given a new date of acceptance.
  if (signed && !(accepted <= Date.parse(decision.acceptBy))) return `The answer of ${decision.person} was taken in after its door had given up on it.`;
  if (facts.now - accepted > validForMs) return `The answer of ${decision.person} is older than ${formatDuration(validForMs)}; ask again.`;
  return null;
}

function overreach(facts: DecisionFacts, decision: RecordedDecision, signed: boolean): string | null {
  const role = Object.hasOwn(facts.roles, decision.person) ? facts.roles[decision.person] : undefined;
  if (signed && role === undefined) return `${decision.person} has no valid key any more.`;
  const context = decisionContext(facts.proposal, decision.breakGlass === true);
  const permission = mayDecide(facts.policy, { name: decision.person, role: signed ? (role ?? 'viewer') : unverifiedRole(role) }, context);
  return permission.allowed ? null : permission.reason;
}

/** An unsigned name proves nothing, so it is worth an approver at most: an admin's powers need the door. */
function unverifiedRole(role: Role | undefined): Role {
  return role === undefined || hasRole(role, 'approver') ? 'approver' : role;
}

function twice(decisions: readonly RecordedDecision[]): string[] {
  const approvals = decisions.filter((decision) => decision.verdict === 'approve');
  const again = approvals.filter((decision, i) => approvals.findIndex((other) => samePerson(other.person, decision.person)) < i);
  return [...new Set(again.map((decision) => `${decision.person} approved more than once and counts once.`))];
}
