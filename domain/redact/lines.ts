import { redactWith } from '../redact';
import { ARMOUR } from './blocks';
import { NAMES, NOT_OTHERWISE } from './names';
import type { Mask } from './rule';

/** What a line that begins a secret says about the lines after it. */
type Open =
  | { readonly kind: 'armour'; readonly line: number; readonly column: number; strangers: number }
  | { readonly kind: 'indented'; readonly line: number; readonly column: number }
  | { readonly kind: 'counted'; readonly line: number; readonly lines: number }
  | { readonly kind: 'named'; readonly line: number };

/** A key in armour ends at the latest after so many lines, or so many in a row that cannot be of it: of a key without an end the rest of the text is not lost. */
const MOST_LINES = 4_096;
const MOST_STRANGERS = 20;
const HEADER_LINES = 6;

const END_OF_LINE = String.raw`(?:\\[rn])*["',\\\s+;)]*$`;
const BODY = new RegExp(String.raw`(?:^|[\s"'|>:\]])([A-Za-z0-9+/_-]{16,}={0,2}|[A-Za-z0-9+/]{2,}={1,2})${END_OF_LINE}`);
const ALL_BODY = new RegExp(String.raw`^[\s"'|>]*(=?[A-Za-z0-9+/=]{1,120})${END_OF_LINE}`);
const ARMOUR_HEADER = /^\s*[A-Z][A-Za-z0-9-]{1,30}: (.+)$/;
const INDENTED = new RegExp(
  String.raw`^(\s*(?:- )?)["']?[\w.-]{0,60}(?:${NAMES}|\.(?:key|pem|crt|p12|jks))${NOT_OTHERWISE}[\w-]{0,20}["']?\s?:\s*[|>][+-]?\d?\s*$`,
  'i',
);
const ENDS_OPEN = /[|>][+-]?\d?\s*$/;
const NAME_ONLY = new RegExp(String.raw`^[\s{-]*["']?(?:name|key)["']?\s?[:=]\s?["']?[\w.-]{0,60}(?:${NAMES})${NOT_OTHERWISE}[\w-]{0,20}["']?,?\s*$`, 'i');
const VALUE_ONLY = /^(\s*["']?(?:value|default_?value|string_?value)["']?\s?[:=]\s?["']?)([^\s"'{][^"']*)/i;
const LOGIN_LINE = /^(\s*password\s+)(?=\S*[\d!@#$%^&*_-])(\S+)\s*$/;

/** What is known after some lines: a secret that goes on, how many lines there were, and keys in armour whose end did not come. Plain data, so that it goes to a thread and back. */
export interface Carried {
  readonly open: Open | undefined;
  readonly lines: number;
  /** How many, and the line on which the last of them began. */
  readonly unended: { readonly count: number; readonly line: number };
}

/** Before the first line. */
export const NOTHING_CARRIED: Carried = { open: undefined, lines: 0, unended: { count: 0, line: 0 } };

/** What is known after lines that were redacted as if they were the first ones, though others came before. Undefined where a secret went on into them, so that they must be redacted again. */
export function joined(before: Carried, after: Carried): Carried | undefined {
  if (before.open !== undefined) return undefined;
  const { open, lines, unended } = after;
  return {
    open: open && { ...open, line: open.line + before.lines },
    lines: before.lines + lines,
    unended: { count: before.unended.count + unended.count, line: unended.count > 0 ? unended.line + before.lines : before.unended.line },
  };
}

/** Redacts lines one after the other, and knows of secrets that go on over several: keys in armour, indented blocks of YAML, a value under the line with its name. */
export class LineRedactor {
  readonly #mask: Mask;
  #open: Open | undefined;
  #number: number;
  #unended: Carried['unended'];

  constructor(mask: Mask, { open, lines, unended }: Carried = NOTHING_CARRIED) {
    this.#mask = mask;
    this.#open = open && { ...open };
    this.#number = lines;
    this.#unended = unended;
  }

  /** What is known after the lines so far. */
  get carried(): Carried {
    return { open: this.#open && { ...this.#open }, lines: this.#number, unended: this.#unended };
  }

  /** A line, without its end, redacted. */
  line(text: string): string {
    this.#number += 1;
    return this.#continued(text) ?? this.#free(text);
  }

  /** Says that no line follows. */
  end(): void {
    if (this.#open?.kind === 'armour') this.#giveUp(this.#open.line);
    this.#open = undefined;
  }

  #redact(text: string): string {
    return redactWith(this.#mask, text);
  }

  #free(text: string): string {
    this.#open = this.#opens(text);
    const login = text.includes('password') ? LOGIN_LINE.exec(text) : null;
    return login ? `${login[1] ?? ''}${this.#mask('login', login[2] ?? '')}` : this.#redact(text);
  }

  #opens(text: string): Open | undefined {
    const line = this.#number;
    const column = text.includes('BEGIN ') ? beginOf(text) : -1;
    if (column >= 0) return { kind: 'armour', line, column, strangers: 0 };
    if (text.startsWith('Private-Lines:')) return { kind: 'counted', line, lines: Number(/\d{1,3}/.exec(text)?.[0] ?? 0) };
    const indented = ENDS_OPEN.test(text.slice(-4)) ? INDENTED.exec(text) : null;
    if (indented) return { kind: 'indented', line, column: indented[1]?.length ?? 0 };
    return NAME_ONLY.test(text) ? { kind: 'named', line } : undefined;
  }

  // What a line inside of a secret becomes; undefined where the secret is over before it.
  #continued(text: string): string | undefined {
    const open = this.#open;
    switch (open?.kind) {
      case undefined:
        return undefined;
      case 'armour':
        return this.#inArmour(open, text);
      case 'indented':
        return text.trim() === ''
          ? text
          : indentOf(text) > open.column && this.#number - open.line <= MOST_LINES
            ? this.#body(text, indentOf(text))
            : undefined;
      case 'counted':
        return this.#number - open.line <= open.lines && ALL_BODY.test(text) ? this.#body(text, 0) : undefined;
      case 'named': {
        const [, head, value] = VALUE_ONLY.exec(text) ?? [];
        if (head === undefined || value === undefined) return undefined;
        this.#open = undefined;
        return head + this.#mask('named', value) + this.#redact(text.slice(head.length + value.length));
      }
    }
  }

  #inArmour(open: Open & { kind: 'armour' }, text: string): string | undefined {
    const end = ARMOUR.end.exec(text);
    if (end) {
      this.#open = undefined;
      return this.#redact(text.slice(0, end.index)) + this.#mask('armour', end[0]) + this.#redact(text.slice(end.index + end[0].length));
    }
    const since = this.#number - open.line;
    if (since > MOST_LINES || open.strangers >= MOST_STRANGERS || beginOf(text) >= 0) {
      this.#giveUp(open.line);
      return undefined;
    }
    if (text.trim() === '') return text;
    const found = bodyOf(text, open.column) ?? (since <= HEADER_LINES ? ARMOUR_HEADER.exec(text)?.[1] : undefined);
    open.strangers = found === undefined ? open.strangers + 1 : 0;
    if (found === undefined) return this.#redact(text);
    const at = text.lastIndexOf(found);
    return this.#redact(text.slice(0, at)) + this.#mask('armour', found) + text.slice(at + found.length);
  }

  #body(text: string, from: number): string {
    return text.slice(0, from) + this.#mask('armour', text.slice(from));
  }

  #giveUp(line: number): void {
    this.#open = undefined;
    this.#unended = { count: this.#unended.count + 1, line };
  }
}

// Where armour begins that does not end on the same line.
function beginOf(text: string): number {
  const last = text.lastIndexOf('BEGIN ');
  if (last < 0) return -1;
  const from = Math.max(0, last - 6);
  const begin = ARMOUR.begin.exec(text.slice(from));
  return begin && !ARMOUR.end.test(text.slice(from)) ? from + begin.index : -1;
}

function bodyOf(text: string, column: number): string | undefined {
  // The lines of a log have all the same beginning before the text.
  return (ALL_BODY.exec(text) ?? BODY.exec(text) ?? (column > 0 ? ALL_BODY.exec(text.slice(column)) : null))?.[1];
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}
