import { escapeMarkdown } from '../../domain/markdown';

test.each([
  '[click](http://evil)',
  '![x](http://evil/p.png)',
  '<img src=x onerror=1>',
  '# title',
  '**bold** `code`',
  'https://evil.example',
  'a|b',
  '@everyone',
  '- item',
  '1. item',
])('renders as itself: %s', (text) => {
  const escaped = escapeMarkdown(text);
  expect(escaped.replace(/&#\d+;/g, '')).not.toMatch(/(?<!\\)[[\]()`*_#|<>!]|:\/\/|@|^- |^\d+\. /);
  // What a renderer shows once backslashes and references are resolved.
  expect(escaped.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))).replace(/\\([^\w\s])/g, '$1')).toContain(
    text.replace(/^.*(evil).*$/, '$1'),
  );
});

test('is one line without control or direction characters', () => {
  expect(escapeMarkdown('a\n# b\u202ec\u0000d')).toBe('a \\# bc d');
});
