import type { Service } from '../../../../domain/inventory';
import { putAlias, putFunction, putVersions } from '../../../fakes/aws/services/lambda';
import { CALLED_AGAIN } from './befalls';
import { handsWorld } from './world';
import type { Asked, HandsWorld } from './world';

const BACK: Asked = { action: 'lambda.alias' };
const RESTORE: Asked = { action: 'lambda.alias', step: 'restore', inputs: { restore: 'true' } };
const FUNCTION = 'checkout';

let world: HandsWorld;

const lead = (FunctionVersion: string, weights: Record<string, number> = {}): void =>
  putAlias(world.place, { functionName: FUNCTION, alias: { Name: 'live', FunctionVersion, RoutingConfig: { AdditionalVersionWeights: weights } } });
const shifts = (): unknown[] => world.aws.effects.of('lambda.alias').map(({ detail }) => detail?.['to']);
const ALONE = { version: '7', weights: {}, description: '' };

beforeEach(async () => {
  world = await handsWorld({ lambda: { function: FUNCTION, alias: 'live' } });
  putFunction(world.place, { configuration: { FunctionName: FUNCTION } });
  putVersions(world.place, { functionName: FUNCTION, versions: ['5', '6', '7', '8'] });
  lead('7', { 8: 0.1 });
});

afterEach(() => world.close());

test('a canary is taken back, and it is told what was', async () => {
  expect(await world.execute(BACK)).toMatchObject({
    state: 'done',
    detail: 'checkout:live leads to version 7 alone, before to version 7 with 10 % to version 8',
  });
  expect(shifts()).toEqual([ALONE]);
});

test('all traffic goes to the version that is named', async () => {
  expect((await world.execute({ ...BACK, inputs: { to: '6' } })).state).toBe('done');
  expect(shifts()).toEqual([{ ...ALONE, version: '6' }]);
});

test('carried out twice there is one shift', async () => {
  await world.execute(BACK);
  expect(await world.execute(BACK)).toMatchObject({ state: 'done', found: true });
  expect(shifts()).toHaveLength(1);
});

test.each(CALLED_AGAIN)('%s: %s, with %i shifts', async (effect, state, number) => {
  world.aws.fault({ effect, service: 'lambda', operation: 'UpdateAlias', times: 1, delayMs: 5_000 });
  expect((await world.execute(BACK)).state).toBe(state);
  expect(shifts()).toHaveLength(number);
});

test('an attempt that comes after its time changes nothing, as another has been made', async () => {
  world.aws.fault({ effect: 'late', service: 'lambda', operation: 'UpdateAlias', times: 1, delayMs: 60_000 });
  expect((await world.execute(BACK)).state).toBe('done');
  world.clock.advance(60_000);
  expect(shifts()).toHaveLength(1);
});

test('a share that is moved between reading and shifting is read anew', async () => {
  world.aws.fault({ effect: 'error', service: 'lambda', operation: 'UpdateAlias', times: 1, error: { name: 'PreconditionFailedException', status: 412 } });
  await expect(world.execute(BACK, 1)).rejects.toThrow('PreconditionFailed');
  lead('7', { 8: 0.2 });
  expect((await world.execute(BACK)).state).toBe('done');
  expect(shifts()).toEqual([ALONE]);
});

test('what somebody else led elsewhere meanwhile is left alone', async () => {
  world.aws.fault({ effect: 'refuse', service: 'lambda', operation: 'UpdateAlias', times: 1 });
  await expect(world.execute(BACK, 1)).rejects.toThrow('UpdateAlias');
  lead('8');
  expect(await world.execute(BACK)).toMatchObject({ state: 'failed', detail: expect.stringContaining('somebody has led it since') as string });
  expect(shifts()).toEqual([]);
});

test('what is so already is told as that, and nothing is changed', async () => {
  lead('7');
  expect(await world.execute(BACK)).toMatchObject({ state: 'done', detail: 'checkout:live leads to version 7 alone already; nothing of it is on record' });
  expect(shifts()).toEqual([]);
});

test('with a store from before nothing is shifted a second time', async () => {
  await world.execute(BACK);
  const { token } = world.effect(BACK);
  world.store.intentRows.clear();
  await world.store.state.save(`before:${token}`, undefined);
  expect((await world.execute(BACK)).state).toBe('done');
  expect(shifts()).toHaveLength(1);
});

test('two incidents have two shifts', async () => {
  await world.execute(BACK);
  lead('7', { 8: 0.1 });
  await world.execute({ ...BACK, incidentId: 'inc-b' });
  expect(shifts()).toHaveLength(2);
});

test('the inverse puts back what was before the shift of its incident', async () => {
  await world.execute(BACK);
  expect((await world.execute(RESTORE)).state).toBe('done');
  expect(shifts()).toEqual([ALONE, { ...ALONE, weights: { 8: 0.1 } }]);
});

test('carried out twice the inverse is one shift', async () => {
  await world.execute(BACK);
  await world.execute(RESTORE);
  expect([(await world.execute(RESTORE)).state, shifts().length]).toEqual(['done', 2]);
});

test('the inverse does nothing without a record, nor after a shift of another incident', async () => {
  await world.execute({ ...BACK, incidentId: 'inc-b' });
  expect(await world.execute(RESTORE)).toMatchObject({ state: 'failed', detail: expect.stringContaining('it is not on record') as string });
  expect(shifts()).toHaveLength(1);
});

test('the inverse leaves alone what somebody has changed since the shift', async () => {
  await world.execute(BACK);
  lead('8');
  expect(await world.execute(RESTORE)).toMatchObject({ state: 'failed', detail: expect.stringContaining('somebody has changed it since') as string });
  expect(shifts()).toHaveLength(1);
});

test('an account that is not configured is refused', async () => {
  const service = { ...world.service, hands: { ...world.service.hands, account: '444455556666' } } as Service;
  await expect(world.hands.act(service, world.effect(BACK))).rejects.toThrow('444455556666/eu-central-1 is not configured');
  expect(shifts()).toEqual([]);
});

test.each<[string, Record<string, string>, string | undefined]>([
  ['a canary', {}, undefined],
  ['a version that is there', { to: '5' }, undefined],
  ['a version that is not', { to: '9' }, 'Function checkout has no version 9; give one that is published.'],
  ['both', { to: '5', restore: 'true' }, 'restore and to exclude each other; give one of them.'],
])('of %s it says before whether it may', async (_what, inputs, said) => {
  expect(await world.hands.unmet?.(world.service, world.wanted({ ...BACK, inputs }))).toBe(said);
});

test('without weights, and without the alias, it says so', async () => {
  lead('7');
  expect(await world.hands.unmet?.(world.service, world.wanted(BACK))).toContain('leads to version 7 alone already; there is nothing to shift');
  const service = { ...world.service, hands: { ...world.service.hands, lambda: { function: FUNCTION, alias: 'none' } } } as Service;
  expect(await world.hands.unmet?.(service, world.wanted(BACK))).toContain('there is no alias none of function checkout');
});

test('the preview names the alias, from and to', async () => {
  expect(await world.hands.preview?.(world.service, world.wanted(BACK))).toBe(
    'leads checkout:live in 111122223333/eu-central-1 to version 7 alone, now to version 7 with 10 % to version 8',
  );
});
