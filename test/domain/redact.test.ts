import fc from 'fast-check';
import { redact, redactDeep } from '../../domain/redact';

const alphabet = (characters: string, length: number) => fc.string({ unit: fc.constantFrom(...characters), minLength: length, maxLength: length });
const ALNUM = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What must go, and the text that it stands in. */
const planted: Record<string, fc.Arbitrary<{ secret: string; text: string }>> = {
  'AWS key id': alphabet(UPPER, 16).map((s) => ({ secret: s, text: `AKIA${s}` })),
  'AWS secret key': alphabet(ALNUM, 37).map((s) => ({ secret: s, text: `aB3${s}` })),
  'bearer token': alphabet(ALNUM, 24).map((s) => ({ secret: s, text: `Bearer ${s}` })),
  'authorization header': alphabet(ALNUM, 12).map((s) => ({ secret: s, text: `Authorization: Basic ${s}` })),
  JWT: alphabet(ALNUM, 20).map((s) => ({ secret: s, text: `eyJhbGciOi.${s}.${s}` })),
  PEM: alphabet(ALNUM, 40).map((s) => ({ secret: s, text: `-----BEGIN RSA PRIVATE KEY-----\n${s}\n-----END RSA PRIVATE KEY-----` })),
  'password in a URL': alphabet(`${ALNUM}!:@`, 12).map((s) => ({ secret: `${s}x`, text: `postgres://app:${s}x@db.internal:5432/shop` })),
  'password=': alphabet(ALNUM, 10).map((s) => ({ secret: s, text: `db_password=${s}` })),
  'JSON password': alphabet(`${ALNUM},; &`, 10).map((s) => ({ secret: s, text: JSON.stringify({ apiKey: s }) })),
  'JSON inside JSON': alphabet(ALNUM, 10).map((s) => ({ secret: s, text: JSON.stringify(JSON.stringify({ client_secret: s })) })),
  'e-mail address': alphabet(ALNUM, 8).map((s) => ({ secret: `${s}@example.com`, text: `${s}@example.com` })),
  'card number': alphabet('0123456789', 14).map((digits) => ({ secret: card(`4${digits}`), text: card(`4${digits}`) })),
  'card number in groups': alphabet('0123456789', 14).map((digits) => {
    const grouped = card(`5${'1'}${digits.slice(1)}`).replace(/(\d{4})(?=\d)/g, '$1 ');
    return { secret: grouped, text: grouped };
  }),
  'token of EKS': alphabet(`${ALNUM}_-`, 40).map((s) => ({ secret: s, text: `k8s-aws-v1.${s}` })),
  'our own key': alphabet(ALNUM, 30).map((s) => ({ secret: s, text: `nsk_${s}` })),
};

function card(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, i) => total + (i % 2 === 0 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)]! : Number(digit)), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

const around = fc.constantFrom('', 'order 12 failed: ', '(', '{"msg":"', 'a=1 ', '\n', '2 x ', 'müll ');
const after = fc.constantFrom('', ' and more', ')', '\n', ' 7');

describe.each(Object.entries(planted))('%s', (_name, arbitrary) => {
  test('never survives, wherever it stands', () => {
    fc.assert(
      fc.property(around, arbitrary, after, (before, { secret, text }, behind) => !redact(`${before}${text}${behind}`).includes(secret)),
      { numRuns: 300 },
    );
  });
});

test.each([
  ['nsk_abcdef', '[redacted]'],
  ['Bearer a1b2', 'Bearer [redacted]'],
  ['pwd=x', 'pwd=[redacted]'],
  ['token: a', 'token: [redacted]'],
  ['a@b.co', '[redacted]'],
  ['-----BEGIN A-----', '[redacted]'],
  ['checkout', 'checkout'],
])('%s, which is short, becomes %s', (text, becomes) => {
  expect(redact(text)).toBe(becomes);
});

test.each([
  'sg-0123456789abcdef0',
  // Digits of card numbers, with and without letters around.
  'sg-45395787636214861',
  'i-4539578763621486a',
  'i-0a453957876362148',
  'eni-4539578763621486f',
  'vpc-0a1b2c3d',
  'subnet-0bb1c79de3EXAMPLE'.toLowerCase(),
  'arn:aws:ec2:eu-west-1:123456789012:instance/i-4539578763621486a',
  'arn:aws:ecs:eu-west-1:123456789012:task/main/4539578763621486abcdef0123456789',
  'arn:aws:ecs:eu-west-1:123456789012:task/Main/abcdefabcdef0123456789abcdef123',
  'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/shop-AbCdEf',
  'arn:aws-cn:sns:cn-north-1:123456789012:alarms',
  'arn:aws:iam::aws:policy/ReadOnlyAccess',
  'arn:aws:ec2:eu-west-1:123456789012:instance/i-45395787636214861',
  'arn:aws:kms:eu-west-1:123456789012:key/45395787-6362-1486-0000-00000000000a',
  'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/Main/453957876362148a',
  'arn:aws:s3:::logs-453957876367-2026/4bf92f3577b34da6a3ce929d0e0e4736',
  'arn:aws:codecommit:eu-west-1:123456789012:shop/9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d1a2b3c4d',
])('the id of a resource %s stays', (id) => {
  for (const text of [id, `${id} was changed`, `changed ("${id}") by 12, ${id}`, JSON.stringify({ resource: id })]) expect(redact(text)).toBe(text);
});

test.each([
  ['sg-0123456789abcdef0 4539578763621486', 'sg-0123456789abcdef0 [redacted]'],
  ['i-4539578763621486a 4539 5787 6362 1486', 'i-4539578763621486a [redacted]'],
  ['4539578763621486 i-4539578763621486a', '[redacted] i-4539578763621486a'],
  ['sg-4539578763621486', 'sg-[redacted]'],
  ['card-45395787636214861 i-x', 'card-45395787636214861 i-x'],
  ['password=sg-0123456789abcdef0', 'password=[redacted]'],
  ['token: arn:aws:sns:eu-west-1:123456789012:alarms', 'token: [redacted]'],
  ['arn:aws:iam::123456789012:user/AKIAABCDEFGHIJKLMNOP', 'arn:aws:iam::123456789012:user/[redacted]'],
  ['arn:aws:iam::123456789012:user/bob:wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY12', 'arn:aws:iam::123456789012:user/bob:[redacted]'],
  ['arn:aws:iam::123456789012:user/bob:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEK12', 'arn:aws:iam::123456789012:user/bob:[redacted]'],
  ['arn:aws:iam::123456789012:user/wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY12/x', 'arn:aws:iam::123456789012:user/[redacted]/x'],
  ['arn:aws:s3:::uploads/4111111111111111', 'arn:aws:s3:::uploads/[redacted]'],
  ['arn:aws:s3:::bucket/2026/4539578763621486.json', 'arn:aws:s3:::bucket/2026/[redacted].json'],
  ['arn:aws:sqs:eu-west-1:123456789012:of-4111-1111-1111-1111', 'arn:aws:sqs:eu-west-1:123456789012:of-[redacted]'],
  ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:db?password=hunter2', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db?password=[redacted]'],
  ['arn:aws:s3:::logs password: hunter2', 'arn:aws:s3:::logs password: [redacted]'],
  ['arn:aws:s3:::logs,aB3abcdefghijklmnopqrstuvwxyz0123456789A', 'arn:aws:s3:::logs,[redacted]'],
  ['secret:prod/shop-AbCdEf', 'secret:[redacted]'],
])('beside the id of a resource a secret goes: %s', (text, becomes) => {
  expect(redact(text)).toBe(becomes);
  expect(redact(becomes)).toBe(becomes);
});

test('doing it twice changes nothing more', () => {
  const pieces = fc.oneof(
    ...Object.values(planted).map((a) => a.map((p) => p.text)),
    fc.constantFrom(' ', '=', ':', '"', '@', '//', 'password', '[redacted]', '\\'),
    fc.string({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
      const once = redact(parts.join(''));
      expect(redact(once)).toBe(once);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  'GET /books/42 answered 500 in 1532 ms',
  'release 1.5.0 was deployed at 2026-11-20T10:00:00.000Z',
  'commit 9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d1a2b3c4d',
  'started at 1795168800000, trace 4bf92f3577b34da6a3ce929d0e0e4736',
  'https://example.com:8080/path?x=1',
  'the bearer of bad news',
  'share 0.4111111111111111',
])('leaves alone: %s', (text) => {
  expect(redact(text)).toBe(text);
});

test('keeps what tells the reader where the secret was', () => {
  expect(redact('connect postgres://app:hunter2@db/shop failed')).toBe('connect postgres://app:[redacted]@db/shop failed');
  expect(redact('login {"password":"a b","user":"bo"}')).toBe('login {"password":"[redacted]","user":"bo"}');
});

test('goes deep: texts, keys and whole values under telling names; numbers and times stay', () => {
  const at = new Date(0);
  expect(redactDeep({ a: ['x bo@example.com'], dbPassword: 'p', 'bo@example.com': 1, n: 5, at, nothing: null })).toEqual({
    a: ['x [redacted]'],
    dbPassword: '[redacted]',
    '[redacted]': 1,
    n: 5,
    at,
    nothing: null,
  });
});

test.each([
  'a'.repeat(200_000),
  'a@'.repeat(50_000),
  '1 '.repeat(50_000),
  `password${'='.repeat(100_000)}`,
  'eyJ'.repeat(50_000),
  `x://${':'.repeat(50_000)}`,
  'arn:aws:s3:::'.repeat(20_000),
  `arn:aws:sns:::${'a1-'.repeat(60_000)}`,
  `arn:aws:sns:::${'4'.repeat(200_000)}`,
])('a hostile long text takes no time', (text) => {
  const began = performance.now();
  redact(text);
  expect(performance.now() - began).toBeLessThan(2000);
});
