import { joinPath } from '../schema-problems';
import { partsOf } from './mapping-schema';
import type { Rule } from './mapping-schema';

/** A plain value of JSON. */
export type Plain = string | number | boolean;

/** One element of a message, with the message that it stands in. */
export interface Element {
  readonly element: unknown;
  readonly message: unknown;
  /** Where the element stands in the message; empty for the message itself. */
  readonly path: string;
}

/** What a path leads to: own members of objects and elements of lists by their number, from 0. Undefined where there is none. */
export function at(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const part of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
    // Of a list only numbers count: `length` is its own, but is nothing that was sent.
    if (Array.isArray(found) && !/^\d{1,9}$/.test(part)) return undefined;
    found = Reflect.get(found, part);
  }
  return found;
}

/** The value that a rule gives, or undefined where its path leads to nothing plain. `$.` begins a path from the whole message. */
export function valueOf(rule: Rule | undefined, { element, message }: Element): Plain | undefined {
  if (rule === undefined) return undefined;
  if (typeof rule === 'object' && 'value' in rule) return rule.value;
  const { path, values, otherwise } = typeof rule === 'string' ? { path: rule, values: undefined, otherwise: undefined } : rule;
  const [first, ...rest] = partsOf(path);
  const found = plain(first === '$' ? at(message, rest) : at(element, partsOf(path)));
  if (found === undefined) return otherwise;
  if (values === undefined) return found;
  if (Object.hasOwn(values, String(found))) return values[String(found)];
  return otherwise ?? found;
}

/** The value of a rule as text. */
export function textOf(rule: Rule | undefined, from: Element): string | undefined {
  const value = valueOf(rule, from);
  return value === undefined ? undefined : String(value);
}

/** The value of a rule as a number; text counts where it is one. */
export function numberOf(rule: Rule | undefined, from: Element): number | undefined {
  const value = valueOf(rule, from);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Where in the message a rule looks, for people. */
export function whereOf(rule: Rule, { path }: Element): string {
  const told = typeof rule === 'string' ? rule : 'path' in rule ? rule.path : '';
  return told.startsWith('$.') ? told.slice(2) : joinPath(path, told);
}

function plain(value: unknown): Plain | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
