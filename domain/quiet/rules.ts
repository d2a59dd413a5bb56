import { matches, type AlertMatch, type Matched } from './match';
import type { FlappingRule } from './flapping';

/** An alert that fits must come so often, or last so long, before it counts; durations in milliseconds. */
export interface ConditionRule {
  readonly match: AlertMatch;
  /** These are let through at once. */
  readonly except?: AlertMatch;
  readonly require?: { readonly count: number; readonly withinMs: number };
  readonly settleMs?: number;
}

/** What is held back, and when. */
export interface QuietRules {
  readonly conditions: readonly ConditionRule[];
  readonly flapping: FlappingRule;
}

/** The first rule that fits and does not except the alert. */
export function ruleFor(conditions: readonly ConditionRule[], of: Matched): ConditionRule | undefined {
  return conditions.find(({ match, except }) => matches(match, of) && !(except && matches(except, of)));
}
