import { putActionCourse } from '../../../fakes/aws/services/codepipeline-run';
import { BEFALLS, execution, pipelineWorld } from './codepipeline-world';
import type { PipelineWorld } from './codepipeline-world';

const RETRY = { action: 'codepipeline.retry-stage' } as const;

let world: PipelineWorld;
beforeEach(async () => {
  world = await pipelineWorld();
  world.ran(1, 60, 'Succeeded');
  world.ran(2, 10, 'Failed');
});
afterEach(() => world.close());

const retries = () => world.aws.effects.of('codepipeline.retry');
const unmet = (inputs: Readonly<Record<string, string>> = {}) => world.hands.unmet?.(world.service, world.wanted({ ...RETRY, inputs }));

test('the stage that failed is tried again in its execution, the failed actions alone', async () => {
  const detail = `stage Deploy of execution ${execution(2)} succeeded when it was tried again`;
  expect(await world.execute(RETRY)).toMatchObject({ state: 'done', detail });
  expect(retries()).toMatchObject([{ id: execution(2), target: 'shop/Deploy', detail: { retryMode: 'FAILED_ACTIONS' } }]);
});

test('all of the stage is tried again where that is wanted', async () => {
  await world.execute({ ...RETRY, inputs: { stage: 'Deploy', mode: 'ALL_ACTIONS' } });
  expect(retries()).toMatchObject([{ detail: { retryMode: 'ALL_ACTIONS' } }]);
});

test('an intent that is carried out twice tries once', async () => {
  await world.execute(RETRY);
  expect(await world.execute(RETRY)).toMatchObject({ state: 'done' });
  expect(retries()).toHaveLength(1);
});

test('another incident tries once more, where it has failed again', async () => {
  putActionCourse(world.place, { pipeline: 'shop', stage: 'Deploy', durationMs: 500, ends: ['Failed', 'Succeeded'] });
  expect(await world.execute(RETRY)).toMatchObject({ state: 'failed', detail: expect.stringContaining('was tried again, and Deploy it is Failed') as string });
  expect(await world.execute({ ...RETRY, incidentId: 'inc-b' })).toMatchObject({ state: 'done' });
  expect(retries()).toHaveLength(2);
});

test.each(BEFALLS)('a call that is %s', async (_what, fault, state, effects) => {
  world.aws.fault({ ...fault, service: 'codepipeline', operation: 'RetryStageExecution' });
  expect(await world.execute(RETRY)).toMatchObject({ state });
  expect(retries()).toHaveLength(effects);
});

test('what was tried again for something else a moment before is not taken for it', async () => {
  await world.execute(RETRY);
  world.clock.advance(180_000);
  world.ran(3, 0, 'Failed');
  const found = await world.hands.look(world.service, world.effect({ ...RETRY, incidentId: 'inc-b' }));
  expect(found).toEqual({ state: 'absent' });
});

test('what a person has tried again meanwhile is adopted', async () => {
  const refused = world.aws.fault({ effect: 'throttle', service: 'codepipeline', operation: 'RetryStageExecution' });
  await expect(world.execute(RETRY, 1)).rejects.toMatchObject({ code: 'not_begun' });
  refused();
  await world.hands.act(world.service, world.effect({ ...RETRY, incidentId: 'inc-person' }));
  expect(await world.execute(RETRY)).toMatchObject({ state: 'done' });
  expect(retries()).toHaveLength(1);
});

test('a read that is refused before anything is sent has failed, and nothing was done', async () => {
  world.aws.fault({ effect: 'deny', service: 'codepipeline', operation: 'ListActionExecutions' });
  expect(await world.execute(RETRY)).toMatchObject({ state: 'failed', detail: expect.stringContaining('ListActionExecutions') as string });
  expect(world.aws.effects.of('codepipeline.retry')).toEqual([]);
});

test('cancelled, the execution goes on, as it is more than what was begun, and that is told', async () => {
  putActionCourse(world.place, { pipeline: 'shop', stage: 'Deploy', durationMs: 60_000 });
  expect(await world.cancel(RETRY)).toMatch(/^cancelled \(it was accepted as .+\): it goes on, as it cannot be stopped: stage Deploy of execution/);
  expect(world.aws.effects.of('codepipeline.stop')).toEqual([]);
});

test('an execution that a newer one has overtaken is not tried again', async () => {
  const refused = world.aws.fault({ effect: 'throttle', service: 'codepipeline', operation: 'RetryStageExecution' });
  await expect(world.execute(RETRY, 1)).rejects.toMatchObject({ code: 'not_begun' });
  refused();
  world.ran(3, 0, 'InProgress');
  const detail = expect.stringContaining(`execution ${execution(2)} is not the latest of stage Deploy any more (${execution(3)} is)`) as string;
  expect(await world.execute(RETRY)).toMatchObject({ state: 'failed', detail });
  expect(retries()).toEqual([]);
});

test('the store was restored: what was done is found, what was not is absent', async () => {
  const effect = world.effect(RETRY);
  const look = () => world.hands.look(world.service, effect);
  expect(await look()).toEqual({ state: 'absent' });
  await world.execute(RETRY);
  world.store.saved.clear();
  expect(await look()).toMatchObject({ state: 'done' });
});

test('it may begin where one stage has failed', async () => {
  expect(await unmet()).toBeUndefined();
  expect(await unmet({ stage: 'Build' })).toBe(
    'pipeline shop in 111122223333/eu-central-1 is not tried again: its stage Build is Succeeded and has not failed',
  );
});

test('the approver sees what would be tried again, and where', async () => {
  const preview = await world.hands.preview?.(world.service, world.wanted(RETRY));
  expect(preview).toBe(`tries the failed actions of stage Deploy of pipeline shop in 111122223333/eu-central-1 again, in execution ${execution(2)}`);
});

test('the session may try this stage again and nothing else', async () => {
  await world.execute(RETRY);
  const policies = world.aws.ledger.of('sts.AssumeRole').map(({ input }) => (input as { readonly Policy: string }).Policy);
  const statement = { Effect: 'Allow', Action: ['codepipeline:RetryStageExecution'], Resource: ['arn:aws:codepipeline:eu-central-1:111122223333:shop/Deploy'] };
  expect(policies).toContain(JSON.stringify({ Version: '2012-10-17', Statement: [statement] }));
});
