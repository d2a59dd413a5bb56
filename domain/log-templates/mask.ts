import { maskSpans } from './span-masks';
import { endOfWord, isPlain, kindsOfWord, maskWord } from './word-masks';

/** What of a line is looked at: the rest seldom tells more, and work and memory stay bounded. `alike` is how many equal placeholders in a row are told, as lists have any length. */
export const LINE_LIMITS = { characters: 1000, words: 80, alike: 6 } as const;

// Control characters, line separators and lone surrogates forge lines, and not every store takes them.
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/;
const EACH_UNSAFE = new RegExp(UNSAFE, 'gu');
const CUT = '…';

/**
 * A line with placeholders such as `<n>`, `<ip>` and `<path>` for what varies, words apart by one space, so that lines of one kind read alike. The same line always gives the
 * same text. Secrets are no concern of it: redact before.
 */
export function maskLine(line: string): string {
  let text = line;
  if (line.length > LINE_LIMITS.characters) {
    const end = line.lastIndexOf(' ', LINE_LIMITS.characters);
    text = `${line.slice(0, end > 0 ? end : LINE_LIMITS.characters)} ${CUT}`;
  }
  if (UNSAFE.test(text)) text = text.replace(EACH_UNSAFE, ' ');
  text = maskSpans(text);
  return maskWords(text.includes('  ') || text.startsWith(' ') || text.endsWith(' ') ? text.replace(/ {2,}/g, ' ').trim() : text);
}

// What is not masked is copied in pieces as long as can be: most words are not.
function maskWords(text: string): string {
  let [masked, copied, previous, alike, words] = ['', 0, '', 0, 0];
  for (let from = 0; from < text.length; words += 1) {
    if (words === LINE_LIMITS.words) return `${masked}${text.slice(copied, from)}${CUT}`;
    const kinds = kindsOfWord(text, from);
    const to = endOfWord(kinds, from);
    if (isPlain(kinds)) previous = '';
    else {
      const word = text.slice(from, to);
      const now = maskWord(word, kinds);
      alike = now === previous && now.endsWith('>') ? alike + 1 : 1;
      previous = now;
      // The space before it goes with a word that is left out.
      if (alike > LINE_LIMITS.alike) masked += text.slice(copied, from - 1);
      else if (now !== word) masked += text.slice(copied, from) + now;
      if (alike > LINE_LIMITS.alike || now !== word) copied = to;
    }
    from = to + 1;
  }
  return copied === 0 ? text : masked + text.slice(copied);
}
