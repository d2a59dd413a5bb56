/** A word of a masked line, with what comparing needs of it. */
export interface Word {
  readonly text: string;
  /** Whether there is a placeholder in it. */
  readonly masked: boolean;
  /** Without its placeholders, and with one digit for each number. */
  readonly rest: string;
  /** Whether letters are left beside the placeholders. */
  readonly told: boolean;
  /** What stands up to the first `=` when there is a value behind it, else empty. */
  readonly key: string;
  /** Whether it is in capitals, as names of states are. */
  readonly capitals: boolean;
}

/**
 * How two words at one place of two lines relate: the `same` word, the same placeholder and nothing else (`same-value`), both a `value` at that place, or different words, of which
 * `capitals` are names of states and the like.
 */
export type Relation = 'same' | 'same-value' | 'value' | 'word' | 'capitals';

/** What stands where words turned out to vary. */
export const VARYING = '<*>';

const PLACEHOLDERS = /<[a-z*]+>/g;
const NUMBERS = /\d+/g;
const CAPITALS = /^[^a-z]*[A-Z][^a-z]*[A-Z][^a-z]*$/;
const LETTER = /[a-z]/i;
/** Signs between which a value stands within a word. */
const SIGNS = ',;:=|"\'()[]{}';

/** A word of a masked line, read once. */
export function readWord(text: string): Word {
  const masked = text.includes('<');
  const rest = (masked ? text.replace(PLACEHOLDERS, '') : text).replace(NUMBERS, '0');
  const key = text.slice(0, text.indexOf('=') + 1);
  return { text, masked, rest, told: LETTER.test(rest), key: key === text ? '' : key, capitals: CAPITALS.test(rest) };
}

/** How a word of a template and one of a line relate. */
export function relation(known: Word, word: Word): Relation {
  if (known.text === word.text) return word.masked && word.rest === '' ? 'same-value' : 'same';
  const masked = known.masked || word.masked;
  // The same letters around other kinds of values, as in `at:<n>` and `at:<hex>`.
  if (known.rest === word.rest) return known.masked && word.masked && word.told ? 'same' : 'value';
  if (masked && (holdsValue(known, word) || (known.key !== '' && known.key === word.key))) return 'value';
  return known.capitals && word.capitals ? 'capitals' : 'word';
}

// A placeholder with no more than signs around it stands for any word; one with letters beside it only for words without.
function holdsValue(known: Word, word: Word): boolean {
  return (known.masked && (!known.told || (!word.told && !word.masked))) || (word.masked && (!word.told || (!known.told && !known.masked)));
}

/** The word that stands for both: what they share around their values, up to a sign, and `<*>` for the rest. */
export function mergedWord(known: Word, word: Word): Word {
  const [a, b] = [known.text, word.text];
  if (a === b) return known;
  const most = Math.min(a.length, b.length);
  let start = 0;
  for (let i = 0; i < most && a[i] === b[i]; i += 1) if (SIGNS.includes(a.charAt(i))) start = i + 1;
  let end = 0;
  for (let i = 1; i <= most - start && a.at(-i) === b.at(-i); i += 1) if (SIGNS.includes(a.charAt(a.length - i))) end = i;
  return readWord(`${a.slice(0, start)}${VARYING}${a.slice(a.length - end)}`);
}
