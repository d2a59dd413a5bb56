import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { startWebhook } from '../fakes/webhook';
import type { FakeWebhook } from '../fakes/webhook';
import { startHarness, serviceName } from './harness';
import type { Harness } from './harness';
import { breakServices, digestOf, MADE_UP, rawUpdate, records, seen, signed, someone, statement, workflowOf } from './people';
import type { IncidentView } from '../../domain/incident-view';
import { until } from './until';

const [shop, vault, cart, late] = [serviceName('shop'), serviceName('vault'), serviceName('cart'), serviceName('late')];
let h: Harness;
let sink: FakeWebhook;
let asked: readonly [IncidentView, IncidentView, IncidentView, IncidentView];

beforeAll(async () => {
  sink = await startWebhook();
  h = await startHarness({
    services: [shop, vault, cart, late],
    notifications: [{ channel: 'hook', kind: 'webhook', allowPrivate: true, url: sink.url }],
    policy: { rules: [{ service: vault, mode: 'approve', quorum: 2 }], approvals: { allowUnverified: false } },
  });
  await someone(h, 'ben', 'approver');
  asked = (await breakServices(h, [shop, vault, cart, late])) as [IncidentView, IncidentView, IncidentView, IncidentView];
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
  // Nobody is called because of a glass that nobody broke.
  expect(told(view)).not.toContain('break-glass');
  expect((await h.store.audit.read(view.incidentId)).map((r) => r.kind)).not.toContain('break-glass');
});

test('a real approval afterwards works, and the audit chain is whole', async () => {
  const [view] = asked;
  const ben = await someone(h, 'ben', 'approver');
  expect((await ben.decide(view)).body).toMatchObject({ result: 'approved' });
  await seen(h, shop, (v) => v.status === 'resolved');
  expect(h.practice(shop).ledger).toHaveLength(1);
  expect(await h.store.audit.verify({ stream: view.incidentId })).toMatchObject({ faults: [] });
}, 60_000);

test('a signed answer that is sent again changes nothing, and each time it stands in the audit', async () => {
  const [, view] = asked;
  const dora = await signed(h, statement(view, { person: 'dora' }));
  await someone(h, 'dora', 'approver');
  expect(await rawUpdate(h, view, 'decide', dora)).toMatchObject({ result: 'recorded' });
  expect(await rawUpdate(h, view, 'decide', dora)).toBe('conflict');
  await workflowOf(h, view).signal('decide', dora);
  await records(h, view, (r) => r.kind === 'decision-refused' && r.actor === 'person:dora' && r.summary.includes('counts once'), 2);
  expect((await waiting(vault, view)).proposal?.approvals).toEqual(['dora']);
  expect(h.practice(vault).ledger).toEqual([]);
});

test('a forged second approval does not complete a quorum, and does not take the real first one with it', async () => {
  const [, view] = asked;
  const ben = await someone(h, 'ben', 'approver');
  const before = (await forged(view, 0)).length;
  await rawUpdate(h, view, 'decide', { ...statement(view), signature: MADE_UP });
  await forged(view, before + 1);
  expect((await waiting(vault, view)).proposal?.approvals).toEqual(['dora']);
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

test('whatever comes as a signal or an update, the incident goes on as it was', async () => {
  const view = asked[3];
  const { incidentId } = view;
  const words = [
    'incidentId',
    'round',
    'effects',
    'proposal',
    'verdict',
    'parameters',
    'reason',
    'at',
    'acceptBy',
    'signature',
    'breakGlass',
    'note',
    'id',
    'labels',
    '__proto__',
  ];
  const leaf = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(incidentId, digestOf(view), 'approve', 1, new Date().toISOString(), 'x'.repeat(5000)));
  // Whoever gives a name may say something; what has none is nobody's word.
  const anything = fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(fc.constantFrom(...words), leaf, { maxKeys: 8 }));
  const workflow = workflowOf(h, view);
  for (const payload of fc.sample(anything, { numRuns: 40, seed: 7 })) {
    for (const name of ['alerts', 'progress', 'decide', 'stop', 'nonsense']) await workflow.signal(name, payload);
    for (const name of ['decide', 'acknowledge', 'note', 'takeOver', 'handBack', 'resolve']) {
      expect(['invalid_input', 'conflict', 'stale_proposal', 'forbidden', 'not_recorded', 'expired']).toContain(await rawUpdate(h, view, name, payload));
    }
  }
  const ben = await someone(h, 'ben', 'approver');
  expect(await ben.send('POST', `/v1/incidents/${incidentId}/note`, { note: 'still here' })).toMatchObject({ status: 200 });
  await records(h, view, (r) => r.kind === 'note' && r.summary === 'still here');
  expect((await workflow.describe()).status.name).toBe('RUNNING');
  expect(await waiting(late, view)).toMatchObject({ severity: view.severity, proposal: { state: 'open', approvals: [] } });
}, 60_000);

test('a report of effects that are not recorded as done is noted and does not count; the real ones do', async () => {
  const view = asked[3];
  h.practice(late).deployMs = 4_000;
  await (await someone(h, 'ben', 'approver')).decide(view);
  const [intended] = await until(() => Promise.resolve(h.practice(late).ledger[0] && [h.practice(late).ledger[0]]), 'the rollback begins');
  const effect = { step: 'deploy', name: 'Deleted the order book', detail: 'all of it', found: false, at: Date.now() };
  const { incidentId } = view;
  for (const token of [randomUUID(), intended?.token ?? ''])
    await workflowOf(h, view).signal('progress', { incidentId, round: 1, effects: [{ ...effect, token }] });
  await workflowOf(h, view).signal('progress', { incidentId, round: 1, effects: [] });
  await records(h, view, (r) => r.kind === 'note' && r.actor === 'unknown' && r.summary.includes('not recorded as done'));
  expect((await h.store.incidents.get(incidentId))?.status).toBe('remediating');
  const done = await seen(h, late, (v) => v.status === 'resolved', 40_000);
  expect(done.remediation?.effects).toHaveLength(1);
  const entries = await h.store.audit.read(incidentId);
  expect(entries.filter((r) => r.kind === 'effect').map((r) => r.data?.['token'])).toEqual([intended?.token]);
  expect(JSON.stringify([entries, done])).not.toContain('order book');
  expect(entries.findIndex((r) => r.kind === 'effect')).toBeLessThan(entries.findIndex((r) => r.kind === 'verified'));
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
