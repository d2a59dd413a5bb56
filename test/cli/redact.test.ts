import { runRedact } from '../../cli/commands/redact';
import { cli } from '../fakes/cli-harness';
import type { CliResult, CliSetting } from '../fakes/cli-harness';

const run = (argv: readonly string[], setting: CliSetting): Promise<CliResult> => cli('http://127.0.0.1:1', ['redact', ...argv], setting);

test('nightshift redact takes secrets out of stdin, without a running system', async () => {
  expect(await run([], { typed: 'user=bo password=hunter2\r\nplain\nlast token: x1' })).toMatchObject({
    ...{ code: 0, err: '', out: 'user=bo password=[redacted]\r\nplain\nlast token: [redacted]' },
  });
});

test('--tags shows what is equal within a run, and nothing between two', async () => {
  const [one, two] = await Promise.all([1, 2].map(() => run(['--tags'], { typed: 'a@b.co c@d.co\na@b.co\n' })));
  const [first, second, third] = one?.out.match(/\[redacted:mail:[0-9a-f]{8}\]/g) ?? [];
  expect(first).toBe(third);
  expect(first).not.toBe(second);
  expect(one?.out).not.toBe(two?.out);
});

test('a key without an end is told on stderr', async () => {
  const { code, err } = await run([], { typed: 'a\n-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\n' });
  expect([code, err]).toEqual([0, '1 key or certificate had no end (the last began on line 2); lines that cannot be of it were kept.\n']);
});

test('--json and unknown options are refused with exit code 2', async () => {
  expect((await run(['--json'], { typed: '' })).code).toBe(2);
  expect((await run(['--nope'], { typed: '' })).code).toBe(2);
});

test('by itself it does the same', async () => {
  const { PassThrough } = await import('node:stream');
  const stdin = new PassThrough();
  stdin.end('password=hunter2\n');
  let out = '';
  const stdout = { write: (text: string | Uint8Array, done?: () => void) => ((out += Buffer.from(text).toString()), done?.()) };
  const io = { stdin, stdout, stderr: stdout, stdinIsTty: false, stdoutIsTty: false, stderrIsTty: false, columns: 80, color: false };
  expect([await runRedact({ io, version: '1' }, ['redact']), out]).toEqual([0, 'password=[redacted]\n']);
});
