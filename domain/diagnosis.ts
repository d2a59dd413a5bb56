import type { CauseKind, Severity } from './names';
import type { Level } from './triage-rules';

/** A possible cause. */
export interface Hypothesis {
  readonly id: string;
  readonly cause: CauseKind;
  /** One sentence in plain words. */
  readonly title: string;
  /** Strength, 0 to 1; a ranking, not a probability. */
  readonly score: number;
  readonly supporting: readonly string[];
  readonly contradicting: readonly string[];
  /** Service that the remedy would act on; absent when there is nothing of ours to act on. */
  readonly suspect?: string;
  readonly runbook?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Author of the suspected change, for `notAuthor`. */
  readonly author?: string;
}

/** A cause that was looked at and dismissed, with the reason. */
export interface RuledOut {
  readonly title: string;
  readonly reason: string;
  readonly evidence: readonly string[];
}

/** Ranked hypotheses; verdict `undetermined` when none is strong enough. */
export interface Diagnosis {
  readonly verdict: 'determined' | 'undetermined';
  readonly cause: CauseKind;
  readonly hypotheses: readonly Hypothesis[];
  readonly ruledOut: readonly RuledOut[];
  /** What could not be learned. */
  readonly unknown: readonly string[];
}

/** How bad it is and for whom. */
export interface Triage {
  readonly severity: Severity;
  readonly title: string;
  readonly affected: string;
  /** How the severity came about, and why in sentences; absent in what was recorded before these were told. */
  readonly impact?: Level;
  readonly urgency?: Level;
  readonly reasons?: readonly string[];
}

/** A hypothesis that was acted on before, with what came of it. */
export interface Attempt {
  readonly round: number;
  readonly hypothesis: string;
  readonly runbook: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly verdict: string;
}
