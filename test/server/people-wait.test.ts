import { createHmac } from 'node:crypto';
import { startWebhook } from '../fakes/webhook';
import type { FakeWebhook } from '../fakes/webhook';
import { startHarness, serviceName } from './harness';
import type { Harness } from './harness';
import { breakServices, digestOf, rawUpdate, seen, signed, someone, statement } from './people';
import type { IncidentView } from '../../domain/incident-view';
import { until } from './until';

const [silent, whole, glass] = [serviceName('silent'), serviceName('whole'), serviceName('glass')];
let h: Harness;
let sinks: { json: FakeWebhook; slack: FakeWebhook; pager: FakeWebhook };
let views: readonly IncidentView[];
type Told = { id: string; incidentId: string; reason: string; text: string; incident: IncidentView };
const told = (view: IncidentView): Told[] => sinks.json.received.map((hook) => JSON.parse(hook.body) as Told).filter((n) => n.incidentId === view.incidentId);
const reasons = (view: IncidentView): string[] => told(view).map((n) => n.reason);
const until1 = (view: IncidentView, reason: string) => until(() => Promise.resolve(told(view).find((n) => n.reason === reason)), `the notification ${reason}`);
const paged = (view: IncidentView) =>
  sinks.pager.received.map((hook) => JSON.parse(hook.body) as Record<string, unknown>).filter((event) => event['dedup_key'] === view.incidentId);

beforeAll(async () => {
  sinks = { json: await startWebhook(), slack: await startWebhook(), pager: await startWebhook() };
  h = await startHarness({
    services: [silent, whole, glass],
    env: { HOOK_SECRET: 'a secret of at least some length', PAGER_KEY: 'r'.repeat(32) },
    notifications: [
      { channel: 'hook', kind: 'webhook', allowPrivate: true, url: sinks.json.url, secret: { env: 'HOOK_SECRET' } },
      { channel: 'chat', kind: 'webhook', allowPrivate: true, format: 'slack', url: sinks.slack.url },
      { channel: 'pager', kind: 'webhook', allowPrivate: true, format: 'pagerduty', url: sinks.pager.url, routingKey: { env: 'PAGER_KEY' } },
    ],
    policy: {
      rules: [{ service: glass, mode: 'approve', quorum: 2 }],
      approvals: {
        ...{ remindAfter: '9s', expireAfter: '16s', escalateTo: 'the duty lead', allowUnverified: false },
        approvers: [
          { role: 'approver', services: [silent, whole] },
          { person: 'eve', services: [glass] },
          { person: 'sam', services: [glass] },
        ],
        breakGlass: { enabled: true, role: 'approver' },
      },
    },
  });
  views = await breakServices(h, [silent, whole, glass]);
  await (await someone(h, 'ben', 'approver')).decide(views[1] as IncidentView);
}, 60_000);
afterAll(async () => {
  await h.close();
  await Promise.all(Object.values(sinks).map((sink) => sink.close()));
});

test('break-glass, where it is on, needs neither scope nor quorum, and is loud in audit and notification', async () => {
  const view = views[2] as IncidentView;
  const [ben, rita] = [await someone(h, 'ben', 'approver'), await someone(h, 'rita', 'responder')];
  expect(await ben.decide(view)).toMatchObject({ status: 403 });
  expect(await rita.decide(view, { breakGlass: true })).toMatchObject({ status: 403 });
  expect((await ben.decide(view, { breakGlass: true, reason: 'nobody else is awake' })).body).toMatchObject({ result: 'approved' });
  await until1(view, 'break-glass');
  expect((await h.store.audit.read(view.incidentId)).map((r) => `${r.actor} ${r.kind}`)).toContain('person:ben break-glass');
  await seen(h, glass, (v) => v.status === 'resolved');
  expect(h.practice(glass).ledger).toHaveLength(1);
}, 60_000);

test('a whole incident is told on every channel: signed, in the words of each vendor, one id each, one alert at PagerDuty', async () => {
  const view = views[1] as IncidentView;
  await seen(h, whole, (v) => v.status === 'resolved');
  await until1(view, 'resolved');
  expect(reasons(view)).toEqual(['proposed', 'approved', 'verified', 'resolved']);
  const ids = told(view).map((n) => n.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain(`${view.incidentId}/1/proposed`);

  const hook = sinks.json.received[0];
  const [, time, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(hook?.headers['nightshift-signature'])) ?? [];
  expect(mac).toBe(
    createHmac('sha256', 'a secret of at least some length')
      .update(`${String(time)}.${hook?.body ?? ''}`)
      .digest('hex'),
  );

  await until(() => Promise.resolve(paged(view).some((e) => e['event_action'] === 'resolve') ? true : undefined), 'PagerDuty to hear of the end');
  expect(paged(view).map((e) => e['event_action'])).toEqual(['trigger', 'acknowledge', 'acknowledge', 'resolve']);
  expect(paged(view)[0]).toMatchObject({
    routing_key: 'r'.repeat(32),
    payload: { source: `test/${whole}`, severity: expect.any(String), summary: expect.stringContaining(whole) },
  });
  const chat = sinks.slack.received.map((s) => s.body).filter((body) => body.includes(view.incidentId));
  expect(chat).toHaveLength(4);
  for (const words of ['1.5.0', 'Deploy release 1.4.0', digestOf(view), 'the duty lead is called']) expect(chat[0]).toContain(words);
  expect(JSON.parse(chat[0] ?? '{}')).toMatchObject({
    text: expect.any(String),
    blocks: expect.arrayContaining([expect.objectContaining({ type: 'header' })]),
  });
}, 60_000);

test('nobody answers: one reminder, then the proposal expires and goes to whom the policy names; later answers come too late', async () => {
  const view = views[0] as IncidentView;
  const expired = await seen(h, silent, (v) => v.status === 'escalated', 40_000);
  expect(expired).toMatchObject({ reason: 'Nobody answered; this goes to the duty lead.', proposal: { state: 'expired' } });
  const call = await until1(view, 'escalated');
  expect(call.text).toContain('the duty lead');
  expect(reasons(view)).toEqual(['proposed', 'reminder', 'escalated']);
  expect(new Set(told(view).map((n) => n.id)).size).toBe(3);
  const ben = await someone(h, 'ben', 'approver');
  expect(await ben.decide(view)).toMatchObject({ status: 409, body: { code: 'expired' } });
  expect(await rawUpdate(h, view, 'decide', await signed(h, statement(view)))).toBe('expired');
  expect(h.practice(silent).ledger).toEqual([]);
}, 60_000);
