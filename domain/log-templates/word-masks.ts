const [DIGIT, LETTER, SLASH, AT, DOT, COLON, BACKSLASH, HYPHEN] = [1, 2, 4, 8, 16, 32, 64, 128] as const;
/** Two digits, two colons. */
const [DIGITS, COLONS] = [256, 512] as const;

const ALL_KINDS = 1023;
const LENGTH_SHIFT = 10;
const SPACE = 32;

const KINDS = new Uint8Array(128);
for (let code = 0; code < 10; code += 1) KINDS[48 + code] = DIGIT;
for (let code = 0; code < 26; code += 1) KINDS[65 + code] = KINDS[97 + code] = LETTER;
for (const [character, kind] of Object.entries({ '/': SLASH, '@': AT, '.': DOT, ':': COLON, '\\': BACKSLASH, '-': HYPHEN })) {
  KINDS[character.charCodeAt(0)] = kind;
}

interface Mask {
  /** Kinds of characters that a word has which this is for: most masks need not be tried. */
  readonly needs: number;
  /** Length below which nothing can be found. */
  readonly least?: number;
  readonly find: RegExp;
  readonly put: string;
}

const IPV4 = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;
const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
// Names of packages and settings are dotted too. They begin with the top level where hosts end with it.
const HOST_BEGIN = String.raw`(?<![\w.$/-])(?!(?:com|org|net|io|java|javax|edu|gov)\.)`;
// In `Main.java:12` it is a line of source code that follows.
const NO_FILE = '(?!(?:java|go|py|m?[jt]sx?|c|cc|cpp|h|hpp|rs|rb|php|kt|scala|cs|swift|ex|exs|erl|pl|sh|sql|lua|log|conf|cfg|ini|ya?ml|json|xml|html?):)';
const HOST_END = String.raw`(?![\w-]|\.\w)`;
const TOP_LEVEL = '(?:(?:com|net|org|edu|gov|mil|info|biz|io|dev|cloud|arpa|local|internal|lan|localdomain)(?:\\.[a-z]{2})?|(?:co|ac|ne|or)\\.[a-z]{2})';

// Most specific first. Of an address and its port two placeholders are made, of a URL its scheme stays.
const MASKS: readonly Mask[] = [
  { needs: COLON | SLASH, find: /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s"'<>()[\]{},;]+/gi, put: '$1<url>' },
  { needs: AT | DOT, find: /[\w.%+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\b/gi, put: '<email>' },
  { needs: BACKSLASH | COLON, find: /(?<!\w)[A-Z]:\\[^\s"'<>|,;]+/gi, put: '<path>' },
  {
    needs: SLASH,
    find: new RegExp(String.raw`(?<![\w.~)\]>*/-])~?/(?![/<]|${IPV4}(?!\d))[^\s,;:="'()[\]{}|<>?]+(?:\?[^\s"'<>]*)?`, 'g'),
    put: '<path>',
  },
  { needs: DIGIT | DOT, find: new RegExp(String.raw`(?:(?<![\w/)>])/)?(?<![\w.-])${IPV4}(?:/\d{1,2}(?!\d))?(?![\w.-])`, 'g'), put: '<ip>' },
  { needs: HYPHEN, least: 36, find: /(?<![0-9a-z])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-z])/gi, put: '<id>' },
  { needs: COLONS, least: 17, find: /(?<![\w:])[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?![\w:])/gi, put: '<mac>' },
  { needs: HYPHEN, least: 17, find: /(?<![\w-])[0-9a-f]{2}(?:-[0-9a-f]{2}){5}(?![\w-])/gi, put: '<mac>' },
  {
    needs: COLONS,
    find: /(?<![\w:.])(?=[0-9a-f:]{0,37}::|(?:[0-9a-f]{1,4}:){7})(?=[a-f:]{0,39}\d)[0-9a-f:]{3,39}(?![\w:]|\.\w)/gi,
    put: '<ip>',
  },
  {
    needs: DIGIT | DOT | COLON | LETTER,
    find: new RegExp(String.raw`${HOST_BEGIN}(?:${LABEL}\.){1,8}${NO_FILE}[a-z][a-z0-9-]{0,62}(?=:\d{1,5}(?![\w.]))`, 'gi'),
    put: '<host>',
  },
  { needs: DOT | LETTER, find: new RegExp(String.raw`${HOST_BEGIN}(?:${LABEL}\.){1,8}${TOP_LEVEL}${HOST_END}`, 'g'), put: '<host>' },
  { needs: DIGIT | DOT | LETTER, find: new RegExp(String.raw`${HOST_BEGIN}(?=[a-z._-]{0,80}\d)(?:${LABEL}\.){2,8}[a-z]{2,24}${HOST_END}`, 'g'), put: '<host>' },
  // A machine's name has a port or its address behind it.
  { needs: DIGITS | COLON | LETTER, find: /(?<![\w.$/-])(?=[a-z-]{1,40}\d)[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?=:\d{2,5}(?![\w.:]))/gi, put: '<host>' },
  { needs: SLASH | DOT | LETTER, find: /(?<![\w.$/-])[\w.-]{1,253}(?=\/<ip>)/g, put: '<host>' },
  { needs: DIGIT | LETTER, find: /\b(?:0x[0-9a-f]+|(?=[0-9a-f]{0,80}?\d)(?=[0-9a-f]{0,80}?[a-f])[0-9a-f]{8,})\b/gi, put: '<hex>' },
  { needs: DIGIT | DOT, find: /(?<![\w.])[+-]?v?\d+(?:\.\d+)+(?:[-_+.]?[a-z0-9]+)*\b/gi, put: '<n>' },
  // Letters and two digits in one word: an id such as `r7Kq91`, `blk_-1608`, or what follows the words of `order-8f3a2`.
  {
    needs: DIGITS | LETTER,
    least: 5,
    find: /(?<![A-Za-z\d]|[a-z]-)(?=[\w-]{0,200}?[a-z])(?=[\w-]{0,200}?\d[\w-]{0,200}?\d)(?=[\w-]{5})((?:[a-z]{3,40}-)*)[a-z\d]+(?:[-_]{1,3}[a-z\d]+)*(?![A-Za-z\d])/gi,
    put: '$1<id>',
  },
  { needs: DIGIT, find: /(?<!\w|\d\.)[+-]?\d+(?:[.,_]\d+)*(?:e[+-]?\d+|µs|[a-z]{1,3}\b)?(?!\w)/gi, put: '<n>' },
];

// What touches a placeholder is part of the value: `<id>_del`, `amd64~~<n>`.
const TOUCHED = /[\w~]<[a-z]+>|<[a-z]+>[\w~<]/;
const AROUND = /[\w~]*<[a-z]+>(?:[\w~]|<[a-z]+>)*/g;
const ALONE = /^<[a-z]+>$/;

/** A hardware address or UUID may be all letters; so long is the shorter of them. */
const LEAST_HEX_ONLY = 17;
/** Longest word that is looked into: longer ones are data. */
const LONGEST_WORD = 200;

/** What is in the word of a text that begins at `from` and ends before the next space: kinds of characters, and its length above them. */
export function kindsOfWord(text: string, from: number): number {
  let [kinds, digits, colons, i] = [0, 0, 0, from];
  for (; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === SPACE) break;
    const kind = KINDS[code] ?? 0;
    if (kind === DIGIT) digits += 1;
    else if (kind === COLON) colons += 1;
    // A dot at the end is that of a sentence.
    if (kind !== DOT || (i + 1 < text.length && text.charCodeAt(i + 1) !== SPACE)) kinds |= kind;
  }
  return kinds | (digits > 1 ? DIGITS : 0) | (colons > 1 ? COLONS : 0) | ((i - from) << LENGTH_SHIFT);
}

/** Index behind the word that begins at `from`. */
export function endOfWord(kinds: number, from: number): number {
  return from + (kinds >>> LENGTH_SHIFT);
}

/** Whether there can be no value in a word. */
export function isPlain(kinds: number): boolean {
  return (kinds & ALL_KINDS & ~(LETTER | COLON | COLONS | HYPHEN)) === 0 && kinds >>> LENGTH_SHIFT < LEAST_HEX_ONLY;
}

/** A word with placeholders for the values in it. */
export function maskWord(word: string, kinds = kindsOfWord(word, 0)): string {
  if (word.length > LONGEST_WORD) return '<text>';
  let masked = word;
  for (let i = 0; i < MASKS.length; i += 1) {
    const mask = MASKS[i];
    if (mask && (kinds & mask.needs) === mask.needs && (mask.least === undefined || word.length >= mask.least)) masked = masked.replace(mask.find, mask.put);
  }
  return masked !== word && TOUCHED.test(masked) ? masked.replace(AROUND, (run) => (ALONE.test(run) ? run : '<id>')) : masked;
}
