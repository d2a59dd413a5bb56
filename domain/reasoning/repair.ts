import type { Problem } from '../errors';

/** Problems that a model is told of. */
const MOST = 12;

/** What a model is told after an answer that cannot be used: what is wrong, by our words, and once. */
export function repairText(problems: readonly Problem[]): string {
  const lines = problems.slice(0, MOST).map(({ path, message }) => `- ${path === '' ? '' : `${path}: `}${message}`);
  return `Your answer cannot be used as it is:\n${lines.join('\n')}\nAnswer once more with the whole JSON object. Leave out what the evidence does not carry; an empty list of hypotheses is allowed.`;
}
