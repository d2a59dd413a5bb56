/** What stands where a secret stood. */
export const REDACTED = '[redacted]';

interface Rule {
  readonly find: RegExp;
  readonly replace: string | ((match: string, ...groups: string[]) => string);
}

const NAMES =
  '(?:pass(?:word|wd|phrase)|pwd|secret|token|credentials?|authorization|cookie|signature|api[-_.]?key|access[-_.]?key|secret[-_.]?key|private[-_.]?key|signing[-_.]?key|account[-_.]?key|auth[-_.]?key)';
// A name may be in quotes, once more escaped when JSON stands inside JSON; what was redacted before is left alone.
const VALUE = String.raw`(\\*"(?:[^"\\]|\\[^"])*\\*"?|'[^']*'?|[^\s,;&"'<>]+)`;

// The order matters: what has a shape of its own goes before the general name=value.
const RULES: readonly Rule[] = [
  { find: /-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g, replace: REDACTED },
  { find: /(?<![\w-])[\w-]+(?:\.[\w-]+)+/g, replace: jwts },
  { find: /nsk_[A-Za-z0-9_.-]{6,}/g, replace: REDACTED },
  {
    find: /(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|xox[abeprs]-[A-Za-z0-9-]{10,}|[rs]k_(?:live|test)_[A-Za-z0-9]{10,}|AIza[\w-]{35})/g,
    replace: REDACTED,
  },
  { find: /(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{16}/g, replace: REDACTED },
  {
    find: /(\b[a-z][a-z0-9+.-]{1,20}:\/\/)([^\s/?#:@]{0,128}):(?!\[redacted\]@)[^\s/?#]{1,512}@/gi,
    replace: (_match, scheme, user) => `${scheme}${user}:${REDACTED}@`,
  },
  {
    find: /(\bauthorization\b\\*["']?\s{0,8}[:=]\s{0,8}\\*["']?(?:(?:bearer|basic|digest|negotiate|token|aws4-hmac-sha256)\s+)?)(?!\[redacted\])[^\s"',;\\]+/gi,
    replace: `$1${REDACTED}`,
  },
  { find: /\b(bearer\s+)(?!\[redacted\])(?=[A-Za-z0-9._~+/-]{0,64}[0-9._~+/=-]|[A-Za-z]{16})[A-Za-z0-9._~+/=-]{4,}/gi, replace: `$1${REDACTED}` },
  { find: new RegExp(String.raw`(${NAMES}[\w-]{0,20}\\*["']?\s{0,8}(?:[:=]|=>)\s{0,8})(?!\\*["']?\[redacted\])${VALUE}`, 'gi'), replace: namedValue },
  { find: /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g, replace: (match) => (looksRandom(match) ? REDACTED : match) },
  { find: /[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}/g, replace: REDACTED },
  { find: /(?<!\d)(?<!\d\.)\d(?:[ -]?\d){12,}/g, replace: cards },
];

/** One pass can bring two halves of a secret together; a few more settle it. */
const MOST_PASSES = 5;

/**
 * Text with its secrets replaced by `[redacted]`: cloud keys, bearer tokens, JWTs, PEM blocks, passwords in URLs and in name=value, e-mail addresses, card numbers and our
 * own keys. Doing it twice changes nothing more. Never throws.
 */
export function redact(text: string): string {
  let current = text;
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const next = RULES.reduce(
      (sum, rule) => (typeof rule.replace === 'string' ? sum.replace(rule.find, rule.replace) : sum.replace(rule.find, rule.replace)),
      current,
    );
    if (next === current) break;
    current = next;
  }
  return current;
}

const LEAST_JWT_PART = 6;

const SENSITIVE_NAME = new RegExp(`(?:^|[-_.]|[a-z](?=[A-Z]))${NAMES}$`, 'i');

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

function namedValue(_match: string, name: string, value: string): string {
  const quote = /^\\*["']/.exec(value)?.[0] ?? '';
  return `${name}${quote}${REDACTED}${quote !== '' && value.length > quote.length && value.endsWith(quote) ? quote : ''}`;
}

// A dotted run of words in which one begins (or holds) `eyJ`, the Base64 of `{"`: that one and the two after it are a token. Split by hand, as a pattern for it is slow.
function jwts(match: string): string {
  const parts = match.split('.');
  const head = parts.findIndex(
    (part, i) => part.length - part.indexOf('eyJ') >= LEAST_JWT_PART && part.includes('eyJ') && (parts[i + 1]?.length ?? 0) >= LEAST_JWT_PART,
  );
  if (head < 0) return match;
  const before = parts[head] ?? '';
  const first = before.slice(0, before.indexOf('eyJ')) + REDACTED;
  return [...parts.slice(0, head), first, ...parts.slice(head + 3)].join('.');
}

// Forty characters of all three kinds: an AWS secret key. A Git or SHA-1 digest has no capitals.
function looksRandom(text: string): boolean {
  return /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);
}

const MOST_CARD_DIGITS = 19;
const CARD = /^(?:4|5[1-5]|2[2-7]|3[4-8]|6)\d{12,18}$/;

// A card number may stand beside other groups of digits (`2 x 4111 1111 1111 1111`), so every run of whole groups that is long enough is tried.
function cards(match: string): string {
  const groups = match.split(/([ -])/);
  const kept: string[] = [];
  for (let start = 0; start < groups.length; start += 2) {
    const end = cardEnd(groups, start);
    kept.push(end === undefined ? (groups[start] ?? '') : REDACTED);
    if (end !== undefined) start = end;
    kept.push(groups[start + 1] ?? '');
  }
  return kept.join('');
}

// Index of the group that a card number which begins at `start` ends with.
function cardEnd(groups: readonly string[], start: number): number | undefined {
  let digits = '';
  for (let end = start; end < groups.length && digits.length < MOST_CARD_DIGITS; end += 2) {
    digits += groups[end] ?? '';
    if (CARD.test(digits) && passesLuhn(digits)) return end;
  }
  return undefined;
}

function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const doubled = i % 2 === 1 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
