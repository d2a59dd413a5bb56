import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { packageRoot } from '../../../config/package-root';
import type { IncidentView } from '../../../domain/incident-view';
import { startCluster } from '../../../scripts/cluster/cluster';
import type { Cluster } from '../../../scripts/cluster/cluster';
import { postgresPrograms } from '../../../scripts/cluster/postgres';
import { adminOf, approve, incident, normalTraffic, startPractice, until } from '../../../scripts/cluster/practice';
import type { Practice } from '../../../scripts/cluster/practice';
import { loadBookshop } from '../../examples/support/bookshop';
import { startWebhook } from '../../fakes/webhook';
import type { FakeWebhook } from '../../fakes/webhook';

const { NIGHTSHIFT_TEMPORAL_CLI: cli = '', NIGHTSHIFT_TEMPORAL_PROGRAMS: temporal, PATH: path = '', CI } = process.env;
const postgres = postgresPrograms(path);
const WORKERS = ['worker-1', 'worker-2'];

/** The configuration without the limits that a day of breaking one service on purpose would meet, and with somebody to tell. */
function ofTheTest(config: string, hook: FakeWebhook): string {
  const read = parse(config) as { policy: object };
  return stringify({
    ...read,
    policy: { ...read.policy, limits: { attemptsPerTargetPerDay: 100, actionsPerHour: 100 } },
    watch: { undeliveredAfter: '5s', every: '1s' },
    notifications: [{ channel: 'hook', kind: 'webhook', url: hook.url, allowPrivate: true, on: ['undelivered'] }],
  });
}

/** Runs `npm run cluster` as it is after the set-up; resolves to its exit code and what it told. */
function script(args: readonly string[], env: Readonly<Record<string, string>>): Promise<{ code: unknown; told: string }> {
  return new Promise((resolve) => {
    const options = { env: { PATH: path, ...env } };
    execFile(process.execPath, [join(packageRoot(), 'dist', 'scripts', 'cluster.js'), ...args], options, (error, _stdout, told) =>
      resolve({ code: error ? error.code : 0, told }),
    );
  });
}

test('the script for people refuses what it does not know with 2, and says with 3 what is missing', async () => {
  expect(await script(['--wrokers', '2'], {})).toMatchObject({ code: 2, told: expect.stringContaining('Usage: npm run cluster') as string });
  expect(await script(['--workers', 'many'], {})).toMatchObject({ code: 2, told: expect.stringContaining('--workers takes a number') as string });
  expect(await script([], { PATH: '/nowhere' })).toMatchObject({ code: 3 });
}, 30_000);

if (postgres === undefined || temporal === undefined) {
  test('PostgreSQL and the Temporal server are here in CI', () => {
    const missing = postgres === undefined ? 'PostgreSQL is not installed' : 'the Temporal server is not built (`npm run cluster` builds it)';
    if (!CI) process.stderr.write(`${missing}: the services of docker-compose.yml were not run.\n`);
    expect(CI ? missing : 'not CI').toBe('not CI');
  });
} else {
  let folder: string;
  let practice: Practice;
  let cluster: Cluster;
  let hook: FakeWebhook;
  const told: string[] = [];
  const finished: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nightshift-cluster-'));
    chmodSync(folder, 0o711);
    const inside = join(folder, 'cluster');
    mkdirSync(inside);
    practice = await startPractice(join(folder, 'shop'), async () => {
      const { launching, faults } = await loadBookshop();
      return { launch: launching.launch, inject: faults.inject };
    });
    hook = await startWebhook();
    const programs = { cli, temporal, postgres };
    cluster = await startCluster({ folder: inside, config: ofTheTest(practice.config(), hook), workers: 2, programs, path, tell: (line) => told.push(line) });
    await normalTraffic(practice);
  }, 240_000);
  afterAll(async () => {
    await cluster.stop();
    await practice.stop();
    await hook.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }, 60_000);

  const kill = (names: readonly string[]): void => names.forEach((name) => cluster.service(name).kill());

  /** Breaks the practice service and waits until Nightshift asks. */
  async function broken(): Promise<IncidentView> {
    await practice.breakIt();
    return incident(cluster, 'an incident that asks', (view) => view.status === 'awaiting-approval' && !finished.includes(view.incidentId));
  }

  const at = (asked: IncidentView, status: string): Promise<IncidentView> =>
    incident(cluster, `${asked.incidentId} is ${status}`, (view) => view.incidentId === asked.incidentId && view.status === status);

  /** Leads an incident to its end, killing services at a moment of it; resolves to what the supervisor was asked to do. */
  async function incidentWith(moment: 'asking' | 'acting' | 'verifying', names: readonly string[]): Promise<unknown[]> {
    const before = (await practice.calls()).length;
    const pids = names.map((name) => cluster.service(name).pid());
    const asked = await broken();
    if (moment === 'asking') kill(names);
    await approve(cluster, asked);
    if (moment === 'acting') {
      await until('the rollback begins', async () => (await practice.calls())[before] && true);
      kill(names);
    }
    if (moment === 'verifying') {
      await at(asked, 'verifying');
      kill(names);
    }
    const done = await at(asked, 'resolved');
    finished.push(done.incidentId);
    expect(done.outcome?.kind).toBe('fixed');
    for (const service of cluster.services) await service.whenHealthy();
    expect(names.map((name) => cluster.service(name).pid()).filter((pid) => pids.includes(pid))).toEqual([]);
    return (await practice.calls()).slice(before).map(({ kind, release, state }) => ({ kind, release, state }));
  }

  const ONE_ROLLBACK = [{ kind: 'deploy', release: '1.4.0', state: 'done' }];

  test('every service comes up by its own command, environment and health check', async () => {
    expect(cluster.services.map(({ name }) => name).sort()).toEqual(['api', 'postgresql', 'temporal', 'temporal-ui', ...WORKERS]);
    expect(told.map((line) => line.split(/ +/)[0])).toEqual(
      expect.arrayContaining(['postgresql', 'temporal-schema', 'temporal', 'temporal-namespace', 'temporal-ui', 'api', 'worker']),
    );
    expect((await fetch(cluster.ui)).status).toBe(200);
  });

  test('the first key is in the home of the API for its owner alone, and a worker has no door that takes one', async () => {
    expect(statSync(join(cluster.home, 'admin.key')).mode & 0o777).toBe(0o600);
    expect((await adminOf(cluster).incidents({})).incidents).toEqual([]);
    const worker = await fetch(`http://${cluster.address('worker-1', 7070)}/v1/incidents`);
    expect(worker.status).toBe(404);
  });

  test('exactly one of the two workers leads', async () => {
    const leads = async (name: string): Promise<boolean> =>
      (await (await fetch(`http://${cluster.address(name, 7070)}/metrics`)).text()).includes('\nnightshift_leader 1\n');
    expect((await Promise.all(WORKERS.map(leads))).filter(Boolean)).toHaveLength(1);
  });

  test('the API killed while it asks: one rollback, and the incident is resolved', async () => {
    expect(await incidentWith('asking', ['api'])).toEqual(ONE_ROLLBACK);
  }, 420_000);

  test('both workers killed in the middle of the rollback: one rollback, and the incident is resolved', async () => {
    expect(await incidentWith('acting', WORKERS)).toEqual(ONE_ROLLBACK);
  }, 420_000);

  test('the database killed in the middle of the rollback: one rollback, and the incident is resolved', async () => {
    expect(await incidentWith('acting', ['postgresql'])).toEqual(ONE_ROLLBACK);
  }, 420_000);

  test('Temporal killed while it verifies: one rollback, and the incident is resolved', async () => {
    expect(await incidentWith('verifying', ['temporal'])).toEqual(ONE_ROLLBACK);
  }, 420_000);

  test('everything killed at once in the middle of the rollback, as when the power fails: one rollback, and the incident is resolved', async () => {
    expect(await incidentWith('acting', ['postgresql', 'temporal', 'api', ...WORKERS])).toEqual(ONE_ROLLBACK);
  }, 420_000);

  test('while the API stands still the workers roll back and finish, and it tells so when it answers again', async () => {
    const before = (await practice.calls()).length;
    const asked = await broken();
    await approve(cluster, asked);
    const pid = cluster.service('api').pid();
    process.kill(pid, 'SIGSTOP');
    try {
      await until('the rollback is done', async () => (await practice.calls())[before]?.state === 'done' || undefined);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    finished.push((await at(asked, 'resolved')).incidentId);
    expect(cluster.service('api').pid()).toBe(pid);
  }, 420_000);

  test('after all of that the audit is whole', async () => {
    const key = (await adminOf(cluster).createKey('auditor', 'viewer')).key;
    const reply = await fetch(`${cluster.api}/v1/audit/verify`, { headers: { authorization: `Bearer ${key}` } });
    expect(await reply.json()).toMatchObject({ faults: [] });
    expect(finished).toHaveLength(6);
    // It was killed, and not asked to stop.
    expect(readFileSync(cluster.service('postgresql').logFile, 'utf8')).toContain('database system was not properly shut down');
  }, 30_000);

  test('no password stands in any log', () => {
    const inside = join(folder, 'cluster');
    const secrets = readdirSync(join(inside, 'secrets')).map((name) => readFileSync(join(inside, 'secrets', name), 'utf8'));
    const key = readFileSync(join(cluster.home, 'admin.key'), 'utf8').trim();
    const logs = readdirSync(join(inside, 'logs')).map((name) => readFileSync(join(inside, 'logs', name), 'utf8'));
    expect(logs.length).toBeGreaterThan(5);
    expect([...secrets, key].filter((secret) => logs.some((log) => log.includes(secret)))).toEqual([]);
  });

  describe('what stays down', () => {
    let headers: Readonly<Record<string, string>>;
    beforeAll(async () => {
      headers = { authorization: `Bearer ${(await adminOf(cluster).createKey('sender', 'responder')).key}`, 'content-type': 'application/json' };
    });

    const send = (name: string): Promise<Response> =>
      fetch(`${cluster.api}/v1/alerts`, { method: 'POST', headers, body: JSON.stringify({ service: 'nobody-knows-it', environment: 'production', name }) });
    const metric = async (line: RegExp): Promise<true | undefined> => line.test(await (await fetch(`${cluster.api}/metrics`)).text()) || undefined;

    const toldOf = (name: string): Promise<string> =>
      until(`a message with ${name}`, () => Promise.resolve(hook.received.find(({ body }) => body.includes(name))?.body));

    test('both workers: the API alone tells people of an accepted alert, whole', async () => {
      for (const worker of WORKERS) await cluster.service(worker).destroy();
      expect((await send('WhileNoWorkerIsUp')).status).toBe(202);
      expect(JSON.parse(await toldOf('WhileNoWorkerIsUp'))).toMatchObject({
        reason: 'undelivered',
        alerts: [{ name: 'WhileNoWorkerIsUp', service: 'nobody-knows-it', environment: 'production' }],
      });
    }, 60_000);

    test('Temporal: alerts are taken and wait in the inbox, and the door says that it is not ready', async () => {
      await cluster.service('temporal').destroy();
      expect((await send('WhileTemporalIsDown')).status).toBe(202);
      await until('the backlog shows', () => metric(/^nightshift_inbox_backlog [1-9]/m));
      expect((await fetch(`${cluster.api}/readyz`)).status).toBe(503);
    }, 60_000);

    test('PostgreSQL: alerts are refused with 503 and Retry-After, and the number of the store says so', async () => {
      expect((await send('JustBeforePostgresIsDown')).status).toBe(202);
      await cluster.service('postgresql').destroy();
      const refused = await until('the door refuses', async () => {
        const reply = await send('WhilePostgresIsDown');
        return reply.status === 503 ? reply : undefined;
      });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      await until('the number shows', () => metric(/^nightshift_store_up 0$/m));
      expect([(await fetch(`${cluster.api}/healthz`)).status, (await fetch(`${cluster.api}/readyz`)).status]).toEqual([200, 503]);
    }, 60_000);

    test('PostgreSQL: what was accepted just before is told without it', async () => {
      expect(JSON.parse(await toldOf('JustBeforePostgresIsDown'))).toMatchObject({
        why: expect.stringMatching(/^The store of Nightshift does not answer/) as string,
      });
    }, 60_000);
  });
}
