import { redact, redactWith, taggedMask } from '../../../domain/redact';
import { TOKEN_KINDS } from '../../../domain/redact/tokens';

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

test('with a key equal secrets have equal placeholders, other secrets others', () => {
  const [a, b, c] = ['bo@example.com', 'bo@example.com', 'ann@example.com'].map((mail) => redactWith(taggedMask(key(1)), `from ${mail}`));
  expect(a).toMatch(/^from \[redacted:mail:[0-9a-f]{8}\]$/);
  expect(b).toBe(a);
  expect(c).not.toBe(a);
});

test('the same secret has the same tag wherever it stands', () => {
  const tags = ['password=Xy12abcd', '{"dbPassword":"Xy12abcd"}', 'run --password Xy12abcd', 'postgres://app:Xy12abcd@db/shop'].map(
    (text) => /:([0-9a-f]{8})\]/.exec(redactWith(taggedMask(key(1)), text))?.[1],
  );
  expect(new Set(tags).size).toBe(1);
});

test('another key gives other tags', () => {
  const [one, two] = [1, 2].map((byte) => redactWith(taggedMask(key(byte)), 'password=Xy12abcd'));
  expect(one).not.toBe(two);
});

test('placeholders of every kind stay as they are, with tags or without', () => {
  for (const kind of [...TOKEN_KINDS, 'named', 'login', 'mail', 'card', 'iban', 'phone', 'national', 'hash', 'armour', 'random', 'jar', 'signed', 'webhook']) {
    for (const text of [`[redacted:${kind}:0123abcd]`, `token=[redacted:${kind}:12345678] next`, `Bearer [redacted:${kind}:0123abcd]`]) {
      expect(redact(text)).toBe(text);
      expect(redactWith(taggedMask(key(1)), text)).toBe(text);
    }
  }
});
