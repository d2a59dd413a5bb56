import { z } from 'zod';
import { severityOfWord } from '../alert-intake';
import { BUILD_RESULTS } from '../build';
import { CHANGE_KINDS } from '../change';

/** Statuses of an alert. */
export const ALERT_STATUSES = ['firing', 'resolved'] as const;
/** Names that mean something to Nightshift itself. */
const TAKEN = ['detector', 'forecast', 'generic', 'nightshift-heartbeat', 'mapping'];

const path = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => partsOf(text).every((part) => part !== ''), {
    error: 'must be names or numbers with dots between them, such as `labels.service` or `items.0.name`',
  });
const constant = z.union([z.string(), z.number(), z.boolean()]);

const rule = z
  .union(
    [path, z.strictObject({ path, values: z.record(z.string(), constant).optional(), otherwise: constant.optional() }), z.strictObject({ value: constant })],
    { error: 'must be a path, `{path}` with or without `values` and `otherwise`, or `{value}`' },
  )
  .meta({ id: 'Rule' });
/** How one field comes about: a path, a path with a map of values and what stands where nothing is found, or a constant. */
export type Rule = z.output<typeof rule>;

/** A rule whose constants must be of a list of words; other words that a path brings are left to the message. */
function oneOf(words: readonly string[]) {
  return rule.superRefine((told, context) => {
    for (const word of constantsOf(told).filter((each) => !words.includes(String(each)))) {
      context.addIssue({ code: 'custom', message: `\`${String(word)}\` must be one of ${words.join(', ')}` });
    }
  });
}

const severity = rule.superRefine((told, context) => {
  for (const word of constantsOf(told).filter((each) => severityOfWord(String(each)) === undefined)) {
    context.addIssue({ code: 'custom', message: `\`${String(word)}\` must be sev1, sev2, sev3, sev4, critical, error, warning or info` });
  }
});

const place = { id: rule.optional(), service: rule.optional(), environment: rule.optional(), link: rule.optional() };
/** Name of a source that is read by a mapping. */
export const mappingName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, { error: 'must be lower-case words with dashes between them' })
  .max(40)
  .refine((text) => !TAKEN.includes(text), { error: `must be none of ${TAKEN.join(', ')}` });
const common = { title: z.string().max(200).optional(), list: path.optional() };

const alertMapping = z.strictObject({
  ...{ ...common, object: z.literal('alert') },
  fields: z.strictObject({
    ...{
      ...place,
      name: rule,
      status: oneOf(ALERT_STATUSES).optional(),
      fingerprint: rule.optional(),
      severity: severity.optional(),
      summary: rule.optional(),
    },
    ...{ startsAt: rule.optional(), endsAt: rule.optional(), signal: rule.optional(), value: rule.optional(), threshold: rule.optional() },
    labels: z.record(z.string().min(1).max(64), rule).optional(),
  }),
});

const changeMapping = z.strictObject({
  ...{ ...common, object: z.literal('change') },
  fields: z.strictObject({
    ...{ ...place, kind: oneOf(CHANGE_KINDS).optional(), at: rule.optional(), author: rule.optional() },
    ...{ summary: rule.optional(), from: rule.optional(), to: rule.optional() },
  }),
});

const buildMapping = z.strictObject({
  ...{ ...common, object: z.literal('build') },
  fields: z.strictObject({
    ...{ ...place, name: rule, run: rule, result: oneOf(BUILD_RESULTS), startedAt: rule.optional(), endedAt: rule.optional(), durationMs: rule.optional() },
    ...{ commit: rule.optional(), branch: rule.optional(), author: rule.optional() },
  }),
});

/** A mapping without its name, as the configuration holds it. */
export const mappingBody = z.discriminatedUnion('object', [alertMapping, changeMapping, buildMapping]);

const name = { name: mappingName };
/** Schema of a declared mapping; unknown fields, words and paths are refused with their place. */
export const mappingDeclaration = z.discriminatedUnion('object', [alertMapping.extend(name), changeMapping.extend(name), buildMapping.extend(name)]);
/** A mapping that passed the schema. */
export type MappingDeclaration = z.output<typeof mappingDeclaration>;
/** The fields of a mapping to one kind of object. */
export type FieldsOf<O extends MappingDeclaration['object']> = Extract<MappingDeclaration, { readonly object: O }>['fields'];

/** The parts of a path; a dot that belongs to a name is written `\.`. */
export function partsOf(text: string): readonly string[] {
  return text.split(/(?<!\\)\./).map((part) => part.replaceAll('\\.', '.'));
}

function constantsOf(told: Rule): readonly (string | number | boolean)[] {
  if (typeof told === 'string') return [];
  if ('value' in told) return [told.value];
  return [...Object.values(told.values ?? {}), ...(told.otherwise === undefined ? [] : [told.otherwise])];
}
