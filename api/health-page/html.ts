import { plainText } from '../../domain/plain-text';

/** Markup that is safe to put into a page. Only `markup` makes it. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a template: text and numbers are escaped, markup is not. */
export type Inside = string | number | Markup | readonly Markup[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A template of HTML or SVG. Everything put into it is escaped and made visible, so text from outside stays text, in elements and in quoted attributes. */
export function markup(strings: TemplateStringsArray, ...values: readonly Inside[]): Markup {
  return new Markup(strings.map((part, i) => part + (i < values.length ? textOf(values[i] ?? '') : '')).join(''));
}

/** Nothing. */
export const NOTHING = new Markup('');

function textOf(value: Inside): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return plainText(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
  return value.map(({ text }) => text).join('');
}
