import { NAMES, NOT_OTHERWISE, PHONE_NAMES, WEAK_NAMES } from './names';
import type { Rule } from './rule';
import { has } from './rule';
import { GAP, inQuotes, IS_VALUE, NO_SENTENCE, SEPARATOR, TYPED, unquoted, VALUE, WRAPPING } from './values';

// In an ARN `secretsmanager:` is a service and `secret:` a kind of resource. Asked after the name, as there are few.
const notInArn = (names: string): string => String.raw`(?<!\barn:aws[a-z-]{0,20}:(?:[a-z0-9-]{1,40}:[a-z0-9-]{0,30}:\d{12}:)?(?:${names}))`;

const named = (names: string, suffix: string): RegExp =>
  new RegExp(
    String.raw`((?:${names})${notInArn(names)}${NOT_OTHERWISE}${suffix}${TYPED}${SEPARATOR}${NO_SENTENCE}${GAP}${WRAPPING})${IS_VALUE}(${VALUE})`,
    'gi',
  );

const STRONG = named(NAMES, String.raw`[\w-]{0,20}`);
const WEAK = named(WEAK_NAMES, '');
const PHONES = named(PHONE_NAMES, '');
const SEPARATED = has(':', '=', '%3', '->', '\\x3', '\\u003');

/** Values that stand under a telling name: `password=…`, `"apiKey": "…"`, `DB_SECRET: …`, `token%3D…`. */
export const NAMED: readonly Rule[] = [
  {
    may: SEPARATED,
    apply: (text, mask) =>
      text
        .replace(STRONG, (match, head: string, value: string) =>
          isCount(head, value) || isType(head, value) || isFolder(head, value) ? match : head + inQuotes(value, mask),
        )
        .replace(WEAK, (match, head: string, value: string) => (looksLikeToken(unquoted(value).secret) ? head + inQuotes(value, mask) : match))
        .replace(PHONES, (match, head: string, value: string) => (isPhone(unquoted(value).secret) ? head + inQuotes(value, mask, 'phone') : match)),
  },
];

// `tokens=512`, `completion_tokens: 3`: how many, not which.
function isCount(head: string, value: string): boolean {
  return /(?:tokens|cookies|secrets|credentials|pass)\\*["']?\s{0,8}[:=]\s{0,8}$/i.test(head) && /^\d[\d,._]{0,11}[)\]}]?$/.test(value);
}

// `PWD=/srv/app`: where a shell is.
function isFolder(head: string, value: string): boolean {
  return /pwd\\*["']?\s{0,8}[:=]\s{0,8}$/i.test(head) && /^["']?[~/]/.test(value);
}

// A declared type (`token: string`, `password: str`), as code and its messages have it.
function isType(head: string, value: string): boolean {
  return /:\s{1,8}$/.test(head) && /^(?:string|str|number|boolean|bool|bytes|object|any|int|void|expected|unexpected)[)\]}]*$/i.test(value);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Sixteen characters or more with digits and letters that are no path, host, date or UUID. */
export function looksLikeToken(text: string): boolean {
  return (
    /^[A-Za-z0-9+/_=.~%|!$@#*-]{16,}$/.test(text) &&
    /\d/.test(text) &&
    /[A-Za-z]/.test(text) &&
    !UUID.test(text) &&
    !/^(?:0x|\/|\d{4}-\d\d-|arn:)|^[a-z-]+(?:[./_-][a-z]+)+\d{0,4}$/.test(text)
  );
}

function isPhone(text: string): boolean {
  const digits = text.replace(/\D/g, '').length;
  return digits >= 7 && digits <= 15 && /^\+?[\d ()./-]{7,24}$/.test(text);
}
