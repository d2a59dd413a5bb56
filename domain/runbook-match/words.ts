/** Longest text that is read for words, characters; what follows seldom tells more. */
const LONGEST_TEXT = 4000;

/** Words that stand everywhere and tell nothing of a cause. */
const COMMON = new Set(
  (
    'a after all an and any are as at be been before but by can do does for from had has have how if in into is it its more most no nor not of off on one only or other out over ' +
    'same so some such than that the their them then there these they this those to too under until up was were what when where which while who will with within'
  ).split(' '),
);

/**
 * The words of a text by which it can be compared with another, in order: small letters, names in camel case and snake case taken apart, what masks stand for left out, and plurals
 * made singular (the S-stemmer of D. Harman, "How effective is suffixing?", 1991).
 */
export function wordsOf(text: string): string[] {
  return text
    .slice(0, LONGEST_TEXT)
    .replace(/<[^<>]{0,40}>/g, ' ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1 && !COMMON.has(word))
    .map(singular);
}

function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s')) return word;
  if (word.endsWith('ies') && !/[ae]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (word.endsWith('es') && !/[aeo]es$/.test(word)) return word.slice(0, -1);
  return /(us|ss|is)$/.test(word) ? word : word.slice(0, -1);
}
