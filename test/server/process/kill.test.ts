import { checkAuditLines } from '../../../domain/audit-file';
import type { IncidentView } from '../../../domain/incident-view';
import { until } from '../until';
import { auditLines, startStage } from './stage';
import type { Call, Stage } from './stage';
import { childrenOf, MAIN } from './support';

let stage: Stage;
const told: string[] = [];

beforeAll(async () => {
  stage = await startStage();
  // Ordinary traffic first, so that there is a normal to compare with.
  await until(async () => ((await metricOf('bookshop_requests_total')) > 300 ? true : undefined), 'some traffic', 60_000);
}, 180_000);
afterAll(() => stage.close(), 60_000);

async function metricOf(name: string): Promise<number> {
  const text = await (await fetch(`${stage.shop.url}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(name))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** Deploys the bad release and waits until Nightshift asks what to do. */
async function broken(): Promise<IncidentView> {
  await stage.bookshop.faults.inject('bad-release', { dir: stage.shop.dir });
  const asked = await stage.incident((view) => view.status === 'awaiting-approval' && !told.includes(view.incidentId));
  told.push(asked.incidentId);
  return asked;
}

async function approve(asked: IncidentView): Promise<void> {
  await stage.api().decide(asked.incidentId, { verdict: 'approve', proposal: asked.proposal?.proposal.digest ?? '' });
}

const resolved = (asked: IncidentView): Promise<IncidentView> => stage.incident((view) => view.incidentId === asked.incidentId && view.status === 'resolved');

/** What Nightshift did to the service since there were `before` calls. */
async function since(before: number): Promise<readonly Pick<Call, 'kind' | 'release' | 'state'>[]> {
  return (await stage.calls()).slice(before).map(({ kind, release, state }) => ({ kind, release, state }));
}

const ONE_ROLLBACK = [{ kind: 'deploy', release: '1.4.0', state: 'done' }];

test('killed while awaiting approval: the same proposal is still open, and its approval leads to one rollback and a resolved incident', async () => {
  const before = (await stage.calls()).length;
  const asked = await broken();
  await stage.kill();
  await stage.startAgain();
  const still = await stage.api().incident(asked.incidentId);
  expect(still).toMatchObject({ status: 'awaiting-approval', proposal: { proposal: { digest: asked.proposal?.proposal.digest } } });
  await approve(asked);
  expect(await resolved(asked)).toMatchObject({ outcome: { kind: 'fixed' } });
  expect(await since(before)).toEqual(ONE_ROLLBACK);
}, 150_000);

test('killed in the middle of the rollback: the next one finds it under way or done, and does not deploy again', async () => {
  const before = (await stage.calls()).length;
  const asked = await broken();
  await approve(asked);
  await until(async () => ((await stage.calls())[before]?.state === 'started' ? true : undefined), 'the rollback to begin');
  await stage.kill();
  expect(
    await stage
      .api()
      .incidents({})
      .catch(() => 'gone'),
  ).toBe('gone');
  await stage.startAgain();
  const done = await resolved(asked);
  expect(done).toMatchObject({ outcome: { kind: 'fixed' } });
  expect(await since(before)).toEqual(ONE_ROLLBACK);
  const effects = (await stage.api().timeline(asked.incidentId)).filter((entry) => entry.kind === 'effect');
  expect(effects.map((entry) => entry.summary)).toEqual([expect.stringContaining('found done by an earlier attempt')]);
}, 150_000);

test('killed while verifying: the measurement is made by the next one, and nothing is done twice', async () => {
  const before = (await stage.calls()).length;
  const asked = await broken();
  await approve(asked);
  await stage.incident((view) => view.incidentId === asked.incidentId && view.status === 'verifying');
  await stage.kill();
  await stage.startAgain();
  expect(await resolved(asked)).toMatchObject({ outcome: { kind: 'fixed' }, remediation: { verdict: 'recovered' } });
  expect(await since(before)).toEqual(ONE_ROLLBACK);
}, 150_000);

test('killed right after 202, before Temporal could have the alert: the alert opens its incident once Nightshift is back', async () => {
  const [server = 0] = childrenOf(stage.temporal.pid);
  const key = await stage.api().createKey('sender', 'responder');
  process.kill(server, 'SIGSTOP');
  try {
    const reply = await fetch(`${stage.doors().api}/v1/alerts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ service: 'payments', environment: 'demo', name: 'CardsDeclined', severity: 'sev2', summary: 'cards are declined' }),
    });
    expect(reply.status).toBe(202);
    await stage.kill();
  } finally {
    process.kill(server, 'SIGCONT');
  }
  await stage.startAgain();
  const opened = await stage.incident((view) => view.round > 0, 'payments');
  told.push(opened.incidentId);
  expect(opened).toMatchObject({ alertCount: 1, alerts: [{ name: 'CardsDeclined' }] });
}, 90_000);

test('after all of that the audit is whole, in the store and in the files', async () => {
  const verify = stage.place.run(MAIN, ['audit', 'verify', '--json', '--config', stage.configFile], {
    NIGHTSHIFT_API_URL: stage.doors().api,
    NIGHTSHIFT_API_KEY: (await stage.api().createKey('auditor', 'viewer')).key,
  });
  expect(await verify.ended).toMatchObject({ code: 0 });
  expect(JSON.parse(verify.stdout())).toMatchObject({ faults: [] });
  expect(told).toHaveLength(4);
  for (const incidentId of told) expect(checkAuditLines(auditLines(stage.home, incidentId)).faults).toEqual([]);
}, 30_000);

test('every notification came, and all copies of one carry the same id', async () => {
  const key = (hook: { incidentId: string; round: number; reason: string }): string => `${hook.incidentId} ${String(hook.round)} ${hook.reason}`;
  const wanted = told.slice(0, 3).flatMap((incidentId) => ['proposed', 'resolved'].map((reason) => key({ incidentId, round: 1, reason })));
  await until(
    () => Promise.resolve(wanted.every((one) => stage.hooks().some((hook) => key(hook) === one)) ? true : undefined),
    `the notifications ${wanted.join(', ')}`,
  );
  const pairs = new Set(stage.hooks().map((hook) => `${hook.id} ${key(hook)}`));
  expect(pairs.size).toBe(new Set(stage.hooks().map((hook) => hook.id)).size);
  expect(pairs.size).toBe(new Set(stage.hooks().map(key)).size);
}, 30_000);
