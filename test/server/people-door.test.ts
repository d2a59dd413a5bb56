import { Registry } from 'prom-client';
import { anchorsOf } from '../../activities/audit-anchor';
import { similarIncidents } from '../../activities/similar';
import { sns } from '../../adapters/aws/sns';
import { temporalIncidents } from '../../adapters/temporal/client';
import { temporalAuditMemory } from '../../adapters/temporal/heads';
import { buildApi } from '../../api/server';
import { alertedStart } from '../../workers/incident-start';
import { startHarness, serviceName } from './harness';
import type { Harness } from './harness';
import { breakServices, seen, someone } from './people';
import type { IncidentView } from '../../domain/incident-view';

const [shop, cart] = [serviceName('shop'), serviceName('cart')];
let h: Harness;
let views: readonly IncidentView[];

beforeAll(async () => {
  h = await startHarness({ services: [shop, cart], policy: { approvals: { allowUnverified: false } } });
  views = await breakServices(h, [shop, cart]);
}, 60_000);
afterAll(() => h.close());

/** A door over the same store and server, while the worker is away. */
async function doorAlone(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { api, policy, temporal } = h.config;
  const clock = { now: () => Date.now() };
  const incidents = temporalIncidents({
    client: h.client,
    taskQueue: temporal.taskQueue,
    clock,
    doorTimeoutMs: api.doorTimeoutMs,
    start: alertedStart(h.config),
  });
  const settings = { ...api, version: '0', inboxLimit: 10, environment: 'test', idleActionsPerDay: 0 };
  const app = await buildApi({
    store: h.store,
    incidents,
    temporal: incidents,
    anchors: anchorsOf({ ledger: h.store.ledger, key: h.store.anchorKey, clock }),
    memory: temporalAuditMemory(h.client, api.doorTimeoutMs),
    clock,
    policy,
    inventory: h.config,
    sources: h.config.sources,
    sns: sns({ timeoutMs: 1 }),
    runbooks: { current: () => Promise.resolve([]), repository: () => Promise.resolve(undefined) },
    signals: { baselineMs: 20_000, stepMs: 1_000 },
    page: '',
    similar: similarIncidents(h.store),
    standings: { page: () => Promise.resolve({ standings: [], more: false }) },
    replay: () => Promise.reject(new Error('not here')),
    settings,
    metrics: new Registry(),
    onAccepted: () => undefined,
  });
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), close: () => app.close() };
}

test('the same Idempotency-Key gives one decision and the same answer; from another person it is another decision', async () => {
  const view = views[0] as IncidentView;
  const ben = await someone(h, 'ben', 'approver');
  const key = { 'idempotency-key': 'one-answer' };
  const answers = await Promise.all([1, 2, 3].map(() => ben.decide(view, {}, key)));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]).toMatchObject({ status: 200, body: { result: 'approved' } });
  const cleo = await someone(h, 'cleo', 'approver');
  expect(await cleo.decide(view, {}, key)).toMatchObject({ status: 409 });
  await seen(h, shop, (v) => v.status === 'resolved');
  expect((await h.store.audit.read(view.incidentId)).filter((r) => r.kind === 'decision')).toHaveLength(1);
  expect(h.practice(shop).ledger).toHaveLength(1);
}, 60_000);

test('without a worker the door says within its time that nothing was recorded, and the answer does not count when the worker is back, until it is sent again', async () => {
  const view = views[1] as IncidentView;
  const key = { 'idempotency-key': 'the-same-answer' };
  await h.stop();
  const door = await doorAlone();
  const away = await someone(h, 'ben', 'approver', door.url);
  const began = Date.now();
  expect(await away.decide(view, {}, key)).toMatchObject({ status: 503, body: { code: 'not_recorded' } });
  expect(Date.now() - began).toBeLessThan(h.config.api.doorTimeoutMs + 1_500);
  await door.close();
  await h.restart();
  const ben = await someone(h, 'ben', 'approver');
  // An answer to this note proves that the worker has taken in what came before it.
  expect(await ben.send('POST', `/v1/incidents/${view.incidentId}/note`, { note: 'back again' })).toMatchObject({ status: 200 });
  const after = await seen(h, cart, (v) => v.version > view.version);
  expect(after).toMatchObject({ status: 'awaiting-approval', proposal: { approvals: [] } });
  expect(h.practice(cart).ledger).toEqual([]);
  // The workflow has answered under this key that it came too late; that is no answer for ever.
  const sentAgain = await Promise.all([1, 2].map(() => ben.decide(view, {}, key)));
  for (const { body } of sentAgain) expect(body).toMatchObject({ result: 'approved' });
  await seen(h, cart, (v) => v.status === 'resolved');
  expect(h.practice(cart).ledger).toHaveLength(1);
}, 60_000);
