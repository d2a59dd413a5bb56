import { sql } from 'kysely';
import type { Db } from '../../../adapters/postgres/database';
import { migrate } from '../../../adapters/postgres/migrate';
import { MIGRATIONS } from '../../../adapters/postgres/migrations';
import { memoryDatabase } from './memory-database';

describe('migrations', () => {
  let db: Db;
  beforeAll(async () => {
    db = await memoryDatabase();
  }, 120_000);
  afterAll(() => db.destroy());

  const first = { id: '0001-a', statements: ['create table nightshift.a (x integer)', 'insert into nightshift.a values (1)'] };
  const second = { id: '0002-b', statements: ['insert into nightshift.a values (2)'] };
  const rows = async () => (await sql<{ x: number }>`select x from nightshift.a order by x`.execute(db)).rows.map((row) => row.x);

  test('each runs once, also when two callers begin at the same moment', async () => {
    const ran = await Promise.all([migrate(db, [first]), migrate(db, [first])]);
    expect(ran.flat()).toEqual(['0001-a']);
    expect(await migrate(db, [first, second])).toEqual(['0002-b']);
    expect(await migrate(db, [first, second])).toEqual([]);
    expect(await rows()).toEqual([1, 2]);
  });

  test('one that fails leaves nothing and can be run again', async () => {
    const broken = { id: '0003-c', statements: ['insert into nightshift.a values (3)', 'insert into nightshift.nowhere values (1)'] };
    await expect(migrate(db, [first, second, broken])).rejects.toThrow('nowhere');
    expect(await rows()).toEqual([1, 2]);
    expect(await migrate(db, [first, second, { ...broken, statements: broken.statements.slice(0, 1) }])).toEqual(['0003-c']);
    await sql`delete from nightshift.migrations where id = '0003-c'`.execute(db);
  });

  test('one that was changed after it ran is refused by name', async () => {
    const changed = { ...second, statements: [] };
    await expect(migrate(db, [first, changed])).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('0002-b') as string });
  });

  test('a database of a newer version is refused', async () => {
    await expect(migrate(db, [first])).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('newer version') as string });
  });

  test('ours are numbered without a gap', () => {
    expect(MIGRATIONS.map((m) => Number(m.id.slice(0, 4)))).toEqual(MIGRATIONS.map((_, i) => i + 1));
  });
});
