import { withOwners } from '../../activities/ownership';
import { transition } from '../adapters/postgres/samples-of-data';
import { MemoryStore } from '../fakes/memory-store';

test('what is written of an incident says who answers for its service, and how critical it is', async () => {
  const store = new MemoryStore();
  const services = [{ name: 'bookshop', environment: 'prod', tier: 'critical' as const, owner: 'Books', dependsOn: [] }];
  const { transitions } = withOwners(store, { services, catchAll: { owner: 'On call' } });
  await transitions.apply(transition('inc-a', 1, 1));
  await transitions.apply(transition('inc-b', 1, 1, {}, { service: 'unrouted' }));
  expect(await store.incidents.get('inc-a')).toMatchObject({ owner: 'Books', tier: 'critical' });
  const unrouted = await store.incidents.get('inc-b');
  expect([unrouted?.owner, unrouted?.tier]).toEqual(['On call', undefined]);
});
