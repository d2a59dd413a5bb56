import type { Mask, Rule } from './rule';
import { after, has, NOT_YET, SPACE } from './rule';
import { QUOTE } from './values';

const SCHEMES =
  'bearer|basic|digest|negotiate|ntlm|token|api-?key|key|bot|ssws|geniekey|splunk|hawk|hmac|hmac-sha256|oauth|aws4-hmac-sha256|aws|sharedkey(?:lite)?|private-token|jwt|macaroon|signature|klaviyo-api-key|discogs|dpop|snowflake|klaviyo';
const GAP = `[${SPACE}]{0,8}`;
const AUTHORIZATION = String.raw`(\bauthorization\b\\*["']?\]?${GAP}(?::|=>?|%3a|,)${GAP}[[({]{0,2}${QUOTE}?(?:(?:${SCHEMES})(?:[${SPACE}]|%20|\+)${GAP}(?:(?:token|key|credential|username|id)=\\*"?)?)?)`;
const PAIR = String.raw`[^${SPACE};"'=,<>]{1,256}=[^${SPACE};"'<>]{0,8192}`;

const colons = has(':', '=', '%3', ',');
const anyCase =
  (pattern: RegExp) =>
  (text: string): boolean =>
    pattern.test(text);

/** What headers of HTTP carry: authorization, bearer and basic credentials, cookies. */
export const HEADERS: readonly Rule[] = [
  after(
    'login',
    (text) => colons(text) && /authorization/i.test(text),
    new RegExp(String.raw`${AUTHORIZATION}${NOT_YET}(?!(?:missing|none|null|absent|required|header|failed|denied|error)\b)[^\s"',;\\\])}&<]+`, 'gi'),
  ),
  after(
    'login',
    anyCase(/bearer/i),
    new RegExp(
      String.raw`((?<!type\\*["']?[:=]\\*["']?[ ]?)bearer(?:[${SPACE}]|%20|\+|\\u0020)${GAP}\\*["']?)${NOT_YET}(?=[A-Za-z0-9._~+/-]{0,64}[0-9._~+/=-]|[A-Za-z]{16})[A-Za-z0-9._~+/|-]{4,}={0,2}`,
      'gi',
    ),
  ),
  {
    may: anyCase(/basic/i),
    apply: (text, mask) => text.replace(/(\bbasic(?:\s|%20|\+)\s{0,8})([A-Za-z0-9+/_-]{8,4096}(?:={0,2}|(?:%3d){0,2}))(?![A-Za-z0-9+/_=-])/gi, basic(mask)),
  },
  after(
    'jar',
    anyCase(/cookie/i),
    new RegExp(
      String.raw`((?:set-)?cookies?2?\\*["']?\]?${GAP}(?::|=>?|,)${GAP}[[({]{0,2}${QUOTE}?)(?=[^\s=;]{1,256}=)${NOT_YET}${PAIR}(?:;[ ]?(?:${PAIR}|[\w-]{1,32}(?![\w=-])))*`,
      'gi',
    ),
  ),
  after('login', (text) => /response|cnonce/.test(text), /(\b(?:response|cnonce)=\\?")[0-9a-f]{32,64}(?=\\?")/g),
];

// A word after "basic" is a credential when it is the Base64 of `user:password`.
function basic(mask: Mask): (match: string, head: string, value: string) => string {
  return (match, head, value) =>
    Buffer.from(value.replace(/%3d/gi, '='), 'base64').includes(':'.charCodeAt(0)) && !/^[a-z]+$/.test(value) ? head + mask('login', value) : match;
}
