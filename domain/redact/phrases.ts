import { looksLikeToken } from './named';
import { NAMES, NOT_OTHERWISE, WEAK_NAMES } from './names';
import type { Rule } from './rule';
import { after, has, NOT_YET, SPACE } from './rule';
import { inQuotes, IS_VALUE, VALUE } from './values';

const SAID = new RegExp(
  String.raw`((?:api[ _-]?keys?|access[ _-]?keys?|secret[ _-]?keys?|license[ _-]?keys?|app(?:lication)?[ _-]?keys?|(?:routing|integration|service)[ _-]?keys?|secrets?|tokens?|passw(?:or)?d|pwd|passphrase|passcode|credentials?)(?:[ ](?:is|was|are|provided|used|value|given|supplied|set|to|with|from|(?:for|of|user)[ ][\w./@'-]{1,40}|for|of|user|env|header|as|now|changed|reset|rotated|received|got|[\w.-]{1,32}@[\w.-]{1,64})){0,4}[${SPACE}]{0,2}[:=]?[${SPACE}]{1,2})${NOT_YET}(\\*["'\x60(]?|\[(?=[^${SPACE}[\]]{6,512}\]))(?![{[<]|\$[{(])([^${SPACE}"'\x60()<>,;\]]{6,512})`,
  'gi',
);

const CALLED = new RegExp(
  String.raw`((?<=\w\(\s{0,4})\\*["'][\w.-]{0,60}(?:${NAMES})${NOT_OTHERWISE}[\w-]{0,20}\\*["'],\s{0,4})${IS_VALUE}(\\*"[^"\\]*\\*"|\\*'[^'\\]*\\*')`,
  'gi',
);

const WEAK_ELEMENT = new RegExp(String.raw`(<(?:[\w.-]{0,40}[._-])?(?:${WEAK_NAMES})>)([^\s<>]{16,512})(?=<\/)`, 'gi');

// Cells of a table (`| password | x |`) and pairs of CSV (`"password","x"`).
const CELLS = new RegExp(
  String.raw`(\|[${SPACE}]{0,40}[\w.-]{0,40}(?:${NAMES})${NOT_OTHERWISE}[\w-]{0,20}[${SPACE}]{0,40}\|[${SPACE}]{0,40}(?=[^\s|]{6,512}[${SPACE}]{0,80}(?:\||$))|"[\w.-]{0,40}(?:${NAMES})${NOT_OTHERWISE}[\w-]{0,20}",[ ]?"(?=[^\s"]{6,512}"))${NOT_YET}([^\s|"]{6,512})`,
  'gi',
);

/** What sentences, queries, elements and lists say beside a telling name. */
export const PHRASES: readonly Rule[] = [
  after(
    'named',
    has('<'),
    new RegExp(
      String.raw`(<(?:[\w.-]{1,40}:)?[\w.-]{0,40}(?:${NAMES})${NOT_OTHERWISE}[\w-]{0,20}(?:\s[^<>]{0,200})?>\s{0,8}(?:<!\[CDATA\[)?)${NOT_YET}(?![<\s])[^<>\]]+`,
      'gi',
    ),
  ),
  after(
    'named',
    has('<'),
    new RegExp(
      String.raw`(<[\w.:-]{1,40}\s[^<>]{0,100}(?:name|key|id)="[\w.-]{0,60}(?:${NAMES})${NOT_OTHERWISE}[\w-]{0,20}"[^<>/]{0,100}>\s{0,8})${NOT_YET}(?![<\s])[^<>]+`,
      'gi',
    ),
  ),
  {
    may: has('</'),
    apply: (text, mask) => text.replace(WEAK_ELEMENT, (match, head: string, value: string) => (looksLikeToken(value) ? head + mask('named', value) : match)),
  },
  after(
    'login',
    (text) => /\becho\b/.test(text) && /pass/.test(text),
    new RegExp(
      String.raw`(\becho[ ]{1,4}(?:-n[ ]{1,4})?["']?)${NOT_YET}[^\s"'|$-][^\s"'|]{0,256}(?=["']?[ ]{0,4}\|[^|\n]{1,120}(?:--password-stdin|passwd))`,
      'g',
    ),
  ),
  after('login', has('AUTH'), new RegExp(String.raw`(\bAUTH(?:ENTICATE)? (?:PLAIN|LOGIN|XOAUTH2|CRAM-MD5) )${NOT_YET}[A-Za-z0-9+/]{8,}={0,2}`, 'g')),
  after('signed', has('v1='), /(\bv1=)[0-9a-f]{64}(?![0-9a-f])/g),
  // Calls such as `setProperty("db.password", "…")`.
  { may: has('('), apply: (text, mask) => text.replace(CALLED, (_match, head: string, value: string) => head + inQuotes(value, mask)) },
  {
    may: (text) => /value|\n/i.test(text),
    apply: (text, mask) => text.replace(LISTED, (_match, head: string, value: string) => head + inQuotes(value, mask)),
  },
  after(
    'named',
    (text) => /identified|password/i.test(text),
    new RegExp(
      String.raw`(\b(?:identified\s+(?:with\s+\S{1,64}\s+)?(?:by|as)|(?:(?:with|encrypted|alter\s+\S{1,64}|for)\s{1,4})?password)(?:\s{1,4}(?:=\s{0,4}|\()?|\()\\*')${NOT_YET}[^'\\]+(?=\\*')`,
      'gi',
    ),
  ),
  {
    may: (text) => text.includes('|') || text.includes('",'),
    apply: (text, mask) => text.replace(CELLS, (match, head: string, value: string) => (isOfTable(value) ? head + mask('named', value) : match)),
  },
  {
    may: () => true,
    apply: (text, mask) =>
      text.replace(SAID, (match, head: string, open: string, value: string) => (isSaid(head, open, value) ? head + open + mask('named', value) : match)),
  },
];

const OF_PASSFILE = /:(?:\d{4,5}|\*):[\w*-]/;

/** Lines of files with logins: .netrc, .pgpass. */
export const LOGIN_FILES: readonly Rule[] = [
  after('login', has('login', 'machine'), new RegExp(String.raw`(\blogin\s{1,4}\S{1,256}\s{1,4}password\s{1,4})${NOT_YET}\S+`, 'g')),
  after(
    'login',
    (text) => OF_PASSFILE.test(text),
    new RegExp(
      String.raw`((?:^|(?<=[\n"'\s]))(?:[\w-]{1,63}\.){0,8}[\w*-]{1,63}:(?:\d{4,5}|\*):[\w*-]{1,64}:[\w*.-]{1,64}:)${NOT_YET}[^\s:"'/]{4,}(?=["'\s]|$)`,
      'g',
    ),
  ),
];

// A list of names with values: Kubernetes' `name: DB_PASSWORD` with `value: …`, `<add key="Password" value="…"/>`, form data.
const LISTED = new RegExp(
  String.raw`((?:name|key|Name|Key)\\*["']?[${SPACE}]{0,8}[:=][${SPACE}]{0,8}\\*["']?[\w.:-]{0,60}(?:${NAMES})${NOT_OTHERWISE}[\w-]{0,20}\\*["']?(?:[,;]?[${SPACE}]{0,40}(?:type\\*["']?[:=]\s{0,4}\\*["']?\w{1,20}\\*["']?,?\s{0,8})?\\*["']?\w{0,12}value\\*["']?[${SPACE}]{0,8}[:=][${SPACE}]{0,8}|(?:\\r\\n|\r?\n){2}))${IS_VALUE}(${VALUE})`,
  'gi',
);

// `password is hunter2`, `invalid API key provided: 8f2a…`: a word of a sentence has no digits, and a name has parts with hyphens.
function isSaid(head: string, open: string, value: string): boolean {
  if (isTypedByHand(head, value)) return true;
  if (
    !/\d/.test(value) ||
    !/[A-Za-z]/.test(value) ||
    /^\d+[a-z]{1,3}$|^(?:0x|v\d|\/|https?:|\d{4}-\d\d-)|^(?:sha|md|oauth|tls|base|level|step|v|attempt|try|argon|aes|rsa|ed|part|stage|type|mode|test)-?\d+\w{0,4}$/i.test(
      value,
    )
  )
    return /(?:is|was|to|:|=)\s{1,2}$/i.test(head) && /^pass/i.test(head) && /\d/.test(value) && /[^\d.,:-]/.test(value);
  if (!/^pass/i.test(head) && /^[a-z]+\d{0,3}$/.test(value)) return false;
  if (/^(?:[a-z][a-z0-9]*[-_./])+[a-z0-9]*[.:]?$/.test(value) && !/[0-9a-f]{16}/.test(value)) return isPassphrase(head, open, value);
  const told = /(?:is|was|are|to|provided|used|value|given|supplied|received|got|:|=)\s{1,2}$/i.test(head) || open !== '';
  return told ? value.length >= 6 : value.length >= (/^pass/i.test(head) ? 6 : /^api/i.test(head) ? 8 : 16) && !/^[0-9a-f]{8}-[0-9a-f]{4}-/.test(value);
}

// Words with hyphens are a name, but where exactly a password stands: `using password "correct-horse-7"`.
function isPassphrase(head: string, open: string, value: string): boolean {
  return /^pass/i.test(head) && /\d/.test(value) && !/[/.]/.test(value) && (open !== '' || /(?:(?:is|was|to|:|=)\s{1,2}|\t)$/i.test(head));
}

// A heading has no digits, or is the name of another column.
function isOfTable(value: string): boolean {
  return /\d/.test(value) && /[A-Za-z]/.test(value) && !/^[a-z_]+\d{0,3}$|^\w+\(\d+(?:,\d+)?\)$/.test(value);
}

// No word has a sign within and capitals after small letters.
function isTypedByHand(head: string, value: string): boolean {
  return /^pass/i.test(head) && /\w[!#$%*^]\w/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value);
}
