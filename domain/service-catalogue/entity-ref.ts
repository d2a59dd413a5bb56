/** The three parts that name an entity of Backstage, in small letters, as refs are compared without regard to case. */
export interface EntityRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What stands for the parts that a ref leaves out; without a kind here, the ref must have one. */
export interface RefDefaults {
  readonly kind?: string;
  readonly namespace: string;
}

const PART = /^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/;

/**
 * Reads `[kind:][namespace/]name`, or an object with those members; undefined for what is no ref.
 * https://backstage.io/docs/features/software-catalog/references
 */
export function parseEntityRef(ref: unknown, defaults: RefDefaults): EntityRef | undefined {
  const parts = typeof ref === 'string' ? partsOf(ref) : membersOf(ref);
  const kind = parts?.kind ?? defaults.kind;
  if (parts?.name === undefined || kind === undefined) return undefined;
  const found = { kind: kind.toLowerCase(), namespace: (parts.namespace ?? defaults.namespace).toLowerCase(), name: parts.name.toLowerCase() };
  return Object.values(found).every((part) => PART.test(part)) ? found : undefined;
}

/** The full text of a ref. */
export function refText({ kind, namespace, name }: EntityRef): string {
  return `${kind}:${namespace}/${name}`;
}

interface Parts {
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

function partsOf(text: string): Parts | undefined {
  const match = /^(?:([^:/]+):)?(?:([^:/]+)\/)?([^:/]+)$/.exec(text.trim());
  return match ? { kind: match[1], namespace: match[2], name: match[3] } : undefined;
}

function membersOf(value: unknown): Parts | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const text = (member: unknown): string | undefined => (typeof member === 'string' && member !== '' ? member : undefined);
  const { kind, namespace, name } = value as Readonly<Record<string, unknown>>;
  return { kind: text(kind), namespace: text(namespace), name: text(name) };
}
