import type { Decision } from './approval';
import type { ErrorCode } from './errors';
import { ROLES } from './names';
import type { Role } from './names';
import { covers } from './policy';
import type { Policy } from './policy-types';
import type { Proposal } from './proposal';

/** What a decision is about: the service that is acted on, its environment, and the author of the suspected change. */
export interface DecisionContext {
  readonly environment: string;
  readonly service: string;
  readonly author?: string | undefined;
  readonly breakGlass: boolean;
}

/** Whether a person may decide; the reason is a sentence for that person. */
export type Permission = { readonly allowed: true } | { readonly allowed: false; readonly code: ErrorCode; readonly reason: string };

/** Where the approvals of a proposal stand. */
export interface ApprovalCount {
  /** Distinct persons who approved, in order. */
  readonly persons: readonly string[];
  readonly needed: number;
  readonly missing: number;
  readonly reached: boolean;
}

/** Context of a decision on a proposal: scopes are asked about the service that is acted on. */
export function decisionContext(proposal: Proposal, breakGlass: boolean): DecisionContext {
  return { environment: proposal.environment, service: proposal.suspect, author: proposal.author, breakGlass };
}

/** Whether a person may decide: role, scope and authorship; break-glass, where it is on and the role suffices, waives scope and authorship. */
export function mayDecide(policy: Policy, person: { readonly name: string; readonly role: Role }, context: DecisionContext): Permission {
  const { approvals } = policy;
  if (context.breakGlass) return mayBreakGlass(policy, person);
  if (!hasRole(person.role, 'approver')) return forbidden(`${person.name} has the role ${person.role}; only an approver or an admin may decide.`);
  const inScope = approvals.approvers.some(
    (scope) =>
      covers(scope, context) &&
      (scope.person === undefined || samePerson(scope.person, person.name)) &&
      (scope.role === undefined || hasRole(person.role, scope.role)) &&
      (scope.person !== undefined || scope.role !== undefined),
  );
  if (approvals.approvers.length > 0 && !inScope) {
    return forbidden(`${person.name} is not an approver for ${context.service} in ${context.environment}; see policy.approvals.approvers.`);
  }
  if (approvals.notAuthor && context.author !== undefined && samePerson(context.author, person.name)) {
    return forbidden(`${person.name} is the author of the suspected change, and policy asks for somebody else.`);
  }
  return { allowed: true };
}

/** Counts approvals of one proposal: each person once; one break-glass needs nobody else. */
export function countApprovals(decisions: readonly Pick<Decision, 'person' | 'verdict' | 'breakGlass'>[], quorum: number): ApprovalCount {
  const approvals = decisions.filter((decision) => decision.verdict === 'approve');
  const persons = approvals.map(({ person }) => person).filter((person, i, all) => all.findIndex((other) => samePerson(other, person)) === i);
  const needed = approvals.some((decision) => decision.breakGlass === true) ? 1 : Math.max(1, quorum);
  const missing = Math.max(0, needed - persons.length);
  return { persons, needed, missing, reached: missing === 0 };
}

/** True when two texts name one person: names differ by more than case and outer blanks. */
export function samePerson(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** True when a role includes another; roles are ordered, each includes those before it. */
export function hasRole(role: Role, wanted: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}

function mayBreakGlass(policy: Policy, person: { readonly name: string; readonly role: Role }): Permission {
  const { enabled, role } = policy.approvals.breakGlass;
  if (!enabled) return forbidden('Break-glass is off; policy.approvals.breakGlass.enabled turns it on.');
  return hasRole(person.role, role) ? { allowed: true } : forbidden(`${person.name} has the role ${person.role}; break-glass needs ${role}.`);
}

function forbidden(reason: string): Permission {
  return { allowed: false, code: 'forbidden', reason };
}
