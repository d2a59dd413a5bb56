import { createExecutionActivities } from '../../activities/execution';
import { NightshiftError } from '../../domain/errors';
import type { Service } from '../../domain/inventory';
import type { ExecuteInput, Executed } from '../../domain/steps';
import type { Hands, Sighting } from '../../ports/hands';
import { MemoryStore } from '../fakes/memory-store';

const target = { provider: 'local', partition: 'local', account: 'here', region: 'local', kind: 'service', id: 'bookshop' };
const service: Service = {
  ...{ name: 'bookshop', environment: 'prod', tier: 'critical', dependsOn: [] },
  hands: { kind: 'supervisor', url: 'http://127.0.0.1:9', target },
};
const step = { id: 'deploy', name: 'Deploy release 1.4.0', action: 'release/deploy', inputs: { release: '1.4.0' }, token: 't-1', timeoutMs: 1_000 } as const;
const input: ExecuteInput = { incidentId: 'inc-a', environment: 'prod', service: 'bookshop', target, step };
const DONE: Sighting = { state: 'done', detail: 'deploy done', at: '2026-01-05T12:00:00.000Z' };

let store: MemoryStore;
let acted: number;
beforeEach(() => {
  store = new MemoryStore();
  acted = 0;
});

/** Executes with a world that shows `before`, and `after` once something was done. */
function execute(before: Sighting, after: Sighting = DONE, wanted: ExecuteInput['step'] = step, account = 'here'): Promise<Executed> {
  const hands: Hands = {
    describe: async () => ({ account, region: 'local', releases: [], healthy: true }),
    look: async () => (acted > 0 ? after : before),
    act: async () => {
      acted += 1;
      return undefined;
    },
  };
  const deps = { intents: store.intents, killSwitch: store.killSwitch, hands, inventory: { services: [service] }, clock: { now: () => 0 } };
  return createExecutionActivities({ ...deps, heartbeat: () => undefined, beatEveryMs: 1_000, pause: async () => undefined }).execute({
    ...input,
    step: wanted,
  });
}

async function intend(): Promise<void> {
  await store.intents.prepare(
    [{ token: 't-1', incidentId: 'inc-a', round: 1, step: 'deploy', target: 'x', runbook: 'rollback-release', intendedAt: 0 }],
    () => [],
  );
}

test('with an intent and nothing there, it acts once and confirms', async () => {
  await intend();
  expect(await execute({ state: 'absent' })).toMatchObject({ state: 'done', found: false });
  expect(acted).toBe(1);
  expect(await store.intents.get('t-1')).toMatchObject({ state: 'done' });
});

test('what is done already is not done again', async () => {
  await intend();
  await store.intents.mark('t-1', 'started', 'first attempt');
  expect(await execute(DONE)).toMatchObject({ state: 'done', found: true });
  expect(acted).toBe(0);
});

describe('without an intent, as in a store that is older than the effect', () => {
  test('nothing is done', async () => {
    expect(await execute({ state: 'absent' })).toMatchObject({ state: 'refused' });
    expect(acted).toBe(0);
  });

  test("what only the store could tell is a person's to settle", async () => {
    const call = { ...step, action: 'http.call', inputs: { call: 'purge' } } as const;
    expect(await execute({ state: 'absent' }, DONE, call)).toMatchObject({ state: 'ambiguous' });
    expect(acted).toBe(0);
  });

  test('what was done is told as done, and not as refused', async () => {
    expect(await execute(DONE)).toMatchObject({ state: 'done', found: true, detail: expect.stringContaining('its intent is not in the store') as string });
  });

  test('what is not known is told as that', async () => {
    expect(await execute({ state: 'ambiguous', detail: 'half done' })).toMatchObject({ state: 'ambiguous', detail: 'half done' });
    expect(await execute({ state: 'failed', detail: 'unhealthy' })).toMatchObject({ state: 'failed' });
    expect(acted).toBe(0);
  });
});

test('the kill switch is read in the last moment', async () => {
  await intend();
  await store.killSwitch.set(true, 'ana', 'wait', '2026-01-05T12:00:00.000Z');
  expect(await execute({ state: 'absent' })).toMatchObject({ state: 'halted', detail: expect.stringContaining('ana') as string });
  expect(acted).toBe(0);
  expect(await store.intents.open()).toEqual([]);
});

test('where another target answers than the expected one, the step is refused, and its intent ends', async () => {
  await intend();
  expect(await execute({ state: 'absent' }, DONE, step, 'elsewhere')).toMatchObject({
    state: 'refused',
    detail: expect.stringContaining('elsewhere') as string,
  });
  expect(acted).toBe(0);
  expect(await store.intents.open()).toEqual([]);
});

test('an attempt that was not begun leaves no begin behind, and is called off as what was never tried', async () => {
  await intend();
  const unbegun = new NightshiftError('not_begun', 'throttled');
  const act = async (): Promise<undefined> => Promise.reject(unbegun);
  const hands: Hands = {
    describe: async () => ({ account: 'here', region: 'local', releases: [], healthy: true }),
    look: async () => ({ state: 'absent' }),
    act,
  };
  const deps = { intents: store.intents, killSwitch: store.killSwitch, hands, inventory: { services: [service] }, clock: { now: () => 5 } };
  const { execute: run, callOff } = createExecutionActivities({ ...deps, heartbeat: () => undefined, beatEveryMs: 1_000, pause: async () => undefined });
  await expect(run(input)).rejects.toMatchObject({ code: 'not_begun' });
  const off = { ...input, stop: true, why: 'cancelled' };
  expect([await callOff(off), await callOff(off)]).toMatchObject([{ state: 'refused' }, { state: 'refused' }]);
});

test('an effect that leaves no trace is ambiguous', async () => {
  await intend();
  expect(await execute({ state: 'absent' }, { state: 'absent' })).toMatchObject({ state: 'ambiguous' });
});

describe('it cannot be looked up, and never will', () => {
  const forbidden = new NightshiftError('forbidden', 'ssm:GetAutomationExecution: AccessDenied');

  /** Executes with a world that shows `before` until something was done, and then, or where there is nothing to show, refuses to be looked at. */
  function blind(before: readonly Sighting[], act: () => Promise<string | undefined> = async () => 'exec-7', error: Error = forbidden): Promise<Executed> {
    const left = [...before];
    const hands: Hands = {
      describe: async () => ({ account: 'here', region: 'local', releases: [], healthy: true }),
      look: async () => left.shift() ?? Promise.reject(error),
      act: async () => {
        acted += 1;
        return act();
      },
    };
    const deps = { intents: store.intents, killSwitch: store.killSwitch, hands, inventory: { services: [service] }, clock: { now: () => 0 } };
    return createExecutionActivities({ ...deps, heartbeat: () => undefined, beatEveryMs: 60_000, pause: async () => undefined }).execute(input);
  }
  const UNDER_WAY: Sighting = { state: 'in-progress', detail: 'exec-7 runs' };

  test('before anything was sent the step is refused, as no attempt was made, and stays so', async () => {
    await intend();
    const refused = { state: 'refused', detail: expect.stringMatching(/^nothing was done.*AccessDenied/) as string };
    expect(await blind([])).toMatchObject(refused);
    expect(acted).toBe(0);
    expect(await store.intents.get('t-1')).toMatchObject({ state: 'failed' });
    // The answer may have been lost.
    expect(await blind([])).toMatchObject(refused);
    expect(await blind([{ state: 'absent' }])).toMatchObject(refused);
  });

  test.each<[string, Sighting[]]>([
    ['at once', [{ state: 'absent' }]],
    ['while it is watched', [{ state: 'absent' }, UNDER_WAY, UNDER_WAY]],
  ])('after it was accepted, %s, a person is asked with the id that it has', async (_when, before) => {
    await intend();
    const asked = await blind(before);
    expect(asked).toMatchObject({ state: 'ambiguous', detail: expect.stringMatching(/exec-7.*AccessDenied/) as string });
    expect(await store.intents.get('t-1')).toMatchObject({ state: 'ambiguous', reference: 'exec-7', detail: asked.detail });
  });

  test('after an answer was lost a person is asked, with both errors', async () => {
    await intend();
    const asked = await blind([{ state: 'absent' }], async () => Promise.reject(new Error('socket hang up')));
    expect(asked).toMatchObject({ state: 'ambiguous', detail: expect.stringMatching(/socket hang up.*AccessDenied/) as string });
    expect(await store.intents.get('t-1')).toMatchObject({ state: 'ambiguous' });
  });

  test('in a later attempt, what the store knows of the earlier one is told', async () => {
    await intend();
    await store.intents.mark('t-1', 'started', 'accepted', { reference: 'exec-7', startedAt: 0 });
    expect(await blind([])).toMatchObject({ state: 'ambiguous', detail: expect.stringContaining('it was accepted as exec-7') as string });
    expect(acted).toBe(0);
  });

  test('what was under way in the first look, though the store says that nothing began, is not told as undone', async () => {
    await intend();
    expect(await blind([UNDER_WAY])).toMatchObject({ state: 'ambiguous', detail: expect.stringContaining('it was under way: exec-7 runs') as string });
  });

  test('what had ended before is told as it ended', async () => {
    await intend();
    await store.intents.mark('t-1', 'done', 'exec-7 succeeded', { startedAt: 0 });
    expect(await blind([])).toMatchObject({ state: 'done', detail: 'exec-7 succeeded', found: true });
  });

  test('without an intent a person is asked', async () => {
    expect(await blind([])).toMatchObject({ state: 'ambiguous', detail: expect.stringContaining('No intent is recorded') as string });
  });

  test('an act that fails in a way that trying again cannot help, and shows nothing, is for a person', async () => {
    await intend();
    const asked = await blind([{ state: 'absent' }, { state: 'absent' }], async () => Promise.reject(forbidden));
    expect(asked).toMatchObject({ state: 'ambiguous', detail: expect.stringMatching(/AccessDenied.*nothing of it shows/) as string });
  });

  test('an act that fails so before anything was sent, as who would carry it out shows, has failed, and nothing was done', async () => {
    await intend();
    const unsent: Sighting = { state: 'absent', again: true };
    const told = await blind([unsent, unsent], async () => Promise.reject(forbidden));
    expect(told).toMatchObject({ state: 'failed', detail: `nothing was done: ${forbidden.message}` });
  });

  test('where an earlier attempt may have sent it, that is for a person too', async () => {
    await intend();
    await store.intents.mark('t-1', 'started', 'first attempt', { startedAt: 0 });
    const unsent: Sighting = { state: 'absent', again: true };
    expect(await blind([unsent, unsent], async () => Promise.reject(forbidden))).toMatchObject({ state: 'ambiguous' });
  });

  test('what may get better is tried again, and the intent stays open for it', async () => {
    await intend();
    const away = new NightshiftError('unreachable', 'no answer');
    await expect(blind([{ state: 'absent' }], async () => 'exec-7', away)).rejects.toMatchObject({ code: 'unreachable' });
    expect(await store.intents.get('t-1')).toMatchObject({ state: 'started', reference: 'exec-7' });
  });
});

test('a long wait of many short pauses tells that it is under way', async () => {
  await intend();
  let [beats, looks] = [0, 0];
  const hands: Hands = {
    describe: async () => ({ account: 'here', region: 'local', releases: [], healthy: true }),
    look: async () => ((looks += 1) === 1 ? { state: 'absent' } : beats < 3 ? { state: 'in-progress', detail: 'exec-7 runs' } : DONE),
    act: async () => 'exec-7',
  };
  const deps = { intents: store.intents, killSwitch: store.killSwitch, hands, inventory: { services: [service] }, clock: { now: () => 0 } };
  const pause = async (): Promise<void> => void (await new Promise((resolve) => setTimeout(resolve, 2)));
  const beating = { heartbeat: () => void (beats += 1), beatEveryMs: 20, pause };
  expect(await createExecutionActivities({ ...deps, ...beating }).execute(input)).toMatchObject({ state: 'done' });
});

describe('an earlier attempt began, and nothing shows of it', () => {
  let now: number;
  let looked: Sighting[];

  /** Executes a step that may be done once only, with a world that shows these sightings one after the other, and what acting does. */
  async function again(
    sightings: readonly Sighting[],
    more: Partial<ExecuteInput['step']> = {},
    act: () => Promise<string | undefined> = async () => undefined,
  ): Promise<Executed> {
    [now, looked] = [10_000, []];
    const hands: Hands = {
      describe: async () => ({ account: 'here', region: 'local', releases: [], healthy: true }),
      look: async () => {
        const seen = sightings[Math.min(looked.length, sightings.length - 1)] ?? DONE;
        looked.push(seen);
        return seen;
      },
      act: async () => {
        acted += 1;
        return act();
      },
    };
    const deps = { intents: store.intents, killSwitch: store.killSwitch, hands, inventory: { services: [service] }, clock: { now: () => now } };
    const pause = async (ms: number): Promise<void> => void (now += ms);
    const once = { ...step, action: 'http.call', inputs: { call: 'purge' }, ...more } as const;
    return createExecutionActivities({ ...deps, heartbeat: () => undefined, beatEveryMs: 1_000, pause }).execute({ ...input, step: once });
  }
  const begun = async (): Promise<void> => {
    await intend();
    await store.intents.mark('t-1', 'started', 'first attempt', { startedAt: 9_000 });
  };

  test('a person is asked, as doing it again could do it twice', async () => {
    await begun();
    expect(await again([{ state: 'absent' }])).toMatchObject({ state: 'ambiguous', detail: expect.stringContaining('its answer was lost') as string });
    expect(acted).toBe(0);
    // And stays asked, whoever tries next.
    expect(await again([{ state: 'absent' }], { idempotent: true })).toMatchObject({ state: 'ambiguous' });
    expect(acted).toBe(0);
  });

  test('it is done again where the step says that this does no harm, or who would carry it out does', async () => {
    await begun();
    expect(await again([{ state: 'absent' }, DONE], { idempotent: true })).toMatchObject({ state: 'done' });
    await store.intents.mark('t-1', 'started', 'another', { startedAt: 9_000 });
    expect(await again([{ state: 'absent', again: true }, DONE])).toMatchObject({ state: 'done' });
    expect(acted).toBe(2);
  });

  test('when the kill switch comes between, it is not told as untried', async () => {
    await begun();
    await store.killSwitch.set(true, 'ana', 'wait', '2026-01-05T12:00:00.000Z');
    expect(await again([{ state: 'absent', again: true }])).toMatchObject({
      state: 'ambiguous',
      detail: expect.stringContaining('An earlier attempt may have happened') as string,
    });
    expect(acted).toBe(0);
  });

  test('when the kill switch comes between, what does no harm a second time is stopped, and its intent ends', async () => {
    await begun();
    await store.killSwitch.set(true, 'ana', 'wait', '2026-01-05T12:00:00.000Z');
    expect(await again([{ state: 'absent' }], { action: 'release/deploy' })).toMatchObject({ state: 'halted' });
    expect(await store.intents.open()).toEqual([]);
  });

  test('what is settled stays settled, also when the world has forgotten it', async () => {
    await begun();
    await store.intents.mark('t-1', 'done', 'exec-7 succeeded');
    expect(await again([{ state: 'absent', again: true }])).toMatchObject({ state: 'done', detail: 'exec-7 succeeded', found: true });
    await store.intents.mark('t-1', 'failed', 'exec-7 failed');
    expect(await again([{ state: 'absent', again: true }])).toMatchObject({ state: 'failed', detail: 'exec-7 failed' });
    expect(acted).toBe(0);
  });

  test('an attempt that was held up while another took over does not act beside it', async () => {
    await intend();
    const overtaken = async (): Promise<{ on: boolean }> => {
      await store.intents.mark('t-1', 'started', 'another', { startedAt: 9_999 });
      return { on: false };
    };
    store.killSwitch.halted = overtaken;
    await expect(again([{ state: 'absent' }])).rejects.toThrow(/another attempt has begun meanwhile/);
    expect(acted).toBe(0);
    expect(await store.intents.get('t-1')).toMatchObject({ state: 'started', startedAt: 9_999 });
  });

  test('what was not begun is tried again as a first attempt, and its intent says so', async () => {
    await intend();
    const refused = async (): Promise<never> => Promise.reject(new NightshiftError('not_begun', 'too many at once'));
    await expect(again([{ state: 'absent' }], {}, refused)).rejects.toMatchObject({ code: 'not_begun' });
    expect(await store.intents.get('t-1')).toMatchObject({ state: 'intended', detail: 'too many at once' });
    expect(await again([{ state: 'absent' }, DONE])).toMatchObject({ state: 'done' });
  });

  test('the id that the other side gave it is kept before anything else is asked', async () => {
    await intend();
    expect(await again([{ state: 'absent' }, { state: 'in-progress', detail: 'exec-7 runs' }, DONE], {}, async () => 'exec-7')).toMatchObject({
      state: 'done',
    });
    expect(await store.intents.get('t-1')).toMatchObject({ state: 'done', reference: 'exec-7', startedAt: 10_000 });
  });
});
