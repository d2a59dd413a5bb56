import { archiveOf } from '../../../adapters/postgres/archive/archive';
import type { Db } from '../../../adapters/postgres/database';
import { migrate } from '../../../adapters/postgres/migrate';
import { ARCHIVE_DEFAULTS } from '../../../domain/archive-settings';
import type { MetricPoint } from '../../../domain/telemetry';
import type { Archive } from '../../../ports/archive';
import { memoryDatabase } from './memory-database';
import { NOON } from './samples-of-data';

const AT = new Date(NOON).toISOString();
let db: Db;
let archive: Archive;
const swept: number[] = [];

beforeAll(async () => {
  db = await memoryDatabase();
  await migrate(db);
  const settings = { ...ARCHIVE_DEFAULTS, seriesPerService: 3, templatesPerService: 2, calleesPerService: 1 };
  archive = archiveOf({ db, settings, forgotten: async (rows) => void swept.push(rows) }, (part) => part);
}, 60_000);
afterAll(() => db.destroy());

function points(service: string, hosts: readonly string[]): MetricPoint[] {
  return hosts.map((host) => ({ source: 's', environment: 'prod', service, metric: 'm', kind: 'gauge', at: AT, value: 1, labels: { host } }));
}

test('points of series beyond the limit of their service are refused and marked; those of known series, and of other services, are not', async () => {
  await archive.writer.keep({ points: points('a', ['1', '2']) }, NOON);
  const over = await archive.writer.keep({ points: points('a', ['2', '3', '4', '5', '4']) }, NOON + 1);
  expect(over.points).toEqual({ added: 1, duplicates: 1, corrected: 0, late: 0, refused: { cardinality: 3, 'too-old': 0, ahead: 0 } });
  expect((await archive.writer.keep({ points: points('b', ['1', '2', '3']) }, NOON)).points.added).toBe(3);
  await archive.writer.keep({ points: points('a', ['6']) }, NOON + 2);
  expect(await archive.marks.refusals()).toEqual([{ environment: 'prod', service: 'a', reason: 'cardinality', count: 4, firstAt: NOON + 1, lastAt: NOON + 2 }]);
  expect((await archive.marks.totals()).series).toBe(6);
});

test('lines of templates, and calls of services, beyond the limit are counted together', async () => {
  const line = (template: string) => ({
    source: 's',
    environment: 'prod',
    service: 'a',
    level: 'info' as const,
    template,
    at: NOON,
    lines: 1,
    sample: template,
  });
  const call = (callee: string) => ({ environment: 'prod', caller: 'a', callee, at: NOON, requests: 1, failed: 0, durationMs: 1, longestMs: 1 });
  await archive.writer.keep({ logs: ['a', 'b', 'c', 'd', 'a'].map(line), calls: ['x', 'y', 'z'].map(call) }, NOON);
  await archive.writer.keep({ logs: ['d', 'e'].map(line) }, NOON);
  const found = await archive.logs.templates({ from: NOON, to: NOON, limit: 10 });
  expect(found.map(({ template, minutes }) => [template, minutes[0]?.lines])).toEqual([
    ['<other>', 4],
    ['a', 2],
    ['b', 1],
  ]);
  expect((await archive.calls.calls({ from: NOON, to: NOON, limit: 10 })).map(({ callee, requests }) => [callee, requests])).toEqual([
    ['<other>', 2],
    ['x', 1],
  ]);
});

test('a batch that fails leaves nothing behind, nor a series that is thought to be there', async () => {
  const bad = { id: 'bad', source: 's', environment: 'prod', service: 'c', name: 'ci', run: '1', result: 'failed' as const, endedAt: 'never' };
  await expect(archive.writer.keep({ points: points('c', ['1']), builds: [bad] }, NOON)).rejects.toMatchObject({ code: 'invalid_input' });
  expect(await archive.points.series({ service: 'c', limit: 10 })).toEqual([]);
  expect((await archive.writer.keep({ points: points('c', ['1']) }, NOON)).points.added).toBe(1);
});

test('a series that another process has forgotten begins anew', async () => {
  await archive.writer.keep({ points: points('d', ['1']) }, NOON);
  await db.deleteFrom('points').execute();
  await db.deleteFrom('series').execute();
  expect((await archive.writer.keep({ points: points('d', ['1']) }, NOON)).points.added).toBe(1);
  expect(await archive.points.series({ service: 'd', limit: 10 })).toHaveLength(1);
});

test('the sweeper is told once, when nothing is left to delete', async () => {
  const horizon = { points: NOON * 2, logs: NOON * 2, builds: NOON * 2, changes: NOON * 2, measures: 0, deliveries: NOON * 2 };
  let rows = 0;
  for (let more = true; more;) {
    const done = await archive.pruner.prune(horizon, 2);
    rows += done.rows;
    ({ more } = done);
  }
  expect(swept).toEqual([rows]);
  expect(await archive.marks.totals()).toEqual({ series: 0, templates: 0, edges: 0 });
});
