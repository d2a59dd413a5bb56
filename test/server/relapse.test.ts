import type { IncidentView, LedgerOutcome, Transition } from '../../domain/incident-view';
import type { ApiClient } from '../../cli/client';
import { serviceName, startHarness } from './harness';
import type { Harness } from './harness';
import { approved, kinds, PATIENCE, proposed, settled, signal } from './story';
import { until } from './until';

const [again, unaided, late, closing, taken, older] = ['again', 'unaided', 'late', 'closing', 'taken', 'older'].map(serviceName) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
let h: Harness;
let ben: ApiClient;
/** Called with each transition before it is written. */
let before: (transition: Transition) => Promise<void> = () => Promise.resolve();
const outcomes: (LedgerOutcome & { readonly incidentId: string })[] = [];

beforeAll(async () => {
  h = await startHarness({
    services: [again, unaided, late, closing, taken, older],
    incidents: { watch: '10s' },
    policy: { limits: { actionsPerHour: 50, attemptsPerTargetPerDay: 20 } },
  });
  ben = await h.as('ben', 'approver');
  const { transitions } = h.store;
  const { apply } = transitions;
  const watched = async (transition: Transition): ReturnType<typeof apply> => {
    await before(transition);
    const head = await apply(transition);
    if (transition.outcome) outcomes.push({ incidentId: transition.incidentId, ...transition.outcome });
    return head;
  };
  Object.assign(transitions, { apply: watched });
}, 2 * PATIENCE);
afterAll(() => h.close());

const resolved = (v: IncidentView): boolean => v.status === 'resolved';
const watching = (v: IncidentView): boolean => v.status === 'watching' && v.outcome?.kind === 'fixed';
const verdicts = (view: IncidentView): string[] => outcomes.filter((o) => o.incidentId === view.incidentId).map((o) => `${String(o.round)} ${o.verdict}`);

test('a service that turns bad again while it is watched begins a new round, and counts against the runbook', async () => {
  const asked = await proposed(h, again);
  await approved(h, ben, asked, watching);
  const handle = h.client.workflow.getHandle(asked.workflowId, asked.runId);
  const calm = (v: IncidentView): true | undefined => v.alerts.every((a) => a.status === 'resolved') || undefined;
  await until(() => handle.query<IncidentView>('incident').then(calm), 'the first trouble has ended', PATIENCE);
  h.practice(again).bad.add('1.5.1');
  h.practice(again).deploy('1.5.1', 'cleo');
  const second = await h.incident(again, (v) => v.round === 2 && v.diagnosis !== undefined && v.status !== 'triaged', PATIENCE);
  expect(second).toMatchObject({
    incidentId: asked.incidentId,
    status: 'awaiting-approval',
    proposal: { proposal: { parameters: { from: '1.5.1', to: '1.4.0' } } },
  });
  expect(await kinds(h, second)).toContain('relapsed');
  expect(verdicts(second)).toEqual(['1 recovered', '1 relapsed']);
  const done = await approved(h, ben, second, resolved);
  expect(verdicts(done)).toEqual(['1 recovered', '1 relapsed', '2 recovered']);
  expect(new Set(h.practice(again).ledger.map((call) => call.token)).size).toBe(2);
}, 120_000);

test('a service that heals while an answer is awaited needs none: the proposal is withdrawn and nothing is done', async () => {
  await proposed(h, unaided);
  h.practice(unaided).deploy('1.4.0', 'ana');
  const done = await h.incident(unaided, resolved, PATIENCE);
  expect(done).toMatchObject({ outcome: { kind: 'recovered-unaided' }, proposal: { state: 'withdrawn' } });
  expect((await kinds(h, done)).slice(-3)).toEqual(['withdrawn', 'watching', 'resolved']);
  expect(h.practice(unaided).ledger).toEqual([]);
}, 90_000);

test('late copies of what was fixed are no relapse, whether their condition was known or not', async () => {
  const asked = await proposed(h, late);
  const fixed = await approved(h, ben, asked, watching);
  const [first] = asked.alerts;
  await h.alert(late, { id: 'late-copy', fingerprint: first?.fingerprint, startsAt: first?.startsAt, source: 'detector' });
  await h.alert(late, { id: 'late-news', name: 'AlsoSeen', startsAt: first?.startsAt });
  const done = await h.incident(late, resolved, PATIENCE);
  expect(done).toMatchObject({ incidentId: fixed.incidentId, round: 1, outcome: { kind: 'fixed' } });
  expect(done.alertCount).toBeGreaterThanOrEqual(3);
}, 90_000);

test('an alert that comes in the very moment of closing opens the incident again', async () => {
  const asked = await proposed(h, closing);
  let sent = false;
  before = async ({ incidentId, view }) => {
    if (sent || incidentId !== asked.incidentId || view.status !== 'resolved') return;
    sent = true;
    await signal(h, view, [{ id: `${closing}-news` }]);
  };
  await approved(h, ben, asked, (v) => v.round === 2 && v.status === 'escalated');
  expect(sent).toBe(true);
  const entries = await h.api.timeline(asked.incidentId);
  expect(entries.map((e) => e.summary)).toContain('QueueLong fires: the queue is long (joins, as it is of the same service)');
  expect(entries.map((e) => e.kind)).toContain('relapsed');
  before = () => Promise.resolve();
  await h.api.tell(asked.incidentId, 'resolve', 'seen to by hand');
  expect(await h.incident(closing, resolved, PATIENCE)).toMatchObject({ incidentId: asked.incidentId, outcome: { kind: 'resolved-by-person' } });
}, 90_000);

test('an incident that a person took and closed stays closed, though an alert came after the fix', async () => {
  const asked = await proposed(h, taken);
  const fixed = await approved(h, ben, asked, watching);
  await h.api.tell(fixed.incidentId, 'take-over');
  await h.incident(taken, (v) => v.status === 'handed-over', PATIENCE);
  await signal(h, fixed, [{ id: `${taken}-news` }]);
  await h.api.tell(fixed.incidentId, 'resolve', 'I have seen to that as well');
  const done = await h.incident(taken, resolved, PATIENCE);
  await h.client.workflow.getHandle(done.workflowId, done.runId).result();
  expect((await kinds(h, done)).slice(-1)).toEqual(['resolved']);
  expect(await h.incident(taken, resolved)).toMatchObject({ incidentId: asked.incidentId, outcome: { kind: 'resolved-by-person' } });
}, 90_000);

test('where the older of two releases is guilty, undoing the newer one is seen not to help, and the next round goes further back', async () => {
  const { bad } = h.practice(older);
  bad.clear();
  await settled(h, older);
  h.practice(older).deploy('1.5.0', 'ana');
  const deployedAt = Date.now();
  await until(() => Promise.resolve(Date.now() > deployedAt + 500 || undefined), 'the next release comes later');
  h.practice(older).deploy('1.5.1', 'cleo');
  bad.add('1.5.0').add('1.5.1');
  const first = await h.incident(older, (v) => v.status === 'awaiting-approval', PATIENCE);
  expect(first.proposal?.proposal.parameters).toEqual({ from: '1.5.1', to: '1.5.0' });
  const second = await approved(h, ben, first, (v) => v.round === 2 && v.status === 'awaiting-approval');
  expect(second.proposal?.proposal.parameters).toEqual({ from: '1.5.0', to: '1.4.0' });
  const done = await approved(h, ben, second, resolved);
  expect(done.outcome?.kind).toBe('fixed');
  expect(verdicts(done)).toEqual(['1 unchanged', '2 recovered']);
  expect(h.practice(older).ledger.map((e) => e.release)).toEqual(['1.5.0', '1.4.0']);
}, 120_000);
