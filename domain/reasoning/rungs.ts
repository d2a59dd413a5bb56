import type { AnswerSchema } from './schema';

/**
 * Ways to get an answer in a form, best first: the provider holds the model to a schema; to the input of a tool; a tool that it must use, without a promise of its form; or only words.
 * Which a model can do is told by the configuration, or found out once.
 */
export const RUNGS = ['native', 'strict-tool', 'forced-tool', 'plain'] as const;
/** One of them. */
export type Rung = (typeof RUNGS)[number];

/** Rungs on which a provider makes a grammar of the schema, and refuses what grammars cannot say. */
const WITH_GRAMMAR: readonly Rung[] = ['native', 'strict-tool'];
/** What they refuse; an answer is checked for it here all the same. */
const NOT_IN_GRAMMARS = ['minLength', 'maxLength', 'maxItems', 'uniqueItems'] as const;

/** The schema as a rung supports it. */
export function schemaFor(schema: AnswerSchema, rung: Rung): AnswerSchema {
  return WITH_GRAMMAR.includes(rung) ? stripped(schema) : schema;
}

/** The next rung down among those that may be tried; undefined at the end. */
export function nextRung(rung: Rung): Rung | undefined {
  return RUNGS[RUNGS.indexOf(rung) + 1];
}

function stripped(schema: AnswerSchema): AnswerSchema {
  const kept = Object.entries(schema).filter(([name]) => !NOT_IN_GRAMMARS.some((each) => each === name));
  const { items, properties, ...rest } = Object.fromEntries(kept) as unknown as AnswerSchema;
  return {
    ...rest,
    ...(items && { items: stripped(items) }),
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, stripped(each)])) }),
  };
}
