import { discovering } from '../../activities/discovery';
import type { Service } from '../../domain/inventory';
import { MemoryStore } from '../fakes/memory-store';
import { harness, NOW } from './harness';
import type { Harness } from './harness';

const service = (name: string, over: Partial<Service> = {}): Service => ({ name, environment: 'prod', tier: 'standard', dependsOn: [], ...over });
const inventory = { services: [service('bookshop', { owner: 'Books', dependsOn: ['payments'] }), service('payments')] };

async function door(): Promise<Harness> {
  const store = new MemoryStore();
  const found = discovering(
    { inbox: store.inbox, changes: store.changes },
    { inventory, seen: store.services, clock: { now: () => NOW }, log: { warn: () => undefined } },
  );
  return harness({ store: Object.assign(store, found), deps: { inventory, catchAll: { owner: 'On call' } } });
}
const names = (body: string): string[] => (JSON.parse(body) as { services: { name: string }[] }).services.map((each) => each.name);

test('lists services with their owners, and by owner, environment and origin', async () => {
  const { call } = await door();
  const all = await call('viewer', 'GET', '/v1/services');
  expect(JSON.parse(all.body)).toMatchObject({
    services: [
      { name: 'bookshop', owner: 'Books', catchAll: false, origin: 'configuration' },
      { name: 'payments', owner: 'On call', catchAll: true, usedBy: ['bookshop'] },
    ],
  });
  expect(names((await call('viewer', 'GET', '/v1/services?owner=books')).body)).toEqual(['bookshop']);
  expect(names((await call('viewer', 'GET', '/v1/services?environment=staging')).body)).toEqual([]);
  expect((await call(undefined, 'GET', '/v1/services')).statusCode).toBe(401);
});

test('shows one, and says which it may be where there is none', async () => {
  const { call } = await door();
  expect(names((await call('viewer', 'GET', '/v1/services/bookshop')).body)).toEqual(['bookshop']);
  const none = await call('viewer', 'GET', '/v1/services/bookshp');
  expect([none.statusCode, none.body]).toEqual([404, expect.stringContaining('did you mean bookshop?')]);
});

test('a service that only an alert or a change names is discovered, and one of the inventory is not', async () => {
  const { call } = await door();
  const alert = (name: string): object => ({ service: name, name: 'High', status: 'firing', environment: 'prod', summary: 's', severity: 'sev2' });
  expect((await call('responder', 'POST', '/v1/alerts', { alerts: [alert('cart'), alert('bookshop')] })).statusCode).toBe(202);
  expect(
    (
      await call('responder', 'POST', '/v1/changes', {
        kind: 'deployment',
        service: 'search',
        environment: 'prod',
        summary: 's',
        at: new Date(NOW).toISOString(),
      })
    ).statusCode,
  ).toBe(202);
  const found = JSON.parse((await call('viewer', 'GET', '/v1/services?origin=discovered')).body) as unknown;
  const at = new Date(NOW).toISOString();
  expect(found).toMatchObject({
    services: [
      { name: 'cart', environment: 'prod', firstSeen: at, lastSeen: at, seenIn: ['alerts'], owner: 'On call', catchAll: true },
      { name: 'search', seenIn: ['changes'] },
    ],
  });
});
