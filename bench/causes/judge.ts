import type { Assessment } from '../../domain/steps';
import type { Truth } from './scenarios';

/** Whether the cause was named rightly, and whether what is proposed is right. */
export interface Judged {
  readonly causeRight: boolean;
  readonly runbookRight: boolean;
  /** Where nothing can be known: nothing is named, and a person is asked without a remedy. Null elsewhere. */
  readonly undeterminedRight: boolean | null;
}

/** Nothing was told of the trouble in time: neither cause nor remedy. */
export function unseen(truth: Truth): Judged {
  return { causeRight: false, runbookRight: false, undeterminedRight: truth.unknowable ? false : null };
}

/** Judges the rounds of an incident. What is to be acted on must be proposed; an answer that only waits or asks is right only where there is nothing of ours to act on. */
export function judgeRounds(truth: Truth, rounds: readonly Assessment[]): Judged {
  const [first] = rounds;
  if (!first) return unseen(truth);
  const causeRight = first.cause === truth.cause;
  const runbookRight = remedyRight(truth, rounds);
  return { causeRight, runbookRight, undeterminedRight: truth.unknowable ? causeRight && runbookRight && first.plan.kind === 'escalate' : null };
}

function remedyRight({ remedy }: Truth, rounds: readonly Assessment[]): boolean {
  const proposals = rounds.flatMap(({ plan }) => ('proposal' in plan ? [plan.proposal] : []));
  const [first] = proposals;
  if (remedy.kind === 'none') return first === undefined;
  if (remedy.kind === 'restart') return first?.runbook.id === 'restart-service';
  const back = proposals.map(({ runbook, parameters }) => (runbook.id === 'rollback-release' ? parameters['to'] : undefined));
  const last = remedy.to.at(-1);
  // Straight back to what ran well is as right as step by step.
  const until = back.indexOf(last);
  return until >= 0 && back.slice(0, until).every((to, i) => to === remedy.to[i]);
}

/** What was said and would be done, in a line for whoever looks at a miss. */
export function inWords(rounds: readonly Assessment[]): string {
  const [first] = rounds;
  if (!first) return 'no alert came in time';
  const what = rounds.map(({ plan }) => ('proposal' in plan ? `${plan.proposal.runbook.id} ${JSON.stringify(plan.proposal.parameters)}` : plan.kind));
  const scores = first.diagnosis.hypotheses.map(({ title, score }) => `${score.toFixed(2)} ${title}`);
  const { ruledOut, unknown } = first.diagnosis;
  const less = scores.length > 0 ? [] : [...ruledOut.map(({ title, reason }) => `not ${title}: ${reason}`), ...unknown];
  return `${first.cause}: ${what.join(', then ')}; ${[...scores, ...less].join(' | ')}`;
}
