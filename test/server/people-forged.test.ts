import { startWebhook } from '../fakes/webhook';
import type { FakeWebhook } from '../fakes/webhook';
import { startHarness, serviceName } from './harness';
import type { Harness } from './harness';
import { breakServices, digestOf, MADE_UP, rawUpdate, records, seen, signed, someone, statement, workflowOf } from './people';
import type { IncidentView } from '../../domain/incident-view';

const [shop, vault, cart] = [serviceName('shop'), serviceName('vault'), serviceName('cart')];
let h: Harness;
let sink: FakeWebhook;
let asked: readonly [IncidentView, IncidentView, IncidentView];

beforeAll(async () => {
  sink = await startWebhook();
  h = await startHarness({
    services: [shop, vault, cart],
    notifications: [{ channel: 'hook', kind: 'webhook', url: sink.url }],
    policy: { rules: [{ service: vault, mode: 'approve', quorum: 2 }], approvals: { allowUnverified: false } },
  });
  await someone(h, 'ben', 'approver');
  asked = (await breakServices(h, [shop, vault, cart])) as [IncidentView, IncidentView, IncidentView];
}, 60_000);
afterAll(async () => {
  await h.close();
  await sink.close();
});

const told = (view: IncidentView): string[] =>
  sink.received
    .map((hook) => JSON.parse(hook.body) as { incidentId: string; reason: string })
    .flatMap((n) => (n.incidentId === view.incidentId ? [n.reason] : []));
const forged = (view: IncidentView, count: number) => records(h, view, (r) => r.kind === 'decision-refused' && r.actor === 'unverified:ben', count);
const waiting = (service: string, view: IncidentView) => seen(h, service, (v) => v.status === 'awaiting-approval' && digestOf(v) === digestOf(view));

test.each(['approve', 'reject'] as const)('an unsigned %s by a plain Temporal client has no effect and stands in the audit', async (verdict) => {
  const [view] = asked;
  const before = (await h.store.audit.read(view.incidentId)).filter((r) => r.kind === 'decision-refused').length;
  expect(await rawUpdate(h, view, 'decide', statement(view, { verdict }))).toBe('forbidden');
  await workflowOf(h, view).signal('decide', statement(view, { verdict }));
  await forged(view, before + 2);
  expect(await waiting(shop, view)).toMatchObject({ proposal: { state: 'open', approvals: [] } });
});

test.each(['approve', 'reject'] as const)('neither has an %s with a made-up signature, as update or as signal', async (verdict) => {
  const [view] = asked;
  const before = (await forged(view, 0)).length;
  await rawUpdate(h, view, 'decide', { ...statement(view, { verdict }), signature: MADE_UP });
  await forged(view, before + 1);
  await waiting(shop, view);
  await workflowOf(h, view).signal('decide', { ...statement(view, { verdict }), signature: MADE_UP });
  await forged(view, before + 2);
  await waiting(shop, view);
  expect(h.practice(shop).ledger).toEqual([]);
  expect(told(view)).not.toContain('approved');
});

test('forged edited parameters and a forged break-glass have no effect either', async () => {
  const [view] = asked;
  const before = (await forged(view, 0)).length;
  const edit = { parameters: { from: '1.5.0', to: '1.5.1' } };
  await rawUpdate(h, view, 'decide', { ...statement(view, edit), signature: MADE_UP });
  await forged(view, before + 1);
  await waiting(shop, view);
  await rawUpdate(h, view, 'decide', { ...statement(view, { breakGlass: true }), signature: MADE_UP });
  await forged(view, before + 2);
  await waiting(shop, view);
  expect(h.practice(shop).ledger).toEqual([]);
});

test('a real approval afterwards works, and the audit chain is whole', async () => {
  const [view] = asked;
  const ben = await someone(h, 'ben', 'approver');
  expect((await ben.decide(view)).body).toMatchObject({ result: 'approved' });
  await seen(h, shop, (v) => v.status === 'resolved');
  expect(h.practice(shop).ledger).toHaveLength(1);
  expect(await h.store.audit.verify({ stream: view.incidentId })).toMatchObject({ faults: [] });
}, 60_000);

test('a forged second approval does not complete a quorum, and does not take the real first one with it', async () => {
  const [, view] = asked;
  const [ben, cleo] = [await someone(h, 'ben', 'approver'), await someone(h, 'cleo', 'approver')];
  await cleo.decide(view);
  await rawUpdate(h, view, 'decide', { ...statement(view), signature: MADE_UP });
  await forged(view, 1);
  expect((await waiting(vault, view)).proposal?.approvals).toEqual(['cleo']);
  expect(h.practice(vault).ledger).toEqual([]);
  expect((await ben.decide(view)).body).toMatchObject({ result: 'approved' });
  await seen(h, vault, (v) => v.status === 'resolved');
  expect(h.practice(vault).ledger).toHaveLength(1);
}, 60_000);

test('garbage in the signals neither fails nor blocks the incident, and a good decision as a signal acts', async () => {
  const [, , view] = asked;
  const workflow = workflowOf(h, view);
  const { incidentId } = view;
  const alert = {
    id: 'a',
    fingerprint: 'f',
    name: 'N',
    source: 's',
    service: cart,
    summary: '',
    startsAt: 'yesterday',
    severity: 'awful',
    status: 'firing',
    labels: {},
  };
  for (const alerts of [undefined, null, 'text', { length: 2 }, [null], [alert], [{ ...alert, startsAt: new Date().toISOString() }]])
    await workflow.signal('alerts', alerts);
  for (const progress of [undefined, null, 7, { incidentId, round: 1 }, { incidentId, round: 1, effects: [null] }]) await workflow.signal('progress', progress);
  for (const decision of [undefined, null, 'yes', {}, { ...statement(view), verdict: 'ok' }, { ...statement(view), signature: 'x'.repeat(10_000) }]) {
    await workflow.signal('decide', decision);
  }
  await records(h, view, (r) => r.kind === 'decision-refused' && r.actor === 'unknown', 6);
  expect((await workflow.describe()).status.name).toBe('RUNNING');
  expect(await waiting(cart, view)).toMatchObject({ severity: view.severity });
  await workflow.signal('decide', await signed(h, statement(view)));
  await seen(h, cart, (v) => v.status === 'resolved');
  await records(h, view, (r) => r.kind === 'decision' && r.actor === 'person:ben' && r.data?.['via'] === 'signal');
}, 60_000);

test('where unverified answers are allowed an unsigned one counts, and is recorded as unverified', async () => {
  const service = serviceName('open');
  const open = await startHarness({ services: [service], policy: { approvals: { allowUnverified: true } } });
  try {
    const [view] = (await breakServices(open, [service])) as [IncidentView];
    expect(await rawUpdate(open, view, 'decide', { ...statement(view), signature: MADE_UP })).toMatchObject({ result: 'approved' });
    await records(open, view, (r) => r.kind === 'decision-refused' && r.summary.includes('does not fit its words'));
    await seen(open, service, (v) => v.status === 'awaiting-approval');
    expect(await rawUpdate(open, view, 'decide', statement(view))).toMatchObject({ result: 'approved' });
    await seen(open, service, (v) => v.status === 'resolved');
    await records(open, view, (r) => r.kind === 'decision' && r.actor === 'unverified:ben');
    expect(open.practice(service).ledger).toHaveLength(1);
  } finally {
    await open.close();
  }
}, 90_000);
