import { CHANGE_KINDS } from '../change';
import { BUILD_RESULTS } from '../build';
import type { Problem } from '../errors';
import { cleanText } from '../outside-text';
import { epochOf } from './instants';
import { numberOf, textOf, valueOf, whereOf } from './mapping-fields';
import type { Element } from './mapping-fields';
import { ALERT_STATUSES } from './mapping-schema';
import type { FieldsOf, MappingDeclaration, Rule } from './mapping-schema';
import { environmentOf, serviceOf } from './names';
import type { Normalised, SourceContext } from './source';
import { toAlert } from './to-alert';
import { toBuild } from './to-build';
import { toChange } from './to-change';

/** What one element gives: an object, why it gives none, or what is wrong with it. */
export type Outcome = { readonly object: Normalised } | { readonly aside: string } | { readonly problems: readonly Problem[] };

/** The object of one element. */
export function mapped(mapping: MappingDeclaration, from: Element, context: SourceContext): Outcome {
  switch (mapping.object) {
    case 'alert':
      return alertOf(mapping.name, mapping.fields, from, context);
    case 'change':
      return changeOf(mapping.name, mapping.fields, from, context);
    case 'build':
      return buildOf(mapping.name, mapping.fields, from, context);
  }
}

function alertOf(source: string, fields: FieldsOf<'alert'>, from: Element, context: SourceContext): Outcome {
  const problems = missing({ name: fields.name, status: fields.status }, from);
  if (problems.length > 0) return { problems };
  const status = wordOf(fields.status, ALERT_STATUSES, 'firing', from);
  if (status === undefined) return asideOf('status', fields.status, from);
  const { id, link, ...place } = placeOf(source, fields, from, context);
  const told = {
    ...{ source, status, ...place, id, link },
    ...{ name: textOf(fields.name, from) ?? '', severity: textOf(fields.severity, from), summary: textOf(fields.summary, from) },
    fingerprint: prefixed(source, textOf(fields.fingerprint, from)),
    ...{ startsAt: epochOf(valueOf(fields.startsAt, from)), endsAt: status === 'resolved' ? epochOf(valueOf(fields.endsAt, from)) : undefined },
    ...{ signal: textOf(fields.signal, from), value: numberOf(fields.value, from), threshold: numberOf(fields.threshold, from) },
    labels: Object.fromEntries(Object.entries(fields.labels ?? {}).map(([name, rule]) => [name, valueOf(rule, from)])),
  };
  return { object: toAlert(told, context) };
}

function changeOf(source: string, fields: FieldsOf<'change'>, from: Element, context: SourceContext): Outcome {
  const problems = missing({ kind: fields.kind }, from);
  if (problems.length > 0) return { problems };
  const kind = wordOf(fields.kind, CHANGE_KINDS, 'deployment', from);
  if (kind === undefined) return asideOf('kind', fields.kind, from);
  const told = {
    ...{ kind, ...placeOf(source, fields, from, context), at: epochOf(valueOf(fields.at, from)) },
    ...{ author: textOf(fields.author, from), summary: textOf(fields.summary, from), from: textOf(fields.from, from), to: textOf(fields.to, from) },
  };
  return { object: toChange(told, context) };
}

function buildOf(source: string, fields: FieldsOf<'build'>, from: Element, context: SourceContext): Outcome {
  const problems = missing({ name: fields.name, run: fields.run, result: fields.result }, from);
  if (problems.length > 0) return { problems };
  const result = wordOf(fields.result, BUILD_RESULTS, undefined, from);
  if (result === undefined) return asideOf('result', fields.result, from);
  const told = {
    ...{ source, result, ...placeOf(source, fields, from, context), name: textOf(fields.name, from) ?? '', run: textOf(fields.run, from) ?? '' },
    ...{ startedAt: epochOf(valueOf(fields.startedAt, from)), endedAt: epochOf(valueOf(fields.endedAt, from)) },
    ...{ durationMs: numberOf(fields.durationMs, from), commit: textOf(fields.commit, from) },
    ...{ branch: textOf(fields.branch, from), author: textOf(fields.author, from) },
  };
  return { object: toBuild(told, context) };
}

function placeOf(
  source: string,
  { id, service, environment, link }: Readonly<Partial<Record<'id' | 'service' | 'environment' | 'link', Rule | undefined>>>,
  from: Element,
  context: SourceContext,
) {
  return {
    service: serviceOf([textOf(service, from)], context),
    environment: environmentOf([textOf(environment, from)], context),
    // Ids of other systems are unique only there.
    id: prefixed(source, textOf(id, from)),
    link: textOf(link, from),
  };
}

function prefixed(source: string, id: string | undefined): string | undefined {
  return id === undefined ? undefined : `${source}:${id.trim()}`;
}

/** Problems of fields that are declared and needed, but lead to nothing. */
function missing(rules: Readonly<Record<string, Rule | undefined>>, from: Element): readonly Problem[] {
  return Object.entries(rules).flatMap(([field, rule]) =>
    rule === undefined || valueOf(rule, from) !== undefined
      ? []
      : [{ path: whereOf(rule, from), message: `is missing; the mapping reads \`${field}\` from here` }],
  );
}

function wordOf<T extends string>(rule: Rule | undefined, words: readonly T[], absent: T | undefined, from: Element): T | undefined {
  const word = textOf(rule, from)?.trim().toLowerCase();
  return word === undefined ? absent : words.find((each) => each === word);
}

function asideOf(field: string, rule: Rule | undefined, from: Element): Outcome {
  return { aside: `what has the ${field} \`${cleanText(textOf(rule, from) ?? '', 64)}\`, which the mapping does not name` };
}
