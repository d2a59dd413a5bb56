import type { Problem } from '../errors';

/** An answer that a model is to mend, as it is shown again, and what it is told. */
export interface Repair {
  readonly answer: string;
  readonly problems: string;
}

/** Problems that a model is told of, and how much of its answer it is shown. */
const MOST = { problems: 12, answer: 6000 } as const;

/** What a model is told after an answer that cannot be used: what is wrong, by our words, and once. */
export function repairOf(answer: string, problems: readonly Problem[]): Repair {
  const lines = problems.slice(0, MOST.problems).map(({ path, message }) => `- ${path === '' ? '' : `${path}: `}${message}`);
  const again = 'Answer once more with the whole JSON object. Leave out what the evidence does not carry; an empty list of hypotheses is allowed.';
  return {
    // Providers take no empty text.
    answer: answer.trim() === '' ? '(nothing)' : answer.slice(0, MOST.answer),
    problems: `Your answer cannot be used as it is:\n${lines.join('\n')}\n${again}`,
  };
}
