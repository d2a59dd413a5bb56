import { actsAlone, moreCautious } from './confidence/rungs';
import { freezesAt } from './freeze';
import type { ActiveFreeze } from './freeze';
import { MODES } from './names';
import type { PolicyMode, Tier } from './names';
import type { ApproverScope, Policy, PolicyRule } from './policy-types';
import type { PolicyVerdict } from './proposal';

/** What policy is asked about; `runbook` is its id and `service` the one that is acted on. */
export interface PolicyQuestion {
  readonly runbook: string;
  readonly environment: string;
  readonly service: string;
  readonly tier: Tier;
  /** True where every alert is a prediction: nothing is broken yet, so nothing is done without a person. */
  readonly foretold?: boolean | undefined;
}

/** The verdict with the freezes in force now; a freeze does not change the mode, it makes preparation refuse. */
export interface Judgement extends PolicyVerdict {
  readonly freezes: readonly ActiveFreeze[];
}

/** What policy allows at most at `now` (epoch milliseconds): the most cautious rule that matches wins, the highest quorum of those that match counts, and no rule means ask. */
export function judge(policy: Policy, question: PolicyQuestion, now: number): Judgement {
  const matching = policy.rules.map((rule, i) => ({ rule, number: i + 1 })).filter(({ rule }) => matches(rule, question));
  const deciding = [...matching].sort((a, b) => caution(a.rule.mode) - caution(b.rule.mode))[0];
  const { approvals } = policy;
  return {
    ...modeAndReason(deciding, question),
    quorum: Math.max(approvals.quorum, ...matching.map(({ rule }) => rule.quorum ?? 1)),
    approvers: approversFor(approvals.approvers, question),
    notAuthor: approvals.notAuthor,
    remindAfterMs: approvals.remindAfterMs,
    expireAfterMs: approvals.expireAfterMs,
    escalateTo: approvals.escalateTo,
    freezes: freezesAt(policy.freezes, question.environment, now),
  };
}

/** The verdict where nobody asks the record: without one a person is asked, whatever policy would allow. */
export function withoutRecord<V extends PolicyVerdict>(verdict: V, why: string): V {
  if (!actsAlone(verdict.mode)) return verdict;
  return { ...verdict, mode: moreCautious(verdict.mode, 'approve'), ceiling: verdict.mode, reason: `${verdict.reason} A person is asked all the same: ${why}` };
}

/** True when an approver's scope covers a service in an environment. */
export function covers(scope: ApproverScope, at: { readonly environment: string; readonly service: string }): boolean {
  return includes(scope.services, at.service) && includes(scope.environments, at.environment);
}

function modeAndReason(deciding: { rule: PolicyRule; number: number } | undefined, question: PolicyQuestion): { mode: PolicyMode; reason: string } {
  if (deciding === undefined) return { mode: 'approve', reason: 'No rule speaks of this, so a person is asked.' };
  const { rule, number } = deciding;
  const named = `Rule ${number} (${scopeText(rule)}) says ${rule.mode}${rule.reason === undefined ? '' : `: ${rule.reason}`}`;
  if (actsAlone(rule.mode) && question.foretold === true)
    return { mode: 'approve', reason: `${named}; a person is asked all the same, as nothing is broken yet: it is only predicted.` };
  return { mode: rule.mode, reason: `${named}.`.replace(/\.\.$/, '.') };
}

function scopeText(rule: PolicyRule): string {
  const parts = [rule.runbook, rule.service, rule.tier, rule.environment].filter((part) => part !== undefined && part !== '*');
  return parts.length === 0 ? 'everything' : parts.join(', ');
}

function approversFor(scopes: readonly ApproverScope[], question: PolicyQuestion): string[] {
  if (scopes.length === 0) return ['anyone with the role approver'];
  return [...new Set(scopes.filter((scope) => covers(scope, question)).map(approverText))];
}

function approverText(scope: ApproverScope): string {
  if (scope.person === undefined) return `anyone with the role ${scope.role ?? 'approver'}`;
  return scope.role === undefined ? scope.person : `${scope.person} (as ${scope.role})`;
}

function matches(rule: PolicyRule, question: PolicyQuestion): boolean {
  const fits = (wanted: string | undefined, actual: string): boolean => wanted === undefined || wanted === '*' || wanted === actual;
  return (
    fits(rule.runbook, question.runbook) &&
    fits(rule.environment, question.environment) &&
    fits(rule.service, question.service) &&
    fits(rule.tier, question.tier)
  );
}

function includes(names: readonly string[], name: string): boolean {
  return names.includes('*') || names.includes(name);
}

function caution(mode: PolicyMode): number {
  return MODES.indexOf(mode);
}
