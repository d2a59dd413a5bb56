/** Breaks a line at spaces to fit `width` characters; later lines begin with `indent` spaces. A word that is too long stays whole, so that it can be copied. */
export function wrap(text: string, width: number, indent = 0): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    const room = width - (lines.length === 0 ? 0 : indent);
    if (line !== '' && [...joined].length > room) {
      lines.push(line);
      line = word;
    } else {
      line = joined;
    }
  }
  return [...lines, line].map((part, i) => (i === 0 ? part : ' '.repeat(indent) + part));
}
