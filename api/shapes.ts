const REFERENCE = /"#\/components\/schemas\/(\w+)"/g;
const SUFFIX = 'Input';

/** The named shapes of an OpenAPI document. */
export type Shapes = Readonly<Record<string, unknown>>;

/**
 * Keeps of an OpenAPI document the named shapes that something refers to. The library writes each one twice, as it is taken in and as it is given out; one that is only taken in
 * gets its plain name.
 */
export function tidyShapes<T extends { readonly paths?: unknown; readonly components?: { readonly schemas?: Shapes } }>(document: T): T {
  const all = document.components?.schemas ?? {};
  const used = reachable(JSON.stringify(document.paths ?? {}), all);
  const plain = (name: string): string => {
    const bare = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : name;
    return used.has(bare) ? name : bare;
  };
  const schemas = Object.fromEntries([...used].sort().map((name) => [plain(name), all[name]]));
  const kept = { ...document, components: { ...document.components, schemas } };
  return JSON.parse(JSON.stringify(kept).replace(REFERENCE, (_, name: string) => `"#/components/schemas/${plain(name)}"`)) as T;
}

function reachable(text: string, all: Shapes, found = new Set<string>()): ReadonlySet<string> {
  for (const [, name = ''] of text.matchAll(REFERENCE)) {
    if (found.has(name)) continue;
    found.add(name);
    reachable(JSON.stringify(all[name] ?? {}), all, found);
  }
  return found;
}
