import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { objectFolder } from '../../adapters/local/object-folder';
import { canonicalJson } from '../../domain/canonical-json';
import type { MetricPoint } from '../../domain/telemetry';
import type { Archive } from '../../ports/archive';
import { harness } from '../api/harness';
import { cli, NOW } from '../fakes/cli-harness';
import type { CliResult } from '../fakes/cli-harness';
import { memoryPoints } from '../fakes/memory-points';
import { MemoryStore } from '../fakes/memory-store';

const DAY = 86_400_000;
const MIDNIGHT = Math.floor(NOW / DAY) * DAY;
const SHOP = { source: 'otlp-metrics', environment: 'prod', service: 'shop' } as const;

/** Yesterday and the day before, some series of every kind. */
function measured(): MetricPoint[] {
  const at = (i: number): string => new Date(MIDNIGHT - 2 * DAY + i * 600_000).toISOString();
  const times = Array.from({ length: 288 }, (_, i) => i);
  const histogram = (i: number) => ({ count: 3 * i, le: [0.5, null], counts: [2 * i, 3 * i] });
  return [
    ...times.map((i): MetricPoint => ({ ...SHOP, metric: 'cpu', kind: 'gauge', unit: '%', labels: { host: 'a', zone: '1' }, at: at(i), value: Math.sin(i) })),
    ...times.map((i): MetricPoint => ({ ...SHOP, metric: 'cpu', kind: 'gauge', unit: '%', labels: { host: 'b' }, at: at(i), value: 5e-324 * i })),
    ...times.map((i): MetricPoint => ({ ...SHOP, metric: 'requests', kind: 'counter', labels: {}, at: at(i), value: 1e9 + i })),
    ...times.map((i): MetricPoint => ({
      ...SHOP,
      metric: 'latency',
      kind: 'histogram',
      unit: 's',
      labels: {},
      at: at(i),
      value: 7 * i,
      histogram: histogram(i),
    })),
  ];
}

describe('the archive in files, and back', () => {
  let folder: string;
  const open: { close(): Promise<void> }[] = [];
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nightshift-archive-'))));
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** An empty archive behind an API, and the command line as an admin of it. */
  async function system(): Promise<{ archive: Archive; store: MemoryStore; run: (...argv: string[]) => Promise<CliResult> }> {
    const store = new MemoryStore();
    const archive: Archive = Object.assign(store.archive, memoryPoints());
    const { app } = await harness({ deps: { store, clock: { now: () => NOW } } });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    open.push(app);
    const { key: apiKey } = await store.keys.create({ name: 'admin', role: 'admin' }, new Date(NOW).toISOString());
    const deps = {
      clientSettings: () => ({ apiUrl: url, apiKey, keyFile: 'none', home: 'none' }),
      objects: (target: string | undefined) => objectFolder(target ?? ''),
    };
    return { archive, store, run: (...argv) => cli(url, argv, { deps }) };
  }
  /** Everything that an archive knows, without the numbers of its series. */
  async function held({ points }: Archive): Promise<unknown[]> {
    const series = await points.series({ limit: 100 });
    const values = await points.read(
      series.map(({ id }) => id),
      0,
      NOW,
    );
    return series
      .map(({ id, counts: _counts, ...names }) => ({ ...names, points: values.get(id) }))
      .sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  }
  const dates = ['--from', '2026-11-18', '--to', '2026-11-19'];

  test('what was exported and imported is what was there, and imported again it is not doubled', async () => {
    const first = await system();
    await first.archive.writer.keep({ points: measured() }, NOW - DAY);
    const before = await held(first.archive);
    expect((await first.run('archive', 'export', '--out', folder, ...dates, '--json')).json()).toEqual({ target: folder, days: 2, series: 8, files: 16 });
    const second = await system();
    expect((await second.run('archive', 'import', folder, '--json')).json()).toMatchObject({ files: 8, added: 1152, duplicates: 0 });
    expect(await held(second.archive)).toEqual(before);
    expect((await second.run('archive', 'import', folder)).out).toContain('8 files; 0 points added, 1152 there already.');
    expect(await held(second.archive)).toEqual(before);
  });

  test('yesterday is exported where no day is named', async () => {
    const { archive, run } = await system();
    await archive.writer.keep({ points: measured() }, NOW - DAY);
    await run('archive', 'export', '--out', folder, '--shingle', '3');
    const days = new Set(readdirSync(folder, { recursive: true }).flatMap((path) => /date=[\d-]+/.exec(String(path)) ?? []));
    expect([...days]).toEqual(['date=2026-11-19']);
  });

  test('measures of services are written as rows for training, a folder a measure, over all pages', async () => {
    const { store, run } = await system();
    const rows = Array.from({ length: 20 }, (_, i) => ({
      at: MIDNIGHT - DAY + i * 60_000,
      measures: [
        { name: 'rate', kind: 'rate' as const, value: i },
        { name: 'up', kind: 'up' as const, value: null },
      ],
    }));
    const services = Array.from({ length: 12 }, (_, i) => ({ environment: 'prod', service: `s${String(i)}`, rows }));
    await store.measures.append(60_000, services);
    const { json } = await run('archive', 'export', '--measures', '--out', folder, '--from', '2026-11-19', '--shingle', '3', '--json');
    expect(json()).toEqual({ target: folder, days: 1, series: 12, files: 12 });
    const text = readFileSync(join(folder, 'measures/rows=1m/measure=rate/environment=prod/service=s3/date=2026-11-19/part-0.csv'), 'utf8');
    // The row that ends at midnight is one of the day before.
    expect([text.split('\n').length - 1, text.split('\n')[0]]).toEqual([18, '0,1,2']);
  });

  test.each([
    ['no place', ['export'], 'Say where to'],
    ['two places', ['export', '--out', 'x', '--s3'], 'Say where to'],
    ['a day that is none', ['export', '--out', 'x', '--from', 'yesterday'], 'It must be a day such as 2026-03-01'],
    ['a day that does not exist', ['export', '--out', 'x', '--from', '2026-02-30'], 'It must be a day such as 2026-03-01'],
    ['an end before its begin', ['export', '--out', 'x', '--from', '2026-11-19', '--to', '2026-11-18'], 'lies before'],
    ['a day that has not begun', ['export', '--out', 'x', '--to', '2026-11-21'], 'has not begun'],
  ])('%s is refused', async (_what, argv, told) => {
    const { run } = await system();
    const { code, err } = await run('archive', ...argv);
    expect([code, err]).toEqual([2, expect.stringContaining(told)]);
  });

  test('a folder without an export, and a file that cannot be read, are told', async () => {
    const { run } = await system();
    expect((await run('archive', 'import', folder)).err).toContain('is no exported archive');
    await objectFolder(folder).put('archive/a.csv', 'time,value\n', 'text/csv');
    expect((await run('archive', 'import', folder)).err).toContain('archive/a.csv is no exported archive: line 1');
    writeFileSync(
      join(folder, 'archive', 'a.csv'),
      `# ${JSON.stringify({ ...SHOP, metric: 'old', kind: 'gauge', labels: {} })}\ntimestamp,value\n2020-01-01T00:00:00.000Z,1\n`,
    );
    expect((await run('archive', 'import', folder)).out).toContain('1 refused as older than retention.points');
  });
});
