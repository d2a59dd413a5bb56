/** When an alert counts as flapping; durations in milliseconds. The two thresholds (how much makes it flap, how long a calm ends it) keep the state itself from flapping. */
export interface FlappingRule {
  readonly enabled: boolean;
  /** So many changes between firing and ended … */
  readonly changes: number;
  /** … within so long. */
  readonly withinMs: number;
  /** So long without a change ends it. */
  readonly calmMs: number;
  /** How long news of an alert that came back waits, to see whether it flaps. */
  readonly settleMs: number;
}

/** The changes that still count at `at`, oldest first; never more than decide. */
export function recentChanges(changes: readonly number[], rule: FlappingRule, at: number): readonly number[] {
  return changes.filter((each) => at - each < rule.withinMs).slice(-rule.changes);
}

/** Do these changes make an alert flap? */
export function flaps(changes: readonly number[], rule: FlappingRule): boolean {
  return rule.enabled && changes.length >= rule.changes;
}

/** It began, ended and began again: news of it wait. */
export const UNSTEADY_CHANGES = 3;

/** Since when it is calm enough, epoch milliseconds; `last` is the last change. */
export function calmAt(last: number, rule: FlappingRule): number {
  return last + rule.calmMs;
}
