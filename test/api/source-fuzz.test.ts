import { createHmac } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { SourcesConfig } from '../../config/types';
import { ERRORS } from '../../domain/errors';
import { SOURCES } from '../../domain/sources/recognise';
import { MOST_BYTES } from '../../domain/sources/wire';
import { createLog } from '../../workers/log';
import { samplesOf } from '../domain/sources/samples';
import { harness, NOW } from './harness';
import type { Harness } from './harness';

/** The door opens by a key; GitHub's also by a signature, whose messages are set aside. */
const SIGNED: SourcesConfig = { signed: [{ by: 'secret', name: 'github', secrets: ['s'] }], mapped: [] };
const KEPT = SOURCES.filter(({ gives }) => gives.includes('alert') || gives.includes('change'));
const lines = new PassThrough();
let logged = '';
lines.on('data', (chunk: Buffer) => (logged += chunk.toString()));
let h: Harness;
let url: string;
let key: string;

beforeAll(async () => {
  const settings = { rateLimitPerMinute: 10_000_000, inboxLimit: 10_000_000, bodyLimitBytes: 4 * 1024 * 1024, doorTimeoutMs: 20_000 };
  h = await harness({ settings, deps: { sources: SIGNED, log: createLog('error', lines) } });
  key = (await h.store.keys.create({ name: 'fuzz', role: 'responder' }, new Date(NOW).toISOString())).key;
  url = await h.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => h.app.close());

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function send(source: string, bytes: Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  // A header that cannot be sent at all is no matter of the door.
  const answer = await fetch(`${url}/v1/sources/${source}`, {
    method: 'POST',
    body: Buffer.from(bytes),
    headers: { authorization: `Bearer ${key}`, ...headers },
  });
  return { status: answer.status, body: await answer.json() };
}

/** Taken, or refused by a problem of ours: nothing else is an answer. */
function expectAnswer({ status, body }: Answer): void {
  if (status === 202) expect(body).toMatchObject({ leftAside: expect.any(Array) as unknown[] });
  else {
    expect([400, 413]).toContain(status);
    expect(Object.keys(ERRORS)).toContain((body as { code: string }).code);
  }
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__'];

/** What can be made of the bytes of a message, without knowing what they mean. */
function spoiled(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const body = Buffer.from(bytes).toString('latin1');
  const somewhere = fc.nat({ max: Math.max(0, bytes.length - 1) });
  const junk = fc.constantFrom('[1,2', 'null', '-1e999', '""', '"\\ud800"', '{}', '"x"', 'true', `"${'9'.repeat(400)}"`, '[]', '1e308');
  return fc.oneof(
    somewhere.map((at) => bytes.slice(0, at)),
    fc.tuple(somewhere, fc.integer({ min: 0, max: 255 })).map(([at, byte]) => bytes.with(at, byte)),
    // Other types in place of texts and numbers.
    fc.tuple(junk, fc.nat({ max: 30 })).map(([value, nth]) => {
      let seen = -1;
      return Buffer.from(
        body.replace(/:\s*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null)/g, (whole) => ((seen += 1) === nth ? `:${value}` : whole)),
        'latin1',
      );
    }),
    // Names that mean something to the language, also twice.
    fc
      .tuple(fc.constantFrom(...NAMES), junk)
      .map(([name, value]) => Buffer.from(body.replace('{', `{"${name}":${value},"${name}":{"service":"evil"},`), 'latin1')),
    fc.nat({ max: 20 }).map((nth) => {
      let seen = -1;
      return Buffer.from(
        body.replace(/"\w+"(?=\s*:)/g, (name) => ((seen += 1) === nth ? `"${NAMES[nth % NAMES.length] ?? ''}"` : name)),
        'latin1',
      );
    }),
    fc
      .constantFrom<BufferEncoding>('utf16le', 'base64', 'hex')
      .map((encoding) => (encoding === 'utf16le' ? Buffer.from(body, 'utf16le') : Buffer.from(Buffer.from(bytes).toString(encoding)))),
    fc.uint8Array({ maxLength: 200 }),
    somewhere.map((at) => new Uint8Array(gzipSync(bytes)).slice(0, at + 2)),
  );
}

test.each(KEPT.map((source) => ({ source, title: source.name })))('$title: spoiled messages are taken or refused', async ({ source }) => {
  const samples = samplesOf(source);
  const message = fc.constantFrom(...samples).chain((sample) => fc.record({ bytes: spoiled(sample.bytes), headers: fc.constantFrom({}, sample.headers) }));
  await fc.assert(
    fc.asyncProperty(message, async ({ bytes, headers }) => expectAnswer(await send(source.name, bytes, headers))),
    { numRuns: 25, seed: 5 },
  );
  // A failure inside of a reader would be answered as a message that cannot be read.
  expect(logged).toBe('');
  expect(({} as { service?: string }).service).toBeUndefined();
});

test.each(SOURCES.filter((source) => !KEPT.includes(source)).map((source) => ({ source, title: source.name })))(
  '$title: spoiled telemetry is taken, taken in part, or refused',
  async ({ source }) => {
    const message = fc.constantFrom(...samplesOf(source)).chain(({ bytes, headers }) => fc.record({ bytes: spoiled(bytes), headers: fc.constant(headers) }));
    await fc.assert(
      fc.asyncProperty(message, async ({ bytes, headers }) => {
        const answer = await fetch(`${url}/v1/sources/${source.name}`, {
          method: 'POST',
          body: Buffer.from(bytes),
          headers: { authorization: `Bearer ${key}`, ...headers },
        });
        expect([200, 202, 204, 400, 413]).toContain(answer.status);
      }),
      { numRuns: 25, seed: 5 },
    );
    expect(logged).toBe('');
  },
);

const long = 'A'.repeat(3 * 1024 * 1024);
const HUGE: readonly (readonly [string, Uint8Array])[] = [
  ['deep lists', text('['.repeat(20_000))],
  ['deep objects', text('{"a":'.repeat(20_000))],
  ['deep in a text', text(JSON.stringify({ Type: 'Notification', TopicArn: 't', MessageId: 'm', Message: '['.repeat(50_000) }))],
  ['one word of 3 MiB', text(`"${long}"`)],
  ['a name of 3 MiB', text(`{"${long}":1}`)],
  ['fifty thousand members', text(`{${Array.from({ length: 50_000 }, (_, i) => `"${String(i)}":1`).join(',')}}`)],
  ['a gzip of 1 GiB', bomb()],
  ['a gzip within a gzip', new Uint8Array(gzipSync(bomb()))],
];

/** Members of a gzip may follow each other: 16 MiB of zeros, 64 times. */
function bomb(): Uint8Array {
  const member = gzipSync(Buffer.alloc(MOST_BYTES));
  return new Uint8Array(Buffer.concat(Array.from({ length: 64 }, () => member)));
}

test.each(HUGE)('%s is refused, or nothing is made of it, by every source', async (_what, bytes) => {
  for (const { name } of KEPT) {
    const before = h.store.inbox.waiting.length;
    expectAnswer(await send(name, bytes));
    expect(h.store.inbox.waiting).toHaveLength(before);
  }
  expect(logged).toBe('');
});

test('a message whose every text is long is taken in short, without holding the door', async () => {
  const [sample] = samplesOf({ name: 'alertmanager' });
  const body = Buffer.from(sample?.bytes ?? [])
    .toString()
    .replace(/"(summary|description|alertname|severity|job)":\s*"[^"]*"/g, (_whole, name: string) => `"${name}":"${long.slice(0, 50_000)}"`);
  expect((await send('alertmanager', text(body))).status).toBe(202);
  expect(JSON.stringify(h.store.inbox.waiting.at(-1)).length).toBeLessThan(20_000);
});

test('what is signed but spoiled is never refused in a way that loses it', async () => {
  const samples = samplesOf({ name: 'github' }).filter(({ headers }) => Object.keys(headers).length > 0);
  const message = fc.constantFrom(...samples).chain((sample) => fc.record({ bytes: spoiled(sample.bytes), headers: fc.constant(sample.headers) }));
  await fc.assert(
    fc.asyncProperty(message, async ({ bytes, headers }) => {
      const signature = `sha256=${createHmac('sha256', 's').update(bytes).digest('hex')}`;
      const answer = await fetch(`${url}/v1/sources/github`, {
        method: 'POST',
        body: Buffer.from(bytes),
        headers: { ...headers, 'x-hub-signature-256': signature },
      });
      // 401: the same bytes again, or a time long ago; 503: nothing in it could be set aside.
      expect(bytes.length === 0 ? [503] : [202, 401]).toContain(answer.status);
    }),
    { numRuns: 40, seed: 5 },
  );
});
