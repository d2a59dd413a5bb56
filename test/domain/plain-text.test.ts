import fc from 'fast-check';
import { clip, plainText } from '../../domain/plain-text';

describe('plainText', () => {
  it('makes terminal escapes visible instead of obeying them', () => {
    expect(plainText('\u001b]0;owned\u0007 \u009b31m red \u001b[2J')).toBe('\\x1b]0;owned\\x07 \\x9b31m red \\x1b[2J');
  });

  it('makes characters visible that reorder or hide text', () => {
    expect(plainText('safe\u202egnp.exe \u2066x\u200b')).toBe('safe\\u202egnp.exe \\u2066x\\u200b');
  });

  it('keeps one line: breaks and tabs become a space', () => {
    expect(plainText('a\r\nb\tc\u2028d')).toBe('a b c\\u2028d');
  });

  it('leaves ordinary text of any script and joined emoji alone', () => {
    expect(plainText('Käse – 東京 👩‍💻')).toBe('Käse – 東京 👩‍💻');
  });

  it('never lets a control or format character through, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(plainText(text).replaceAll('\u200d', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('clip', () => {
  it('shortens by characters, not by halves of them', () => {
    expect(clip('👍👍👍👍', 3)).toBe('👍👍…');
    expect(clip('abc', 3)).toBe('abc');
  });
});
