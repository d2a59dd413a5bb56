import { defined } from './defined';
import type { DecisionProblem } from './approval';
import type { DoneByHand } from './incident-view';

/** Longest text of what was done, and longest id of a runbook, in characters. */
export const BY_HAND_LIMITS = { what: 1000, runbook: 100 } as const;

/** Checks the shape of what was done by hand, as anyone with access to Temporal can send anything. */
export function malformedByHand(value: unknown): DecisionProblem | undefined {
  if (value === undefined) return undefined;
  const { what, runbook } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const fits = (text: unknown, most: number): boolean => typeof text === 'string' && text.length > 0 && text.length <= most;
  if (fits(what, BY_HAND_LIMITS.what) && (runbook === undefined || fits(runbook, BY_HAND_LIMITS.runbook))) return undefined;
  const message = `"byHand" holds "what" was done as text of at most ${String(BY_HAND_LIMITS.what)} characters and, where it amounts to one, the id of a "runbook".`;
  return { code: 'invalid_input', message };
}

/** What was done with its own members only. */
export function plainByHand({ what, runbook }: DoneByHand): DoneByHand {
  return defined({ what, runbook });
}
