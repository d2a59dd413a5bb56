import { createExecutionActivities } from '../../activities/execution';
import type { ExecutionDeps } from '../../activities/execution';
import type { Service } from '../../domain/inventory';
import type { Executed } from '../../domain/steps';
import type { Hands, Sighting, TargetState } from '../../ports/hands';
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

const WHERE = { incidentId: 'inc-a', environment: 'prod', service: 'bookshop', target, step } as const;

/** Executes what is under way until somebody cancels it, or the process ends, in its first pause. */
function execute(by: 'somebody' | 'the process', afterStop: Sighting | Error): Promise<Executed> {
  return activities(by, afterStop).execute(WHERE);
}

function activities(by: 'somebody' | 'the process', afterStop: Sighting | Error): ReturnType<typeof createExecutionActivities> {
  let acted = false;
  const hands: Omit<Hands, 'describe'> = {
    look: async () => (stopped > 0 ? shown(afterStop) : acted ? { state: 'in-progress', detail: 'exec-7 runs' } : { state: 'absent' }),
    act: async () => {
      acted = true;
      return 'exec-7';
    },
    stop: async (_service, { reference }) => (stopped += reference === 'exec-7' ? 1 : 0) > 0,
  };
  return createExecutionActivities({ ...base(hands), cancelled: () => by === 'somebody' });
}

function base(hands: Partial<Hands>): ExecutionDeps {
  const describe = async (): Promise<TargetState> => ({ account: 'here', region: 'local', releases: [], healthy: true });
  const { intents, killSwitch } = store;
  const all: Hands = { describe, act: async () => undefined, look: async () => ({ state: 'absent' }), ...hands };
  const pause = async (): Promise<void> => Promise.reject(new Error('cancelled'));
  return {
    ...{ intents, killSwitch, hands: all, inventory: { services: [service] }, clock: { now: () => 0 } },
    ...{ heartbeat: () => undefined, beatEveryMs: 60_000, pause },
  };
}

async function shown(seen: Sighting | Error): Promise<Sighting> {
  if (seen instanceof Error) throw seen;
  return seen;
}

test('what somebody cancels is asked to stop, and what became of it is written down', async () => {
  await expect(execute('somebody', { state: 'failed', detail: 'exec-7 was cancelled' })).rejects.toThrow('cancelled');
  expect(stopped).toBe(1);
  expect(await store.intents.get('t-1')).toMatchObject({ state: 'failed', detail: 'exec-7 was cancelled', reference: 'exec-7' });
});

test('what takes a while to stop is watched until it has', async () => {
  await store.intents.mark('t-1', 'started', 'accepted', { reference: 'exec-7', startedAt: 0 });
  const sightings: Sighting[] = [{ state: 'in-progress', detail: 'exec-7 ends' }];
  const shownLater = async (): Promise<Sighting> => sightings.shift() ?? { state: 'failed', detail: 'exec-7 was cancelled' };
  const deps = { ...base({ look: shownLater, stop: async () => true }), linger: async () => undefined };
  expect(await createExecutionActivities(deps).callOff({ ...WHERE, stop: true, why: 'cancelled' })).toMatchObject({ state: 'failed' });
  expect(await store.intents.get('t-1')).toMatchObject({ state: 'failed', detail: 'exec-7 was cancelled' });
});

test.each([
  ['that ends soon', 10_000],
  ['that ends later', 60_000],
])('what takes long to stop is watched ten seconds at most, and in an activity %s not up to its end', async (_what, allowed) => {
  await store.intents.mark('t-1', 'started', 'accepted', { reference: 'exec-7', startedAt: 0 });
  let now = 0;
  const look = async (): Promise<Sighting> => {
    now += 100;
    return { state: 'in-progress', detail: 'exec-7 runs' };
  };
  const linger = async (ms: number): Promise<void> => void (now += ms);
  const deps = { ...base({ look, stop: async () => true }), clock: { now: () => now }, linger, allowedMs: () => allowed };
  expect(await createExecutionActivities(deps).callOff({ ...WHERE, stop: true, why: 'cancelled' })).toMatchObject({ state: 'ambiguous' });
  expect(now).toBeGreaterThan(5_000);
  expect(now).toBeLessThan(allowed > 10_000 ? 12_000 : 7_000);
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

test('what cannot be looked up any more after it was cancelled is for a person, with its id', async () => {
  await expect(execute('somebody', new Error('no answer'))).rejects.toThrow('cancelled');
  expect(await store.intents.get('t-1')).toMatchObject({ state: 'ambiguous', detail: expect.stringMatching(/exec-7.*asked to stop.*no answer/) as string });
});

describe('called off between two attempts', () => {
  const off = (stop: boolean, seen: Sighting = { state: 'in-progress', detail: 'exec-7 runs' }): Promise<Executed> =>
    activities('the process', seen).callOff({ ...WHERE, stop, why: 'cancelled' });

  test('what was not begun ends as refused', async () => {
    expect(await off(true)).toMatchObject({ state: 'refused', detail: 'cancelled before it was begun: Deploy release 1.4.0' });
    expect(stopped).toBe(0);
    expect(await store.intents.get('t-1')).toMatchObject({ state: 'failed' });
    // The answer may have been lost.
    expect(await off(true)).toMatchObject({ state: 'refused' });
  });

  test('what was begun is asked to stop, once', async () => {
    await store.intents.mark('t-1', 'started', 'accepted', { reference: 'exec-7', startedAt: 0 });
    expect(await off(true)).toMatchObject({ state: 'ambiguous', detail: 'cancelled (it was accepted as exec-7): asked to stop: exec-7 runs' });
    expect(await off(true)).toMatchObject({ state: 'ambiguous', detail: 'cancelled (it was accepted as exec-7): asked to stop: exec-7 runs' });
    expect(stopped).toBe(1);
  });

  test('where only the attempts are used up it is not stopped, and a person is asked', async () => {
    await store.intents.mark('t-1', 'started', 'accepted', { reference: 'exec-7', startedAt: 0 });
    expect(await off(false)).toMatchObject({ state: 'ambiguous', detail: expect.stringContaining('accepted as exec-7') as string });
    expect(stopped).toBe(0);
  });
});
