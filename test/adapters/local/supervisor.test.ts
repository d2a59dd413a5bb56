import { createSupervisorChanges, createSupervisorHands } from '../../../adapters/local/supervisor';
import { errorCode } from '../../../domain/errors';
import type { Service } from '../../../domain/inventory';
import type { Effect } from '../../../ports/hands';
import { startFakeSupervisor, type FakeEntry, type FakeSupervisor } from '../../fakes/supervisor';

let fake: FakeSupervisor;
let service: Service;
let rollback: Effect;
const hands = createSupervisorHands({ timeoutMs: 1000 });
const target = { provider: 'local', partition: 'local', account: 'bookshop-local', region: 'local', kind: 'service', id: 'bookshop' };

beforeEach(async () => {
  fake = await startFakeSupervisor();
  service = { name: 'bookshop', environment: 'demo', tier: 'critical', dependsOn: [], hands: { kind: 'supervisor', url: `${fake.url}/`, target } };
  rollback = { token: 't-1', incidentId: 'inc-a', action: 'release/deploy', inputs: { release: '1.4.0' }, target, intendedAt: 0, timeoutMs: 1000 };
});
afterEach(() => fake.close());

const entry = (state: FakeEntry['state'], more: Partial<FakeEntry> = {}): FakeEntry => {
  return { id: '1', kind: 'deploy', token: 't-1', by: 'nightshift', release: '1.4.0', from: '1.5.0', state, startedAt: '2026-11-20T10:05:00.000Z', ...more };
};

test('describes what runs and who it is', async () => {
  expect(await hands.describe(service)).toEqual({
    account: 'bookshop-local',
    region: 'local',
    release: '1.5.0',
    previousRelease: '1.4.0',
    releases: ['1.4.0', '1.5.0'],
    startedAt: '2026-11-20T10:00:00.000Z',
    healthy: true,
  });
});

describe('acting', () => {
  test('deploys once, under our name, with the token and the incident', async () => {
    await hands.act(service, rollback);
    expect(fake.ledger).toMatchObject([{ kind: 'deploy', release: '1.4.0', token: 't-1', by: 'nightshift', state: 'done' }]);
    expect(fake.state.current).toBe('1.4.0');
  });

  test('restarts', async () => {
    await hands.act(service, { ...rollback, action: 'service/restart', inputs: {} });
    expect(fake.ledger).toMatchObject([{ kind: 'restart', token: 't-1' }]);
  });

  test('fails for certain when the supervisor says so', async () => {
    fake.manner = 'refuse';
    await expect(hands.act(service, rollback)).rejects.toMatchObject({
      code: 'effect_failed',
      message: expect.stringContaining('the health check failed') as string,
    });
    fake.manner = 'ok';
    await expect(hands.act(service, { ...rollback, inputs: { release: '9' } })).rejects.toMatchObject({
      code: 'effect_failed',
      message: expect.stringContaining('no release 9') as string,
    });
  });

  test.each(['hang', 'cut', 'error', 'nonsense'] as const)('leaves the outcome open when the answer is: %s; it is sent once', async (manner) => {
    fake.manner = manner;
    const thrown: unknown = await hands.act(service, { ...rollback, timeoutMs: 300 }).catch((e: unknown) => e);
    expect(thrown).toBeInstanceOf(Error);
    expect(errorCode(thrown)).toBeUndefined();
    expect(fake.ledger).toHaveLength(1);
  });

  test('refuses a deployment without a release before anything is sent', async () => {
    await expect(hands.act(service, { ...rollback, inputs: {} })).rejects.toMatchObject({ code: 'invalid_input' });
    expect(fake.ledger).toEqual([]);
  });
});

describe('looking', () => {
  test('sees nothing where no entry carries the token', async () => {
    fake.ledger.push(entry('done', { token: 'another' }), entry('done', { token: null }));
    expect(await hands.look(service, rollback)).toEqual({ state: 'absent' });
  });

  test.each([
    ['started', 'in-progress'],
    ['done', 'done'],
    ['failed', 'failed'],
  ] as const)('reads %s as %s', async (state, sighting) => {
    fake.ledger.push(entry(state));
    expect(await hands.look(service, rollback)).toMatchObject({ state: sighting });
  });

  test('believes the one that is done when the token was used more than once', async () => {
    fake.ledger.push(entry('done'), entry('failed'));
    expect(await hands.look(service, rollback)).toMatchObject({ state: 'done' });
  });

  test('knows that an interrupted deployment did nothing when the release is another and nothing was altered since', async () => {
    fake.ledger.push(entry('interrupted'));
    expect(await hands.look(service, rollback)).toEqual({ state: 'absent' });
  });

  test('does not know what became of an interrupted one when something was altered since, or of an interrupted restart', async () => {
    fake.ledger.push(entry('interrupted'));
    fake.changes.push({ id: 'c', kind: 'deployment', at: '2026-11-20T10:06:00.000Z', author: 'ana', summary: 'deployed 1.5.0', from: '1.4.0', to: '1.5.0' });
    expect(await hands.look(service, rollback)).toMatchObject({ state: 'ambiguous' });
    expect(await hands.look(service, { ...rollback, action: 'service/restart', inputs: {} })).toMatchObject({ state: 'ambiguous' });
  });

  test('takes an interrupted one for done when the release runs since then and is healthy', async () => {
    fake.ledger.push(entry('interrupted'));
    fake.state = { ...fake.state, current: '1.4.0', startedAt: '2026-11-20T10:05:01.000Z' };
    expect(await hands.look(service, rollback)).toMatchObject({ state: 'done', at: '2026-11-20T10:05:01.000Z' });
    fake.state = { ...fake.state, healthy: false };
    expect(await hands.look(service, rollback)).toMatchObject({ state: 'ambiguous' });
  });

  test('finds after a cut connection what was done', async () => {
    fake.manner = 'cut';
    await hands.act(service, rollback).catch(() => undefined);
    expect(await hands.look(service, rollback)).toMatchObject({ state: 'done' });
  });

  test('says when nobody is there', async () => {
    await fake.close();
    await expect(hands.look(service, rollback)).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('changes', () => {
  const change = {
    id: 'c1',
    kind: 'deployment',
    environment: 'elsewhere',
    service: 'shop',
    at: '2026-11-20T10:01:00.000Z',
    author: 'ana',
    summary: 's',
    from: null,
    to: '1.4.0',
  };
  const from = Date.parse('2026-11-20T10:00:00.000Z');

  test('bear the name and environment of the inventory, and leave out what is not known', async () => {
    fake.changes.push(change);
    expect(await createSupervisorChanges({ timeoutMs: 1000 }).list(service, from, from + 90_000)).toEqual([
      { id: 'c1', kind: 'deployment', environment: 'demo', service: 'bookshop', at: change.at, author: 'ana', summary: 's', to: '1.4.0' },
    ]);
  });

  test('are those of the wanted time, oldest first', async () => {
    fake.changes.push({ ...change, id: 'late', at: '2026-11-20T10:05:00.000Z' }, { ...change, id: 'c2', at: '2026-11-20T10:01:10.000Z' }, change);
    expect((await createSupervisorChanges({ timeoutMs: 1000 }).list(service, from, from + 90_000)).map((c) => c.id)).toEqual(['c1', 'c2']);
  });

  test('that are not what a supervisor says are refused', async () => {
    fake.changes.push({ id: 1 });
    await expect(createSupervisorChanges({ timeoutMs: 1000 }).list(service, 0, from)).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('of a service without hands are none', async () => {
    const { hands: _hands, ...unmanaged } = service;
    expect(await createSupervisorChanges({ timeoutMs: 1000 }).list(unmanaged, 0, 1)).toEqual([]);
  });
});
