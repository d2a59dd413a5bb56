/**
 * JSON with sorted keys and without white space: equal values give equal text on every machine.
 * Reads a value as `JSON.stringify` does (undefined members dropped, NaN and infinities as null), so it does not change over a round trip. Throws TypeError on bigint and cycles.
 */
export function canonicalJson(value: unknown): string {
  // JSON.stringify says undefined for what JSON cannot hold (undefined, a function) although its type does not tell.
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? 'null' : write(JSON.parse(text));
}

/** Built as text, not as a sorted object: an object would put keys that look like integers first. */
function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`).join(',')}}`;
}
