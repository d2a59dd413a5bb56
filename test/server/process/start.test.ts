import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ApiClient } from '../../../cli/client';
import type { IncidentView } from '../../../domain/incident-view';
import type { Doors } from '../../../workers/start';
import { until } from '../until';
import { MAIN, adminOf, childrenOf, clusterAt, doorsOf, isOpen, makePlace } from './support';
import type { Place, Program } from './support';

// One home is started, stopped, and killed in turn; the tests stand in the order of that story.
let place: Place;
let home: string;
let running: Program;
let doors: Doors;

beforeAll(() => {
  place = makePlace();
  home = join(place.dir, 'home');
  writeFileSync(join(place.dir, 'nightshift.yaml'), 'profile: fast\nhome: home\napi: { port: 0 }\n');
});
afterAll(() => place.remove());

async function start(): Promise<void> {
  running = place.run(MAIN, ['start', '--json']);
  doors = await doorsOf(running);
}

const api = (): ApiClient => adminOf(doors, home);

async function status(path: string): Promise<number> {
  return (await fetch(`${doors.api}${path}`)).status;
}

/** Opens an incident that waits for a person, so that its workflow stays open. */
async function openIncident(): Promise<IncidentView> {
  const key = await api().createKey(`sender-${String(Date.now())}`, 'responder');
  const reply = await fetch(`${doors.api}/v1/alerts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ service: 'nobody-knows-it', environment: 'production', name: 'DiskFull', severity: 'sev3', summary: 'the disk is full' }),
  });
  expect(reply.status).toBe(202);
  return until(
    async () => (await api().incidents({ limit: 1 })).incidents.find((view) => view.status === 'escalated'),
    'an incident that a person is asked about',
    30_000,
  );
}

/** Says something to an incident's workflow until it is taken: a door answers 503 while Temporal is away. */
async function note(incidentId: string, text: string): Promise<void> {
  await until(
    () =>
      api()
        .tell(incidentId, 'note', text)
        .catch(() => undefined),
    'the workflow takes a note',
    60_000,
  );
  const said = async (): Promise<boolean> => (await api().timeline(incidentId)).some((entry) => entry.kind === 'note' && entry.summary.includes(text));
  await until(async () => ((await said()) ? true : undefined), 'the note stands in the history', 30_000);
}

test('the first start makes a home and a key that only their owner reads, and tells the doors on stdout', async () => {
  await start();
  expect(doors).toMatchObject({ home, keyFile: join(home, 'admin.key'), temporal: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string });
  expect(statSync(home).mode & 0o777).toBe(0o700);
  expect(statSync(join(home, 'admin.key')).mode & 0o777).toBe(0o600);
  expect(await isOpen(doors.temporalUi ?? '')).toBe(true);
  expect(running.stdout().trim().split('\n')).toHaveLength(1);
}, 120_000);

test('it answers /healthz and /readyz, and the command line finds the key by itself', async () => {
  expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200]);
  const list = place.run(MAIN, ['runbook', 'list', '--json'], { NIGHTSHIFT_API_URL: doors.api });
  expect(await list.ended).toMatchObject({ code: 0 });
  expect(list.stdout()).toContain('rollback');
}, 30_000);

test('doctor, without a server program of its own, says that the running system has one', async () => {
  const doctor = place.run(MAIN, ['doctor', '--json'], { NIGHTSHIFT_API_URL: doors.api, NIGHTSHIFT_TEMPORAL_CLI: '' });
  expect(await doctor.ended).toMatchObject({ code: 0 });
  const { findings } = JSON.parse(doctor.stdout()) as { findings: { check: string; ok: boolean; detail: string }[] };
  expect(findings.find((finding) => finding.check === 'temporal')).toMatchObject({ ok: true, detail: expect.stringContaining('answers') as string });
}, 30_000);

test('a second start on the same home is refused, and says who has it; the first goes on', async () => {
  const second = place.run(MAIN, ['start', '--config', join(place.dir, 'nightshift.yaml')]);
  expect(await second.ended).toMatchObject({ code: 1 });
  expect(second.stderr()).toContain(`Another process (process id ${String(running.pid)}) has ${home} open. Stop it first, or choose another folder.`);
  expect(await status('/readyz')).toBe(200);
}, 30_000);

test('SIGTERM ends it cleanly: exit code 0, and no process or port stays', async () => {
  const cluster = await clusterAt(doors.temporal);
  expect(cluster).toBeDefined();
  running.signal('SIGTERM');
  expect(await running.ended).toEqual({ code: 0, signal: null });
  await place.empty();
  // Another server that wants Temporal's usual port may have it by now.
  expect([await isOpen(doors.api), (await clusterAt(doors.temporal)) === cluster]).toEqual([false, false]);
  expect(running.stderr()).not.toMatch(/"level":[56]0|Error/);
}, 60_000);

test('it starts again at once, with the same key; killed with SIGKILL it takes its Temporal with it', async () => {
  await start();
  expect(doors.keyFile).toBeNull();
  const opened = await openIncident();
  const cluster = await clusterAt(doors.temporal);
  running.signal('SIGKILL');
  await running.ended;
  await place.empty();
  expect(await clusterAt(doors.temporal)).not.toBe(cluster);
  await start();
  await note(opened.incidentId, 'still here after the crash');
}, 240_000);

test('the keeper killed with SIGKILL is replaced, and one server has the database', async () => {
  const [server = 0] = childrenOf(doors.temporalPid ?? 0);
  const others = place.processes().filter((pid) => pid !== server && pid !== doors.temporalPid);
  process.kill(doors.temporalPid ?? 0, 'SIGKILL');
  const replaced = (): number[] => place.processes().filter((pid) => !others.includes(pid));
  const done = async (): Promise<true | undefined> => {
    const now = replaced();
    return (now.length === 2 && !now.includes(server) && (await isOpen(doors.temporal))) || undefined;
  };
  await until(done, 'a new keeper with a server', 60_000);
  expect(place.processes()).toEqual(expect.arrayContaining(others));
  doors = { ...doors, temporalPid: replaced().find((pid) => childrenOf(pid).length > 0) ?? 0 };
  const [open] = (await api().incidents({ open: true, limit: 1 })).incidents;
  await note(open?.incidentId ?? '', 'still here after the keeper fell');
}, 180_000);

test('killed together with its keeper it leaves a server behind, and the next start ends that one first', async () => {
  const [server = 0] = childrenOf(doors.temporalPid ?? 0);
  running.signal('SIGSTOP');
  process.kill(doors.temporalPid ?? 0, 'SIGKILL');
  running.signal('SIGKILL');
  await running.ended;
  expect(place.processes()).toEqual([server]);
  await start();
  expect(place.processes()).not.toContain(server);
  const [open] = (await api().incidents({ open: true, limit: 1 })).incidents;
  await note(open?.incidentId ?? '', 'still here after both fell');
}, 180_000);

test('Temporal killed with SIGKILL comes back on the same port, and its incidents go on', async () => {
  const incidentId = (await api().incidents({ open: true, limit: 1 })).incidents[0]?.incidentId ?? '';
  const [server = 0] = childrenOf(doors.temporalPid ?? 0);
  process.kill(server, 'SIGKILL');
  await until(
    async () => ((await isOpen(doors.temporal)) && !childrenOf(doors.temporalPid ?? 0).includes(server) ? true : undefined),
    'Temporal is back',
    60_000,
  );
  await note(incidentId, 'still here after Temporal fell');
  await api().tell(incidentId, 'resolve', 'it was a drill');
  await until(async () => ((await api().incident(incidentId)).status === 'resolved' ? true : undefined), 'the incident is resolved', 30_000);
  running.signal('SIGTERM');
  expect(await running.ended).toEqual({ code: 0, signal: null });
  await place.empty();
}, 180_000);

describe('what keeps it from starting', () => {
  /** Runs `start` with a configuration that cannot work. */
  async function refused(yaml: string, env: Record<string, string> = {}): Promise<{ code: number | null; stderr: string }> {
    const folder = join(place.dir, `refused-${String(Date.now())}`);
    mkdirSync(folder);
    const file = join(folder, 'nightshift.yaml');
    // The home of the story above, as making a new one takes a while.
    writeFileSync(file, `profile: fast\nhome: ../home\n${yaml}`);
    const program = place.run(MAIN, ['start', '--config', file], env);
    const { code } = await program.ended;
    await place.empty();
    return { code, stderr: program.stderr() };
  }

  test('every mistake in the configuration is told at once, with exit code 1', async () => {
    const { code, stderr } = await refused('api: { port: 99999 }\nbogus: 1\nservices:\n  - { name: x y, environment: production }\n');
    expect(code).toBe(1);
    expect(stderr).toMatch(/3 things are wrong[^]*api\.port: is too large[^]*bogus: is not a known key[^]*services\.0\.name: is not a usable name/);
  }, 90_000);

  test('a Temporal server that is named and does not answer: exit code 3, with its address and what to do', async () => {
    const { code, stderr } = await refused('api: { port: 0 }\n', { TEMPORAL_ADDRESS: '127.0.0.1:9' });
    expect(code).toBe(3);
    expect(stderr).toMatch(/Temporal at 127\.0\.0\.1:9 does not answer .*\. Start it, or name another in TEMPORAL_ADDRESS/);
  }, 90_000);

  test('a Temporal program that cannot run: exit code 3 at once, with the place of its log', async () => {
    const { code, stderr } = await refused('api: { port: 0 }\n', { NIGHTSHIFT_TEMPORAL_CLI: '/bin/false' });
    expect(code).toBe(3);
    expect(stderr).toMatch(/The Temporal server ended while it started\. Its log is .*temporal\.log/);
  }, 90_000);

  test('an API port that another program has: exit code 1, with the port, and Temporal is ended', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await refused(`api: { port: ${String(port)} }\n`, { TEMPORAL_ADDRESS: process.env['NIGHTSHIFT_TEST_TEMPORAL'] ?? '' });
    await new Promise((resolve) => other.close(resolve));
    expect(code).toBe(1);
    expect(stderr).toContain(`Another program listens on port ${String(port)} of 127.0.0.1. Stop it, or choose another api.port`);
  }, 90_000);
});

test('a Temporal server that runs and is named is used, and is still there afterwards', async () => {
  const address = process.env['NIGHTSHIFT_TEST_TEMPORAL'] ?? '';
  const file = join(place.dir, 'beside.yaml');
  writeFileSync(file, 'profile: fast\nhome: home\napi: { port: 0 }\ntemporal: { taskQueue: process-start-test }\n');
  const program = place.run(MAIN, ['start', '--json', '--config', file], { TEMPORAL_ADDRESS: address });
  expect(await doorsOf(program)).toMatchObject({ temporal: address, temporalPid: null, temporalUi: null });
  program.signal('SIGTERM');
  expect(await program.ended).toEqual({ code: 0, signal: null });
  await place.empty();
  expect(await isOpen(address)).toBe(true);
}, 90_000);
