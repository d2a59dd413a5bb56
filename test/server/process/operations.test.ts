import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ApiClient } from '../../../cli/client';
import { packageRoot } from '../../../config/package-root';
import { ATTRIBUTES } from '../../../domain/search-attributes';
import { readCompose } from '../../../scripts/cluster/compose';
import { postgresPrograms } from '../../../scripts/cluster/postgres';
import { freePort } from '../../../workers/free-port';
import type { Doors } from '../../../workers/start';
import { startGithub } from '../../fakes/github';
import type { FakeGithub } from '../../fakes/github';
import { runbookText } from '../../fakes/runbook-texts';
import { until } from '../until';
import { has, metricsExposed, metricsOnThePage, openOperations } from './operations';
import type { Operations } from './operations';
import { adminOf, doorsOf, finished } from './support';
import type { Program } from './support';

// Every command of docs/operations.md, in the words in which it stands there, on a system that runs. A command that is new on the page fails the last test until it is run here.
const { NIGHTSHIFT_TEMPORAL_CLI: cli = '', NIGHTSHIFT_TEMPORAL_PROGRAMS: temporal, PATH: path = '', CI } = process.env;
let op: Operations;
let home: string;
let running: Program;
let doors: Doors;
let github: FakeGithub;
/** Some metrics are there only where these are set. Nobody listens at the heartbeat's address, and nothing is read of the account. */
const optional = (): string => `heartbeat: { url: http://127.0.0.1:9/beat, allowPrivate: true }
aws: { accounts: [{ id: '123456789012', regions: [eu-central-1] }] }
runbooks: { github: { repository: ${github.repository}, url: '${github.url}' } }
`;
/** What this machine has no programs for. In CI it has. */
const missing: string[] = [];

beforeAll(async () => {
  github = await startGithub();
  github.commit({ 'runbooks/take-back.yaml': runbookText('take-back') });
  op = openOperations();
  home = join(op.place.dir, 'home');
});
afterAll(async () => {
  op.place.remove();
  await github.close();
});

const api = (): ApiClient => adminOf(doors, home);

async function start(command: 'npm start' | 'npx nightshift start'): Promise<void> {
  running = op.begin(command, { words: ['--json'] });
  doors = await doorsOf(running);
}

async function stop(): Promise<void> {
  running.signal('SIGTERM');
  expect(await running.ended).toEqual({ code: 0, signal: null });
  await op.place.empty();
}

/** Commands that cannot be run here; in CI there are none. */
function skip(what: string, ...commands: readonly string[]): void {
  process.stderr.write(`${what}: ${commands.join(', ')} not run.\n`);
  if (!CI) missing.push(...commands);
}

test('containers: the configuration is copied, passwords are made, and docker-compose takes the arguments', async () => {
  expect(await op.run('cp docs/nightshift.example.yaml nightshift.yaml')).toMatchObject({ code: 0 });
  expect(await op.run('sh docker/make-secrets.sh')).toMatchObject({ code: 0 });
  expect(statSync(join(op.place.dir, 'secrets')).mode & 0o777).toBe(0o700);
  const commands = ['docker compose up --detach --scale worker=2', 'docker compose exec api nightshift incident list'];
  if (!has('docker-compose', 'version')) return skip('docker-compose is not installed', ...commands);
  // No engine runs here; docker-compose asks for it once it has taken the arguments, and tells how it is used where it does not take them.
  for (const command of commands)
    expect(await op.run(command)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Error while fetching server API version|Couldn't connect to Docker daemon/) as string,
    });
  expect(Object.keys(readCompose(packageRoot(), {}).services)).toEqual(expect.arrayContaining(['api', 'worker']));
}, 60_000);

test('the configuration is checked, for one role too, and the example is valid as it stands', async () => {
  expect(await op.run('npx nightshift config check')).toMatchObject({ code: 0, stdout: expect.stringContaining('production/bookshop') as string });
  expect(await op.run('npx nightshift config check --config docs/nightshift.example.yaml')).toMatchObject({ code: 0 });
  const shared = { DATABASE_URL: 'postgres://nightshift@127.0.0.1:1/nightshift', TEMPORAL_ADDRESS: '127.0.0.1:1' };
  expect(await op.run('npx nightshift config check --role worker', { env: shared })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('postgres') as string,
  });
  const alone = await op.run('npx nightshift config check --role worker');
  expect(alone).toMatchObject({ code: 1, stdout: expect.stringMatching(/DATABASE_URL: [^]*TEMPORAL_ADDRESS: /) as string });
}, 60_000);

test('npm start opens the doors, and doctor finds nothing wrong', async () => {
  const port = await freePort();
  writeFileSync(join(op.place.dir, 'nightshift.yaml'), `profile: fast\nhome: home\napi: { port: ${String(port)} }\n${optional()}`);
  await start('npm start');
  expect(doors.api).toBe(`http://127.0.0.1:${String(port)}`);
  expect(await op.run('npx nightshift doctor')).toMatchObject({ code: 0, stdout: expect.stringContaining('temporal') as string });
}, 120_000);

test('the runbooks of the repository are taken in, and the list says of which commit', async () => {
  const known = async (): Promise<true | undefined> => (await api().runbooks()).repository?.commit !== undefined || undefined;
  await until(known, 'the repository was read');
  const listed = await op.run('npx nightshift runbook list');
  expect(listed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^take-back .* acme\/ops@[0-9a-f]{12} /m) as string });
}, 60_000);

test('keys are made, listed and revoked', async () => {
  const made = await op.run('npx nightshift key create ana --role approver');
  expect(made).toMatchObject({ code: 0 });
  const ana = (await api().keys()).find((key) => key.name === 'ana');
  const listed = await op.run('npx nightshift key list');
  expect(listed).toMatchObject({ code: 0, stdout: expect.stringMatching(new RegExp(`${String(ana?.id)}.*ana`)) as string });
  expect(await op.run('npx nightshift key revoke 7f9b368e678e', { swaps: { '7f9b368e678e': ana?.id ?? '' } })).toMatchObject({ code: 0 });
  expect((await api().keys()).find((key) => key.name === 'ana')).toHaveProperty('revokedAt');
}, 60_000);

test('the kill switch goes on with its reason, shows, and goes off', async () => {
  expect(await op.run('npx nightshift halt on --reason "database move"')).toMatchObject({ code: 0 });
  expect(await op.run('npx nightshift halt status')).toMatchObject({ code: 0, stdout: expect.stringContaining('database move') as string });
  expect(await op.run('npx nightshift halt off')).toMatchObject({ code: 0 });
  expect((await op.run('npx nightshift halt status')).stdout).not.toContain('database move');
}, 60_000);

test('an incident that a person has taken is handed back, and its audit file is verified', async () => {
  const { key } = await api().createKey('sender', 'responder');
  const alert = { service: 'nobody-knows-it', environment: 'production', name: 'DiskFull', severity: 'sev3', summary: 'the disk is full' };
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  expect((await fetch(`${doors.api}/v1/alerts`, { method: 'POST', headers, body: JSON.stringify(alert) })).status).toBe(202);
  const asked = await until(async () => (await api().incidents({ limit: 1 })).incidents.find((view) => view.status === 'escalated'), 'an incident', 30_000);
  await api().tell(asked.incidentId, 'take-over', 'I look');
  const status = async (name: string): Promise<true | undefined> => (await api().incident(asked.incidentId)).status === name || undefined;
  await until(() => status('handed-over'), 'it is taken over');
  expect(await op.run('npx nightshift incident hand-back ID', { swaps: { ID: asked.incidentId } })).toMatchObject({ code: 0 });
  await until(() => status('escalated'), 'it is handed back');
  const file = join(home, 'audit', `${asked.incidentId}.jsonl`);
  expect(await op.run('npx nightshift audit verify --file F', { swaps: { F: file } })).toMatchObject({ code: 0 });
  writeFileSync(file, readFileSync(file, 'utf8').replace('DiskFull', 'DiskFine'));
  expect(await op.run('npx nightshift audit verify --file F', { swaps: { F: file } })).toMatchObject({ code: 1 });
}, 90_000);

test('before an upgrade a backup is taken, and the code at hand looks at the open incident', async () => {
  expect(await op.run('npx nightshift incident list')).toMatchObject({ code: 0, stdout: expect.stringMatching(/inc-/) as string });
  expect(await op.run('npx nightshift backup before-upgrade.backup')).toMatchObject({ code: 0 });
  const swaps = { '/path/to/nightshift.yaml': join(op.place.dir, 'nightshift.yaml') };
  expect(await op.run('npx nightshift upgrade check --config /path/to/nightshift.yaml', { swaps })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Safe: this code /) as string,
  });
}, 60_000);

test('one process for everything exposes exactly the metrics that the page says of it', async () => {
  expect((await metricsExposed(doors.api)).sort()).toEqual(metricsOnThePage('all').sort());
});

test('a backup is taken from the running system and restored into the stopped one, which then acts on nothing until halt off', async () => {
  expect(await op.run('npx nightshift backup nightshift.backup')).toMatchObject({ code: 0 });
  expect(statSync(join(op.place.dir, 'nightshift.backup')).mode & 0o777).toBe(0o600);
  expect(await op.run('npx nightshift restore nightshift.backup --yes')).toMatchObject({ code: 1, stderr: expect.stringContaining('locked') as string });
  await stop();
  expect(await op.run('npx nightshift restore nightshift.backup --yes')).toMatchObject({ code: 0 });
  expect(readdirSync(home).filter((name) => name.startsWith('before-restore-'))).toHaveLength(1);
  await start('npx nightshift start');
  expect((await op.run('npx nightshift halt status')).stdout).toContain('restore');
  expect(await op.run('npx nightshift halt off')).toMatchObject({ code: 0 });
  await stop();
}, 180_000);

const temporalSays = (address: string, ...words: readonly string[]): string =>
  execFileSync(cli, ['operator', ...words, '--address', address], { encoding: 'utf8' });

test('on a server of your own the search attributes are made and the retention is set by the commands of the page', async () => {
  const address = `127.0.0.1:${String(await freePort())}`;
  const server = spawn(cli, ['server', 'start-dev', '--headless', '--port', address.split(':')[1] ?? ''], { stdio: 'ignore' });
  try {
    const command =
      'temporal operator search-attribute create --namespace default ' +
      Object.values(ATTRIBUTES)
        .map((name) => `--name ${name} --type Keyword`)
        .join(' ');
    const env = { TEMPORAL_ADDRESS: address };
    const made = async (): Promise<true | undefined> => (await op.run(command, { env })).code === 0 || undefined;
    await until(made, 'the attributes are made', 30_000);
    const attributes = temporalSays(address, 'search-attribute', 'list');
    for (const name of Object.values(ATTRIBUTES)) expect(attributes).toMatch(new RegExp(`${name} +Keyword`));
    expect(await op.run('temporal operator namespace update --namespace default --retention 72h', { env })).toMatchObject({ code: 0 });
    expect(temporalSays(address, 'namespace', 'describe', '--namespace', 'default')).toMatch(/Retention\w* +72h/);
  } finally {
    server.kill('SIGKILL');
  }
}, 60_000);

describe('on PostgreSQL', () => {
  const CLUSTER = ['npm run cluster', 'npm run cluster -- --keep', 'npx nightshift start --role worker', 'npx nightshift start --role api'] as const;
  const able = postgresPrograms(path) !== undefined && temporal !== undefined;
  // PostgreSQL runs as another user when this runs as root, and the folder of the test is closed to others.
  const env = { TMPDIR: tmpdir() };

  if (!able) {
    test('what a cluster needs is here in CI', () => {
      skip('PostgreSQL or the Temporal server is not here (`npm run cluster` says which)', ...CLUSTER);
      expect(CI ? 'no programs of a cluster' : 'not CI').toBe('not CI');
    });
    return;
  }

  test('npm run cluster takes one incident to its end', async () => {
    const { code, stderr } = await op.run('npm run cluster', { env });
    expect([code, stderr]).toEqual([0, expect.stringMatching(/resolved: fixed; the supervisor's ledger has 1 call of Nightshift/)]);
  }, 300_000);

  test('with --keep it stays, and a worker and an API of your own join it, each with exactly the metrics of the page', async () => {
    const cluster = op.begin('npm run cluster -- --keep', { env });
    const told = (): RegExpExecArray | undefined => /Temporal UI \S+, Temporal (\S+), first key (\S+);/.exec(cluster.stderr()) ?? undefined;
    const [, address = '', key = ''] = await until(() => Promise.resolve(told()), 'the cluster is up', 240_000);
    const inside = dirname(dirname(key));
    const config = join(op.place.dir, 'roles.yaml');
    writeFileSync(config, `${readFileSync(join(inside, 'nightshift.yaml'), 'utf8')}\n${optional()}`);
    for (const role of ['worker', 'api'] as const) {
      const listen = `127.0.0.1:${String(await freePort())}`;
      const shared = { DATABASE_URL_FILE: join(inside, 'secrets', 'nightshift_database_url'), TEMPORAL_ADDRESS: address };
      const own = { NIGHTSHIFT_CONFIG: config, NIGHTSHIFT_HOME: join(op.place.dir, `home-${role}`), NIGHTSHIFT_LISTEN: listen };
      const joined = op.begin(`npx nightshift start --role ${role}`, { env: { ...shared, ...own } });
      const ready = async (): Promise<true | undefined> => (await fetch(`http://${listen}/readyz`).catch(() => undefined))?.status === 200 || undefined;
      await until(ready, `the role ${role} is ready: ${joined.stderr().slice(-500)}`, 60_000);
      expect((await metricsExposed(`http://${listen}`)).sort()).toEqual(metricsOnThePage(role).sort());
      joined.signal('SIGTERM');
      expect(await finished(joined)).toMatchObject({ code: 0 });
    }
    cluster.signal('SIGINT');
    await cluster.ended;
    await op.place.empty(60_000);
  }, 400_000);
});

test('every command of the page was run', () => {
  expect(op.left().filter((command) => !missing.includes(command))).toEqual([]);
});
