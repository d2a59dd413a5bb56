import { sql } from 'kysely';
import type { Db } from '../../../adapters/postgres/database';
import { migrate } from '../../../adapters/postgres/migrate';
import { MIGRATIONS } from '../../../adapters/postgres/migrations';
import { digestOf } from '../../../domain/digest';
import { memoryDatabase } from './memory-database';

/** Checksums of what stands in databases out there; a new migration adds a line, none is ever changed. */
const RELEASED = [
  { id: '0001-initial', olderReads: false, checksum: 'd5dbb41a9cfd4a88d4eb62da1ebe6c9e552e990622c29fddd2ba250489c7cc70' },
  { id: '0002-watch', olderReads: true, checksum: 'a2371c5f97d3ce86377f39ca08a3a999565c6704a995c1fe9f9666c5ce2fc689' },
  { id: '0003-archive', olderReads: true, checksum: 'c56026edd2abf902679d0f98de32862e172922c60771280416efd4000b4666b6' },
  { id: '0004-set-aside', olderReads: true, checksum: 'd01e789de29dd352633f83365d96e13a537ce1ca70cb35da69fbfaa6f9fd559a' },
  { id: '0005-quiet', olderReads: true, checksum: '36410fd7bf84d9d025d9ee1f241022c49ae87d6dfe56b184d94641ad94a64637' },
  { id: '0006-services-seen', olderReads: true, checksum: 'b9b6c0fc7460530f8182944328e9b848e7866b5df9267d250d12633115a30d0f' },
  { id: '0007-places', olderReads: true, checksum: 'f93f1d4633b35bba61ecc3c725e48976d1482528fd7a71c86c30b0ca01565cd2' },
  { id: '0008-detection', olderReads: true, checksum: 'd425a90026804bec1aa527fd15bb66b36c4167f23da347a489d2c4c34c9815d3' },
  { id: '0009-anomalies', olderReads: true, checksum: '9b422fdffb0bec32ac8acf1cbaef11e09db6b894bc6e8aed151d1d712e539099' },
  { id: '0010-fewer-indexes', olderReads: true, checksum: 'edc7eb6b32c14898b5a4559f58162e49a6422773440b4a83d2bd0ef5ec8111b0' },
  { id: '0011-measures', olderReads: true, checksum: 'fc1739b77b30e49feab1c9d3ffe9e4d24b5b10f532458d78487f7d0071c8b397' },
  { id: '0012-attempts', olderReads: true, checksum: '63d131c48ac695ec66cb625b15c311a1f10757a9e0ca053471ad049a101d3ab3' },
  { id: '0013-heard', olderReads: true, checksum: 'ab853ceda7f812bc79d7f942ff6320b52ce7dcd7fd20dbf666ac0b45ebd5fad3' },
  { id: '0014-reasoning', olderReads: true, checksum: '848d5fe2b154d3d6e5656550402845377f53b9f435d5a3b1f9f2e8305422b98a' },
  { id: '0015-knowledge', olderReads: true, checksum: '6809398095be2d8da8da27e48a4b307d4538cdcaad54c79d4ea8abf1bb978f75' },
  { id: '0016-outcome-lines', olderReads: true, checksum: '0fb4b05890876121502fa56c5d001e14947530e7d7cfe0b3aa404645951a2332' },
  { id: '0017-shadow', olderReads: true, checksum: 'efedb426195fba80b345fbe3e3663de5a730bfba073763a25a910077ff5cdd77' },
  { id: '0018-correlation', olderReads: true, checksum: '5ec6a954f12555cbbda4d292dffbae5a003d14bace7d3be8b035167ae6c6fe48' },
  { id: '0019-relations-by-time', olderReads: true, checksum: 'e7a64f31929151ffd56c050fa095432255e5f0212fccf0f08a07b28c4aeb0bed' },
];

describe('migrations', () => {
  let db: Db;
  beforeAll(async () => {
    db = await memoryDatabase();
  }, 120_000);
  afterAll(() => db.destroy());

  const first = { id: '0001-a', olderReads: false, statements: ['create table nightshift.a (x integer)', 'insert into nightshift.a values (1)'] };
  const second = { id: '0002-b', olderReads: false, statements: ['insert into nightshift.a values (2)'] };
  const rows = async () => (await sql<{ x: number }>`select x from nightshift.a order by x`.execute(db)).rows.map((row) => row.x);

  test('each runs once, also when two callers begin at the same moment', async () => {
    const ran = await Promise.all([migrate(db, [first]), migrate(db, [first])]);
    expect(ran.flat()).toEqual(['0001-a']);
    expect(await migrate(db, [first, second])).toEqual(['0002-b']);
    expect(await migrate(db, [first, second])).toEqual([]);
    expect(await rows()).toEqual([1, 2]);
  });

  test('one that fails leaves nothing and can be run again', async () => {
    const broken = { id: '0003-c', olderReads: true, statements: ['insert into nightshift.a values (3)', 'insert into nightshift.nowhere values (1)'] };
    await expect(migrate(db, [first, second, broken])).rejects.toThrow('nowhere');
    expect(await rows()).toEqual([1, 2]);
    expect(await migrate(db, [first, second, { ...broken, statements: broken.statements.slice(0, 1) }])).toEqual(['0003-c']);
    await sql`delete from nightshift.migrations where id = '0003-c'`.execute(db);
  });

  test('one that was changed after it ran is refused by name', async () => {
    const changed = { ...second, statements: [] };
    await expect(migrate(db, [first, changed])).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('0002-b') as string });
  });

  test('a database of a newer version is refused, unless that version says that older ones can read it', async () => {
    const added = { id: '0003-d', olderReads: true, statements: ['create table nightshift.d (x integer)'] };
    await migrate(db, [first, second, added]);
    expect(await migrate(db, [first, second])).toEqual([]);
    await expect(migrate(db, [first])).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('newer version') as string });
  });

  test('ours are numbered without a gap', () => {
    expect(MIGRATIONS.map((m) => Number(m.id.slice(0, 4)))).toEqual(MIGRATIONS.map((_, i) => i + 1));
  });

  test('none of ours was edited after it was made', () => {
    const made = MIGRATIONS.map(({ id, statements, olderReads }) => ({ id, olderReads, checksum: digestOf(statements) }));
    expect(made).toMatchObject(RELEASED);
    expect(made).toHaveLength(RELEASED.length);
  });

  test('what ours say of older versions is true', () => {
    expect(
      MIGRATIONS.filter((each) => each.olderReads).flatMap(({ id, statements }) =>
        statements.filter((text) => breaksOlder(text, statements)).map((text) => `${id}: ${text}`),
      ),
    ).toEqual([]);
  });

  test.each([
    'drop table nightshift.a',
    'alter table nightshift.a rename column x to y',
    'alter table nightshift.a add column y text not null',
    'alter table nightshift.a alter column x type text',
    'alter table nightshift.a add constraint positive check (x > 0)',
    'create unique index one on nightshift.a (x)',
    'drop index nightshift.one',
    'insert into nightshift.a values (1)',
    'update nightshift.a set x = 1',
    'create or replace function nightshift.append_audit(more text) returns json language sql as $$ select null $$',
  ])('%s would be found', (statement) => {
    expect(breaksOlder(statement)).toBe(true);
  });

  test.each([
    'alter table nightshift.a add column y text',
    'alter table nightshift.a add column y integer not null default 0',
    'create table nightshift.b (x integer not null)',
    'create index b_x on nightshift.b (x)',
    'drop index nightshift.inbox_held',
  ])('%s is no harm', (statement) => {
    expect(breaksOlder(statement)).toBe(false);
  });

  test('a step may fill the column that it adds, and no other', () => {
    const step = ['alter table nightshift.a add column y text', "update nightshift.a set y = 'old' where x = 1"];
    expect([breaksOlder(step[1] ?? '', step), breaksOlder('update nightshift.a set x = 1', step)]).toEqual([false, true]);
  });
});

const PLAIN_INDEXES = new Set(MIGRATIONS.flatMap(({ statements }) => statements.flatMap((text) => /^create index (\w+)/.exec(text.trim())?.[1] ?? [])));

/**
 * Whether the version before could stumble over what a statement leaves: all but new tables, plain indexes (one less makes it slower only), and new columns that may stay out. What
 * one step adds it may fill.
 */
function breaksOlder(statement: string, step: readonly string[] = []): boolean {
  const text = statement.trim().toLowerCase();
  if (/^create table\b/.test(text) || /^create index\b/.test(text)) return false;
  if (PLAIN_INDEXES.has(/^drop index nightshift\.(\w+)$/.exec(text)?.[1] ?? '')) return false;
  const filled = /^update (\S+) set (\w+) = [^,]*$/.exec(text);
  if (
    filled &&
    step.some((each) =>
      each
        .trim()
        .toLowerCase()
        .startsWith(`alter table ${String(filled[1])} add column ${String(filled[2])} `),
    )
  )
    return false;
  const added = /^alter table \S+ add column\b[^,]*$/.test(text);
  return !added || (/\bnot null\b/.test(text) && !/\bdefault\b/.test(text)) || /\b(unique|primary key|check|references)\b/.test(text);
}
