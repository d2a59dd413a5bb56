import fc from 'fast-check';
import { LINE_LIMITS, maskLine } from '../../../domain/log-templates/mask';

test.each([
  ['numbers', 'order 1234 took 15ms, -3.5% of 1,000', 'order <n> took <n>, <n>% of <n>'],
  ['versions', 'v1.2.3-rc.1 of jetty-6.1.26', '<n> of jetty-<n>'],
  ['hex', 'pointer 0xdeadbeef in 4bf92f3577b34da6a3ce929d0e0e4736', 'pointer <hex> in <hex>'],
  ['UUIDs', 'job 3f2504e0-4f89-41d3-9a0c-0305e82c3301_del died', 'job <id> died'],
  ['ids of letters and digits', 'block blk_-1608999687919862906 of web-7d9f8b6c5d, order-8f3a2, r7Kq91', 'block <id> of web-<hex>, order-<id>, <id>'],
  ['IPv4 with port', 'from /10.0.0.1:8080 to 192.168.1.20', 'from <ip>:<n> to <ip>'],
  ['IPv6', '[fe80::1ff:fe23:4567:890a]:80 refused ::1', '[<ip>]:<n> refused <ip>'],
  ['hardware addresses', 'from 00:11:43:e3:ba:c3 via eth', 'from <mac> via eth'],
  ['hosts', 'to shop.example.com and ip-10-0-1-17.eu-west-1.compute.internal, db.prod:5432', 'to <host> and <host>, <host>:<n>'],
  ['machines', 'to msra-sa-41:9000 at msra-sa-41/10.0.0.1:9000', 'to <host>:<n> at <host>/<ip>:<n>'],
  ['accounts', 'password for root from a, user=admin (root)', 'password for <user> from a, user=admin (<user>)'],
  ['instants', 'at 2026-11-20T10:00:00.123Z or 2025-01-02 03:04:05', 'at <time> or <time>'],
  ['times of a day', 'until 14:44:35, since Wed Jun 29 14:44:35 2005', 'until <time>, since <time>'],
  ['access logs', '1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] "GET /a?b=c HTTP/1.1" 200', '<ip> - - [<time>] "GET <url>" <n>'],
  ['sizes, whatever their unit', 'free 5.2 KB of 17GB, 3637 bytes (3.55 KB) sent', 'free <size> of <size>, <n> bytes sent'],
  ['paths', 'rule: /var/www/html/ and C:\\Windows\\a.dll', 'rule: <path> and <path>'],
  ['URLs, but for their scheme', 'split hdfs://10.0.0.1:9000/a?b=c', 'split hdfs://<url>'],
  ['e-mail addresses', 'mail to ana@example.org failed', 'mail to <email> failed'],
  ['quoted text', 'user "ana b" and \'bob\' of `x y`', 'user "<text>" and \'<text>\' of `<text>`'],
  ['values that have words', 'ready=true, next: null', 'ready=<value>, next: <value>'],
])('masks %s', (_what, line, masked) => {
  expect(maskLine(line)).toBe(masked);
  expect(maskLine(masked)).toBe(masked);
});

test.each([
  'no free handle',
  "can't find the users' table",
  'java.io.IOException: closed',
  'at com.shop.Cart.add(Cart.java)',
  'jk2_init() over ssh2 on tty2',
  'mapred.task.id is deprecated',
  'falsehood and nullable',
])('leaves alone what is no value: %s', (line) => {
  expect(maskLine(line)).toBe(line);
});

test('a line of source code is a number, and its file stays', () => {
  expect(maskLine('main.go:12] at Bar.java:7')).toBe('main.go:<n>] at Bar.java:<n>');
});

test('keys and the message of structured lines stay, other text in quotes does not', () => {
  expect(maskLine('{"level":"error","msg":"no answer from 10.0.0.1","user":"ana","ok":false}')).toBe(
    '{"level":"error","msg":"no answer from <ip>","user":"<text>","ok":<value>}',
  );
  expect(maskLine('level=error msg="no answer" user="ana"')).toBe('level=error msg="no answer" user="<text>"');
});

test('lists of any length read alike', () => {
  const list = (length: number): string => maskLine(`delete ${Array.from({ length }, (_, i) => `blk_${String(1000 + i)}`).join(' ')}`);
  expect(list(50)).toBe(list(10));
});

test('control characters and line breaks do not stay', () => {
  expect(maskLine('a\u001b[31m\n forged\tline\u2028b')).toBe('a [<n> forged line b');
});

test('what is looked at is bounded', () => {
  expect(maskLine('word '.repeat(10_000)).split(' ').length).toBeLessThanOrEqual(LINE_LIMITS.words + 1);
  expect(maskLine('a'.repeat(100_000))).toBe('<text> …');
});

test('no number that stands alone stays, and no white space but single spaces', () => {
  const part = fc.oneof(fc.string(), fc.stringMatching(/^[\w.:/@'"=-]{0,20}$/), fc.nat().map(String), fc.ipV4(), fc.ipV6(), fc.uuid());
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const masked = maskLine(parts.join(' '));
      expect(masked).not.toMatch(/(?<![^ ])\d+(?![^ ])/);
      expect(masked).not.toMatch(/[\n\r\t]| {2}/);
    }),
  );
});

// A pattern that backtracks without end would not come back here.
test.each(['a1-', 'a.', '"', '::', '/', "'a ", '1.', 'a@', '0x', 'a-1_', '\\"', 'Mon ', 'null', '<1s '])('a hostile line of %s is masked', (evil) => {
  expect(maskLine(evil.repeat(50_000)).length).toBeLessThan(2 * LINE_LIMITS.characters);
});
