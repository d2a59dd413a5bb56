import { recoverStore } from '../../activities/recovery';
import type { Recovery } from '../../activities/recovery';
import type { IncidentView } from '../../domain/incident-view';
import type { Service } from '../../domain/inventory';
import { buildProposal } from '../../domain/propose';
import { loadCatalogue } from '../../domain/runbook-schema';
import type { Hands, Sighting } from '../../ports/hands';
import { MemoryStore } from '../fakes/memory-store';

const target = { provider: 'local', partition: 'local', account: 'here', region: 'local', kind: 'service', id: 'shop' };
const service: Service = {
  ...{ name: 'shop', environment: 'prod', tier: 'critical', dependsOn: [] },
  hands: { kind: 'supervisor', url: 'http://127.0.0.1:9', target },
};
const text = `{id: r, version: 1, title: R, description: R, for: {causes: [bad-release]}, risk: low, reversible: false,
  steps: [{id: a, name: Restart, uses: service/restart}, {id: b, name: Purge, uses: http.call, with: {call: purge}}]}`;
const { runbooks } = loadCatalogue([{ file: 'r.yaml', text }]);

function recover(store: MemoryStore, hands: Pick<Hands, 'look'>): Promise<Recovery | undefined> {
  const memory = { open: async () => [], head: async () => undefined, recall: async () => undefined };
  return recoverStore({
    ...{ store, memory, runbooks, restoredState: 'restored', clock: { now: () => 1_000 }, inventory: { services: [service] } },
    hands: { ...hands, describe: async () => Promise.reject(new Error('not asked')), act: async () => Promise.reject(new Error('nothing is done')) },
  });
}

test('after a restore what the world shows nothing of stays open, and what only the lost store could tell is for a person to settle', async () => {
  const store = new MemoryStore();
  const [runbook] = runbooks;
  if (!runbook) throw new Error('the runbook of the test has a mistake');
  await store.proposals.saveRunbook(runbook);
  await store.proposals.saveProposal(
    buildProposal({ incidentId: 'inc-a', round: 1, environment: 'prod', service: 'shop', suspect: 'shop', hypothesis: 'h', runbook, target, parameters: {} }),
  );
  const shared = { incidentId: 'inc-a', round: 1, target: 'local/local/here/local/service/shop', runbook: 'r', intendedAt: 0 };
  await store.intents.prepare(
    ['a', 'b'].map((step) => ({ ...shared, step, token: `t-${step}` })),
    () => [],
  );
  await store.state.save('restored', { at: 0 });
  const found = await recover(store, { look: async () => ({ state: 'absent' }) });
  expect(found?.looked).toEqual({ absent: 1, ambiguous: 1 });
  expect((await store.killSwitch.halted()).on).toBe(true);
  expect(await store.intents.get('t-a')).toMatchObject({ state: 'intended' });
  expect(await store.intents.get('t-b')).toMatchObject({
    state: 'ambiguous',
    detail: expect.stringContaining('the store was put back to an earlier state') as string,
  });
});

test.each<[string, () => Promise<Sighting>]>([
  ['is under way', async () => ({ state: 'in-progress', detail: 'exec-7 runs' })],
  ['cannot be looked up', async () => Promise.reject(new Error('AccessDenied'))],
])('after a restore what %s may have begun, whatever the store says', async (_what, look) => {
  const store = new MemoryStore();
  const [runbook] = runbooks;
  if (!runbook) throw new Error('the runbook of the test has a mistake');
  await store.proposals.saveRunbook(runbook);
  await store.proposals.saveProposal(
    buildProposal({ incidentId: 'inc-a', round: 1, environment: 'prod', service: 'shop', suspect: 'shop', hypothesis: 'h', runbook, target, parameters: {} }),
  );
  const intent = { incidentId: 'inc-a', round: 1, target: 'local/local/here/local/service/shop', runbook: 'r', intendedAt: 0, step: 'a', token: 't-a' };
  await store.intents.prepare([intent], () => []);
  await store.state.save('restored', { at: 0 });
  await recover(store, { look });
  expect(await store.intents.get('t-a')).toMatchObject({ state: 'started' });
});

test('after a restore what was not begun when its incident was resolved is left alone', async () => {
  const store = new MemoryStore();
  const intent = { incidentId: 'inc-a', round: 1, target: 'gone', runbook: 'r', intendedAt: 0, step: 'a', token: 't-a' };
  await store.intents.prepare([intent, { ...intent, incidentId: 'inc-b', token: 't-b' }], () => []);
  for (const [incidentId, status] of [
    ['inc-a', 'resolved'],
    ['inc-b', 'remediating'],
  ] as const)
    store.incidents.views.set(incidentId, { incidentId, status } as IncidentView);
  await store.state.save('restored', { at: 0 });
  expect((await recover(store, { look: async () => ({ state: 'absent' }) }))?.looked).toEqual({ ambiguous: 1 });
  expect(await store.intents.get('t-a')).toMatchObject({ state: 'intended' });
  expect(await store.intents.get('t-b')).toMatchObject({ state: 'started' });
});
