import { plainText } from '../../plain-text';

/** Text that is markup already. Only `html` makes it, so that nothing from outside becomes a tag. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a template. Text is escaped, markup stays; lists are joined; `undefined` and `false` are nothing. */
export type Part = Markup | string | number | undefined | false | readonly Part[];

/** A template of HTML or SVG that escapes what is put into it. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((text, i) => text + textOf(parts[i])).join(''));
}

function textOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(textOf).join('');
  return escaped(plainText(String(part)));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

/** A link to a page of the web; plain text where the address is none. */
export function linked(text: string, address: string | undefined): Markup {
  return address !== undefined && /^https?:\/\//.test(address) ? html`<a href="${address}" rel="noreferrer">${text}</a>` : html`${text}`;
}
