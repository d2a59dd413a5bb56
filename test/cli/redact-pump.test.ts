import { PassThrough, Readable } from 'node:stream';
import { pumpRedacted } from '../../cli/redact-pump';
import type { RedactThreads } from '../../cli/redact-pump';
import { REDACTED } from '../../domain/redact';
import { RedactedStream } from '../../domain/redact/stream';
import { redactThreads } from '../../workers/redact-threads';
import { eventually } from '../fakes/eventually';

const mask = () => REDACTED;
const CHUNK = 65_536;

/** Threads that answer in no order. */
function untidy(): RedactThreads & { readonly asked: number[] } {
  const asked: number[] = [];
  return {
    ...{ size: 3, asked },
    redact: async (lines) => {
      asked.push(lines.length);
      await new Promise((resolve) => setTimeout(resolve, asked.length % 3 === 0 ? 0 : 20));
      const stream = new RedactedStream(mask);
      return { bytes: Buffer.from(stream.push(Buffer.from(lines).toString('latin1')), 'latin1'), after: stream.carried };
    },
    close: async () => undefined,
  };
}

/** What comes out of a text that comes in chunks, and what is known then. */
async function through(text: string, threads?: RedactThreads) {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / CHUNK) }, (_, i) => bytes.subarray(i * CHUNK, (i + 1) * CHUNK));
  const out: Uint8Array[] = [];
  const to = { write: (part: string | Uint8Array, done?: () => void) => (out.push(Buffer.from(part as Uint8Array)), done?.()) };
  const { unended } = await pumpRedacted({ from: Readable.from(chunks), to, mask, threads });
  return { out: Buffer.concat(out).toString(), unended };
}

const KEY = [
  '-----BEGIN PRIVATE KEY-----',
  ...Array.from({ length: 40 }, (_, i) => `MIIEow${String(i)}AAKCAQEAr5bD3xkQ0yq1cYtW8uV9nZ7oPpLmKjHg`),
  '-----END PRIVATE KEY-----',
];
const line = (i: number): string => `${String(i)} request ${String(i * 7)} of ü done password=hunter${String(i)} in 12 ms${i % 5 === 0 ? '\r' : ''}`;
/** A megabyte in which keys go on nearly everywhere, so that a cut is within one. */
const KEYS = Array.from({ length: 500 }, (_, i) => [line(i), ...KEY]).flat();
const PLAIN = Array.from({ length: 12_000 }, (_, i) => line(i));

test.each([
  ['lines of a log', `${PLAIN.join('\n')}\n`],
  ['no end of the last line', PLAIN.join('\n')],
  ['keys over several lines, cut by the pieces', `${KEYS.join('\n')}\n`],
  ['keys without an end', `${[...PLAIN.slice(0, 5_000), ...KEY.slice(0, 9), ...PLAIN.slice(0, 5_000), ...KEY.slice(0, 9)].join('\n')}\n`],
  ['a line of two megabytes', `${PLAIN.slice(0, 5_000).join('\n')}\n${'word '.repeat(400_000)}\n${PLAIN.slice(0, 5_000).join('\n')}\n`],
  ['little', 'password=x1\nb'],
  ['nothing', ''],
])('threads beside it change nothing: %s', async (_what, text) => {
  const threads = untidy();
  expect(await through(text, threads)).toEqual(await through(text));
  expect(threads.asked.length > 1).toBe(text.length > 100_000);
});

test('real threads do the same', async () => {
  const threads = redactThreads(2, {});
  const text = `${[...PLAIN, ...KEYS].join('\n')}\n`;
  expect(await through(text, threads).finally(() => threads.close())).toEqual(await through(text));
});

test('a log that is followed comes line by line, also after a burst, without waiting for more', async () => {
  const from = new PassThrough();
  let out = '';
  const threads = untidy();
  const ended = pumpRedacted({ from, to: { write: (part, done) => ((out += Buffer.from(part as Uint8Array).toString()), done?.()) }, mask, threads });
  from.write('token=abc123\nhalf a li');
  await eventually(() => out === `token=${REDACTED}\n`, 'the first line');
  from.write(`ne\n${PLAIN.join('\n')}\n`);
  await eventually(() => out.split('\n').length === PLAIN.length + 3, 'the burst');
  expect(threads.asked.length).toBeGreaterThan(0);
  from.end('password=last');
  await ended;
  expect(out.endsWith(`password=${REDACTED}`)).toBe(true);
});

test('a thread that fails ends it, and nothing after its lines comes', async () => {
  const broken = { ...untidy(), redact: () => Promise.reject(new Error('it ended')) };
  await expect(through(PLAIN.join('\n'), broken)).rejects.toThrow('it ended');
});
