import type { Problem } from '../errors';
import type { Entity } from './backstage-entity';
import { parseEntityRef, refText } from './entity-ref';
import type { EntityRef } from './entity-ref';

/** Entities by their refs, and what was found wrong while they were looked up. */
export interface EntityIndex {
  readonly byRef: ReadonlyMap<string, Entity>;
  readonly warnings: Problem[];
}

/** Where a ref stands, and what it may mean. */
export interface RefPlace {
  readonly entity: Entity;
  /** Path in the entity. */
  readonly member: string;
  /** The kind of a ref without one; where none is given the ref must have it. */
  readonly kind?: string;
  /** Kinds that make sense here. */
  readonly among: readonly string[];
}

/** Puts entities in order; of two with one ref the first counts. */
export function indexEntities(entities: readonly Entity[]): EntityIndex {
  const byRef = new Map<string, Entity>();
  const warnings: Problem[] = [];
  for (const entity of entities) {
    const ref = refText(entity.ref);
    const before = byRef.get(ref);
    if (before) warnings.push({ path: entity.path, message: `${ref} was declared before (${before.path}); that one counts` });
    else byRef.set(ref, entity);
  }
  return { byRef, warnings };
}

/** The ref as it is meant, and its entity where there is one; what is wrong with it is noted as a warning. */
export function lookUp(index: EntityIndex, text: unknown, place: RefPlace): { readonly ref?: EntityRef; readonly entity?: Entity } {
  const { entity: from, member, kind, among } = place;
  const warn = (message: string): void => void index.warnings.push({ path: `${from.path}: ${member}`, message });
  const ref = parseEntityRef(text, { namespace: from.ref.namespace, ...(kind === undefined ? {} : { kind }) });
  if (!ref) {
    warn(`${said(text)} is no entity ref; write ${kind === undefined ? 'kind:' : '[kind:]'}[namespace/]name`);
    return {};
  }
  if (!among.includes(ref.kind)) {
    warn(`${refText(ref)} is a ${ref.kind}; only ${among.join(' or ')} makes sense here`);
    return {};
  }
  const entity = index.byRef.get(refText(ref));
  if (!entity) warn(`${refText(ref)} is in none of the files`);
  return entity ? { ref, entity } : { ref };
}

/** The refs of a list; one that is no list counts as one of its own. */
export function listOf(value: unknown): readonly unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

function said(value: unknown): string {
  return typeof value === 'string' ? `"${value.slice(0, 100)}"` : 'this';
}
