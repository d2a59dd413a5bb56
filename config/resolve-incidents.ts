import { defined } from '../domain/defined';
import { AUTONOMY_DEFAULTS } from '../domain/policy-types';
import type { ApprovalPolicy, ApproverScope, AutonomyPolicy, Policy } from '../domain/policy-types';
import type { ActivitySettings, IncidentSettings, RetrySettings } from '../domain/settings';
import type { Defaults } from './defaults';
import { overlay } from './overlay';
import type { ConfigSource } from './schema';

type PolicySource = NonNullable<ConfigSource['policy']>;
type IncidentsSource = NonNullable<ConfigSource['incidents']>;
type RetrySource = NonNullable<NonNullable<IncidentsSource['activity']>['quick']>;

/** Policy with defaults filled in; unsigned decisions count by default only where one embedded process is the whole system. */
export function resolvePolicy(source: PolicySource | undefined, defaults: Defaults, embedded: boolean): Policy {
  return {
    rules: (source?.rules ?? []).map(defined),
    approvals: resolveApprovals(source?.approvals, defaults.approvals, embedded),
    limits: overlay(defaults.limits, source?.limits ?? {}),
    brake: overlay(defaults.brake, { incidents: source?.brake?.incidents, withinMs: source?.brake?.within }),
    freezes: (source?.freezes ?? []).map((freeze) => ({ ...freeze, environments: freeze.environments ?? ['*'] })),
    autonomy: resolveAutonomy(source?.autonomy),
  };
}

function resolveAutonomy(source: NonNullable<PolicySource['autonomy']> = {}): AutonomyPolicy {
  const { confidence, vetoMs } = AUTONOMY_DEFAULTS;
  const { gate, leastOutcomes, leastUplift, leastScore, halfLife, vetoFor } = source;
  const auto = overlay(confidence.needs.auto, { bound: gate, outcomes: leastOutcomes });
  const plain = overlay(confidence, { leastUplift, leastScore, halfLifeMs: halfLife });
  return { confidence: { ...plain, needs: { ...confidence.needs, auto } }, vetoMs: vetoFor ?? vetoMs };
}

/** Time-outs and limits of incidents with defaults filled in. */
export function resolveIncidents(source: IncidentsSource = {}, { incidents }: Defaults, allowUnverified: boolean): IncidentSettings {
  const { evidence = {}, verification = {}, lockRetry = {}, activity = {}, watch, selfHeal, maxHypotheses, dedupeSize, maxHistoryEvents } = source;
  const plain = overlay(incidents, { watchMs: watch, selfHealMs: selfHeal, maxHypotheses, dedupeSize, maxHistoryEvents });
  const { settle, window, minRequests, timeout } = verification;
  return {
    ...plain,
    evidence: overlay(incidents.evidence, { baselineMs: evidence.baseline, lookbackMs: evidence.lookback, stepMs: evidence.step }),
    verification: overlay(incidents.verification, { settleMs: settle, windowMs: window, minRequests, timeoutMs: timeout }),
    lockRetry: overlay(incidents.lockRetry, { firstMs: lockRetry.first, maxMs: lockRetry.max }),
    allowUnverified,
    activity: resolveActivity(activity, incidents.activity),
  };
}

function resolveActivity({ quick, gather, effect = {} }: NonNullable<IncidentsSource['activity']>, defaults: ActivitySettings): ActivitySettings {
  return {
    quick: resolveRetry(quick, defaults.quick),
    gather: resolveRetry(gather, defaults.gather),
    effect: overlay({ ...defaults.effect, ...resolveRetry(effect, defaults.effect) }, { graceMs: effect.grace, heartbeatMs: effect.heartbeat }),
  };
}

function resolveRetry({ timeout, first, max, attempts }: RetrySource = {}, defaults: RetrySettings): RetrySettings {
  return overlay(defaults, { timeoutMs: timeout, firstMs: first, maxMs: max, attempts });
}

function resolveApprovals(source: NonNullable<PolicySource['approvals']> = {}, defaults: Defaults['approvals'], embedded: boolean): ApprovalPolicy {
  const { quorum, notAuthor, remindAfter, expireAfter, escalateTo, validFor } = source;
  const plain = overlay(defaults, { quorum, notAuthor, remindAfterMs: remindAfter, expireAfterMs: expireAfter, escalateTo, validForMs: validFor });
  return {
    ...plain,
    approvers: source.approvers?.map(resolveScope) ?? defaults.approvers,
    allowUnverified: source.allowUnverified ?? embedded,
    breakGlass: overlay(defaults.breakGlass, source.breakGlass ?? {}),
  };
}

function resolveScope(scope: NonNullable<NonNullable<PolicySource['approvals']>['approvers']>[number]): ApproverScope {
  return defined({ person: scope.person, role: scope.role, services: scope.services ?? ['*'], environments: scope.environments ?? ['*'] });
}
