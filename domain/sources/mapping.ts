import { z } from 'zod';
import { NightshiftError } from '../errors';
import { check, joinPath } from '../schema-problems';
import { at } from './mapping-fields';
import { mapped } from './mapping-objects';
import { mappingDeclaration, partsOf } from './mapping-schema';
import type { MappingDeclaration } from './mapping-schema';
import type { Reading, Source, SourceContext, WireMessage } from './source';
import { readAs, unreadable } from './wire';

/**
 * A source of JSON that is read as a declaration says:
 * ```json
 * { "name": "jenkins", "object": "build", "list": "builds",
 *   "fields": { "name": "job", "run": "number", "service": "$.project.name", "environment": { "value": "staging" },
 *     "result": { "path": "status", "values": { "SUCCESS": "succeeded", "FAILURE": "failed", "ABORTED": "cancelled" } } } }
 * ```
 * `list` is where the elements lie; without it the message is one element, or a list of them. A field is a path (`a.b.0.c`; a dot in a name is written `\.`; `$.` begins at the
 * whole message), a constant (`value`), or a path with `values` by what is found and `otherwise` for what is not. Times are ISO 8601, or epoch seconds or milliseconds.
 *
 * An element whose status, kind or result is no word of ours is left aside; one without a needed field is refused, and with it the message. An alert or a change with neither an id nor
 * a time of its own gets the time of arrival, so that it counts again when it is sent again.
 *
 * Throws `invalid_config` with every problem of the declaration. The source recognises nothing by itself: it is always named.
 */
export function mappedSource(declaration: unknown): Source {
  const result = check(mappingDeclaration, declaration);
  if (!result.ok) throw new NightshiftError('invalid_config', 'The mapping of a source is not valid.', result.problems);
  const mapping = result.value;
  return {
    name: mapping.name,
    title: mapping.title ?? `${mapping.object}s of \`${mapping.name}\`, by a declared mapping`,
    gives: [mapping.object],
    recognises: () => false,
    read: (message, context) => readAll(mapping, message, context),
  };
}

function readAll(mapping: MappingDeclaration, message: WireMessage, context: SourceContext): Reading {
  const json = readAs(message, z.unknown());
  const outcomes = elementsOf(mapping, json).map(({ element, path }) => mapped(mapping, { element, path, message: json }, context));
  const problems = outcomes.flatMap((outcome) => ('problems' in outcome ? outcome.problems : []));
  if (problems.length > 0) throw unreadable(`The message does not fit the mapping of \`${mapping.name}\`.`, problems);
  const aside = counted(outcomes.flatMap((outcome) => ('aside' in outcome ? [outcome.aside] : [])));
  const objects = outcomes.flatMap((outcome) => ('object' in outcome ? [outcome.object] : []));
  return { objects, passedOver: outcomes.length === 0 ? ['an empty list'] : aside };
}

/** The elements with the path of each. Throws `unreadable` where there is no list. */
function elementsOf({ list, name }: MappingDeclaration, json: unknown): readonly { readonly element: unknown; readonly path: string }[] {
  const found = list === undefined ? json : at(json, partsOf(list.replace(/^\$\./, '')));
  if (Array.isArray(found)) return found.map((element: unknown, index) => ({ element, path: joinPath(list ?? '', index) }));
  if (list !== undefined) throw unreadable(`The message does not fit the mapping of \`${name}\`.`, [{ path: list, message: 'must be a list' }]);
  return [{ element: json, path: '' }];
}

function counted(reasons: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => (count === 1 ? reason : `${reason} (${String(count)} times)`));
}
