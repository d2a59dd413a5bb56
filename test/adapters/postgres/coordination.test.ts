import pg from 'pg';
import { openPostgres } from '../../../adapters/postgres/open';
import { soleProcess } from '../../../adapters/postgres/sole-process';
import type { Campaign, Coordination, Office, Term, Waiting } from '../../../ports/coordination';
import type { Store } from '../../../ports/store';
import { eventually } from '../../fakes/eventually';
import { postgresPrograms, startPostgres, type PostgresServer } from '../../../scripts/cluster/postgres-server';

/** A process that stands for election, with what happened to it. */
interface Candidate {
  readonly terms: () => number;
  readonly running: () => number;
  readonly woken: Waiting[];
  readonly campaign: Campaign;
}

function stand(coordination: Coordination, stopMs = 0, office: Office = 'work'): Candidate {
  let terms = 0;
  let running = 0;
  const woken: Waiting[] = [];
  const begin = (): Term => {
    terms += 1;
    running += 1;
    return {
      wake: (what) => void woken.push(what),
      stop: async () => {
        await new Promise((resolve) => setTimeout(resolve, stopMs));
        running -= 1;
      },
    };
  };
  return { terms: () => terms, running: () => running, woken, campaign: coordination.campaign(office, begin) };
}

test('the only process leads at once, and hears itself', async () => {
  const coordination = soleProcess();
  coordination.wake('inbox');
  const one = stand(coordination);
  const other = stand(coordination, 0, 'watch');
  coordination.wake('inbox');
  coordination.wake('outbox');
  expect([one.campaign.leads(), one.woken]).toEqual([true, ['inbox']]);
  expect([other.campaign.leads(), other.woken]).toEqual([true, ['outbox']]);
  await other.campaign.stop();
  await one.campaign.stop();
  expect([one.campaign.leads(), one.running()]).toEqual([false, 0]);
});

const programs = postgresPrograms();
if (programs !== undefined) {
  describe('processes on one PostgreSQL', () => {
    let server: PostgresServer;
    let url: string;
    let stores: Store[];
    let candidates: Candidate[];
    beforeAll(async () => {
      server = await startPostgres(programs);
    }, 120_000);
    afterAll(() => server.stop());
    beforeEach(async () => {
      url = await server.database();
      stores = await Promise.all([1, 2, 3].map(() => openPostgres({ databaseUrl: url })));
      candidates = stores.map(({ coordination }) => stand(coordination, 100));
    });
    afterEach(async () => {
      await Promise.all(candidates.map(({ campaign }) => campaign.stop()));
      await Promise.all(stores.map((store) => store.close()));
    });

    const leaders = (): Candidate[] => candidates.filter(({ campaign }) => campaign.leads());
    const leader = async (): Promise<Candidate> => {
      await eventually(() => leaders().length === 1, 'one of them leads');
      return leaders()[0] as Candidate;
    };
    const storeOf = (candidate: Candidate): Store => stores[candidates.indexOf(candidate)] as Store;

    test('one of them leads, and hears of what any of them has put into the store', async () => {
      const one = await leader();
      expect(candidates.reduce((sum, { terms }) => sum + terms(), 0)).toBe(1);
      const other = candidates.find((candidate) => candidate !== one) as Candidate;
      const began = Date.now();
      storeOf(other).coordination.wake('inbox');
      await eventually(() => one.woken.length > 0, 'the leader hears of it');
      expect(Date.now() - began).toBeLessThan(1_000);
      storeOf(one).coordination.wake('inbox');
      expect(one.woken).toEqual(['inbox', 'inbox']);
      expect(other.woken).toEqual([]);
    });

    test('another office may be held by another process, and each hears of what it takes care of', async () => {
      const one = await leader();
      const other = candidates.find((candidate) => candidate !== one) as Candidate;
      const watching = stand(storeOf(other).coordination, 0, 'watch');
      await eventually(() => watching.campaign.leads(), 'it leads too');
      storeOf(one).coordination.wake('outbox');
      storeOf(other).coordination.wake('inbox');
      await eventually(() => watching.woken.length > 0 && one.woken.length > 0, 'both hear');
      expect([one.woken, watching.woken]).toEqual([['inbox'], ['outbox']]);
      await watching.campaign.stop();
      expect(one.campaign.leads()).toBe(true);
    });

    test('a thousand wakes in a row are a few notices, and the last is heard', async () => {
      const one = await leader();
      const other = candidates.find((candidate) => candidate !== one) as Candidate;
      for (let i = 0; i < 1_000; i += 1) storeOf(other).coordination.wake('inbox');
      await eventually(() => one.woken.length > 0, 'the leader hears of them');
      const heard = one.woken.length;
      expect(heard).toBeLessThan(10);
      storeOf(other).coordination.wake('inbox');
      await eventually(() => one.woken.length > heard, 'the last is heard');
    });

    test('one that stops ends its term first, and then another leads', async () => {
      const one = await leader();
      const stopping = one.campaign.stop();
      let most = 0;
      await eventually(() => {
        most = Math.max(most, candidates.filter(({ running }) => running() > 0).length);
        return leaders().some((candidate) => candidate !== one);
      }, 'another leads');
      await stopping;
      expect([one.running(), most]).toEqual([0, 1]);
    });

    test('one whose connection is cut ends its term, and one of them leads again', async () => {
      const one = await leader();
      const admin = new pg.Client({ connectionString: url });
      await admin.connect();
      await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'nightshift leader' and datname = current_database()`);
      await admin.end();
      await eventually(() => one.running() === 0 || one.terms() > 1, 'its term has ended');
      await leader();
      expect(candidates.filter(({ running }) => running() > 0)).toHaveLength(1);
    });
  });
}
