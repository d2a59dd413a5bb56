/** What is put where a secret of a kind (`mail`, `github`, `named` …) stood. The same secret must always give the same text, and no text that a rule would find again. */
export type Mask = (kind: string, secret: string) => string;

/** One step of the redaction; the steps have an order. */
export interface Rule {
  /** Cheap to ask, and true of every text that holds such a secret: most texts from outside hold nothing that looks like one. */
  readonly may: (text: string) => boolean;
  readonly apply: (text: string, mask: Mask) => string;
}

/** What stands where a secret stood, when nobody asked for more. */
export const REDACTED = '[redacted]';

/** Source of a pattern for what masks put: `[redacted]`, or with kind and tag `[redacted:mail:7f3a9c12]`. */
export const PLACEHOLDER = String.raw`\[redacted(?::[a-z]{2,12}:[0-9a-f]{8})?\]`;

/** Asserts that no placeholder follows, so that doing it twice changes nothing. */
export const NOT_YET = `(?!${PLACEHOLDER})`;

/** Source of a pattern for a place where no word goes on: letters of an escape in JSON, of one in a URL and of a colour belong to no word. */
export const EDGE = edge('A-Za-z0-9');

/** The same with other characters that go on with a word. */
export function edge(of: string): string {
  return String.raw`(?:(?<![${of}])|(?<=\\[nrt]|%[0-9A-Fa-f]{2}|\u001b\[[\d;]{0,9}m))`;
}

/** White space of ASCII for a class of characters: text of bytes must not end at half a character. */
export const SPACE = String.raw`\t-\r `;

/** True of texts with one of the parts. */
export function has(...parts: readonly string[]): (text: string) => boolean {
  return (text) => parts.some((part) => text.includes(part));
}

/** A rule that masks all that a pattern finds. */
export function whole(kind: string, may: Rule['may'], find: RegExp): Rule {
  return { may, apply: (text, mask) => text.replace(find, (secret) => mask(kind, secret)) };
}

/** A rule that keeps the first group of a pattern, with which each match begins, and masks the rest. */
export function after(kind: string, may: Rule['may'], find: RegExp): Rule {
  return { may, apply: (text, mask) => text.replace(find, (match: string, kept: string) => kept + mask(kind, match.slice(kept.length))) };
}

/** Characters of a class, for `hasRun`: pass what `[...]` of a pattern would hold. */
export function characters(of: string): Uint8Array {
  const is = new RegExp(`[${of}]`);
  return Uint8Array.from({ length: 256 }, (_, code) => (is.test(String.fromCharCode(code)) ? 1 : 0));
}

/** Whether so many characters of a class stand in a row. */
export function hasRun(text: string, length: number, of: Uint8Array): boolean {
  return runFrom(text, 0, length, of) >= 0;
}

/** Whether some run of so many characters of a class, taken as long as it is, is what is asked for. */
export function someRun(text: string, length: number, of: Uint8Array, is: (run: string, at: number) => boolean): boolean {
  let at = runFrom(text, 0, length, of);
  while (at >= 0) {
    let end = at + length;
    while (end < text.length && of[text.charCodeAt(end)] === 1) end += 1;
    if (is(text.slice(at, end), at)) return true;
    at = runFrom(text, end, length, of);
  }
  return false;
}

// Where a run begins, or -1. Looks at every `length`th character only, and back from there: much faster than a pattern.
function runFrom(text: string, from: number, length: number, of: Uint8Array): number {
  let begin = from;
  for (let end = begin + length - 1; end < text.length; end = begin + length - 1) {
    let at = end;
    while (at >= begin && of[text.charCodeAt(at)] === 1) at -= 1;
    if (at < begin) return begin;
    begin = at + 1;
  }
  return -1;
}

/** Several rules behind what all their texts have. */
export function grouped(may: Rule['may'], rules: readonly Rule[]): Rule {
  return { may, apply: (text, mask) => rules.reduce((rest, rule) => (rule.may(rest) ? rule.apply(rest, mask) : rest), text) };
}
