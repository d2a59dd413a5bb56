import { beside, RESOURCE, withKeyParts } from './resources';
import type { Mask, Rule } from './rule';
import { characters, someRun } from './rule';

const SECRET_KEY = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g;
/** Shorter than that chance looks like a word, and longer than `LONGEST` it is data. */
const SHORTEST = 32;
const LONGEST = 512;
const RUN = new RegExp(String.raw`(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{${String(SHORTEST)},}={0,2}`, 'g');
const OF_RUN = characters('A-Za-z0-9+/_-');

/** Names after which what looks random is no secret: ids, digests, places in a list. */
const KNOWN =
  /(?:(?:ids?|id-?2|uid|etag|digest|checksum|crc\w{0,4}|hash|fingerprint|thumbprint|revision|commit|build|version|trace\w{0,8}|span|cursor|handle|iterator|sequence|nonce|md5|integrity|sha)\\*["']?\s{0,4}[:=]\s{0,4}\\*["']?|sha(?:1|224|256|384|512)[-:=]|md5[-:=]|h1:|;base64,)$/i;
const LOOK_BEHIND = 32;

/** What no other rule knew, and nobody would write by hand: the last resort. */
export const RANDOM: readonly Rule[] = [
  {
    may: (text) => someRun(text, SHORTEST, OF_RUN, isMixed),
    apply: (text, mask) => {
      return beside(
        RESOURCE,
        text,
        (part) => withoutRandom(part, mask),
        (arn) => withKeyParts(arn, (part) => keyMasked(part, mask)),
      );
    },
  },
];

function withoutRandom(text: string, mask: Mask): string {
  return text
    .replace(SECRET_KEY, (key) => keyMasked(key, mask))
    .replace(RUN, (run, at: number) => {
      if (run.length > LONGEST || !isRandom(run) || KNOWN.test(text.slice(Math.max(0, at - LOOK_BEHIND), at))) return run;
      return mask('random', run);
    });
}

// Forty characters of all three kinds: an AWS secret key. A Git or SHA-1 digest has no capitals, and in a path letters of one kind stand together.
function keyMasked(key: string, mask: Mask): string {
  return isMixed(key) && (!key.includes('/') || changes(key) >= SELDOM) ? mask('aws', key) : key;
}

/** Small letters, capitals and digits. */
export function isMixed(text: string): boolean {
  return /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text);
}

/** In random Base62 the kind (small, capital, digit) changes from character to character at a share of 0.62; in words, paths and names of classes at less than 0.3. */
const OFTEN = 0.4;
const SELDOM = 0.25;
const LEAST_OF_KIND = 3;
/** Words, numbers and hexadecimal parts of an id or a path say nothing; so much must be left. */
const PLAIN = /^(?:[0-9a-f]{4,}|[A-Z]?[a-z]+|[A-Z]+|\d+)$/;
const LEAST_RANDOM = 20;

function isRandom(run: string): boolean {
  const rest = run
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => !PLAIN.test(part))
    .join('');
  return (
    rest.length >= LEAST_RANDOM &&
    count(rest, /[a-z]/g) >= LEAST_OF_KIND &&
    count(rest, /[A-Z]/g) >= LEAST_OF_KIND &&
    count(rest, /\d/g) >= 2 &&
    changes(rest) >= OFTEN
  );
}

function count(text: string, of: RegExp): number {
  return text.match(of)?.length ?? 0;
}

function changes(text: string): number {
  let [found, before] = [0, 0];
  for (let i = 0; i < text.length; i += 1) {
    const kind = kindOf(text.charCodeAt(i));
    if (i > 0 && kind !== before) found += 1;
    before = kind;
  }
  return found / (text.length - 1);
}

function kindOf(code: number): number {
  if (code >= 97) return 1;
  return code >= 65 ? 2 : 3;
}
