import { createHmac } from 'node:crypto';
import { matchesHmac } from '../../../domain/sources/hmac';

// Test case 2 of RFC 4231.
const bytes = new TextEncoder().encode('what do ya want for nothing?');
const secret = 'Jefe';
const HEX = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';

test('a signature over these bytes by this secret matches, in either case of its hex', () => {
  expect(matchesHmac({ bytes, secret, given: `sha256=${HEX}`, prefix: 'sha256=' })).toBe(true);
  expect(matchesHmac({ bytes, secret, given: HEX.toUpperCase(), prefix: '' })).toBe(true);
});

// The same test case.
test('with SHA-512 it is the longer one that matches', () => {
  const long = '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737';
  expect(matchesHmac({ bytes, secret, given: long, prefix: '', algorithm: 'sha512' })).toBe(true);
  expect(matchesHmac({ bytes, secret, given: HEX, prefix: '', algorithm: 'sha512' })).toBe(false);
});

test.each([
  ['another secret', { secret: 'jefe' }],
  ['other bytes', { bytes: bytes.slice(1) }],
  ['another prefix', { prefix: 'sha1=' }],
  ['no prefix', { given: HEX }],
  ['no header', { given: undefined }],
  ['an empty header', { given: '' }],
  ['the prefix alone', { given: 'sha256=' }],
  ['a signature that is cut', { given: `sha256=${HEX.slice(0, 62)}` }],
  ['a signature and more', { given: `sha256=${HEX}00` }],
  ['a last digit that differs', { given: `sha256=${HEX.slice(0, 63)}4` }],
  ['what is no hex', { given: `sha256=${'é'.repeat(64)}` }],
])('%s does not match', (_what, changed) => {
  expect(matchesHmac({ bytes, secret, given: `sha256=${HEX}`, prefix: 'sha256=', ...changed })).toBe(false);
});

test('an empty secret, which anyone could sign with, signs nothing', () => {
  const given = createHmac('sha256', '').update(bytes).digest('hex');
  expect(matchesHmac({ bytes, secret: '', given, prefix: '' })).toBe(false);
});
