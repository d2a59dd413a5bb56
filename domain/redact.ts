import { createHmac } from 'node:crypto';
import { BLOCKS } from './redact/blocks';
import { LONG_FLAGS, SETTINGS, SHORT_FLAGS } from './redact/flags';
import { HASHES } from './redact/hashes';
import { HEADERS } from './redact/headers';
import { NAMED } from './redact/named';
import { NAMES, NOT_OTHERWISE, STEMS } from './redact/names';
import { PERSONAL } from './redact/personal';
import { LOGIN_FILES, PHRASES } from './redact/phrases';
import { RANDOM } from './redact/random';
import { grouped, PLACEHOLDER, REDACTED } from './redact/rule';
import type { Mask, Rule } from './redact/rule';
import { TOKENS } from './redact/tokens';
import { URLS } from './redact/urls';

export { REDACTED } from './redact/rule';
export type { Mask } from './redact/rule';

// The order matters: what has a shape of its own goes before the general name=value, and what is left over comes last.
const TELLING = grouped((text) => STEMS.test(text), [...NAMED, ...LONG_FLAGS, ...SETTINGS, ...PHRASES]);
const RULES: readonly Rule[] = [...BLOCKS, ...TOKENS, ...HASHES, ...URLS, ...HEADERS, TELLING, ...SHORT_FLAGS, ...LOGIN_FILES, ...RANDOM, ...PERSONAL];

/** A text shorter than that holds a secret only beside one of these signs: names, severities, label keys and most of their values. */
const SHORTEST_BARE = 13;
const MAY_BE_SHORT = /[:=@+-]|nsk_|bearer|-----BEGIN /i;
// What every secret has one of: a separator, a digit, or a piece of at least 13 characters of one word.
const MAY_HOLD = /[:=@<\d]|[\w+/-]{13}|bearer|basic|pass|BEGIN |\s-[a-z]/i;

/** One pass can bring two halves of a secret together; a few more settle it. */
const MOST_PASSES = 5;

const plain: Mask = () => REDACTED;

/**
 * Text with its secrets replaced by `[redacted]`: keys and tokens of many services, passwords in URLs, commands and name=value, keys in armour, hashes of passwords, what looks random, and
 * personal data such as e-mail addresses and card numbers. Doing it twice changes nothing more. The time grows with the length of the text, whatever is in it. Never throws.
 */
export function redact(text: string): string {
  return redactWith(plain, text);
}

/** The same with another text in the place of each secret, such as `taggedMask` makes. */
export function redactWith(mask: Mask, text: string): string {
  if (text.length < SHORTEST_BARE ? !MAY_BE_SHORT.test(text) : !MAY_HOLD.test(text)) return text;
  let current = text;
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    let next = current;
    for (const rule of RULES) if (rule.may(next)) next = rule.apply(next, mask);
    if (next === current) break;
    current = next;
  }
  return current;
}

const TAG_LENGTH = 8;
const PLACED = new RegExp(PLACEHOLDER, 'g');

/**
 * Makes placeholders such as `[redacted:mail:7f3a9c12]`: equal secrets get equal tags, and without the key nobody can tell or try out what they were. The tag is the beginning of an
 * HMAC-SHA256 of the secret; `key` must be random (32 bytes) and belongs to whoever may compare, for instance one incident.
 */
export function taggedMask(key: Uint8Array): Mask {
  // A secret in which something is masked already has a tag of what is left.
  return (kind, secret) => `[redacted:${kind}:${createHmac('sha256', key).update(secret.replace(PLACED, REDACTED)).digest('hex').slice(0, TAG_LENGTH)}]`;
}

const SENSITIVE_NAME = new RegExp(`(?:^|[-_.]|[a-z](?=[A-Z]))(?:${NAMES})${NOT_OTHERWISE}$`, 'i');

/** A copy of plain data with every text (keys too) redacted, and every value under a name such as `password` replaced whole. Other kinds of values stay as they are. */
export function redactDeep<T>(value: T): T {
  return walk(value) as T;
}

function walk(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(walk);
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [redact(name), SENSITIVE_NAME.test(name) && isSecretLike(inner) ? REDACTED : walk(inner)]),
  );
}

function isSecretLike(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

function isPlain(value: object): boolean {
  // Objects of another realm (tests, sandbox) have another Object.prototype, so the prototype's own prototype tells.
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
