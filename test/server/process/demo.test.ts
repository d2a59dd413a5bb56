import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { until } from '../until';
import { startTemporalServer } from '../../../workers/temporal-server';
import { MAIN, isOpen, makePlace } from './support';
import type { Place, Program } from './support';

let place: Place;

beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

/** What stays of a demo: processes, temporary files, doors that its output named. */
async function remains(demo: Program): Promise<object> {
  await place.empty();
  const doors = [...new Set(demo.stderr().match(/http:\/\/127\.0\.0\.1:\d+/g))];
  const open = await Promise.all(doors.map(isOpen));
  return { files: readdirSync(place.tmp), open: doors.filter((_, i) => open[i]) };
}

const NOTHING = { files: [], open: [] };
const inRange = (low: number, high: number): object => ({ asymmetricMatch: (value: unknown) => typeof value === 'number' && value >= low && value <= high });

test('--fault list names the faults, one a line, and starts nothing', async () => {
  const demo = place.run(MAIN, ['demo', '--fault', 'list']);
  expect(await demo.ended).toMatchObject({ code: 0 });
  const names = demo
    .stdout()
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  expect(names).toEqual(['bad-release', 'memory-leak', 'dependency', 'two-releases', 'traffic-wave', 'unknown']);
  expect(await remains(demo)).toEqual(NOTHING);
}, 30_000);

test('a fault that there is none of: exit code 2, and the others are named', async () => {
  const demo = place.run(MAIN, ['demo', '--fault', 'earthquake']);
  expect(await demo.ended).toMatchObject({ code: 2 });
  expect(demo.stderr()).toContain('There is no fault "earthquake". There are: bad-release, memory-leak, dependency, two-releases, traffic-wave, unknown.');
  expect(await remains(demo)).toEqual(NOTHING);
}, 30_000);

test('the demo breaks a service, approves as "demo" without a terminal and says so, proves the fix, prints one object, and leaves nothing', async () => {
  const began = Date.now();
  const demo = place.run(MAIN, ['demo', '--json']);
  expect({ ...(await demo.ended), told: demo.stderr() }).toMatchObject({ code: 0 });
  const tookMs = Date.now() - began;
  expect(demo.stdout().trimEnd().split('\n')).toHaveLength(1);
  expect({ ...(JSON.parse(demo.stdout()) as object), told: demo.stderr() }).toEqual({
    told: expect.any(String) as string,
    incidentId: expect.stringMatching(/^inc-[a-z2-7]{16}$/) as string,
    detectedAfterMs: inRange(0, 30_000),
    approvedAfterMs: inRange(0, 40_000),
    recoveredAfterMs: inRange(0, 60_000),
    recovered: true,
    errorRate: { before: inRange(0, 0.02), during: inRange(0.0501, 1), after: inRange(0, 0.02) },
    cause: 'bad-release',
    runbook: expect.stringContaining('rollback') as string,
    actions: 1,
    historyEvents: inRange(20, 500),
    billableActions: inRange(10, 26),
    temporalUi: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/incident%3Ademo%3Abookshop\//) as string,
  });
  expect(demo.stderr()).toContain('no terminal: approved as "demo", which only the demo');
  expect(demo.stderr()).toContain('npm run demo -- --fault two-releases');
  expect(tookMs).toBeLessThan(90_000);
  expect(await remains(demo)).toEqual(NOTHING);
}, 150_000);

test('Ctrl-C in the middle ends it with 130, and no process, port or file stays', async () => {
  const demo = place.run(MAIN, ['demo']);
  await until(() => Promise.resolve(/^ *[\d.]+ s {2}fault/m.test(demo.stderr()) ? true : undefined), 'the fault is under way', 90_000);
  demo.signal('SIGINT', 'group');
  // A terminal, npm and the starter each hand the same Ctrl-C on.
  demo.signal('SIGINT');
  expect(await demo.ended).toEqual({ code: 130, signal: null });
  expect(demo.stderr()).not.toMatch(/nightshift: |Error/);
  expect(await remains(demo)).toEqual(NOTHING);
}, 150_000);

test('Ctrl-C while it still sets up ends it with 130 and leaves nothing', async () => {
  const demo = place.run(MAIN, ['demo']);
  await until(() => Promise.resolve(/^ *[\d.]+ s {2}bookshop/m.test(demo.stderr()) ? true : undefined), 'the practice service is up', 60_000);
  demo.signal('SIGINT', 'group');
  expect(await demo.ended).toEqual({ code: 130, signal: null });
  expect(await remains(demo)).toEqual(NOTHING);
}, 150_000);

test('--keep leaves all of it running after --yes, and the way that it names ends all of it', async () => {
  const demo = place.run(MAIN, ['demo', '--keep', '--yes']);
  expect({ ...(await demo.ended), told: demo.stderr() }).toMatchObject({ code: 0 });
  expect(demo.stderr()).toContain('--yes: approved as "demo"');
  const [, api = ''] = /all of it still runs: API (\S+),/.exec(demo.stderr()) ?? [];
  expect((await fetch(`${api}/readyz`)).status).toBe(200);
  const [, pids = ''] = /end it with: kill ([\d ]+)/.exec(demo.stderr()) ?? [];
  const [, folder = ''] = /rm -r (\S+)/.exec(demo.stderr()) ?? [];
  for (const pid of pids.trim().split(' ')) process.kill(Number(pid), 'SIGTERM');
  expect(await remains(demo)).toEqual({ files: [basename(folder)], open: [] });
}, 180_000);

test('two demos on a shared Temporal server do not meet, and no workflow of theirs stays open', async () => {
  const program = process.env['NIGHTSHIFT_TEMPORAL_CLI'] ?? '';
  const server = await startTemporalServer({ program, folder: join(place.dir, 'temporal'), namespace: 'default', ports: { grpc: 0, ui: 0 }, headless: true });
  const connection = await Connection.connect({ address: server.address });
  const run = async (fault: string): Promise<object> => {
    const demo = place.run(MAIN, ['demo', '--fault', fault, '--json'], { TEMPORAL_ADDRESS: server.address });
    expect({ ...(await demo.ended), told: demo.stderr() }).toMatchObject({ code: 0 });
    return JSON.parse(demo.stdout()) as object;
  };
  try {
    const [mended, unmended] = await Promise.all([run('bad-release'), run('unknown')]);
    expect([mended, unmended]).toMatchObject([{ actions: 1 }, { actions: 0 }]);
    const closed: string[] = [];
    for await (const { workflowId, status } of new Client({ connection }).workflow.list()) closed.push(`${workflowId} ${status.name}`);
    expect(closed.sort()).toEqual([
      expect.stringMatching(/^detection:nightshift-demo-[a-z0-9]{6}:0\/1 TERMINATED$/),
      expect.stringMatching(/^detection:nightshift-demo-[a-z0-9]{6}:0\/1 TERMINATED$/),
      expect.stringMatching(/^incident:demo-[a-z0-9]{6}:bookshop (COMPLETED|TERMINATED)$/),
      expect.stringMatching(/^incident:demo-[a-z0-9]{6}:bookshop (COMPLETED|TERMINATED)$/),
      expect.stringMatching(/^remediation:local\/local\/bookshop-local\/local\/service\/bookshop-[a-z0-9]{6} COMPLETED$/),
    ]);
  } finally {
    await connection.close();
    await server.stop();
  }
  await place.empty();
  expect(readdirSync(place.tmp)).toEqual([]);
}, 200_000);
