import { CAUSES } from '../names';

/** The part of JSON Schema that answers are described with. Its members stand in this order, so that the same schema has the same bytes. */
export interface AnswerSchema {
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly description?: string;
  readonly enum?: readonly (string | number)[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: AnswerSchema;
  readonly maxItems?: number;
  readonly uniqueItems?: true;
  readonly properties?: Readonly<Record<string, AnswerSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
}

/** Ids of evidence are always those of this pool, whatever the incident holds: a grammar that a provider made for a schema serves the next incident too. */
export const EVIDENCE_POOL: readonly string[] = Array.from({ length: 64 }, (_, i) => `E${String(i + 1).padStart(2, '0')}`);
/** Names of the hypotheses of the statistics, strongest first. */
export const HYPOTHESIS_POOL: readonly string[] = Array.from({ length: 9 }, (_, i) => `H${String(i + 1)}`);
/** None of what is offered. */
export const NONE = 'none';
/** How sure a model says it is; it orders, and is no probability. */
export const CONFIDENCES = [1, 2, 3, 4, 5] as const;
/** Most that an answer may hold. */
export const MOST = { hypotheses: 3, evidence: 8, quotes: 4, quote: 240, statement: 400, summary: 700, unknowns: 5, unknown: 240 } as const;
/** Shorter than that is found everywhere. */
const LEAST_QUOTE = 8;

/** The schema of an answer; only the runbooks to choose from differ between incidents. */
export function answerSchema(runbooks: readonly string[]): AnswerSchema {
  const hypothesis = closed({
    statistical: { ...oneOf([...HYPOTHESIS_POOL, NONE]), description: 'the hypothesis of the statistics that this is, or none' },
    cause: oneOf(CAUSES),
    statement: text(MOST.statement),
    evidence_ids: some(oneOf(EVIDENCE_POOL), MOST.evidence),
    counter_evidence_ids: some(oneOf(EVIDENCE_POOL), MOST.evidence),
    quotes: list(closed({ evidence_id: oneOf(EVIDENCE_POOL), text: { type: 'string', minLength: LEAST_QUOTE, maxLength: MOST.quote } }), MOST.quotes),
    confidence: { type: 'integer', enum: CONFIDENCES },
  });
  return closed({
    hypotheses: list(hypothesis, MOST.hypotheses),
    runbook: oneOf([...new Set(runbooks.filter((id) => id !== NONE))].sort().concat(NONE)),
    summary: text(MOST.summary),
    unknowns: list(text(MOST.unknown), MOST.unknowns),
    needs_human: { type: 'boolean' },
  });
}

function closed(properties: Readonly<Record<string, AnswerSchema>>): AnswerSchema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function oneOf(values: readonly string[]): AnswerSchema {
  return { type: 'string', enum: values };
}

function text(maxLength: number): AnswerSchema {
  return { type: 'string', maxLength };
}

function list(items: AnswerSchema, maxItems: number): AnswerSchema {
  return { type: 'array', items, maxItems };
}

function some(items: AnswerSchema, maxItems: number): AnswerSchema {
  return { ...list(items, maxItems), uniqueItems: true };
}
