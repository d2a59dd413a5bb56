import { openPostgres } from '../../../adapters/postgres/open';
import type { Store } from '../../../ports/store';
import { freePort, postgresPrograms, startPostgres, type PostgresServer } from './postgres-server';
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

    test('two workers with overlapping alerts in opposite order both get through', async () => {
      const other = await openPostgres({ databaseUrl: url });
      const batch = Array.from({ length: 200 }, (_, i) => alert(`opposite-${i}`));
      const answers = await Promise.all([store.inbox.accept(batch, NOON, 10_000), other.inbox.accept([...batch].reverse(), NOON, 10_000)]);
      expect(answers.reduce((sum, a) => sum + a.accepted - a.duplicates, 0)).toBe(200);
      await other.close();
    });

    test('the kill switch of one worker is the kill switch of all', async () => {
      const other = await openPostgres({ databaseUrl: url });
      await other.killSwitch.set(true, 'person:ana', 'test', at(0));
      expect((await store.killSwitch.halted()).on).toBe(true);
      await other.close();
    });

    test('a password or a database that is wrong is unreachable, not internal', async () => {
      await expect(openPostgres({ databaseUrl: url.replace(/[^/]+$/, 'nowhere') })).rejects.toMatchObject({ code: 'unreachable' });
    });
  });
}
