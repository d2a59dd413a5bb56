import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CliResult } from '../fakes/cli-harness';
import { cli } from '../fakes/cli-harness';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightshift-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (hour: number): string => new Date(Date.UTC(2026, 0, 5) + hour * 3_600_000).toISOString();
/** Hours of a disk that fills by one an hour, with a day's swing. */
const DISK = [
  'timestamp,used',
  ...Array.from({ length: 240 }, (_, i) => `${at(i)},${100 + i + 5 * Math.sin((2 * Math.PI * i) / 24) + ((i * 7919) % 13) / 13}`),
].join('\n');

async function forecast(text: string, ...args: readonly string[]): Promise<CliResult> {
  const file = join(folder, 'series.csv');
  await writeFile(file, text);
  return cli('http://127.0.0.1:1', ['forecast', file, ...args]);
}

test('prints the forecast, the method and why', async () => {
  const { code, out } = await forecast(DISK);
  expect(code).toBe(0);
  expect(out).toMatch(/^used: steps of 1h, seasons of 24 steps, by \w+\.\nIn \d+ trials/);
  expect(out).toContain('2026-01-15 00:00:00 UTC');
  expect(out).toMatch(/AT +VALUE +80 % +95 %/);
});

test('says when a limit is broken', async () => {
  const { code, out } = await forecast(DISK, '--limit', 'above=350', '--horizon', '48h', '--json');
  const answer = JSON.parse(out) as { forecast: unknown[]; breach: { eta: { earliest: number; latest: number }; why: string } };
  expect([code, answer.forecast.length]).toEqual([0, 48]);
  expect(answer.breach.why).toMatch(/^It will rise above 350 between/);
  expect(answer.breach.eta.earliest).toBeLessThanOrEqual(answer.breach.eta.latest);
  expect(new Date(answer.breach.eta.latest).toISOString().slice(0, 10)).toBe('2026-01-15');
});

test('says when a limit is broken already, and when it will not be', async () => {
  expect((await forecast(DISK, '--limit', 'above=200')).out).toContain('It is above 200 already');
  expect((await forecast(DISK, '--limit', 'below=10')).out).toContain('It will not be below 10 within 24 steps');
});

test('declines with the reason, which is an answer', async () => {
  const { code, out } = await forecast('timestamp,value\n2026-01-01,1\n2026-01-02,1\n2026-01-03,1\n', '--limit', 'above=3');
  expect([code, out]).toEqual([0, 'No forecast: the values never change.\nWhen it will be above 3 is not known, as there is no forecast.\n']);
});

test.each([
  [['--limit', '90'], 'Write it as above=90 or below=10.'],
  [['--horizon', '24'], 'has no unit'],
  [['--column', 'free'], 'There is no column "free"; there are used.'],
])('%j is refused with what to write', async (args, message) => {
  const { code, err } = await forecast(DISK, ...args);
  expect([code, err]).toEqual([2, expect.stringContaining(message)]);
});

test('a line that cannot be read is named', async () => {
  const { code, err } = await forecast('timestamp,value\n2026-01-01,1\nnow,2\n');
  expect([code, err]).toEqual([2, expect.stringContaining('line 3: "now" is no time')]);
});
