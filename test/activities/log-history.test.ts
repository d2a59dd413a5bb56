import { unusualLines } from '../../activities/log-history';
import { archiveOf } from '../../adapters/postgres/archive/archive';
import type { Db } from '../../adapters/postgres/database';
import { migrate } from '../../adapters/postgres/migrate';
import { MIGRATIONS } from '../../adapters/postgres/migrations';
import type { LogCount } from '../../domain/log-counts';
import type { Archive } from '../../ports/archive';
import { memoryDatabase } from '../adapters/postgres/memory-database';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const NOW = 1_800_000_000_000 - (1_800_000_000_000 % DAY);
const place = { environment: 'prod', service: 'shop' };

let db: Db;
let archive: Archive;
beforeAll(async () => {
  db = await memoryDatabase();
  await migrate(db, MIGRATIONS);
  archive = archiveOf({ db, forgotten: async () => undefined }, (part) => part);
}, 60_000);
afterAll(() => db.destroy());

const lines = (template: string, at: number, count: number, level: LogCount['level'] = 'info'): LogCount => ({
  ...{ source: 'test', ...place, level, template, at, lines: count, sample: template },
});

/** Every five minutes of two days, the same ten requests. */
const usual = Array.from({ length: (2 * DAY) / (5 * MINUTE) }, (_, i) => lines('request served', NOW - 2 * DAY + i * 5 * MINUTE, 10 + (i % 3)));

test('a line that the archive did not know, and one that came more often, are told with what was expected', async () => {
  await archive.writer.keep({ logs: usual }, NOW);
  expect(await unusualLines(archive.logs, place, NOW)).toEqual([]);
  await archive.writer.keep({ logs: [lines('order handle lost', NOW - 3 * MINUTE, 40, 'error'), lines('request served', NOW - 2 * MINUTE, 500)] }, NOW);
  const found = await unusualLines(archive.logs, place, NOW);
  expect(found.map(({ kind, text, lines: count }) => [kind, text, count])).toEqual([
    ['new', 'order handle lost', 40],
    ['more', 'request served', expect.any(Number)],
  ]);
  expect(found[0]?.sentence).toMatch(/^New error line “order handle lost”: 40 times in 5 m, not once in the 1 d 23 h before/);
});

test('of a service that is known for less than a day nothing is told', async () => {
  const young = { ...place, service: 'young' };
  await archive.writer.keep({ logs: [{ ...lines('first words', NOW - 60 * MINUTE, 5, 'error'), ...young }] }, NOW);
  expect(await unusualLines(archive.logs, young, NOW)).toEqual([]);
});
