import type { NormalizedSchema } from '@smithy/core/schema';
import { readScalar } from './xml';
import { isStructure } from './shapes';

type Tree = Map<string, Tree> & { text?: string };

/** The input of an operation from a form of the Query protocol, such as `Tags.member.1.Key=a`. */
export function readQuery(schema: NormalizedSchema, form: URLSearchParams): unknown {
  const root: Tree = new Map();
  for (const [name, value] of form) {
    let at = root;
    for (const step of name.split('.')) {
      const next: Tree = at.get(step) ?? new Map<string, Tree>();
      at.set(step, next);
      at = next;
    }
    at.text = value;
  }
  return readTree(schema, root);
}

function readTree(schema: NormalizedSchema, tree: Tree): unknown {
  if (schema.isListSchema()) return readList(schema, tree);
  if (schema.isMapSchema()) return readMap(schema, tree);
  if (!isStructure(schema)) return readScalar(schema, tree.text ?? '');
  const out: Record<string, unknown> = {};
  if (schema.isUnitSchema()) return out;
  for (const [name, member] of schema.structIterator()) {
    const found = tree.get(member.getMemberTraits().xmlName ?? name);
    if (found) out[name] = readTree(member, found);
  }
  return out;
}

function readList(schema: NormalizedSchema, tree: Tree): unknown[] {
  const item = schema.getValueSchema();
  const flat = schema.getMergedTraits().xmlFlattened !== undefined;
  const items = flat ? tree : tree.get(item.getMemberTraits().xmlName ?? 'member');
  return numbered(items).map((each) => readTree(item, each));
}

function readMap(schema: NormalizedSchema, tree: Tree): Record<string, unknown> {
  const flat = schema.getMergedTraits().xmlFlattened !== undefined;
  const pairs = numbered(flat ? tree : tree.get('entry'));
  return Object.fromEntries(
    pairs.map((pair) => [pair.get('key')?.text ?? '', readTree(schema.getValueSchema(), pair.get('value') ?? new Map<string, Tree>())]),
  );
}

function numbered(tree: Tree | undefined): Tree[] {
  return [...(tree ?? [])].sort(([a], [b]) => Number(a) - Number(b)).map(([, each]) => each);
}
