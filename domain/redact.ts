/** What stands where a secret stood. */
export const REDACTED = '[redacted]';

interface Rule {
  /** Cheap to ask, and true of every text that holds such a secret: most texts from outside hold nothing that looks like one. */
  readonly may: (text: string) => boolean;
  readonly find: RegExp;
  readonly replace: string | ((match: string, ...groups: string[]) => string);
}

/** A rule that no pattern tells fast enough. */
interface OwnRule extends Pick<Rule, 'may'> {
  readonly apply: (text: string) => string;
}

const NAMES =
  '(?:pass(?:word|wd|phrase)|pwd|secret|token|credentials?|authorization|cookie|signature|api[-_.]?key|access[-_.]?key|secret[-_.]?key|private[-_.]?key|signing[-_.]?key|account[-_.]?key|auth[-_.]?key)';
// A name may be in quotes, once more escaped when JSON stands inside JSON; what was redacted before is left alone.
const VALUE = String.raw`(\\*"(?:[^"\\]|\\[^"])*\\*"?|'[^']*'?|[^\s,;&"'<>]+)`;

// In an ARN `secretsmanager:` is a service and `secret:` a kind of resource.
const NOT_IN_ARN = String.raw`(?<!\barn:aws[a-z-]{0,20}:)(?<!\barn:aws[a-z-]{0,20}:[a-z0-9-]{1,40}:[a-z0-9-]{0,30}:\d{12}:)`;
const NAMED_VALUE = new RegExp(String.raw`${NOT_IN_ARN}(${NAMES}[\w-]{0,20}\\*["']?\s{0,8}(?:[:=]|=>)\s{0,8})(?!\\*["']?\[redacted\])${VALUE}`, 'gi');

const has =
  (...parts: readonly string[]) =>
  (text: string): boolean =>
    parts.some((part) => text.includes(part));
const atLeast =
  (length: number) =>
  (text: string): boolean =>
    text.length >= length;
const NAMED = has(':', '=');

// The order matters: what has a shape of its own goes before the general name=value.
const RULES: readonly (Rule | OwnRule)[] = [
  { may: has('-----BEGIN '), find: /-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g, replace: REDACTED },
  { may: has('eyJ'), find: /(?<![\w-])[\w-]+(?:\.[\w-]+)+/g, replace: jwts },
  { may: has('k8s-aws-v1.'), find: /k8s-aws-v1\.[A-Za-z0-9_-]{6,}/g, replace: REDACTED },
  { may: has('nsk_'), find: /nsk_[A-Za-z0-9_.-]{6,}/g, replace: REDACTED },
  {
    may: atLeast('xoxb-'.length + 10),
    find: /(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|xox[abeprs]-[A-Za-z0-9-]{10,}|[rs]k_(?:live|test)_[A-Za-z0-9]{10,}|AIza[\w-]{35})/g,
    replace: REDACTED,
  },
  { may: atLeast('AKIA'.length + 16), find: /(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{16}/g, replace: REDACTED },
  {
    may: has('://'),
    find: /(\b[a-z][a-z0-9+.-]{1,20}:\/\/)([^\s/?#:@]{0,128}):(?!\[redacted\]@)[^\s/?#]{1,512}@/gi,
    replace: (_match, scheme, user) => `${scheme}${user}:${REDACTED}@`,
  },
  {
    may: NAMED,
    find: /(\bauthorization\b\\*["']?\s{0,8}[:=]\s{0,8}\\*["']?(?:(?:bearer|basic|digest|negotiate|token|aws4-hmac-sha256)\s+)?)(?!\[redacted\])[^\s"',;\\]+/gi,
    replace: `$1${REDACTED}`,
  },
  {
    may: (text) => /bearer/i.test(text),
    find: /\b(bearer\s+)(?!\[redacted\])(?=[A-Za-z0-9._~+/-]{0,64}[0-9._~+/=-]|[A-Za-z]{16})[A-Za-z0-9._~+/=-]{4,}/gi,
    replace: `$1${REDACTED}`,
  },
  {
    may: NAMED,
    apply: (text) => text.replace(NAMED_VALUE, namedValue),
  },
  { may: atLeast(40), apply: (text) => beside(RESOURCE, text, (part) => part.replace(SECRET_KEY, randomOnly), withoutKeys) },
  { may: has('@'), apply: withoutAddresses },
  { may: atLeast(13), apply: (text) => beside(RESOURCE, text, withoutCards, withoutCardsInArn) },
];

const SECRET_KEY = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g;
const DIGITS = /(?<!\d)(?<!\d\.)\d(?:[ -]?\d){12,}/g;

// Ids of resources of AWS, by which people and the look back know what was changed: digits in hexadecimal can look like a card number, and paths like a secret key.
const SHORT_ID =
  '(?:acl|ami|dopt|eipalloc|eipassoc|eni|fs|i|igw|lt|nat|pcx|pl|rtb|sg|sgr|snap|subnet|tgw|vol|vpc|vpce|vpn)-(?:[0-9a-f]{17}|[0-9a-f]{8})(?![\\w-])';
const RESOURCE = new RegExp(String.raw`(?<![\w-])(?:arn:aws[a-z-]{0,20}:[a-z0-9-]{1,40}:[a-z0-9-]{0,30}:(?:\d{12}|aws)?:[\w./:*+-]{1,1024}|${SHORT_ID})`, 'g');

// What people name themselves, such as keys of S3 and what hangs on an ARN by : or /, may be a secret: only a whole part of 40 characters is taken for a key there, and only digits that
// are no hexadecimal id and no account are looked at.
const ARN = /^(arn:[^:]*:([^:]*):[^:]*:[^:]*:)(.*)$/;
const KEY_PART = /(?<![A-Za-z0-9+])[A-Za-z0-9+]{40}(?![A-Za-z0-9+])|(?<=:)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/g;
const ACCOUNT = String.raw`(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])`;
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const ACCOUNTS = new RegExp(ACCOUNT, 'g');
const IDS = new RegExp(String.raw`(?<![\w-])${SHORT_ID}|(?<![0-9A-Za-z])(?:${UUID}|(?=\d{0,63}[a-f])[0-9a-f]{16,64})(?![0-9A-Za-z])|${ACCOUNT}`, 'g');

/** Applies one rule to what stands before, between and after what a pattern finds, and another to what it finds. */
function beside(pattern: RegExp, text: string, apply: (part: string) => string, within: (found: string) => string): string {
  const kept: string[] = [];
  let done = 0;
  for (const { index, 0: found } of text.matchAll(pattern)) {
    kept.push(apply(text.slice(done, index)), within(found));
    done = index + found.length;
  }
  return done === 0 ? apply(text) : kept.join('') + apply(text.slice(done));
}

function withoutKeys(resource: string): string {
  return resource.replace(ARN, (_arn, head: string, _service, named: string) => head + named.replace(KEY_PART, randomOnly));
}

function withoutCards(text: string): string {
  return text.replace(DIGITS, cards);
}

function withoutCardsInArn(resource: string): string {
  return resource.replace(ARN, (_arn, head: string, service: string, named: string) => {
    return head + beside(service.startsWith('s3') ? ACCOUNTS : IDS, named, withoutCards, (id) => id);
  });
}

/** A text shorter than that holds a secret only beside one of these signs: names, severities, label keys and most of their values. */
const SHORTEST_BARE = 13;
const MAY_BE_SHORT = /[:=@]|nsk_|bearer|-----BEGIN /i;

/** One pass can bring two halves of a secret together; a few more settle it. */
const MOST_PASSES = 5;

/**
 * Text with its secrets replaced by `[redacted]`: cloud keys, bearer tokens, JWTs, PEM blocks, passwords in URLs and in name=value, e-mail addresses, card numbers and our
 * own keys. Doing it twice changes nothing more. The time grows with the length of the text, whatever is in it. Never throws.
 */
export function redact(text: string): string {
  if (text.length < SHORTEST_BARE && !MAY_BE_SHORT.test(text)) return text;
  let current = text;
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const next = RULES.reduce((sum, rule) => (rule.may(sum) ? applied(rule, sum) : sum), current);
    if (next === current) break;
    current = next;
  }
  return current;
}

function applied(rule: Rule | OwnRule, text: string): string {
  if ('apply' in rule) return rule.apply(text);
  const { find, replace } = rule;
  return typeof replace === 'string' ? text.replace(find, replace) : text.replace(find, replace);
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

const AT_DOMAIN = /@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}/g;
const LONGEST_LOCAL_PART = 64;

// E-mail addresses, found by their @: a pattern that begins with what stands before it tries 64 characters from each place of a long word.
function withoutAddresses(text: string): string {
  const kept: string[] = [];
  let done = 0;
  for (const { index, 0: domain } of text.matchAll(AT_DOMAIN)) {
    const local = /[A-Za-z0-9._%+-]+$/.exec(text.slice(Math.max(done, index - LONGEST_LOCAL_PART), index))?.[0];
    if (local === undefined) continue;
    kept.push(text.slice(done, index - local.length), REDACTED);
    done = index + domain.length;
  }
  return kept.length === 0 ? text : kept.join('') + text.slice(done);
}

function randomOnly(match: string): string {
  return looksRandom(match) ? REDACTED : match;
}

// Forty characters of all three kinds: an AWS secret key. A Git or SHA-1 digest has no capitals.
function looksRandom(text: string): boolean {
  return /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);
}

const MOST_CARD_DIGITS = 19;
const LEAST_CARD_DIGITS = 13;
const CARD_BEGINS = /^(?:4|5[1-5]|2[2-7]|3[4-8]|6)/;
const CARD = /^(?:4|5[1-5]|2[2-7]|3[4-8]|6)\d{12,18}$/;
const ZERO = 48;

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
    if (digits.length < LEAST_CARD_DIGITS) continue;
    // More digits do not change how it begins.
    if (!CARD_BEGINS.test(digits)) return undefined;
    if (CARD.test(digits) && passesLuhn(digits)) return end;
  }
  return undefined;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - ZERO;
    sum += place % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
  }
  return sum % 10 === 0;
}
