const WEEKDAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},?';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}';
const CLOCK = String.raw`\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?`;
const ZONE = String.raw`(?: ?(?:Z\b|[+-]\d\d:?\d\d|(?:UTC|GMT|[A-Z]{2,3}T)\b))?`;

// ISO 8601 and its kin, access logs, syslog and ctime, RFC 1123, and a time of the day alone.
const TIME = new RegExp(
  [
    String.raw`(?<!\w)\d{4}[-/.]\d\d[-/.]\d\d(?:T|,? )\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?${ZONE}`,
    String.raw`(?<!\w)\d{1,2}/${MONTH}/\d{4}:\d\d:\d\d:\d\d(?: [+-]\d{4})?`,
    String.raw`(?<!\w)(?:${WEEKDAY} )?${MONTH} {1,2}\d{1,2},? (?:\d{4},? )?${CLOCK}${ZONE}(?: \d{4}(?!\w))?`,
    String.raw`(?<!\w)${WEEKDAY} \d{1,2}[ -]${MONTH}[ -]\d{2,4} ${CLOCK}${ZONE}`,
    String.raw`(?<![\w:.])${CLOCK}(?![\w:])`,
  ].join('|'),
  'g',
);
const HAS_TIME = /\d:\d\d/;
// "<1 sec": less than the least that is told.
const SHORT = /(?<!\w)<\d[\d.]{0,20} ?(?:ns|us|ms|s|sec|second|min|minute|hour|day)s?\b/g;

// In structured lines (JSON, logfmt) keys stay, and so does what is the message there.
const MESSAGE_KEY = '(?:msg|message|event|err|error|reason|level|severity)';
// Quoted values go whole, as they are what callers put in. An apostrophe inside or after a word is no quote.
const QUOTED = new RegExp(
  [
    String.raw`((?:"${MESSAGE_KEY}" ?: ?|(?<![\w.])${MESSAGE_KEY}=)"(?:[^"\\]|\\.){0,500}"|"[\w.-]{1,64}"(?= ?:))`,
    String.raw`"(?:[^"\\]|\\.){0,500}"`,
    String.raw`(?<!\w)'[^']{0,500}'(?![a-z])`,
    '`[^`]{0,500}`',
  ].join('|'),
  'gi',
);
const REQUEST = /^"([A-Z]{3,8}) \S{1,500}(?: HTTP\/[\d.]{1,3})?"$/;

// Sizes for people change their unit with their value; one that only says a count of bytes once more is left out.
const SIZE = /(?<![\w.])\d[\d.,]{0,20} ?(?:[KMGTPEk]i?)?B\b(?!\/)/g;
const HAS_SIZE = /\d ?(?:[KMGTPEk]i?)?B\b/;
const SAID_AGAIN = /( bytes) \(<size>\)/g;

const LITERAL = /(?<![\w.<-])(?:true|false|null|nil|undefined|nan)(?![\w.-])/gi;

// Accounts that every system has, where a name of a user stands.
const ACCOUNT = '(?:root|admin|administrator|guest|nobody)';
const USER = new RegExp(String.raw`((?:\b(?:user|username|login|account|ruser)[ =:]{1,2}|\(|\bfor ))${ACCOUNT}(?=\)| by | from |[\s,;]*$| \[)`, 'gi');

const HAS_NAMED = /root|admin|guest|nobody|true|false|null|nil|undefined|nan/i;

/** A line in which what may hold spaces is masked: quoted text, times, sizes; accounts, and the values that have words (true, null). */
export function maskSpans(line: string): string {
  let text = line;
  if (text.includes('"') || text.includes("'") || text.includes('`')) text = text.replace(QUOTED, quoted);
  if (HAS_TIME.test(text)) text = text.replace(TIME, '<time>');
  if (text.includes('<')) text = text.replace(SHORT, '<time>');
  if (text.includes('B') && HAS_SIZE.test(text)) text = text.replace(SIZE, '<size>').replace(SAID_AGAIN, '$1');
  return HAS_NAMED.test(text) ? text.replace(USER, '$1<user>').replace(LITERAL, '<value>') : text;
}

function quoted(text: string, kept: string | undefined): string {
  if (kept !== undefined) return kept;
  const request = REQUEST.exec(text);
  if (request) return `"${request[1] ?? ''} <url>"`;
  const quote = text.charAt(0);
  return text.length <= 2 ? text : `${quote}<text>${quote}`;
}
