import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { harness } from '../api/harness';
import type { Harness } from '../api/harness';
import { cli, NOW } from '../fakes/cli-harness';
import type { CliResult, CliSetting } from '../fakes/cli-harness';

let h: Harness;
let url: string;
let key: string;
let folder: string;
beforeAll(async () => {
  h = await harness({ deps: { clock: { now: () => NOW } } });
  url = await h.app.listen({ host: '127.0.0.1', port: 0 });
  key = (await h.store.keys.create({ name: 'ci', role: 'responder' }, new Date(NOW).toISOString())).key;
  folder = mkdtempSync(join(tmpdir(), 'nightshift-build-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await h.app.close();
});

const run = (argv: readonly string[], setting: CliSetting = {}): Promise<CliResult> =>
  cli(url, argv, { ...setting, deps: { clientSettings: () => ({ apiUrl: url, apiKey: key, keyFile: 'none', home: 'none' }) } });
const at = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();
const BUILDS = Array.from({ length: 9 }, (_, i) => ({
  ...{
    id: `b${String(i)}`,
    service: 'bookshop',
    name: 'ci / test',
    run: String(i),
    result: i > 5 ? 'failed' : 'succeeded',
    endedAt: at(90 - i * 10),
    durationMs: 60_000,
  },
  ...{ tests: { total: 10, failed: i > 5 ? 1 : 0 }, usage: { cpuMs: 90_000, memoryBytes: 2 ** 30 } },
}));

test('nightshift build send reports from stdin or a file, and says the verdict when asked to wait', async () => {
  expect(await run(['build', 'send'], { typed: JSON.stringify({ builds: BUILDS }) })).toMatchObject({
    code: 0,
    out: `${BUILDS.map(({ id }) => id).join('\n')}\n`,
  });
  const file = join(folder, 'build.json');
  writeFileSync(file, JSON.stringify(BUILDS[0]));
  expect(await run(['build', 'send', file, '--wait', '1s'])).toMatchObject({ code: 0, out: 'unknown: builds are not scored yet\n' });
  expect((await run(['build', 'send', file, '--json'])).json()).toEqual({ accepted: 1, duplicates: expect.any(Number) as number, ids: ['b0'] });
});

test.each([
  [['build', 'send'], '{', 2, 'What stdin holds is no JSON'],
  [['build', 'send'], '{"service": "x"}', 2, 'is missing'],
  [['build', 'send', '--wait', '2m'], '{}', 2, 'at most 60s'],
  [['build', 'list', '--result', 'green'], '', 2, 'must be one of succeeded'],
  [['health', '--since', 'yesterday'], '', 2, 'must be how long ago'],
  [['health', '--format', 'pdf'], '', 2, 'must be one of text'],
])('%j is refused with a sentence', async (argv, typed, code, text) => {
  const end = await run(argv, { typed });
  expect([end.code, end.out, end.err]).toEqual([code, '', expect.stringContaining(text)]);
});

test('nightshift build list shows the newest first, and how to go on', async () => {
  const { out, err } = await run(['build', 'list', '--result', 'failed', '--limit', '2']);
  expect(out.split('\n').slice(0, 2)).toEqual([
    'RESULT  SERVICE   NAME       RUN  TOOK  TESTS           ENDED     COMMIT',
    'failed  bookshop  ci / test  8    1 m   1 of 10 failed  10 m ago',
  ]);
  expect(err).toContain('--cursor');
  expect(await run(['build', 'list', '--service', 'other'])).toMatchObject({ code: 0, out: '', err: 'There are no such builds.\n' });
});

test('nightshift health shows pipelines, what to look at, and services', async () => {
  const { code, out } = await run(['health', '--since', '1d']);
  expect(code).toBe(0);
  expect(out).toContain('Builds and services, 2026-11-19 14:05 to 2026-11-20 14:05 UTC');
  expect(out).toMatch(/^bookshop {2}9 +33 % +1 m +1 m +too few runs +1 m 30 s +1 GiB +3 +█+ +ci \/ test$/m);
  expect(out).toContain('! bookshop, ci / test: the last 3 builds failed');
  expect(out).toMatch(/^bookshop +prod +no incident +0$/m);
});

test('it is one JSON value with --json or --format json, and a page with --format html', async () => {
  const json = (await run(['health', '--json'])).json<{ pipelines: unknown[] }>();
  expect(json.pipelines).toHaveLength(1);
  expect((await run(['health', '--format', 'json', '--service', 'other'])).json<{ pipelines: unknown[] }>().pipelines).toEqual([]);
  expect((await run(['health', '--format', 'html'])).out).toMatch(/^<!doctype html>[^]*<\/html>\s*$/);
});

test('--out writes a file that only its owner reads', async () => {
  const file = join(folder, 'health.html');
  const { out, err } = await run(['health', '--format', 'html', '--out', file]);
  expect([out, err, statSync(file).mode & 0o777]).toEqual(['', `Written to ${file}.\n`, 0o600]);
  expect(readFileSync(file, 'utf8')).toContain('<svg class="plot"');
  expect(await run(['health', '--out', join(folder, 'no', 'file')])).toMatchObject({ code: 1, err: expect.stringContaining('was not written') as string });
});
