import type { Mask, Rule } from './rule';
import { characters, EDGE, edge, has, someRun, whole } from './rule';
import { EDGED, MARKED } from './token-shapes';

const FAMILIES = [MARKED, EDGED].flatMap((shapes) => Object.entries(shapes)).map(([kind, sources]) => ({ kind, is: new RegExp(`^(?:${sources.join('|')})$`) }));
const any = (shapes: typeof MARKED): string => Object.values(shapes).flat().join('|');
const ANY_MARKED = new RegExp(any(MARKED), 'g');
const ANY_EDGED = new RegExp(`${EDGE}(?:${any(EDGED)})`, 'g');

/** Every token has at least so much in one piece. */
const LEAST_PIECE = 15;
const OF_PIECE = characters('\\w-');

/** Names of the kinds that tell by their look what they are. */
export const TOKEN_KINDS: readonly string[] = [...new Set(FAMILIES.map(({ kind }) => kind))];

/** Tokens that tell by their look what they are. */
export const TOKENS: readonly Rule[] = [
  { may: has('eyJ'), apply: (text, mask) => text.replace(/(?<![\w-])[\w-]+(?:\.[\w-]+)+/g, (match) => withoutJwt(match, mask)) },
  whole('eks', has('k8s-aws-v1.'), /k8s-aws-v1\.[A-Za-z0-9_-]{6,}/g),
  whole('nightshift', has('nsk_'), /nsk_[A-Za-z0-9_.-]{6,}/g),
  {
    may: (text) => someRun(text, LEAST_PIECE, OF_PIECE, (run, at) => !isPlain(run, text.charAt(at - 1))),
    apply: (text, mask) => text.replace(ANY_MARKED, masked(mask)).replace(ANY_EDGED, masked(mask)),
  },
  // Hexadecimal but for its beginning.
  whole('cloudflare', has('v1.0-'), new RegExp(`${EDGE}v1\\.0-[0-9a-f]{24}-[0-9a-f]{100,}`, 'g')),
  // What tells of these stands at the end or in the middle.
  whole('newrelic', has('NRAL'), new RegExp(`${EDGE}[0-9A-Za-z]{30,40}NRAL`, 'g')),
  whole('terraform', has('.atlasv1.'), new RegExp(String.raw`${EDGE}[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,}`, 'g')),
  whole('azure', has('Q~'), new RegExp(String.raw`${edge(String.raw`\w~.-`)}[\w~.-]{3}\dQ~[\w~.-]{31,34}`, 'g')),
  {
    may: (text) => /[sbr]\.[A-Za-z0-9]{24}/.test(text),
    apply: (text, mask) =>
      text.replace(/(?<![\w.-])[sbr]\.[A-Za-z0-9]{24}(?![\w.-])/g, (match) => (/\d/.test(match) && /[A-Z]/.test(match) ? mask('vault', match) : match)),
  },
];

const PLAIN = /^(?:[0-9a-f-]+|[a-z_-]+|[a-z]*(?:[A-Z][a-z]{2,})+)$/;
const MAILGUN = 50;

// Words, also joined as classes are named, and hexadecimal ids, but for the two tokens that look like one.
function isPlain(run: string, before: string): boolean {
  return PLAIN.test(run) && run.length !== MAILGUN && before !== ':';
}

function masked(mask: Mask): (match: string) => string {
  return (match) => mask(FAMILIES.find(({ is }) => is.test(match))?.kind ?? 'other', match);
}

const LEAST_JWT_PART = 6;
const JWT_PARTS = 3;
const JWE_PARTS = 5;

// A dotted run of words in which one begins (or holds) `eyJ`, the Base64 of `{"`: that one and the two after it are a token, and the four after it where they are as long (an encrypted one).
// Split by hand, as a pattern for it is slow.
function withoutJwt(match: string, mask: Mask): string {
  const parts = match.split('.');
  const long = (i: number): boolean => (parts[i]?.length ?? 0) >= LEAST_JWT_PART;
  const head = parts.findIndex((part, i) => part.length - part.indexOf('eyJ') >= LEAST_JWT_PART && part.includes('eyJ') && long(i + 1));
  if (head < 0) return match;
  const end = head + (long(head + 3) && long(head + 4) ? JWE_PARTS : JWT_PARTS);
  const before = parts[head] ?? '';
  const at = before.indexOf('eyJ');
  const secret = [before.slice(at), ...parts.slice(head + 1, end)].join('.');
  return [...parts.slice(0, head), before.slice(0, at) + mask('jwt', secret), ...parts.slice(end)].join('.');
}
