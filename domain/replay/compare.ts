import { canonicalJson } from '../canonical-json';
import type { RoundResult } from './round';

/** What of a round can come out differently. */
export const COMPARED = ['mode', 'quorum', 'runbook', 'parameters', 'hypothesis', 'severity', 'plan'] as const;

/** One thing that comes out differently; null where there was none, or would be none. */
export interface RoundChange {
  readonly what: (typeof COMPARED)[number];
  readonly before: string | null;
  readonly after: string | null;
}

/** What comes out differently between two judgements of one round. */
export function changesBetween(before: RoundResult, after: RoundResult): readonly RoundChange[] {
  return COMPARED.map((what) => ({ what, before: textOf(before[what]), after: textOf(after[what]) })).filter((each) => each.before !== each.after);
}

function textOf(value: RoundResult[(typeof COMPARED)[number]]): string | null {
  if (value === undefined) return null;
  return typeof value === 'object' ? canonicalJson(value) : String(value);
}
