import type { Problem } from '../errors';
import type { CauseKind } from '../names';
import { schemaProblems } from './check-schema';
import type { AnswerSchema } from './schema';

/** A hypothesis as a model writes it. */
export interface DraftHypothesis {
  readonly statistical: string;
  readonly cause: CauseKind;
  readonly statement: string;
  readonly evidence_ids: readonly string[];
  readonly counter_evidence_ids: readonly string[];
  readonly quotes: readonly { readonly evidence_id: string; readonly text: string }[];
  readonly confidence: number;
}

/** An answer that has the form that was asked for, and about which nothing else is known. */
export interface DraftAnswer {
  readonly hypotheses: readonly DraftHypothesis[];
  readonly runbook: string;
  readonly summary: string;
  readonly unknowns: readonly string[];
  readonly needs_human: boolean;
}

/** An answer or what is wrong with its form. */
export type ReadAnswer = { readonly ok: true; readonly draft: DraftAnswer } | { readonly ok: false; readonly problems: readonly Problem[] };

/** An answer that fits the schema is far shorter. */
export const MOST_CHARACTERS = 32_768;
const FENCE = /^```[A-Za-z]{0,10}\s*\n([\s\S]*?)\n?```$/;

/** Reads an answer: one JSON object, also between fences, and nothing beside it. */
export function readAnswer(text: string, schema: AnswerSchema): ReadAnswer {
  if (text.length > MOST_CHARACTERS) return wrong(`is ${String(text.length)} characters long; at most ${String(MOST_CHARACTERS)} are read`);
  const trimmed = text.trim();
  if (trimmed === '') return wrong('is empty');
  const json = FENCE.exec(trimmed)?.[1] ?? trimmed;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return wrong('is not one JSON object and nothing else');
  }
  const problems = schemaProblems(schema, value);
  return problems.length === 0 ? { ok: true, draft: value as DraftAnswer } : { ok: false, problems };
}

function wrong(message: string): ReadAnswer {
  return { ok: false, problems: [{ path: '', message: `the answer ${message}` }] };
}
