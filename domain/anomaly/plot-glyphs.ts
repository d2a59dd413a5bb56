/** Characters of axes, 3 by 5 dots, a digit of base 8 a row. */
const GLYPHS: Readonly<Record<string, string>> = {
  '0': '75557',
  '1': '26227',
  '2': '71747',
  '3': '71717',
  '4': '55711',
  '5': '74717',
  '6': '74757',
  '7': '71122',
  '8': '75757',
  '9': '75717',
  '-': '00700',
  '+': '02720',
  '.': '00002',
  ':': '02020',
  e: '07747',
};

/** Width of a character with the gap after it, in dots. */
export const GLYPH_WIDTH = 4;
/** Height of a character, in dots. */
export const GLYPH_HEIGHT = 5;

/** Dots of a text from its top left; a character that axes do not have is a gap. */
export function dotsOf(text: string): readonly (readonly [x: number, y: number])[] {
  return [...text].flatMap((character, i) =>
    [...(GLYPHS[character] ?? '')].flatMap((row, y) => [0, 1, 2].filter((x) => (Number(row) & (4 >> x)) !== 0).map((x) => [i * GLYPH_WIDTH + x, y] as const)),
  );
}
