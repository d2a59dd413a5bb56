/**
 * Characters that could move the cursor, recolour, retitle or reverse a terminal: control and format characters, line separators and lone surrogates.
 * The joiner U+200D stays, as names in several scripts need it.
 */
const UNSAFE = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Outside text as one line that is safe on a terminal and in a chat: white space becomes one space, control and format characters become visible escapes such as `\x1b`. */
export function plainText(text: string): string {
  return text
    .replace(/[ \t\r\n\f\v]+/g, ' ')
    .replace(UNSAFE, escaped)
    .trim();
}

/** The first `max` characters (code points) of a text, ending in `…` when something was left out. */
export function clip(text: string, max: number): string {
  const points = [...text];
  return points.length <= max ? text : `${points.slice(0, Math.max(0, max - 1)).join('')}…`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}
