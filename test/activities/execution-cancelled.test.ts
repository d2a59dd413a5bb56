import { createExecutionActivities } from '../../activities/execution';
import type { Service } from '../../domain/inventory';
import type { Executed } from '../../domain/steps';
import type { Hands, Sighting } from '../../ports/hands';
import { MemoryStore } from '../fakes/memory-store';

const target = { provider: 'local', partition: 'local', account: 'here', region: 'local', kind: 'service', id: 'bookshop' };
const service: Service = {
  ...{ name: 'bookshop', environment: 'prod', tier: 'critical', dependsOn: [] },
  hands: { kind: 'supervisor', url: 'http://127.0.0.1:9', target },
};
const step = { id: 'deploy', name: 'Deploy release 1.4.0', action: 'release/deploy', inputs: { release: '1.4.0' }, token: 't-1', timeoutMs: 60_000 } as const;

let store: MemoryStore;
let stopped: number;
beforeEach(async () => {
  [store, stopped] = [new MemoryStore(), 0];
  await store.intents.prepare(
    [{ token: 't-1', incidentId: 'inc-a', round: 1, step: 'deploy', target: 'x', runbook: 'rollback-release', intendedAt: 0 }],
    () => [],
  );
});

/** Executes what is under way until somebody cancels it, or the process ends, in its first pause. */
function execute(by: 'somebody' | 'the process', afterStop: Sighting): Promise<Executed> {
  let acted = false;
  const hands: Hands = {
    describe: async () => ({ account: 'here', region: 'local', releases: [], healthy: true }),
    look: async () => (stopped > 0 ? afterStop : acted ? { state: 'in-progress', detail: 'exec-7 runs' } : { state: 'absent' }),
    act: async () => {
      acted = true;
      return 'exec-7';
    },
    stop: async (_service, { reference }) => (stopped += reference === 'exec-7' ? 1 : 0) > 0,
  };
  const deps = { intents: store.intents, killSwitch: store.killSwitch, hands, inventory: { services: [service] }, clock: { now: () => 0 } };
  const pause = async (): Promise<void> => Promise.reject(new Error('cancelled'));
  const cancelled = (): boolean => by === 'somebody';
  return createExecutionActivities({ ...deps, heartbeat: () => undefined, beatEveryMs: 60_000, pause, cancelled }).execute({
    ...{ incidentId: 'inc-a', environment: 'prod', service: 'bookshop', target, step },
  });
}

test('what somebody cancels is asked to stop, and what became of it is written down', async () => {
  await expect(execute('somebody', { state: 'failed', detail: 'exec-7 was cancelled' })).rejects.toThrow('cancelled');
  expect(stopped).toBe(1);
  expect(await store.intents.get('t-1')).toMatchObject({ state: 'failed', detail: 'exec-7 was cancelled', reference: 'exec-7' });
});

test('what has not stopped yet is not known', async () => {
  await expect(execute('somebody', { state: 'in-progress', detail: 'exec-7 runs' })).rejects.toThrow('cancelled');
  expect(await store.intents.get('t-1')).toMatchObject({ state: 'ambiguous', detail: expect.stringContaining('asked to stop') as string });
});

test('where only the process ends it goes on, and the next one looks', async () => {
  await expect(execute('the process', { state: 'in-progress', detail: 'exec-7 runs' })).rejects.toThrow('cancelled');
  expect(stopped).toBe(0);
  expect(await store.intents.get('t-1')).toMatchObject({ state: 'started', reference: 'exec-7' });
});
