import { plainText } from '../domain/plain-text';

/**
 * An answer of the API with every text in it made fit to be looked at: characters that reverse, hide or break a line become visible escapes, as somebody who writes a log line or
 * an alert must not decide what a proposal looks like. Names of members too.
 */
export function safeToShow(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(safeToShow);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [plainText(name), safeToShow(each)]));
}
