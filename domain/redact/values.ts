import type { Mask } from './rule';
import { PLACEHOLDER, SPACE } from './rule';

/** Source of a pattern for a quote: also escaped, as where JSON stands in JSON, and as HTML and URLs write it. */
export const QUOTE = String.raw`(?:\\*["'\x60]|&(?:quot|#3[49]);|%2[27]|\\*u002[27])`;

/** Source of a pattern for a colour of a terminal. */
const COLOUR = String.raw`(?:\u001b\[[\d;]{0,9}m){0,2}`;

/** Source of what parts a name from its value, without the spaces that may follow. */
export const SEPARATOR = String.raw`${COLOUR}\\*["'\x60]?(?:&(?:quot|#3[49]);|%2[27]|\\*u002[27])?\]?[${SPACE}]{0,8}(?::=|={1,3}>?|=>|->|:|%3[AaDd]|\\\\(?:x|u00)3[AaDd])`;

/** Source of a declared type that may stand between a name and its separator: `password: str = "…"`, `var token string = "…"`. */
export const TYPED = String.raw`(?:[ ]?:?[ ](?:string|str|String|char\*?|\[\]byte|Optional\[str\])\??(?=[ ]{0,4}:?=[^=]))?`;

/** Source of the spaces that may follow a separator. */
export const GAP = `[${SPACE}]{0,8}`;

// A comma, semicolon or ampersand ends a value where a space, the end or the next name follows; else it is one of its characters.
const GOES_ON = String.raw`[,;&](?![${SPACE}]|$|["'\\\[{]|(?:amp;)?[\w.%-]{1,40}[${SPACE}]?[=:])`;

/** Source of a pattern for a value: in quotes of one kind, or bare up to a space or what ends it. An open quote goes up to the end of the text. */
export const VALUE = [
  String.raw`\\*"(?:[^"\\]|\\[^"])*\\*"?`,
  String.raw`\\*'(?:[^'\\]|\\[^'])*\\*'?`,
  String.raw`\x60[^\x60]*\x60?`,
  String.raw`&(?:quot|#3[49]);[^&"<>]*(?:&(?:quot|#3[49]);)?`,
  String.raw`\{[^"'{}]{1,256}\}(?=;)`,
  String.raw`(?:[^${SPACE},;&"'<>]|${GOES_ON})+`,
].join('|');

/** Source of what may stand between separator and value: the brackets of a list or of a typed value, as DynamoDB has them, and the tags and marks of YAML. */
export const WRAPPING = String.raw`(?:!{1,2}\w{1,16}[ ]{1,4}|[|>][+-]?[ ]{1,8}|\[\]\w{1,12}\{|string\(\d{1,5}\)[ ]|\[[${SPACE}]{0,4}(?=\\*["'])|\{[${SPACE}]{0,4}\\*"\w{1,20}\\*"[${SPACE}]{0,4}:[${SPACE}]{0,4}(?=\\*"))?`;

const ENDS = String.raw`(?=[${SPACE},;&"'\\)\]}<>]|$)`;
const LITERALS =
  'true|false|null|nil|none|undefined|yes|no|on|off|empty|unset|missing|required|optional|invalid|valid|expired|\\(?hidden\\)?|\\*{3,}|\\.{3,}|x{4,}|<[^<>]{0,40}>';

/** Source of an assertion that what follows is a value at all: not what is masked, no literal such as `null`, no reference such as `${NAME}`, no object. */
export const IS_VALUE = [
  `(?!${QUOTE}?${PLACEHOLDER})`,
  String.raw`(?!${QUOTE}?(?:${LITERALS}|\$\{[\w.:-]{1,64}\}|\$[A-Z_]{2}[A-Z0-9_]{0,60}|\$\([\w .:-]{1,64}\)|\{\{)${QUOTE}?${ENDS})`,
  String.raw`(?!\$\{|\{\{|\{[${SPACE}]{0,4}(?:\\*"|\w{1,40}:)|\[[${SPACE}]{0,4}[\]{"']|[<&](?!(?:quot|#3[49]);))`,
  // What code asks for: `getToken()`, `os.environ["TOKEN"]`.
  String.raw`(?![A-Za-z_][\w.]{0,60}(?:\([^()]{0,100}\)|\[\\*["'][\w.-]{1,80}\\*["']\]))`,
].join('');

const PROSE =
  'a|an|the|is|was|are|not|no|must|can|cannot|could|should|may|has|have|will|for|from|in|of|to|on|at|by|with|and|or|authentication|authorization|connection|access|permission|invalid|failed|failure|error|expected|unexpected|unable|request|response|timeout|timed|EOF|context|dial|rpc|http|https|lookup|read|write|got|received|expired|missing|unknown|bad|wrong|too|please|using|does|did|do|there|this|it|you|your|check|verify|verification|key|token|user|server|client|service|file|found|required|mismatch|denied|unauthorized|forbidden|malformed|parse|cannot';

/** Source of an assertion, before the spaces after a separator, that no sentence follows, as in `refresh the token: connection refused`. */
export const NO_SENTENCE = String.raw`(?![${SPACE}](?:${PROSE})(?:['’]t)?(?:[.,:;!?]?[${SPACE}]|[.!?]$))`;

const QUOTES = new RegExp(`^${QUOTE}`);

/** A value in its parts: what opens, what is the secret, what closes. */
export function unquoted(value: string): { readonly open: string; readonly secret: string; readonly close: string } {
  const open = QUOTES.exec(value)?.[0] ?? '';
  const close = open !== '' && value.length > open.length && value.endsWith(open) ? open : '';
  return { open, secret: value.slice(open.length, value.length - close.length), close };
}

/** A value masked inside of its quotes. */
export function inQuotes(value: string, mask: Mask, kind = 'named'): string {
  const { open, secret, close } = unquoted(value);
  return secret === '' ? value : `${open}${mask(kind, secret)}${close}`;
}
