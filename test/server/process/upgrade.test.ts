import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { stringify } from 'yaml';
import type { ApiClient } from '../../../cli/client';
import { createClient } from '../../../cli/client';
import { packageRoot } from '../../../config/package-root';
import type { IncidentView } from '../../../domain/incident-view';
import { WORKFLOW_VERSIONS } from '../../../domain/workflow-versions';
import type { Doors } from '../../../workers/start';
import type { UpgradeCheck } from '../../../workers/upgrade-check';
import { startPractice } from '../../fakes/practice';
import type { Practice } from '../../fakes/practice';
import { until } from '../until';
import { changedBuild } from './builds';
import type { Changes } from './builds';
import { MAIN, adminOf, doorsOf, makePlace } from './support';
import type { Place, Program } from './support';

const { understood, written } = WORKFLOW_VERSIONS.incident;
const [UNDERSTOOD, LATER] = [understood.join(', '), written + 1];

/** What the next version might bring: a workflow version that nobody is started with yet, other words, and a step of the schema. */
const NEXT: Changes = {
  'domain/workflow-versions.ts': (s) => s.replace(`understood: [${UNDERSTOOD}], written`, `understood: [${UNDERSTOOD}, ${String(LATER)}], written`),
  'workflows/incident-phases.ts': (s) =>
    s
      .replace('state.round += 1;', `state.round += 1;\n  if (flow.input.schemaVersion >= ${String(LATER)}) await sleep(1000);`)
      .replace(/^/, "import { sleep } from '@temporalio/workflow';\n"),
  'domain/incident-moves.ts': (s) => s.replace('has taken it.', 'has taken it over.'),
  'workflows/incident.ts': (s) => s.replace('`Opened by', '`Begun by'),
  'activities/evidence.ts': (s) => s.replace('MAX_LOG_LINES = 20_000', 'MAX_LOG_LINES = 10_000'),
  'adapters/postgres/migrations/index.ts': (s) =>
    s.replace(/,?\s*\];\s*$/, ", { id: '9001-later', olderReads: true, statements: ['alter table nightshift.intents add column later text'] }];\n"),
  'package.json': (s) => s.replace('"version": "', '"version": "9.'),
};
/** What no running incident could survive: another activity, for all alike. */
const BAD: Changes = {
  'workflows/incident-phases.ts': (s) => s.replaceAll('.assess;', '.judge;').replaceAll('}).assess', '}).judge'),
};

const MENDED = ['remediating', 'verifying', 'watching'];
const BROKEN = ['awaiting', ...MENDED, 'waiting', 'observed'];
const CALM = ['escalated', 'taken', 'again', 'fresh', 'fresher'];
const PATIENCE = 60_000;

let place: Place;
let home: string;
let configFile: string;
let builds: { readonly before: string; readonly next: string; readonly bad: string };
let running: Program;
let doors: Doors;
let ben: ApiClient;
const practices = new Map<string, Practice>();
const practice = (service: string): Practice => practices.get(service) as Practice;

beforeAll(async () => {
  place = makePlace();
  home = join(place.dir, 'home');
  mkdirSync(home, { mode: 0o700 });
  configFile = join(place.dir, 'nightshift.yaml');
  for (const service of [...BROKEN, ...CALM]) practices.set(service, await startPractice(service, 'test'));
  writeFileSync(configFile, configText());
  builds = { before: packageRoot(), next: changedBuild(join(place.dir, 'next'), NEXT), bad: changedBuild(join(place.dir, 'bad'), BAD) };
}, 2 * PATIENCE);
afterAll(async () => {
  running.signal('SIGTERM');
  await running.ended;
  for (const each of practices.values()) await each.close();
  place.remove();
});

function configText(): string {
  const target = (id: string): object => ({ provider: 'local', partition: 'local', account: 'practice', region: 'local', kind: 'service', id });
  return stringify({
    ...{ home, profile: 'fast', api: { port: 0 }, detector: { every: '250ms', window: '1s' } },
    services: [...practices].map(([name, { url }]) => ({
      ...{ name, environment: 'test', dependsOn: name === 'waiting' ? ['remediating'] : [], metrics: { url: `${url}/metrics`, every: '250ms' } },
      ...{ limits: { errorShare: { above: 0.05, for: '1s' }, minRequests: 20 } },
      hands: { kind: 'supervisor', url, target: target(name) },
    })),
    // Each service has an incident of its own here, also one that calls another.
    correlation: { enabled: false },
    incidents: { verification: { settle: '300ms', window: '1s', minRequests: 20, timeout: '120s' }, watch: '10m', selfHeal: '10m' },
    policy: {
      brake: { incidents: 1000 },
      rules: [{ service: 'observed', mode: 'observe', reason: 'it is new' }],
      limits: { targetsAtOnce: 100, shareOfFleet: 1 },
    },
  });
}

async function run(build: string): Promise<void> {
  running = place.run(join(build, MAIN), ['start', '--json', '--config', configFile]);
  doors = await doorsOf(running);
}

async function stop(): Promise<void> {
  running.signal('SIGTERM');
  const { code } = await running.ended;
  if (code !== 0) throw new Error(`it ended with ${String(code)}: ${running.stderr().slice(-2_000)}`);
}

const admin = (): ApiClient => adminOf(doors, home);

async function incidents(): Promise<ReadonlyMap<string, IncidentView>> {
  const { incidents: found } = await admin().incidents({ limit: 100 });
  return new Map(found.map((view) => [view.service, view]));
}

/** Waits until each service's incident has the status. */
async function reached(wanted: Readonly<Record<string, IncidentView['status']>>, ms = PATIENCE): Promise<ReadonlyMap<string, IncidentView>> {
  let last: ReadonlyMap<string, IncidentView> = new Map();
  const look = async (): Promise<ReadonlyMap<string, IncidentView> | undefined> => {
    last = await incidents();
    return Object.entries(wanted).every(([service, status]) => last.get(service)?.status === status) ? last : undefined;
  };
  return until(look, 'the incidents get there', ms).catch((error: unknown) => {
    throw new Error(`${String(error)}; seen: ${[...last.values()].map((v) => `${v.service} ${v.status} (${v.reason ?? ''})`).join(', ')}`);
  });
}

async function alert(service: string): Promise<void> {
  const body = { service, environment: 'test', name: 'QueueLong', severity: 'sev3', summary: 'the queue is long' };
  const { apiKey = '' } = { apiKey: await keyOf() };
  const reply = await fetch(`${doors.api}/v1/alerts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(reply.status).toBe(202);
}

let sender: string | undefined;
async function keyOf(): Promise<string> {
  return (sender ??= (await admin().createKey('sender', 'responder')).key);
}

let benKey: string | undefined;
async function asBen(): Promise<ApiClient> {
  benKey ??= (await admin().createKey('ben', 'approver')).key;
  return createClient({ apiUrl: doors.api, apiKey: benKey, keyFile: '', home });
}

async function approve(service: string): Promise<void> {
  const view = (await incidents()).get(service) as IncidentView;
  await ben.decide(view.incidentId, { verdict: 'approve', proposal: view.proposal?.proposal.digest ?? '' });
}

/** What a build's `upgrade check` says of the system that runs. */
async function check(
  build: string,
  args: readonly string[] = ['--json'],
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const program = place.run(join(build, MAIN), ['upgrade', 'check', '--config', configFile, ...args], { NIGHTSHIFT_API_URL: doors.api });
  const { code } = await program.ended;
  return { code, out: program.stdout(), err: program.stderr() };
}

const parsed = (out: string): UpgradeCheck => JSON.parse(out) as UpgradeCheck;

/** Two incidents whose evidence is being gathered; it lasts as long as nobody hears of changes, two seconds. */
async function caughtGathering(fresh: string): Promise<void> {
  practice(fresh).held = true;
  practice('again').held = true;
  const again = (await incidents()).get('again') as IncidentView;
  await Promise.all([alert(fresh), admin().tell(again.incidentId, 'hand-back', 'look again')]);
  await reached({ [fresh]: 'open', again: 'triaged' });
}

async function noted(text: string): Promise<void> {
  const open = [...(await incidents()).values()].filter(({ status }) => status !== 'resolved');
  expect(open.length).toBeGreaterThan(9);
  for (const view of open) expect(await admin().tell(view.incidentId, 'note', text)).toMatchObject({ result: 'noted' });
}

const STATES = {
  awaiting: 'awaiting-approval',
  remediating: 'remediating',
  waiting: 'remediating',
  verifying: 'verifying',
  watching: 'watching',
  observed: 'diagnosed',
  escalated: 'escalated',
  taken: 'handed-over',
} as const;

test(
  'with an incident in each state, the next build says that it is safe to deploy, and one that changes what running incidents do that it is not',
  async () => {
    await run(builds.before);
    const up = Date.now();
    ben = await asBen();
    for (const service of ['escalated', 'taken', 'again']) await alert(service);
    await until(async () => ((await incidents()).size === 3 ? true : undefined), 'three incidents', PATIENCE);
    // Before it breaks, it must have been measured for so long that there is a normal to compare with.
    await until(() => Promise.resolve(Date.now() - up > 4_000 ? true : undefined), 'a baseline');
    for (const service of BROKEN.filter((each) => each !== 'waiting')) practice(service).deploy('1.5.0', 'ana');
    // Its cause lies on the service that it depends on, whose own incident will hold the target.
    practice('waiting').bad.add('1.4.0');
    const asked = Object.fromEntries(BROKEN.map((service) => [service, service === 'observed' ? 'diagnosed' : 'awaiting-approval'] as const));
    const views = await reached({ ...asked, escalated: 'escalated', taken: 'escalated', again: 'escalated' });
    await admin().tell((views.get('taken') as IncidentView).incidentId, 'take-over', 'mine');
    practice('remediating').held = true;
    for (const service of MENDED) await approve(service);
    await until(() => Promise.resolve(practice('verifying').ledger[0]?.endedAt), 'the effect', PATIENCE);
    // Without traffic nothing can be measured.
    practice('verifying').rate = 0;
    await reached({ remediating: 'remediating' });
    await approve('waiting');
    await reached(STATES);

    const next = await check(builds.next);
    // One of them keeps the services in a worker's hands.
    expect([next.code, parsed(next.out)]).toEqual([0, expect.objectContaining({ safe: true, unsafe: [], open: 12, temporal: doors.temporal })]);
    expect(parsed(next.out).version).toMatch(/^9\..*\+[0-9a-f]{12}$/);

    const bad = await check(builds.bad);
    const { safe, unsafe } = parsed(bad.out);
    expect([bad.code, safe]).toEqual([1, false]);
    expect(unsafe.map(({ workflowId }) => workflowId).sort()).toEqual([...views.values()].map(({ workflowId }) => workflowId).sort());
    expect(unsafe.find(({ workflowId }) => workflowId === 'incident:test:awaiting')).toMatchObject({
      ...{ status: 'awaiting-approval', runId: views.get('awaiting')?.runId, type: 'incident' },
      reason: expect.stringMatching(/nondeterminism/i) as string,
    });
    const text = await check(builds.bad, []);
    expect([text.code, text.out]).toEqual([
      1,
      expect.stringMatching(/wrong {2}incident:test:awaiting \(incident, awaiting-approval, run .*Not safe: /s) as string,
    ]);
  },
  3 * PATIENCE,
);

test(
  'each goes on in the next build, in the state that it was in',
  async () => {
    await caughtGathering('fresh');
    await stop();
    await run(builds.next);
    await reached(STATES);
    await noted('the next build is here');
    practice('fresh').held = false;
    practice('again').held = false;
    const views = await reached({ ...STATES, fresh: 'escalated', again: 'escalated' });
    expect(views.get('again')?.round).toBe(2);
  },
  2 * PATIENCE,
);

test(
  'and back in the build before, which says of itself that it is safe to go back to',
  async () => {
    const back = await check(builds.before);
    expect([back.code, parsed(back.out)]).toEqual([0, expect.objectContaining({ safe: true, unsafe: [] })]);
    await caughtGathering('fresher');
    await stop();
    await run(builds.before);
    await reached(STATES);
    await noted('the build before is back');
  },
  2 * PATIENCE,
);

test(
  'each ends as it should, with its effects once, and no workflow task has failed',
  async () => {
    for (const each of practices.values()) each.held = false;
    practice('verifying').rate = 400;
    practice('waiting').bad.clear();
    ben = await asBen();
    await approve('awaiting');
    const mended = Object.fromEntries(['awaiting', ...MENDED].map((service) => [service, 'watching'] as const));
    const views = await reached({ ...mended, fresh: 'escalated', fresher: 'escalated', again: 'escalated' });
    for (const service of Object.keys(mended)) {
      expect([service, views.get(service)?.outcome?.kind]).toEqual([service, 'fixed']);
      expect(practice(service).ledger.map(({ kind, release, state }) => [kind, release, state])).toEqual([['deploy', '1.4.0', 'done']]);
    }
    for (const service of ['observed', 'waiting', ...CALM]) expect(practice(service).ledger).toEqual([]);
    const done = await until(
      async () => ((await incidents()).get('waiting')?.status !== 'remediating' ? (await incidents()).get('waiting') : undefined),
      'the other gets the target',
      PATIENCE,
    );
    expect((await admin().timeline(done.incidentId)).some(({ summary }) => summary.startsWith('Another incident holds'))).toBe(true);
    await expectTasks(views);
    for (const view of (await incidents()).values()) await admin().tell(view.incidentId, 'resolve', 'it is over');
    await reached(Object.fromEntries([...views.keys()].map((service) => [service, 'resolved'] as const)));
    expect((await admin().verifyAudit()).faults).toEqual([]);
    const empty = await check(builds.bad, []);
    expect([empty.code, empty.out]).toEqual([0, expect.stringMatching(/^Safe: this code \(.*\) carries on the one open workflow on /) as string]);
  },
  2 * PATIENCE,
);

/** Every incident was carried on by both builds, and never could one of them not do it. */
async function expectTasks(views: ReadonlyMap<string, IncidentView>): Promise<void> {
  const connection = await Connection.connect({ address: doors.temporal });
  const client = new Client({ connection });
  try {
    for (const view of views.values()) {
      const { events } = await client.workflow.getHandle(view.workflowId).fetchHistory();
      const failed = (events ?? [])
        .map((event) => event.workflowTaskFailedEventAttributes)
        .filter((found) => found && Number(found.cause) !== UNHANDLED_COMMAND);
      expect([view.service, failed]).toEqual([view.service, []]);
      const builds = (events ?? []).flatMap((event) => event.workflowTaskCompletedEventAttributes?.workerVersion?.buildId ?? []);
      const [ofNext, ofBefore] = [builds.filter((build) => build.startsWith('9.')), builds.filter((build) => !build.startsWith('9.'))];
      expect([view.service, ofNext.length > 0, ofBefore.length > 0, new Set(builds).size]).toEqual([view.service, true, true, 2]);
    }
  } finally {
    await connection.close();
  }
}

/** A message came while the task was completed; it is done again. */
const UNHANDLED_COMMAND = 1;

test(
  'where nothing answers, the check says so',
  async () => {
    const gone = await check(builds.next, ['--json']);
    expect(gone.code).toBe(0);
    const program = place.run(join(builds.next, MAIN), ['upgrade', 'check', '--json', '--config', configFile], { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect((await program.ended).code).toBe(3);
    expect(JSON.parse(program.stdout())).toMatchObject({ error: { code: 'unreachable', message: expect.stringContaining('127.0.0.1:1') as string } });
    const nowhere = place.run(join(builds.next, MAIN), ['upgrade', 'check', '--json', '--config', configFile], {
      ...{ TEMPORAL_ADDRESS: doors.temporal, TEMPORAL_NAMESPACE: 'nobody-has-it' },
    });
    expect((await nowhere.ended).code).toBe(3);
    expect(JSON.parse(nowhere.stdout())).toMatchObject({ error: { code: 'unreachable', message: expect.stringContaining('nobody-has-it') as string } });
  },
  PATIENCE,
);
