import type { IncidentView } from '../../domain/incident-view';
import type { ApiClient } from '../../cli/client';
import { serviceName, startHarness } from './harness';
import type { Harness } from './harness';
import { approved, kinds, PATIENCE, proposed, settled } from './story';
import { until } from './until';

const [first, second, left, right, moved, ended] = ['first', 'second', 'left', 'right', 'moved', 'ended'].map(serviceName) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const ghost = serviceName('ghost');
let h: Harness;
let ben: ApiClient;

beforeAll(async () => {
  h = await startHarness({
    services: [first, second, left, right, moved, ended],
    // Alerts of services that call each other would be one incident, and two are needed for one target.
    ...{ dependsOn: { [right]: [left] }, sections: { correlation: { enabled: false } } },
    policy: { limits: { actionsPerHour: 50, attemptsPerTargetPerDay: 20 } },
  });
  ben = await h.as('ben', 'approver');
}, 2 * PATIENCE);
afterAll(() => h.close());

const awaiting = (v: IncidentView): boolean => v.status === 'awaiting-approval';
const fixed = (v: IncidentView): boolean => v.status === 'resolved' && v.outcome?.kind === 'fixed';

async function bothProposed(...services: readonly [string, string]): Promise<readonly [IncidentView, IncidentView]> {
  for (const service of services) await settled(h, service);
  for (const service of services) h.practice(service).deploy('1.5.0', 'ana');
  return Promise.all([h.incident(services[0], awaiting, PATIENCE), h.incident(services[1], awaiting, PATIENCE)]);
}

test('two services at once are told apart, and each gets its own rollback', async () => {
  const [one, two] = await bothProposed(first, second);
  const done = await Promise.all([approved(h, ben, one, fixed), approved(h, ben, two, fixed)]);
  expect(done[0].incidentId).not.toBe(done[1].incidentId);
  for (const service of [first, second]) expect(h.practice(service).ledger.map((e) => e.release)).toEqual(['1.4.0']);
  expect(h.practice(first).ledger[0]?.token).not.toBe(h.practice(second).ledger[0]?.token);
  for (const view of done) expect(view.alerts.every((a) => a.service === undefined)).toBe(true);
}, 90_000);

test('a later incident of the same service names the earlier one, and its rollback has a token of its own', async () => {
  const before = await h.incident(first, fixed);
  const again = await proposed(h, first);
  expect(again.incidentId).not.toBe(before.incidentId);
  const done = await approved(h, ben, again, fixed);
  expect(done.predecessor).toBe(before.incidentId);
  expect(before.predecessor).toBeUndefined();
  const tokens = h.practice(first).ledger.map((e) => e.token);
  expect(tokens).toHaveLength(2);
  expect(new Set(tokens).size).toBe(2);
}, 90_000);

test('two incidents that would change one target wait for each other: the second says so once, and does not repeat what the first did', async () => {
  h.practice(left).deployMs = 4_000;
  for (const service of [left, right]) await settled(h, service);
  h.practice(left).deploy('1.5.0', 'ana');
  h.practice(right).bad.add('1.4.0');
  const [one, two] = await Promise.all([h.incident(left, awaiting, PATIENCE), h.incident(right, awaiting, PATIENCE)]);
  expect(two.proposal?.proposal).toMatchObject({ suspect: left, target: one.proposal?.proposal.target });
  await approved(h, ben, one, (v) => v.status === 'remediating');
  await until(() => Promise.resolve(h.practice(left).ledger[0]), 'the first holds the target', PATIENCE);
  await approved(h, ben, two, (v) => v.status === 'remediating');
  await until(() => Promise.resolve(h.practice(left).ledger[0]?.endedAt), 'the rollback ends', PATIENCE);
  h.practice(right).bad.clear();
  await h.incident(left, fixed, PATIENCE);
  const done = await h.incident(right, (v) => v.status === 'resolved', PATIENCE);
  const entries = await h.api.timeline(done.incidentId);
  const held = entries.filter((e) => e.summary.startsWith('Another incident holds'));
  expect(held.map((e) => e.summary)).toEqual([expect.stringContaining(`remediation:local/local/practice/local/service/${left}`)]);
  expect(entries.find((e) => e.kind === 'refused')?.summary).toContain('Release 1.5.0 was expected to run');
  expect(done.outcome?.kind).toBe('recovered-unaided');
  expect(h.practice(left).ledger).toHaveLength(1);
}, 120_000);

test('an account that is not the expected one is refused, and nothing is done', async () => {
  const asked = await proposed(h, moved);
  h.practice(moved).account = 'somebody-else';
  const refused = await approved(h, ben, asked, (v) => v.status === 'escalated');
  expect(refused.reason).toContain('is expected in practice/local, but somebody-else/local answered');
  expect(h.practice(moved).ledger).toEqual([]);
  h.practice(moved).account = 'practice';
}, 90_000);

test('alerts of unknown services meet in one incident per environment and source, which says what is missing', async () => {
  const source = serviceName('probe');
  await h.alert(ghost, { source, summary: 'nobody knows me' });
  const of = async (where: string): Promise<IncidentView | undefined> =>
    (await h.api.incidents({ service: 'unrouted', limit: 100 })).incidents.find((v) => v.workflowId === where && v.status === 'escalated');
  const view = await until(() => of(`incident:test:unrouted:${source}`), 'the unrouted incident', PATIENCE);
  expect(view.reason).toContain(`knows no service ${ghost}`);
  expect(view.reason).toContain('services');
  expect(view.title).toContain(ghost);
  await h.alert(`${ghost}-too`, { source, summary: 'nor me' });
  await h.alert(ghost, { source, environment: 'elsewhere' });
  await until(() => of(`incident:elsewhere:unrouted:${source}`), 'the one of the other environment', PATIENCE);
  const joined = async () => (await kinds(h, view)).filter((kind) => kind === 'alert').length;
  await ben.tell(view.incidentId, 'note', 'looking').catch(() => h.api.tell(view.incidentId, 'note', 'looking'));
  await until(async () => ((await joined()) === 1 ? true : undefined), 'the other unknown service joins', PATIENCE);
  expect((await h.api.timeline(view.incidentId)).find((e) => e.kind === 'alert')?.summary).toContain(`on ${ghost}-too`);
}, 90_000);

test('the end of a condition that was never open opens no incident', async () => {
  await h.alert(ended, { status: 'resolved' });
  const result = await until(
    () =>
      h.client.workflow
        .getHandle(`incident:test:${ended}`)
        .result()
        .catch(() => undefined),
    'the message is taken in',
    PATIENCE,
  );
  expect(result).toMatchObject({ status: 'ignored' });
  expect((await h.api.incidents({ service: ended })).incidents).toEqual([]);
}, 90_000);

test('an incident is found by its search attributes, and its page in the Temporal UI can be acted on', async () => {
  const asked = await proposed(h, second);
  const handle = h.client.workflow.getHandle(asked.workflowId, asked.runId);
  const details = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata').then((m) => m.currentDetails);
  expect(details).toContain('## Proposed: Roll a release back');
  expect(details).toContain(asked.proposal?.proposal.digest);
  expect(details).toContain(`npx nightshift incident approve ${asked.incidentId}`);
  await approved(h, ben, asked, fixed);
  await handle.result();
  const { searchAttributes } = await handle.describe();
  expect(searchAttributes).toMatchObject({
    ...{ NightshiftService: [second], NightshiftEnvironment: ['test'], NightshiftStatus: ['resolved'] },
    ...{ NightshiftCause: ['bad-release'], NightshiftRunbook: ['rollback-release'], NightshiftSeverity: [expect.stringMatching(/^sev[1-4]$/)] },
  });
  expect(await handle.describe().then((d) => d.staticSummary())).toContain('test');
  const query = `NightshiftService = '${second}' AND NightshiftStatus = 'resolved' AND NightshiftRunbook = 'rollback-release'`;
  const found = await until(
    async () => {
      const runs: string[] = [];
      for await (const run of h.client.workflow.list({ query })) runs.push(run.runId);
      return runs.includes(asked.runId) ? runs : undefined;
    },
    'the server lists it',
    PATIENCE,
  );
  expect(found).toContain(asked.runId);
}, 90_000);
