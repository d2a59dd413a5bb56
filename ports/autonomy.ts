import type { StandingKey } from '../domain/confidence/outcome';
import type { Danger } from '../domain/confidence/rungs';
import type { Standing } from '../domain/confidence/standing';
import type { Rung } from '../domain/names';

/** What is asked of the record before a runbook may act. */
export interface AutonomyQuestion {
  readonly key: StandingKey;
  readonly danger: Danger;
  /** The mode of policy, which nothing exceeds. */
  readonly ceiling: Rung;
  /** The diagnosis' own score, 0 to 1. */
  readonly score: number;
  /** Two sources that do not depend on each other support the cause. */
  readonly corroborated: boolean;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What may be done for one incident, and why. */
export interface AutonomyVerdict {
  readonly mode: Rung;
  /** Probability of verified recovery that is proven, 0 to 1. */
  readonly confidence: number;
  readonly reasons: readonly string[];
  readonly standing: Standing;
}

/** Reads the outcome ledger and the grants of people. */
export interface Autonomy {
  verdictOf(question: AutonomyQuestion): Promise<AutonomyVerdict>;
}
