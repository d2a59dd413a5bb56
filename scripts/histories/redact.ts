import { hostname } from 'node:os';

const NEUTRAL = 'worker@nightshift';

/**
 * A history without what tells of the machine that recorded it: identities of workers and clients, and the names of queues made from them.
 * Throws when the machine's name or a path still stands somewhere, also inside a payload, so that none is ever committed.
 */
export function redactHistory(json: string, forbidden: readonly string[]): string {
  const identities = new Set<string>();
  collect(JSON.parse(json), identities);
  const named = (text: string): string => [...identities].reduce((all, identity) => all.replaceAll(identity, NEUTRAL), text);
  const clean = walk(JSON.parse(json), named);
  for (const text of texts(clean)) {
    const word = [`@${hostname()}`, ...forbidden].find((each) => text.includes(each));
    if (word !== undefined) throw new Error(`a history still holds "${word}": ${text.slice(0, 200)}`);
  }
  const { events } = clean as { events: readonly unknown[] };
  return `{"events":[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`;
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === 'identity' && typeof child === 'string' && child.includes('@')) into.add(child);
    else collect(child, into);
  }
}

function walk(value: unknown, text: (value: string) => string): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((each) => walk(each, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, walk(child, text)]));
}

/** Every text, and what payloads hold; tokens of the server decode to bytes that mean nothing, and are left out. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') {
    const decoded = Buffer.from(value, 'base64').toString('utf8');
    return decoded.includes('\ufffd') ? [value] : [value, decoded];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(texts);
}
