import type { AuditRecord } from '../../domain/audit';
import type { IncidentView } from '../../domain/incident-view';
import { fallsOnce, fixedAutonomy } from '../../scripts/histories/autonomy';
import { startWebhook } from '../fakes/webhook';
import type { FakeWebhook } from '../fakes/webhook';
import { serviceName, startHarness } from './harness';
import type { Harness } from './harness';
import { breakServices, seen, someone } from './people';

const [acted, waited, objected, fallen, shadowed] = ['acted', 'waited', 'objected', 'fallen', 'shadowed'].map(serviceName) as [
  string,
  string,
  string,
  string,
  string,
];
const services = [acted, waited, objected, fallen, shadowed];
let h: Harness;
let sink: FakeWebhook;
const audit = async (view: IncidentView): Promise<readonly AuditRecord[]> => h.store.audit.read(view.incidentId);
const told = (view: IncidentView): { reason: string; text: string }[] =>
  sink.received.map((hook) => JSON.parse(hook.body) as { reason: string; text: string; incidentId: string }).filter((n) => n.incidentId === view.incidentId);

beforeAll(async () => {
  sink = await startWebhook();
  h = await startHarness({
    services,
    autonomy: fixedAutonomy(fallsOnce(fallen)),
    // Nobody asks for `veto` and `acting` by name.
    notifications: [{ channel: 'hook', kind: 'webhook', allowPrivate: true, url: sink.url, on: ['opened', 'proposed', 'escalated', 'resolved'] }],
    policy: {
      autonomy: { vetoFor: '12s' },
      rules: [
        { service: waited, mode: 'veto' },
        { service: objected, mode: 'veto' },
        { service: shadowed, mode: 'shadow' },
        { service: acted, mode: 'auto' },
        { service: fallen, mode: 'auto' },
      ],
    },
  });
  await breakServices(h, services);
}, 60_000);
afterAll(async () => {
  await h.close();
  await sink.close();
});

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
