import { clipBytes } from '../byte-size';
import { defined } from '../defined';
import type { Advice, AdviceView } from './advice';
import { outsideText } from './outside';

const MOST = { unknown: 3, suggestions: 2, ids: 8 } as const;
/** Bytes in UTF-8, so that a projection stays small in any script. */
const BYTES = { note: 600, explanation: 1000, unknown: 360, statement: 600 } as const;

/** Advice within its bounds: whatever a model says may be of somebody who wrote a line that it read, so it is scrubbed once more before it is kept. */
export function adviceView(advice: Advice, askPerson: readonly string[]): AdviceView {
  const { note, supports, disputes, explanation, unknown, suggestions, runbook } = advice;
  return {
    note: fit(note, BYTES.note),
    supports,
    disputes,
    ...defined({ explanation: explanation === undefined ? undefined : fit(explanation, BYTES.explanation), runbook }),
    unknown: unknown.slice(0, MOST.unknown).map((each) => fit(each, BYTES.unknown)),
    suggestions: suggestions.slice(0, MOST.suggestions).map((each) => ({
      ...each,
      statement: fit(each.statement, BYTES.statement),
      evidence: each.evidence.slice(0, MOST.ids),
    })),
    askPerson,
  };
}

function fit(text: string, bytes: number): string {
  return clipBytes(outsideText(text, bytes), bytes);
}
