import type { CauseKind } from '../names';

/** A cause that a model suggests to people; nothing follows from it by itself. */
export interface Suggestion {
  readonly cause: CauseKind;
  readonly statement: string;
  readonly evidence: readonly string[];
  /** Runbook that it would choose, where that one is declared for the cause. */
  readonly runbook?: string;
}

/** What a model adds to a diagnosis. */
export interface Advice {
  /** The sentence that says where the diagnosis comes from, or why no model was heard. */
  readonly note: string;
  /** Hypotheses of the statistics that the model supports and disputes, by id. */
  readonly supports: readonly string[];
  readonly disputes: readonly string[];
  readonly explanation?: string;
  readonly unknown: readonly string[];
  readonly suggestions: readonly Suggestion[];
  /** Another declared runbook for the first hypothesis, which a person may take instead. */
  readonly runbook?: string;
}

/** Advice as an incident keeps and shows it: bounded, and text from outside however it reads. */
export interface AdviceView extends Advice {
  /** Why nothing may be done without a person now, whatever the policy allows. */
  readonly askPerson: readonly string[];
}

/** What a model said of the cause in sentences, each marked as a model's; empty where it said nothing. */
export function adviceLines({ explanation, suggestions, runbook, unknown }: AdviceView): readonly string[] {
  const suggested = suggestions.map(
    ({ cause, statement, evidence, runbook: chosen }) =>
      `A model suggests ${cause}, and nothing is done for it: ${statement} (${evidence.join(', ')})${chosen === undefined ? '' : `; it would look at ${chosen}`}`,
  );
  return [
    ...(explanation === undefined ? [] : [`A model says: ${explanation}`]),
    ...suggested,
    ...(runbook === undefined ? [] : [`A model would choose ${runbook}, which is declared for this cause too.`]),
    ...unknown.map((each) => `A model would like to know: ${each}`),
  ];
}
