import { cleanText } from '../../domain/outside-text';

test('of a text without end only the beginning is looked at, and what is kept is redacted', () => {
  const text = cleanText(`login password=hunter2 ${'x'.repeat(15_000_000)}`, 100);
  expect(text).toMatch(/^login password=\[redacted\] x+…$/);
  expect(text).toHaveLength(100);
});

test('where what is looked at ends within a secret, none of it is kept', () => {
  const pem = `-----BEGIN RSA PRIVATE KEY-----${'\nMIIEpAIBAAKCAQEA7bq98'.repeat(3200)}-----END RSA PRIVATE KEY-----`;
  const half = `token=hunter2${'hunter2'.repeat(2000)}`;
  expect(cleanText(pem + half + half, 100)).not.toContain('hunter2');
});
