import { hash } from 'node:crypto';
import { redact } from './redact';

// Control characters (line breaks too) and lone surrogates: the first grow sixfold in JSON and forge lines, PostgreSQL refuses the second and NUL.
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]+/gu;

/** Characters beyond those that are kept which are looked at, as what is redacted makes room for what follows. */
const LOOK_AHEAD = 65_536;
/** Where that was not all of the text, the end may be half a secret: so many characters of it are never kept. */
const DOUBTFUL = 4096;

/** Text from outside made fit to keep: redacted first, so that no cut leaves half a secret, then on one line and at most `max` characters. */
export function cleanText(text: string, max: number): string {
  return fitText(redactedStart(text, max), max);
}

/** The same for what was redacted before. */
export function fitText(redacted: string, max: number): string {
  const line = redacted.replace(UNSAFE, ' ').trim();
  return line.length <= max ? line : `${line.slice(0, max - 1).replace(UNSAFE, '')}…`;
}

function redactedStart(text: string, max: number): string {
  if (text.length <= max + LOOK_AHEAD) return redact(text);
  const start = redact(text.slice(0, max + LOOK_AHEAD));
  return `${start.slice(0, -DOUBTFUL)}…`;
}

/** An identifier from outside: kept as it is where nothing in it must be hidden, else replaced by a hash that is the same every time. */
export function cleanId(text: string, max: number): string {
  return cleanText(text, max) === text ? text : digestId('h', [text]);
}

/** A short deterministic id of some parts: the prefix and 128 bits of SHA-256 in hex. */
export function digestId(prefix: string, parts: readonly unknown[]): string {
  return `${prefix}-${hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32)}`;
}

/** The author of a change as the names of keys are written. An address would be redacted, and with it the answer to who made the change, that `notAuthor` asks for. */
export function personOf(author: string): string {
  const mail = /^(?:[^<]*<)?([A-Za-z0-9._%+-]{1,64})@[^@\s]+$/.exec(author);
  return cleanText(mail?.[1] ?? author, 128);
}
