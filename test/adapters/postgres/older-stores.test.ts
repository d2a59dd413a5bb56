import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Db, Tables } from '../../../adapters/postgres/database';
import { migrate, type Migration } from '../../../adapters/postgres/migrate';
import { MIGRATIONS } from '../../../adapters/postgres/migrations';
import { openEmbedded, openPostgres } from '../../../adapters/postgres/open';
import { pgliteDialect } from '../../../adapters/postgres/pglite-dialect';
import { packageRoot } from '../../../config/package-root';
import type { Store } from '../../../ports/store';
import { emptyStore } from '../../../workers/open-store';
import { postgresPrograms, startPostgres, type PostgresServer } from '../../../scripts/cluster/postgres-server';
import { alert, at, NOON, transition } from './samples-of-data';

const folder = join(packageRoot(), 'test', 'stores');
const stores = readdirSync(folder).filter((name) => name.endsWith('.sql'));
const programs = postgresPrograms();

/** What a later version might add. */
const LATER: readonly Migration[] = [
  {
    id: '9001-later',
    olderReads: true,
    statements: [
      'alter table nightshift.intents add column later_note text',
      'create index intents_later on nightshift.intents (later_note)',
      'create table nightshift.later (id text primary key)',
    ],
  },
  { id: '9002-later', olderReads: true, statements: ['alter table nightshift.keys add column later_uses integer not null default 0'] },
];
const BREAKING: Migration = { id: '9003-breaks', olderReads: false, statements: ['alter table nightshift.intents rename column detail to details'] };

/** A database that several may open, one after the other where it is embedded. */
interface Place {
  /** The store as this version opens it. */
  open(): Promise<Store>;
  /** Works on the database with two connections, or with one twice. */
  withTwo<T>(work: (one: Db, two: Db) => Promise<T>): Promise<T>;
}

async function embedded(home: string, text: string): Promise<Place> {
  const dataDir = join(home, 'store');
  await cp(emptyStore(), dataDir, { recursive: true });
  const lite = await PGlite.create({ dataDir });
  await lite.exec(text);
  await lite.close();
  return {
    open: () => openEmbedded({ home }),
    async withTwo(work) {
      const db = new Kysely<Tables>({ dialect: pgliteDialect(await PGlite.create({ dataDir })) }).withSchema('nightshift');
      return work(db, db).finally(() => db.destroy());
    },
  };
}

async function onServer(server: PostgresServer, text: string): Promise<Place> {
  const connectionString = await server.database();
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(text);
  await client.end();
  const connect = (): Db => {
    const pool = new pg.Pool({ connectionString });
    // A connection that is closing when the server stops is told so, and without a listener that would end the tests.
    pool.on('error', () => undefined);
    return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema('nightshift');
  };
  return {
    open: () => openPostgres({ databaseUrl: connectionString }),
    async withTwo(work) {
      const [one, two] = [connect(), connect()];
      return work(one, two).finally(() => Promise.all([one.destroy(), two.destroy()]));
    },
  };
}

/** Everything that people would miss, read by the code of today. */
async function contentOf(store: Store): Promise<Record<string, unknown>> {
  const { incidents } = await store.incidents.list({ limit: 100 });
  const streams = await store.audit.streams();
  return {
    incidents,
    audit: await Promise.all(streams.map((stream) => store.audit.read(stream))),
    faults: (await store.audit.verify({})).faults,
    keys: await store.keys.list(),
    undelivered: await store.inbox.undelivered(10),
    openIntents: await store.intents.open(),
    halted: await store.killSwitch.halted(),
    doorKey: (await store.doorKey.secret()).toString('hex'),
    evidence: await Promise.all(incidents.map((view) => store.evidence.ofRound(view.incidentId, view.round))),
    proposals: await Promise.all(incidents.map((view) => store.proposals.ofRound(view.incidentId, view.round))),
  };
}

async function using<T>(place: Place, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await place.open();
  return work(store).finally(() => store.close());
}

const numberOf = (id: string): string => id.slice(0, 4);
/** Migrations that a store does not have yet. */
const missing = (name: string): string[] => MIGRATIONS.map(({ id }) => id).filter((id) => numberOf(id) > numberOf(name));

function survives(name: string, placeOf: () => Place): void {
  let before: Record<string, unknown>;

  test('two that open it at once bring it up to date, each step once, and nothing is lost', async () => {
    const ran = await placeOf().withTwo((one, two) => Promise.all([migrate(one), migrate(two)]));
    expect(ran.flat().sort()).toEqual(missing(name));
    before = await using(placeOf(), contentOf);
    expect(before).toMatchObject({ faults: [], halted: { on: true }, undelivered: [{ alert: { id: 'alert-not-delivered' } }], openIntents: [] });
    expect((before['incidents'] as { status: string }[]).map(({ status }) => status)).toEqual(['awaiting-approval', 'resolved']);
    expect((before['keys'] as unknown[]).length).toBeGreaterThan(2);
  }, 60_000);

  test('a later version at the same moment from two sides: each step once', async () => {
    const all = [...MIGRATIONS, ...LATER];
    const ran = await placeOf().withTwo((one, two) => Promise.all([migrate(one, all), migrate(two, all)]));
    expect(ran.flat().sort()).toEqual(['9001-later', '9002-later']);
  }, 60_000);

  test('the version before reads all of it afterwards, and goes on writing', async () => {
    expect(await using(placeOf(), contentOf)).toEqual(before);
    await using(placeOf(), async (store) => {
      await store.inbox.accept([alert('written-by-the-version-before')], NOON, 100);
      await store.transitions.apply(transition('inc-of-the-version-before', 1, 3));
      await store.keys.create({ name: 'dora', role: 'viewer' }, at(0));
      const row = { token: 't1', incidentId: 'inc-1', round: 1, step: 's', target: 'x', runbook: 'r', intendedAt: NOON };
      await store.intents.prepare([row], () => []);
      await store.intents.mark('t1', 'done', 'carried out');
      expect((await store.audit.verify({})).faults).toEqual([]);
    });
  }, 60_000);

  test('and the later one finds what was written meanwhile', async () => {
    const found = await placeOf().withTwo(async (db) => {
      expect(await migrate(db, [...MIGRATIONS, ...LATER])).toEqual([]);
      return sql`select detail, later_note, (select later_uses from nightshift.keys where name = 'dora') as uses from nightshift.intents where token = 't1'`.execute(
        db,
      );
    });
    expect(found.rows).toEqual([{ detail: 'carried out', later_note: null, uses: 0 }]);
  }, 60_000);

  test('after a step that it cannot read the version before refuses, by name, and changes nothing', async () => {
    await placeOf().withTwo((db) => migrate(db, [...MIGRATIONS, ...LATER, BREAKING]));
    await expect(placeOf().open()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('9003-breaks') as string });
    const untouched = { id: '9000-of-ours', olderReads: true, statements: ['create table nightshift.ours (x integer)'] };
    await placeOf().withTwo(async (db) => {
      await expect(migrate(db, [...MIGRATIONS, untouched])).rejects.toMatchObject({ code: 'conflict' });
      expect((await sql`select to_regclass('nightshift.ours') as made`.execute(db)).rows).toEqual([{ made: null }]);
    });
  }, 60_000);
}

describe.each(stores)('a store of an earlier version, %s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');

  describe('embedded', () => {
    let place: Place;
    let home: string;
    beforeAll(async () => {
      home = mkdtempSync(join(tmpdir(), 'nightshift-older-'));
      place = await embedded(home, text);
    }, 60_000);
    afterAll(() => rmSync(home, { recursive: true, force: true }));
    survives(name, () => place);
  });

  if (programs === undefined) {
    test('PostgreSQL is here in CI', () => {
      expect(process.env.CI ? 'no PostgreSQL programs found; install postgresql' : 'not CI').toBe('not CI');
    });
  } else {
    describe('on PostgreSQL', () => {
      let place: Place;
      let server: PostgresServer;
      beforeAll(async () => {
        server = await startPostgres(programs);
        place = await onServer(server, text);
      }, 60_000);
      afterAll(() => server.stop());
      survives(name, () => place);
    });
  }
});

test('there is a store of the first version', () => {
  expect(stores).toContain('0001.sql');
});
