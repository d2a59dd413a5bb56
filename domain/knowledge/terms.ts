import type { IncidentCard } from './card';

/** Fields of a card, and how much each weighs. Service and cause say most of what helps; what is read from log lines weighs less than both together, as outsiders can write lines. */
export const FIELD_WEIGHTS = { service: 2, cause: 2, alerts: 1.5, logs: 3, changes: 1, signs: 1.5 } as const;
/** One of them. */
export type Field = keyof typeof FIELD_WEIGHTS;
/** All of them, in one order. */
export const FIELDS = Object.keys(FIELD_WEIGHTS) as readonly Field[];

/** Terms of a field and how often each occurs. */
export type Terms = ReadonlyMap<string, number>;

const SHORTEST_WORD = 3;
/** A whole text that is equal says as much as so many of its words. */
const WHOLE = 2;

/** Terms by field: whole texts, and the words of alerts, log templates and signs without their placeholders. */
export function termsOf(card: IncidentCard): Readonly<Record<Field, Terms>> {
  return {
    service: counted([whole(card.service)]),
    cause: counted(card.cause === undefined ? [] : [whole(card.cause)]),
    alerts: counted(card.alerts.flatMap((text) => [...Array<string>(WHOLE).fill(whole(text)), ...words(text)])),
    logs: counted(card.logs.flatMap(words)),
    changes: counted(card.changes.map(whole)),
    signs: counted(card.signs.map(whole)),
  };
}

/** Words of a text: letters only, small, CamelCase apart, without placeholders such as `<n>`. */
export function words(text: string): string[] {
  return text
    .replace(/<[^<>]{1,40}>/g, ' ')
    .replace(/([\p{Ll}\d])(?=\p{Lu})/gu, '$1 ')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word.length >= SHORTEST_WORD);
}

/** Never equal to a word. */
function whole(text: string): string {
  return `=${text.toLowerCase()}`;
}

function counted(terms: readonly string[]): Terms {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
