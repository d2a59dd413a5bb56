/** Characters that Markdown, or the HTML inside it, gives a meaning. */
const SPECIAL = /[\\`*_{}[\]()<>#+\-.!|~&:@]/g;

/** Text from outside as one line of Markdown that renders as itself: no link, no image, no HTML, no heading, no mention. */
export function escapeMarkdown(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters from outside are exactly what must go
  const oneLine = text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '');
  return oneLine.replace(SPECIAL, (char) => (char === '@' || char === ':' || char === '<' || char === '>' || char === '&' ? entity(char) : `\\${char}`));
}

// A backslash does not stop autolinks (`https://…`, `a@b`) or HTML in every renderer; a character reference does.
function entity(char: string): string {
  return `&#${char.charCodeAt(0)};`;
}
