import { mkdtemp, link, rename, rm, symlink, truncate, utimes, writeFile, appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createFileLog } from '../../../adapters/local/file-log';
import { parseLogLine } from '../../../adapters/local/log-line';
import type { Service } from '../../../domain/inventory';

const T = 1_795_168_800_000;
let folder: string;
let file: string;
let service: Service;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'json-log-'));
  file = join(folder, 'service.jsonl');
  service = { name: 's', environment: 'e', tier: 'low', dependsOn: [], logs: { file } };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const log = createFileLog({ maxBytes: 4_000_000 });
const line = (second: number, msg: string, level = 'error') => `${JSON.stringify({ time: new Date(T + second * 1000).toISOString(), level, msg })}\n`;
const read = async (from: number, to: number, most = 10_000) => (await log.read(service, T + from * 1000, T + to * 1000, most)).map((l) => l.message);

test('gives the lines between two times, oldest first, of too many the newest', async () => {
  await writeFile(file, [1, 3, 2, 4, 5].map((s) => line(s, `m${s}`)).join(''));
  expect(await read(2, 4)).toEqual(['m2', 'm3', 'm4']);
  expect(await read(0, 9, 2)).toEqual(['m4', 'm5']);
});

test('leaves a half-written last line for the next read', async () => {
  const whole = line(2, 'second');
  await writeFile(file, line(1, 'first') + whole.slice(0, 20));
  expect(await read(0, 9)).toEqual(['first']);
  await appendFile(file, whole.slice(20));
  expect(await read(0, 9)).toEqual(['first', 'second']);
});

test('finds everything in a large file with many-byte characters, wherever a chunk is cut', async () => {
  await writeFile(file, Array.from({ length: 5000 }, (_, i) => line(i / 10, `größe ${'ü'.repeat(i % 60)} n${i}`)).join(''));
  const messages = await read(0, 500, 100_000);
  expect(messages).toHaveLength(5000);
  expect(messages[4321]).toBe(`größe ${'ü'.repeat(4321 % 60)} n4321`);
  expect(await read(499, 500)).toHaveLength(10);
});

test('reads a line that is longer than a chunk', async () => {
  await writeFile(file, line(1, 'before') + line(2, 'x'.repeat(200_000)) + line(3, 'after'));
  expect((await read(0, 9)).map((m) => m.slice(0, 6))).toEqual(['before', 'xxxxxx', 'after']);
});

test('goes on into the rotated file, and does well while the new one is not there yet', async () => {
  await writeFile(file, line(1, 'old'));
  await rename(file, `${file}.1`);
  expect(await read(0, 9)).toEqual(['old']);
  await writeFile(file, line(2, 'new'));
  expect(await read(0, 9)).toEqual(['old', 'new']);
});

test('goes on through several rotated files, packed or named by their date', async () => {
  for (const [i, name] of ['-20261118.gz', '.2.gz', '.1', ''].entries()) {
    const text = line(i, `m${i}`);
    await writeFile(file + name, name.endsWith('.gz') ? gzipSync(text) : text);
    await utimes(file + name, T / 1000 + i, T / 1000 + i);
  }
  await writeFile(`${file}.bak`, line(5, 'no'));
  await writeFile(`${file}.3.gz`, 'still being packed');
  expect(await read(0, 9)).toEqual(['m0', 'm1', 'm2', 'm3']);
});

test('reads a file once that has two names, and one behind a symbolic link', async () => {
  await writeFile(`${file}.1`, line(1, 'once'));
  await link(`${file}.1`, `${file}.2`);
  await symlink(`${file}.1`, file);
  expect(await read(0, 9)).toEqual(['once']);
});

test('finds what was written after a cut by one who kept his place', async () => {
  await writeFile(file, Buffer.concat([Buffer.alloc(100_000), Buffer.from(line(2, 'after'))]));
  expect(await read(0, 9)).toEqual(['after']);
});

test('does well where the file was deleted and comes back', async () => {
  await writeFile(file, line(1, 'gone'));
  await rm(file);
  await expect(read(0, 9)).rejects.toMatchObject({ code: 'not_found' });
  await writeFile(file, line(2, 'back'));
  expect(await read(0, 9)).toEqual(['back']);
});

test('begins anew in a truncated file', async () => {
  await writeFile(file, line(1, 'gone'));
  expect(await read(0, 9)).toEqual(['gone']);
  await truncate(file, 0);
  await appendFile(file, line(2, 'fresh'));
  expect(await read(0, 9)).toEqual(['fresh']);
});

test('reads no more of the end than allowed', async () => {
  await writeFile(file, Array.from({ length: 1000 }, (_, i) => line(i, `m${i}`)).join(''));
  const messages = await createFileLog({ maxBytes: 1000 }).read(service, T, T + 1e6, 10_000);
  expect(messages.length).toBeGreaterThan(5);
  expect(messages.length).toBeLessThan(20);
  expect(messages.at(-1)?.message).toBe('m999');
});

test('redacts what it reads', async () => {
  await writeFile(file, line(1, 'login with password=hunter22 by bo@example.com'));
  expect(await read(0, 9)).toEqual(['login with password=[redacted] by [redacted]']);
});

test('skips what is no line of a structured log', async () => {
  await writeFile(file, `Error: x\n    at y\n\n[1]\n{"msg":"no time"}\n${line(1, 'ok')}null\n`);
  expect(await read(0, 9)).toEqual(['ok']);
});

test('says when there is no file, and when the inventory names none', async () => {
  await expect(read(0, 9)).rejects.toMatchObject({ code: 'not_found' });
  const { logs: _logs, ...silent } = service;
  await expect(log.read(silent, 0, 1, 1)).rejects.toMatchObject({ code: 'not_found' });
});

test.each([
  ['{"ts":1795168800,"severity":"WARNING","message":"m"}', { at: T, level: 'warn', message: 'm' }],
  ['{"time":1795168800000,"level":50,"msg":"m","err":{"message":"why"}}', { at: T, level: 'error', message: 'm: why' }],
  [`{"@timestamp":"${new Date(T).toISOString()}","level":"trace","event":"e","error":"why"}`, { at: T, level: 'debug', message: 'e: why' }],
])('understands %s', (text, expected) => {
  expect(parseLogLine(text)).toEqual(expected);
});
