import type { AuditRecord } from '../../domain/audit';
import type { IncidentView } from '../../domain/incident-view';
import { targetId } from '../../domain/inventory';
import { isForetold, isPrediction } from '../../domain/prediction/foretold';
import { fallsOnce, fixedAutonomy } from '../../scripts/histories/autonomy';
import { startWebhook } from '../fakes/webhook';
import type { FakeWebhook } from '../fakes/webhook';
import { sampleAlert } from '../fakes/sample-incident';
import { serviceName, startHarness } from './harness';
import type { Harness } from './harness';
import { breakServices, seen, someone } from './people';
import { until } from './until';

const [acted, waited, objected, fallen, shadowed] = ['acted', 'waited', 'objected', 'fallen', 'shadowed'].map(serviceName) as [
  string,
  string,
  string,
  string,
  string,
];
const [held, over] = [serviceName('held'), serviceName('over')];
const services = [acted, waited, objected, fallen, shadowed, held];
/** What another incident would run on the target of `held`. */
const lock = `remediation:${targetId({ provider: 'local', partition: 'local', account: 'practice', region: 'local', kind: 'service', id: held })}`;
let h: Harness;
let sink: FakeWebhook;
const audit = async (view: IncidentView): Promise<readonly AuditRecord[]> => h.store.audit.read(view.incidentId);
const told = (view: IncidentView): { reason: string; text: string }[] =>
  sink.received.map((hook) => JSON.parse(hook.body) as { reason: string; text: string; incidentId: string }).filter((n) => n.incidentId === view.incidentId);

beforeAll(async () => {
  sink = await startWebhook();
  h = await startHarness({
    services: [...services, over],
    autonomy: fixedAutonomy(fallsOnce(fallen)),
    // Nobody asks for `veto` and `acting` by name.
    notifications: [{ channel: 'hook', kind: 'webhook', allowPrivate: true, url: sink.url, on: ['opened', 'proposed', 'escalated', 'resolved'] }],
    policy: {
      autonomy: { vetoFor: '12s' },
      rules: [
        { service: waited, mode: 'veto' },
        { service: objected, mode: 'veto' },
        { service: over, mode: 'veto' },
        { service: shadowed, mode: 'shadow' },
        { service: acted, mode: 'auto' },
        { service: fallen, mode: 'auto' },
        { service: held, mode: 'auto' },
      ],
    },
  });
  await h.client.workflow.start('remediation', { workflowId: lock, taskQueue: 'nobody', args: [] });
  await breakServices(h, [over]);
  await endsForetold(over);
  await breakServices(h, services);
}, 90_000);
afterAll(async () => {
  await h.close();
  await sink.close();
});

const now = (): string => new Date().toISOString();

/** Something is predicted of a service, and then what is broken there ends, while people may still object. */
async function endsForetold(service: string): Promise<void> {
  const told = sampleAlert(`${service}/told`, { environment: 'test', service, name: 'PredictedBreach', source: 'forecast', signal: 'saturation:pool' });
  await h.store.inbox.accept([{ ...told, startsAt: now() }], Date.now(), 1000);
  const { workflowId } = await seen(h, service, () => true);
  // The store's view is written when there is more to tell, so the workflow itself is asked.
  const asked = async (what: string, ready: (v: IncidentView) => boolean): Promise<IncidentView> =>
    until(async () => [await h.client.workflow.getHandle(workflowId).query<IncidentView>('incident')].find(ready), what);
  const { alerts } = await asked('the prediction', (v) => v.alerts.some(isPrediction));
  h.practice(service).deploy('1.4.0', 'ana');
  const ends = alerts
    .filter((alert) => !isPrediction(alert))
    .map((alert) => sampleAlert(`${service}/${alert.fingerprint}/end`, { ...alert, environment: 'test', service, status: 'resolved', endsAt: now() }));
  await h.store.inbox.accept(ends, Date.now(), 1000);
  const view = await asked('the end of what is broken', (v) => isForetold(v.alerts));
  expect(view).toMatchObject({ status: 'awaiting-approval', proposal: { policy: { mode: 'veto' } } });
}

test('under veto a person who objects in time ends it, with the reason; nothing is changed', async () => {
  const view = await seen(h, objected, (v) => v.proposal?.actsAt !== undefined);
  const ben = await someone(h, 'ben', 'approver');
  expect((await ben.decide(view, { verdict: 'reject', reason: 'the sale is on' })).body).toMatchObject({ result: 'rejected' });
  expect(await seen(h, objected, (v) => v.status === 'escalated')).toMatchObject({
    proposal: { state: 'rejected' },
    reason: 'ben rejected the proposal: the sale is on',
  });
});

test('a worker that is gone between announcing and acting does neither twice: it acts when there is one again', async () => {
  const announced = await seen(h, waited, (v) => v.proposal?.actsAt !== undefined && v.status === 'awaiting-approval');
  expect(announced.proposal?.policy).toMatchObject({ mode: 'veto', confidence: 0.962, outcomes: 212, corroborated: true });
  await h.stop();
  await h.restart();
  const done = await seen(h, waited, (v) => v.status === 'resolved', 40_000);
  expect(done).toMatchObject({ outcome: { kind: 'fixed', runbook: 'rollback-release@1' }, proposal: { approvals: [] } });
  const records = await audit(done);
  expect(records.filter(({ kind }) => kind === 'effect')).toHaveLength(1);
  const began = records.find(({ kind }) => kind === 'remediating');
  expect(Date.parse(began?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(announced.proposal?.actsAt ?? ''));
  expect(began).toMatchObject({ actor: 'policy', data: { authority: 'record', mode: 'veto', confidence: 0.962, outcomes: 212 } });
  expect(began?.summary).toMatch(/begins as nobody objected: by its record, 0\.962 proven over 212 outcomes\.$/);
  const veto = told(done).filter(({ reason }) => reason === 'veto');
  expect(veto).toHaveLength(1);
  expect(veto[0]?.text).toMatch(/incident reject inc-/);
});

test('under auto it acts at once by its record, and people are told what it does and how to stop it', async () => {
  const done = await seen(h, acted, (v) => v.status === 'resolved', 40_000);
  expect(done.outcome).toMatchObject({ kind: 'fixed' });
  const kinds = (await audit(done)).map(({ kind }) => kind);
  expect(kinds).not.toContain('decision');
  expect(kinds.indexOf('proposed')).toBeLessThan(kinds.indexOf('remediating'));
  const acting = told(done).filter(({ reason }) => reason === 'acting');
  expect(acting).toHaveLength(1);
  expect(acting[0]?.text).toMatch(/acts alone by its record, 0\.962 proven over 212 outcomes/);
  expect(acting[0]?.text).toMatch(/incident take-over inc-/);
});

test('what fell between diagnosis and action is not done: the incident goes on to ask a person', async () => {
  const view = await seen(h, fallen, (v) => v.status === 'awaiting-approval' && v.proposal?.policy.mode === 'approve');
  expect(view.proposal).toMatchObject({ state: 'open', approvals: [] });
  expect(view.proposal?.actsAt).toBeUndefined();
  expect((await audit(view)).map(({ kind }) => kind)).not.toContain('effect');
  const ben = await someone(h, 'ana', 'approver');
  expect((await ben.decide(view)).body).toMatchObject({ result: 'approved' });
  expect(await seen(h, fallen, (v) => v.status === 'resolved', 40_000)).toMatchObject({ outcome: { kind: 'fixed' }, proposal: { approvals: ['ana'] } });
});

test('in shadow people are told what is wrong and are asked for nothing; what it would have done is noted', async () => {
  const view = await seen(h, shadowed, (v) => v.status === 'escalated');
  expect(view.proposal).toMatchObject({ state: 'shadowed', policy: { mode: 'shadow' } });
  expect((await audit(view)).find(({ kind }) => kind === 'proposed')).toMatchObject({
    summary: expect.stringMatching(/^Would have done: Roll a release back/) as string,
    data: { mode: 'shadow' },
  });
  expect(await (await someone(h, 'eve', 'approver')).decide(view)).toMatchObject({ status: 409 });
  const message = told(view).find(({ reason }) => reason === 'escalated');
  expect(message?.text).not.toMatch(/Roll a release back|incident approve/);
});

test('a person who did by hand what would have been done is signed for at the door, and the signature is checked on its way into the ledger', async () => {
  const view = await seen(h, shadowed, (v) => v.status === 'escalated');
  const lea = await someone(h, 'lea', 'approver');
  const said = { did: 'rolled it back', runbook: 'rollback-release' };
  expect((await lea.send('POST', `/v1/incidents/${view.incidentId}/resolve`, said)).body).toMatchObject({ result: 'resolved' });
  await seen(h, shadowed, (v) => v.status === 'resolved');
  const kind = { runbook: 'rollback-release', cause: 'bad-release', environment: 'test', services: [shadowed] } as const;
  const lines = await h.store.outcomes.linesOf({ ...kind, limit: 10 });
  expect(lines.filter(({ actedBy }) => actedBy === 'person')).toMatchObject([{ incidentId: view.incidentId, corroborated: true }]);
});

test('what has ended in the time of a veto, so that only a prediction is left, is not done: a person is asked', async () => {
  const view = await seen(h, over, (v) => v.status !== 'awaiting-approval' || v.proposal?.policy.mode === 'approve', 40_000);
  expect(view).toMatchObject({
    status: 'awaiting-approval',
    proposal: {
      state: 'open',
      policy: { reason: expect.stringMatching(/A person is asked now: What was broken has ended, and the rest is only predicted\.$/) as string },
    },
  });
  expect(view.proposal?.actsAt).toBeUndefined();
  expect((await audit(view)).map(({ kind }) => kind)).not.toContain('remediating');
});

test('what would act alone does not wait for a target that another incident holds: a person is asked, and it is done once', async () => {
  const view = await seen(h, held, (v) => v.status === 'awaiting-approval' && v.proposal?.actsAt === undefined);
  expect(view.proposal).toMatchObject({
    state: 'open',
    policy: { mode: 'approve', reason: expect.stringMatching(/Another incident holds the target/) as string },
  });
  await h.client.workflow.getHandle(lock).terminate('the other incident is over');
  expect(h.practice(held).ledger).toEqual([]);
  expect((await (await someone(h, 'kim', 'approver')).decide(view)).body).toMatchObject({ result: 'approved' });
  expect(await seen(h, held, (v) => v.status === 'resolved', 40_000)).toMatchObject({ outcome: { kind: 'fixed' }, proposal: { approvals: ['kim'] } });
  expect(h.practice(held).ledger).toHaveLength(1);
});
