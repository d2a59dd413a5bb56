import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, sql } from 'kysely';
import type { Db, Tables } from '../../../adapters/postgres/database';
import { migrate } from '../../../adapters/postgres/migrate';
import { MIGRATIONS } from '../../../adapters/postgres/migrations';
import { openEmbedded, openPostgres } from '../../../adapters/postgres/open';
import { pgliteDialect } from '../../../adapters/postgres/pglite-dialect';
import { signGrant } from '../../../domain/confidence/grant-signature';
import type { Store } from '../../../ports/store';
import { emptyStore } from '../../../workers/open-store';
import { postgresPrograms, startPostgres } from '../../../scripts/cluster/postgres-server';
import { alert, at, NOON, transition } from './samples-of-data';

let folder: string;
let source: Store;
let lines: string[];
let key: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightshift-backup-'));
  source = await fresh('source');
  key = (await source.keys.create({ name: 'ana', role: 'admin' }, at(0))).key;
  await source.inbox.accept([alert('a1'), alert('a2')], NOON, 10);
  await source.inbox.markDelivered([1], 'incident:prod:bookshop');
  // More than one page of a table, and text that JSON has to escape.
  for (let i = 0; i < 6; i += 1) await source.transitions.apply(transition(`inc-${String(i)}`, 1, 100));
  await source.state.save('words', { text: 'quotes " and \\ and \u2028 and \ud83d\udc40' });
  const grant = {
    id: 'g1',
    runbook: 'restart',
    hash: 'h',
    environment: 'prod',
    services: ['bookshop'],
    mode: 'auto' as const,
    person: 'ana',
    reason: 'rehearsed',
  };
  await source.grants.add(signGrant(await source.doorKey.secret(), { ...grant, from: at(0), until: at(86_400) }));
  lines = [];
  await source.backups.dump(at(60), async (line) => void lines.push(line));
}, 120_000);
afterAll(async () => {
  await source.close();
  await rm(folder, { recursive: true, force: true });
});

async function* given(text: readonly string[]): AsyncGenerator<string> {
  yield* text;
}

const fresh = (name: string): Promise<Store> => openEmbedded({ home: join(folder, name), template: emptyStore() });

async function expectAll(store: Store): Promise<void> {
  expect(await store.keys.authenticate(key)).toEqual({ name: 'ana', role: 'admin' });
  expect((await store.doorKey.secret()).equals(await source.doorKey.secret())).toBe(true);
  expect((await store.inbox.undelivered(10)).map((item) => item.alert.id)).toEqual(['a2']);
  expect(await store.state.load('words')).toEqual(await source.state.load('words'));
  for (const stream of await source.audit.streams()) {
    const [before, after] = [await source.audit.read(stream), await store.audit.read(stream)];
    expect(after.slice(0, before.length)).toEqual(before);
  }
}

test('a restored store holds everything, and what it writes next fits on', async () => {
  const store = await fresh('whole');
  try {
    await store.transitions.apply(transition('inc-gone', 1, 2));
    expect(await store.backups.restore(() => given(lines), 'restore', at(90))).toEqual({ at: at(60), rows: expect.any(Number) as number });
    await expectAll(store);
    expect(await store.incidents.get('inc-gone')).toBeUndefined();
    await store.inbox.accept([alert('a3')], NOON, 10);
    expect((await store.inbox.undelivered(10)).map((item) => item.position)).toEqual([2, 3]);
    await store.transitions.apply(transition('inc-5', 101, 102));
    expect((await store.audit.verify({ stream: 'inc-5' })).checked).toBe(102);
  } finally {
    await store.close();
  }
}, 60_000);

test('the kill switch is on after it, by whom and why stands there and in the audit', async () => {
  const store = await fresh('halted');
  try {
    await store.backups.restore(() => given(lines), 'restore', at(90));
    expect(await store.killSwitch.halted()).toMatchObject({ on: true, by: 'restore', at: at(90), reason: expect.stringContaining(at(60)) as string });
    expect((await store.audit.read('system')).at(-1)).toMatchObject({ kind: 'halt', actor: 'restore' });
    // Whether a grant was revoked since, and what harm was done since, this store cannot know.
    expect(await store.grants.inForce({ runbook: 'restart', environment: 'prod' }, NOON)).toEqual([]);
    expect(await store.grants.list()).toMatchObject([{ revoked: { by: 'restore', why: expect.stringContaining('grant it again') as string } }]);
    expect(await store.outcomes.restored()).toEqual({ at: Date.parse(at(90)), from: Date.parse(at(60)) });
  } finally {
    await store.close();
  }
}, 60_000);

test.each<[string, (lines: readonly string[]) => readonly string[]]>([
  ['is cut', (all) => all.slice(0, -1)],
  ['lacks a page', (all) => all.filter((_, i) => i !== 3)],
  ['was altered', (all) => all.map((line, i) => (i === 2 ? line.replace('a', 'b') : line))],
  ['has no header', (all) => all.slice(1)],
  ['is something else', () => ['{"hello":"world"}']],
  ['is no JSON', () => ['hello']],
  ['is empty', () => []],
])('a file that %s is refused, and nothing is changed', async (_how, alter) => {
  await expect(source.backups.restore(() => given(alter(lines)), 'restore', at(90))).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining('Nothing was changed') as string,
  });
  expect(await source.keys.authenticate(key)).toBeDefined();
  expect((await source.killSwitch.halted()).on).toBe(false);
});

test('one of an older version is restored into a store that has more columns and tables', async () => {
  const home = join(folder, 'grown');
  await (await fresh('grown')).close();
  const statements = ['alter table nightshift.keys add column later_uses integer not null default 7', 'create table nightshift.later (id text primary key)'];
  const grown = async <T>(work: (db: Db) => Promise<T>): Promise<T> => {
    const db = new Kysely<Tables>({ dialect: pgliteDialect(await PGlite.create({ dataDir: join(home, 'store') })) }).withSchema('nightshift');
    return work(db).finally(() => db.destroy());
  };
  await grown((db) => migrate(db, [...MIGRATIONS, { id: '9001-later', olderReads: true, statements }]));
  const store = await fresh('grown');
  await store.backups.restore(() => given(lines), 'restore', at(90));
  await expectAll(store);
  await store.close();
  const uses = await grown((db) => sql`select distinct later_uses from nightshift.keys`.execute(db));
  expect(uses.rows).toEqual([{ later_uses: 7 }]);
}, 60_000);

test('one of a newer version is refused', async () => {
  const newer = lines.map((line, i) => (i === 0 ? line.replace('"0001-initial"', '"0001-initial","9999-later"') : line));
  await expect(source.backups.restore(() => given(newer), 'restore', at(90))).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('9999-later') as string,
  });
});

test('no secret of a key is in it', () => {
  // The secret may hold `_` itself.
  expect(lines.join('\n')).not.toContain(key.split('_').slice(2).join('_'));
});

const programs = postgresPrograms();
if (programs === undefined) {
  test('PostgreSQL is here in CI', () => {
    expect(process.env.CI ? 'no PostgreSQL programs found; install postgresql' : 'not CI').toBe('not CI');
  });
} else {
  test('it goes from the embedded store to a PostgreSQL server and back, and not while somebody works there', async () => {
    const server = await startPostgres(programs);
    const databaseUrl = await server.database();
    const atWork = await openPostgres({ databaseUrl });
    const store = await openPostgres({ databaseUrl, name: 'nightshift-restore' });
    try {
      await atWork.ping();
      await expect(store.backups.restore(() => given(lines), 'restore', at(90))).rejects.toMatchObject({ code: 'locked' });
      await atWork.close();
      await store.backups.restore(() => given(lines), 'restore', at(90));
      await expectAll(store);
      const back: string[] = [];
      await store.backups.dump(at(120), async (line) => void back.push(line));
      const embedded = await fresh('back');
      await embedded.backups.restore(() => given(back), 'restore', at(150));
      await expectAll(embedded);
      await embedded.close();
    } finally {
      await store.close();
      await server.stop();
    }
  }, 120_000);
}

test('the files of the audit are written anew', async () => {
  const store = await fresh('files');
  await store.backups.restore(() => given(lines), 'restore', at(90));
  await store.close();
  const again = await fresh('files');
  expect((await again.audit.verify({})).faults).toEqual([]);
  expect((await readFile(join(folder, 'files', 'audit', 'inc-0.jsonl'), 'utf8')).trimEnd().split('\n')).toHaveLength(100);
  await again.close();
}, 60_000);
