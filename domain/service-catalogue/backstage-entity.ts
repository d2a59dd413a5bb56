import { defined } from '../defined';
import type { Problem } from '../errors';
import type { ServiceLink } from '../inventory';
import { cleanText } from '../outside-text';
import { linkOf } from '../sources/to-alert';
import { parseEntityRef } from './entity-ref';
import type { EntityRef } from './entity-ref';

/** An entity of Backstage as far as it is read here. https://backstage.io/docs/features/software-catalog/descriptor-format */
export interface Entity {
  readonly ref: EntityRef;
  readonly path: string;
  readonly title?: string;
  readonly description?: string;
  /** Annotations, and labels where no annotation has their name. */
  readonly notes: ReadonlyMap<string, string>;
  readonly links: readonly ServiceLink[];
  readonly spec: Readonly<Record<string, unknown>>;
}

const LINE = 200;
const MOST_LINKS = 20;

/** True for a document that says it is an entity. */
export function isEntity(value: unknown): boolean {
  const { apiVersion, kind } = members(value);
  return typeof apiVersion === 'string' && apiVersion.includes('/') && typeof kind === 'string';
}

/** Reads an entity; what nothing can be made of is a problem, for which there is no entity. */
export function readEntity(value: unknown, path: string): { readonly entity: Entity } | { readonly problem: Problem } {
  const { kind, metadata, spec } = members(value);
  const { name, namespace, title, description, annotations, labels, links } = members(metadata);
  const ref = parseEntityRef({ kind, namespace, name }, { namespace: 'default' });
  if (!ref) return { problem: { path, message: 'has no usable kind and metadata.name, so that it is left out' } };
  const notes = new Map([...words(labels), ...words(annotations)]);
  const repository = linkOf(`https://github.com/${notes.get('github.com/project-slug') ?? ''}`);
  const source = repository !== undefined && notes.has('github.com/project-slug') ? [{ title: 'Source', url: repository }] : [];
  const entity = { ref, path, title: line(title), description: line(description, 1000), notes, links: [...linksOf(links), ...source], spec: members(spec) };
  return { entity: defined(entity) };
}

/** The members of what is an object; none of anything else. */
export function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
}

/** A text of an entity as one line; undefined for anything else and for an empty one. */
export function line(value: unknown, most = LINE): string | undefined {
  const text = typeof value === 'string' ? cleanText(value, most) : '';
  return text === '' ? undefined : text;
}

function words(value: unknown): (readonly [string, string])[] {
  return Object.entries(members(value)).flatMap(([name, text]) => {
    const said = line(text, 1000);
    return said === undefined ? [] : [[name, said] as const];
  });
}

function linksOf(value: unknown): ServiceLink[] {
  const all = Array.isArray(value) ? (value as readonly unknown[]) : [];
  return all.slice(0, MOST_LINKS).flatMap((each) => {
    const { url, title } = members(each);
    const target = typeof url === 'string' ? linkOf(url) : undefined;
    return target === undefined ? [] : [{ title: line(title) ?? target, url: target }];
  });
}
