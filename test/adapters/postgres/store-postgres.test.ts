import pg from 'pg';
import { openPostgres } from '../../../adapters/postgres/open';
import { signAnchor } from '../../../domain/audit-anchor';
import type { Anchor } from '../../../domain/audit-anchor';
import { LEDGER_START, LedgerWalk } from '../../../domain/ledger-walk';
import type { Store } from '../../../ports/store';
import { freePort, postgresPrograms, startPostgres, type PostgresServer } from '../../../scripts/cluster/postgres-server';
import { wholeLedger } from './ledger-contract';
import { alert, at, CHANNELS, NOON, transition } from './samples-of-data';
import { storeContract } from './store-contract';

const programs = postgresPrograms();

test('a database that does not answer is named without the password', async () => {
  const port = await freePort();
  const error: unknown = await openPostgres({ databaseUrl: `postgres://ana:s3cret-word@127.0.0.1:${port}/night` }).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'unreachable', message: expect.stringContaining(`127.0.0.1:${port}/night`) as string });
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('s3cret-word');
});

test('a URL that is none is refused without repeating it', async () => {
  const error: unknown = await openPostgres({ databaseUrl: 'postgres://ana:s3cret-word@ho st' }).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'invalid_config' });
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('s3cret-word');
});

if (programs === undefined) {
  test('PostgreSQL is here in CI', () => {
    if (!process.env.CI) process.stderr.write('PostgreSQL is not installed: the store was tested on the embedded database only.\n');
    expect(process.env.CI ? 'no PostgreSQL programs found; install postgresql' : 'not CI').toBe('not CI');
  });
} else {
  describe('the store on PostgreSQL', () => {
    let server: PostgresServer;
    let url: string;
    let store: Store;
    beforeAll(async () => {
      server = await startPostgres(programs);
      url = await server.database();
      store = await openPostgres({ databaseUrl: url, channels: CHANNELS });
    }, 120_000);
    afterAll(async () => {
      await store.close();
      await server.stop();
    });

    storeContract(() => store);

    test('several processes may open it, also the first time and at the same moment', async () => {
      const fresh = await server.database();
      const stores = await Promise.all([1, 2, 3, 4].map(() => openPostgres({ databaseUrl: fresh })));
      await Promise.all(stores.map((s, i) => s.transitions.apply(transition(`inc-${i}`, 1, 3))));
      expect((await stores[0]?.audit.verify({}))?.faults).toEqual([]);
      const secrets = await Promise.all(stores.map((s) => s.doorKey.secret()));
      expect(new Set(secrets.map((s) => s.toString('hex'))).size).toBe(1);
      await Promise.all(stores.map((s) => s.close()));
    });

    test('of several processes that start at once on an empty database one makes the first key, and one that could not keep it made none', async () => {
      const fresh = await server.database();
      const stores = await Promise.all([1, 2, 3].map(() => openPostgres({ databaseUrl: fresh })));
      const [first] = stores as [Store];
      const lost = first.keys.createFirst({ name: 'admin', role: 'admin' }, at(0), () => Promise.reject(new Error('disk full')));
      await expect(lost).rejects.toThrow('disk full');
      const kept: string[] = [];
      const made = await Promise.all(stores.map((s) => s.keys.createFirst({ name: 'admin', role: 'admin' }, at(0), async (key) => void kept.push(key))));
      expect([kept.length, made.filter(Boolean).length, (await first.keys.list()).length]).toEqual([1, 1, 1]);
      expect(await first.keys.authenticate(kept[0] ?? '')).toEqual({ name: 'admin', role: 'admin' });
      await Promise.all(stores.map((s) => s.close()));
    });

    test('two workers that write one incident, one of them late and twice, leave one unbroken chain', async () => {
      const other = await openPostgres({ databaseUrl: url });
      const id = 'inc-two-writers';
      const heads = await Promise.all([1, 2, 3].map(() => Promise.all([store, other].map((s) => s.transitions.apply(transition(id, 1, 3))))));
      await store.transitions.apply(transition(id, 4, 5));
      // An attempt of a worker that was cut off, and comes back after another has gone on.
      await other.transitions.apply(transition(id, 1, 3));
      expect(new Set(heads.flat().map(({ count }) => count))).toEqual(new Set([3]));
      expect((await store.audit.read(id)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
      expect((await store.audit.verify({ stream: id })).faults).toEqual([]);
      expect((await store.incidents.get(id))?.version).toBe(5);
      await other.close();
    });

    test('two workers that write many incidents at once leave one ledger, without a gap or a fork, that signed heads of both agree with', async () => {
      const fresh = await server.database();
      const workers = await Promise.all([1, 2].map(() => openPostgres({ databaseUrl: fresh })));
      const [one] = workers as [Store];
      const heads: Anchor[] = [];
      await Promise.all(
        workers.map(async (worker, w) => {
          for (let i = 1; i <= 12; i += 1) {
            await Promise.all([1, 2, 3].map((n) => worker.transitions.apply(transition(`inc-${w}-${n}`, i, i))));
            await worker.transitions.apply(transition('inc-shared', 1, 2));
            if (i % 4 === 0) heads.push(signAnchor({ ...(await worker.ledger.end(0)), at: at(i), since: 0 }, await worker.anchorKey.privateKey()));
          }
        }),
      );
      const records = await wholeLedger(one, 10);
      const walk = new LedgerWalk(
        LEDGER_START,
        heads.sort((a, b) => a.count - b.count),
      );
      for (const record of records) walk.record(record);
      expect(walk.finish({ whole: 'all' })).toEqual([]);
      expect([records.length, heads.length]).toEqual([2 * 3 * 12 + 2, 6]);
      expect((await one.audit.verify({})).faults).toEqual([]);
      await Promise.all(workers.map((worker) => worker.close()));
    });

    test('two workers with overlapping alerts in opposite order both get through', async () => {
      const other = await openPostgres({ databaseUrl: url });
      const batch = Array.from({ length: 200 }, (_, i) => alert(`opposite-${i}`));
      const answers = await Promise.all([store.inbox.accept(batch, NOON, 10_000), other.inbox.accept([...batch].reverse(), NOON, 10_000)]);
      expect(answers.reduce((sum, a) => sum + a.accepted - a.duplicates, 0)).toBe(200);
      await other.close();
    });

    test('the kill switch of one worker is the kill switch of all', async () => {
      const other = await openPostgres({ databaseUrl: url });
      await other.killSwitch.set(true, 'ana', 'test', at(0));
      expect((await store.killSwitch.halted()).on).toBe(true);
      await other.close();
    });

    test('a key that one process revokes opens nothing in another, at once', async () => {
      const other = await openPostgres({ databaseUrl: url });
      const { info, key } = await store.keys.create({ name: 'mia', role: 'approver' }, at(0));
      expect(await other.keys.authenticate(key)).toEqual({ name: 'mia', role: 'approver' });
      await store.keys.revoke(info.id, at(1));
      expect([await other.keys.authenticate(key), await other.keys.roleOf('mia')]).toEqual([undefined, undefined]);
      await other.close();
    });

    test('a connection that the server ends between two statements of a transaction fails that one alone', async () => {
      const fresh = await openPostgres({ databaseUrl: await server.database(), name: 'cut short' });
      const cut = async (): Promise<void> => {
        const admin = new pg.Client({ connectionString: url });
        await admin.connect();
        // With a time to wait it answers when the other is gone.
        await admin.query(`select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'cut short'`);
        await admin.end();
      };
      await expect(fresh.keys.createFirst({ name: 'admin', role: 'admin' }, at(0), cut)).rejects.toMatchObject({ code: 'unreachable' });
      expect(await fresh.keys.list()).toEqual([]);
      await fresh.close();
    });

    test('a password or a database that is wrong is unreachable, not internal', async () => {
      await expect(openPostgres({ databaseUrl: url.replace(/[^/]+$/, 'nowhere') })).rejects.toMatchObject({ code: 'unreachable' });
    });
  });
}
