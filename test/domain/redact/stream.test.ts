import { REDACTED } from '../../../domain/redact';
import { RedactedStream } from '../../../domain/redact/stream';

function through(text: string, size = 7): { readonly out: string; readonly unended: number } {
  const stream = new RedactedStream(() => REDACTED);
  let out = '';
  for (let at = 0; at < text.length; at += size) out += stream.push(text.slice(at, at + size));
  out += stream.end();
  return { out, unended: stream.carried.unended.count };
}

const BODY = Array.from({ length: 20 }, (_, i) => `MIIEow${String(i).padStart(2, '0')}AAKCAQEAr5bD3xkQ0yq1cYtW8uV9nZ7oPpLmKjHgFdSaQwErTyUiOpAs`);
const KEY = ['-----BEGIN RSA PRIVATE KEY-----', ...BODY, 'Qx9=', '-----END RSA PRIVATE KEY-----'];

test.each(['a password=x1 b\nc\n', 'a\r\npassword=x1\r\n', 'no end', '\n\n', ''])('each line in is a line out, with its own end: %j', (text) => {
  expect(through(text).out).toBe(text.replace('x1', REDACTED));
});

test('a secret that comes in two parts is one', () => {
  for (const size of [1, 2, 3, 5, 100]) expect(through('user=bo password=hunter2hunter2 ok\n', size).out).toBe('user=bo password=[redacted] ok\n');
});

test.each([
  ['as it is', ''],
  ['indented', '    '],
  ['behind the beginning of a log line', '2026-11-22T10:00:00Z shop-1 '],
])('a key in armour over many lines, %s, is masked line for line', (_how, before) => {
  const lines = through(`start\n${KEY.map((line) => before + line).join('\n')}\nend\n`).out.split('\n');
  expect(lines).toHaveLength(KEY.length + 3);
  expect(lines.slice(1, -2).every((line) => line === `${before}${REDACTED}`)).toBe(true);
  expect([lines[0], lines.at(-2)]).toEqual(['start', 'end']);
});

test('a key whose end does not come takes only what can be of it, and it is told', () => {
  const rest = Array.from({ length: 60 }, (_, i) => `GET /books/${String(i)} answered 200`);
  const { out, unended } = through([...KEY.slice(0, 5), ...rest, ''].join('\n'));
  expect(out.split('\n')).toEqual([...Array.from({ length: 5 }, () => REDACTED), ...rest, '']);
  expect(unended).toBe(1);
});

test('other secrets that go on over lines: a block of YAML, a value under its name', () => {
  const text = 'tls:\n  password: |-\n    hunter2\n    second\n  port: 1\nenv:\n- name: DB_PASSWORD\n  value: hunter2\n- name: PORT\n  value: "80"\n';
  expect(through(text).out).toBe(
    'tls:\n  password: [redacted]\n    [redacted]\n    [redacted]\n  port: 1\nenv:\n- name: DB_PASSWORD\n  value: [redacted]\n- name: PORT\n  value: "80"\n',
  );
});

test('a line without end goes in pieces and no secret is cut in two', () => {
  const part = `${'lorem ipsum dolor '.repeat(40)}password=hunter2hunter2 `;
  const { out } = through(part.repeat(4_000), 65_536);
  expect(out).toBe(part.replace('hunter2hunter2', REDACTED).repeat(4_000));
});

test('a secret that is longer than a piece goes whole, what follows stays', () => {
  const { out } = through(`a password="${'x1Y'.repeat(900_000)}" b\nnext\n`, 65_536);
  expect(out).toMatch(/^a password="\[redacted\]"? b\nnext\n$/);
});

test('bytes that are no UTF-8 stay as they are, and a character of several bytes is not taken for a space', () => {
  const bytes = Buffer.from([0xff, 0x00, 0x41, 0xc3, 0x28, 0x0a]);
  expect(Buffer.from(through(bytes.toString('latin1')).out, 'latin1')).toEqual(bytes);
  const text = Buffer.from('password=voilà123 ok\n').toString('latin1');
  expect(Buffer.from(through(text).out, 'latin1').toString()).toBe('password=[redacted] ok\n');
});
