import type { Inventory } from '../../domain/inventory';
import { NightshiftError } from '../../domain/errors';
import { sampleAlert, sampleIncident } from '../fakes/sample-incident';
import { harness, NOW } from './harness';

const INVENTORY: Inventory = {
  services: [
    { name: 'orders', environment: 'prod', tier: 'standard', dependsOn: ['payments'] },
    { name: 'payments', environment: 'prod', tier: 'standard', dependsOn: [] },
  ],
};
const MINUTE = 60_000;

async function twoIncidents() {
  const world = await harness({ deps: { inventory: INVENTORY } });
  for (const [i, service] of ['payments', 'orders'].entries()) {
    const workflowId = `incident:prod:${service}`;
    const at = NOW - (10 - i) * MINUTE;
    world.store.incidents.views.set(`inc-${service}`, sampleIncident(`inc-${service}`, { service, workflowId, openedAt: new Date(at).toISOString() }));
    await world.store.inbox.accept([sampleAlert(service, { service, startsAt: new Date(at).toISOString() })], at, 100);
    await world.store.inbox.markDelivered([i + 1], workflowId);
  }
  return world;
}

test('the preview tells incidents then and by the rules, with reasons, and changes nothing', async () => {
  const { call, store } = await twoIncidents();
  const answer = await call('responder', 'POST', '/v1/correlation/preview', { since: '1d' });
  expect(answer.json()).toMatchObject({
    ...{ alerts: 2, incidentsThen: 2, incidentsNow: 1, pagesFewer: 1, changed: 1, complete: true, until: new Date(NOW).toISOString(), related: [] },
    merges: [
      {
        ...{ service: 'payments', incidents: ['inc-payments', 'inc-orders'] },
        joined: [{ service: 'orders', reason: 'orders calls payments, 1 m after ErrorShareHigh on payments, both ErrorShareHigh' }],
      },
    ],
  });
  expect(store.correlation.kept.size).toBe(0);
});

test('other rules give another preview, and wrong ones are refused with what to do', async () => {
  const { call } = await twoIncidents();
  const never = { rules: [{ name: 'apart', services: ['orders', 'payments'], action: 'never' }] };
  expect((await call('responder', 'POST', '/v1/correlation/preview', { correlation: never })).json()).toMatchObject({
    incidentsThen: 2,
    incidentsNow: 2,
    merges: [],
  });
  const all = await call('responder', 'POST', '/v1/correlation/preview', { correlation: { rules: [{ name: 'all', action: 'join' }] } });
  expect([all.statusCode, all.json<{ problems: unknown[] }>().problems]).toEqual([
    400,
    [{ path: 'correlation.rules.0', message: 'would make one incident of everything; say which services, or what the alerts have in match' }],
  ]);
});

test('a responder splits a service off that has joined, and nobody else', async () => {
  const { call, store, incidents } = await twoIncidents();
  const joined = [{ service: 'orders', conditions: 1, firing: 1, reason: 'orders calls payments' }];
  store.incidents.views.set('inc-payments', sampleIncident('inc-payments', { service: 'payments', workflowId: 'incident:prod:payments', joined }));
  expect((await call('viewer', 'POST', '/v1/incidents/inc-payments/split', { service: 'orders' })).statusCode).toBe(403);
  expect((await call('responder', 'POST', '/v1/incidents/inc-payments/split', { service: 'mail' })).json()).toMatchObject({
    detail: 'No alert of mail has joined inc-payments. Services that have: orders.',
  });
  expect((await call('responder', 'POST', '/v1/incidents/inc-payments/split', { service: 'orders' })).statusCode).toBe(200);
  expect(store.correlation.splits).toEqual([{ incidentId: 'inc-payments', service: 'orders', by: 'responder' }]);
  expect(incidents.commands).toMatchObject([{ workflowId: 'incident:prod:payments', command: { kind: 'note', person: 'responder' } }]);
});

test('an incident names those that it is related to', async () => {
  const { call, store } = await twoIncidents();
  await store.correlation.save({
    routes: [],
    forget: [],
    relations: [{ environment: 'prod', service: 'orders', other: 'payments', reason: 'because', at: NOW }],
  });
  for (const [one, other] of [
    ['orders', 'payments'],
    ['payments', 'orders'],
  ])
    expect((await call('viewer', 'GET', `/v1/incidents/inc-${one ?? ''}`)).json()).toMatchObject({
      related: [{ incidentId: `inc-${other ?? ''}`, reason: 'because' }],
    });
});

test('a preview is for responders, of at most 90 days, and one at a time', async () => {
  const world = await twoIncidents();
  expect((await world.call('viewer', 'POST', '/v1/correlation/preview', {})).statusCode).toBe(403);
  expect((await world.call('responder', 'POST', '/v1/correlation/preview', { since: '91d' })).statusCode).toBe(400);
  const { inbox } = world.store;
  const kept = inbox.kept.bind(inbox);
  let goOn: () => void = () => undefined;
  const waits = new Promise<void>((resolve) => (goOn = resolve));
  const begun = new Promise<void>((resolve) =>
    Object.assign(inbox, { kept: (filter: Parameters<typeof kept>[0]) => (resolve(), waits.then(() => kept(filter))) }),
  );
  const first = world.call('responder', 'POST', '/v1/correlation/preview', {});
  await begun;
  expect((await world.call('responder', 'POST', '/v1/correlation/preview', {})).statusCode).toBe(429);
  goOn();
  expect((await first).statusCode).toBe(200);
  expect((await world.call('responder', 'POST', '/v1/correlation/preview', {})).statusCode).toBe(200);
});

test('a preview of more alerts than it reads says up to when it is', async () => {
  const world = await twoIncidents();
  const { inbox } = world.store;
  const at = NOW - 5 * MINUTE;
  const kept = Array.from({ length: 1000 }, (_, i) => ({ position: i + 1, alert: sampleAlert(`s${String(i)}`), receivedAt: at, status: 'new' }));
  Object.assign(inbox, { kept: () => Promise.resolve(kept) });
  const answer = await world.call('responder', 'POST', '/v1/correlation/preview', {});
  expect(answer.json()).toMatchObject({ complete: false, until: new Date(at).toISOString() });
});

test('a split holds and says so, though the timeline could not be told of it; asked again, it is told', async () => {
  const { call, store, incidents } = await twoIncidents();
  const joined = [{ service: 'orders', conditions: 1, firing: 1, reason: 'orders calls payments' }];
  store.incidents.views.set('inc-payments', sampleIncident('inc-payments', { service: 'payments', workflowId: 'incident:prod:payments', joined }));
  const well = incidents.answer;
  incidents.answer = () => Promise.reject(new NightshiftError('not_recorded', 'No answer came within 2000 ms.'));
  const split = () => call('responder', 'POST', '/v1/incidents/inc-payments/split', { service: 'orders' });
  const first = await split();
  expect([first.statusCode, first.json()]).toEqual([
    200,
    { result: 'split', message: expect.stringMatching(/^orders was split off: .*Only the timeline does not tell it yet \(No answer came/) as string },
  ]);
  expect(store.correlation.splits).toHaveLength(1);
  incidents.answer = well;
  expect((await split()).json()).toMatchObject({ message: expect.not.stringContaining('timeline') as string });
  expect(store.correlation.splits).toHaveLength(1);
  expect(new Set(incidents.commands.map(({ key }) => key)).size).toBe(1);
});
