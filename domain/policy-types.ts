import type { BrakeRule } from './brake';
import { CONFIDENCE_DEFAULTS } from './confidence/settings';
import type { ConfidenceSettings } from './confidence/settings';
import type { PolicyMode, Role, Tier } from './names';

/** Policy as configured, durations in milliseconds. */
export interface Policy {
  readonly rules: readonly PolicyRule[];
  readonly approvals: ApprovalPolicy;
  readonly limits: ActionLimits;
  readonly brake: BrakeRule;
  readonly freezes: readonly Freeze[];
  /** The defaults hold where it is absent. */
  readonly autonomy?: AutonomyPolicy;
}

/** What a runbook must have proven before it acts without an answer, and how long people have to object. */
export interface AutonomyPolicy {
  readonly confidence: ConfidenceSettings;
  /** Milliseconds between telling and acting under `veto`. */
  readonly vetoMs: number;
}

/** What holds where policy says nothing. */
export const AUTONOMY_DEFAULTS: AutonomyPolicy = { confidence: CONFIDENCE_DEFAULTS, vetoMs: 10 * 60_000 };

/** The most cautious rule that matches wins; absent fields match everything. Names may be `*`. */
export interface PolicyRule {
  readonly runbook?: string;
  readonly environment?: string;
  readonly service?: string;
  readonly tier?: Tier;
  readonly mode: PolicyMode;
  readonly quorum?: number;
  readonly reason?: string;
}

/** Who may approve, how many must, and how long is waited. */
export interface ApprovalPolicy {
  readonly approvers: readonly ApproverScope[];
  readonly quorum: number;
  readonly notAuthor: boolean;
  readonly remindAfterMs: number;
  readonly expireAfterMs: number;
  /** Name that reminders and escalations are addressed to. */
  readonly escalateTo: string;
  /** An approval older than this when the action would begin is asked again. */
  readonly validForMs: number;
  readonly allowUnverified: boolean;
  readonly breakGlass: { readonly enabled: boolean; readonly role: Role };
}

/** A person (or everyone with a role) who may approve within a scope; `*` is everything. */
export interface ApproverScope {
  readonly person?: string;
  readonly role?: Role;
  readonly services: readonly string[];
  readonly environments: readonly string[];
}

/** Brakes on what Nightshift does. */
export interface ActionLimits {
  readonly actionsPerHour: number;
  readonly attemptsPerTargetPerDay: number;
  /** Targets that are changed at once, measuring included. */
  readonly targetsAtOnce: number;
  /** Share of an environment's targets, 0 to 1, that are changed at once; one is always allowed. */
  readonly shareOfFleet: number;
}

/** A time in which nothing is changed, in an IANA zone: one range of ISO local times, or a weekly one such as `Fri 16:00` to `Mon 06:00`. */
export interface Freeze {
  readonly name: string;
  readonly zone: string;
  readonly environments: readonly string[];
  readonly from: string;
  readonly to: string;
}
