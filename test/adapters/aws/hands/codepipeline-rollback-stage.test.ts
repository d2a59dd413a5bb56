import { putActionCourse } from '../../../fakes/aws/services/codepipeline-run';
import { BEFALLS, execution, pipelineWorld } from './codepipeline-world';
import type { PipelineWorld } from './codepipeline-world';

const ROLLBACK = { action: 'codepipeline.rollback-stage', inputs: { stage: 'Deploy' } } as const;
const HERE = 'pipeline shop in 111122223333/eu-central-1';

let world: PipelineWorld;
beforeEach(async () => {
  world = await pipelineWorld();
  for (const [number, minutesAgo] of [
    [1, 300],
    [2, 200],
    [3, 100],
    [4, 50],
    [5, 10],
  ] as const)
    world.ran(number, minutesAgo, 'Succeeded');
});
afterEach(() => world.close());

const rollbacks = () => world.aws.effects.of('codepipeline.rollback');
const stops = () => world.aws.effects.of('codepipeline.stop');
const unmet = (inputs: Readonly<Record<string, string>> = ROLLBACK.inputs) => world.hands.unmet?.(world.service, world.wanted({ ...ROLLBACK, inputs }));

test('the stage is brought back to the execution before, as a new one that is followed to its end', async () => {
  const told = await world.execute(ROLLBACK);
  const [effect] = rollbacks();
  expect(effect).toMatchObject({ target: 'shop/Deploy', detail: { targetPipelineExecutionId: execution(4) } });
  expect(told).toMatchObject({ state: 'done', detail: `execution ${effect?.id ?? ''}, the rollback to ${execution(4)}, succeeded` });
});

test('it goes back to the execution that is named', async () => {
  await world.execute({ ...ROLLBACK, inputs: { stage: 'Deploy', to: execution(2) } });
  expect(rollbacks()).toMatchObject([{ detail: { targetPipelineExecutionId: execution(2) } }]);
});

test('an intent that is carried out twice rolls back once', async () => {
  await world.execute(ROLLBACK);
  expect(await world.execute(ROLLBACK)).toMatchObject({ state: 'done' });
  expect(rollbacks()).toHaveLength(1);
});

test('another incident rolls back once more to the same, when a new execution came', async () => {
  await world.execute(ROLLBACK);
  world.ran(6, -2, 'Succeeded');
  world.clock.advance(4 * 60_000);
  await world.execute({ ...ROLLBACK, incidentId: 'inc-b' });
  expect(rollbacks()).toMatchObject([{ detail: { targetPipelineExecutionId: execution(4) } }, { detail: { targetPipelineExecutionId: execution(4) } }]);
});

test.each(BEFALLS)('a call that is %s', async (_what, fault, state, effects) => {
  world.aws.fault({ ...fault, service: 'codepipeline', operation: 'RollbackStage' });
  expect(await world.execute(ROLLBACK)).toMatchObject({ state });
  expect(rollbacks()).toHaveLength(effects);
});

test('what cannot be seen for a while is found when it can', async () => {
  world.aws.lag({ service: 'codepipeline', operation: 'RollbackStage', ms: 15_000, times: 1 });
  world.aws.fault({ effect: 'drop', service: 'codepipeline', operation: 'RollbackStage', times: 1 });
  expect(await world.execute(ROLLBACK)).toMatchObject({ state: 'done', found: true });
  expect(rollbacks()).toHaveLength(1);
});

test('a rollback that fails is told', async () => {
  putActionCourse(world.place, { pipeline: 'shop', stage: 'Deploy', durationMs: 500, ends: ['Failed'] });
  expect(await world.execute(ROLLBACK)).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining('is Failed; its actions in CodePipeline say why') as string,
  });
});

test('what went into the stage after the approval is not written over', async () => {
  const refused = world.aws.fault({ effect: 'throttle', service: 'codepipeline', operation: 'RollbackStage' });
  await expect(world.execute(ROLLBACK, 1)).rejects.toMatchObject({ code: 'not_begun' });
  refused();
  world.clock.advance(5 * 60_000);
  world.ran(6, -1, 'Succeeded');
  expect(await world.execute(ROLLBACK)).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining(`execution ${execution(6)} went into stage Deploy`) as string,
  });
  expect(rollbacks()).toEqual([]);
});

test('the store was restored: what was done is found, what was not is absent', async () => {
  const effect = world.effect(ROLLBACK);
  const look = () => world.hands.look(world.service, effect);
  expect(await look()).toEqual({ state: 'absent' });
  await world.execute(ROLLBACK);
  world.store.saved.clear();
  expect(await look()).toMatchObject({ state: 'done' });
});

test('a rollback of another stage to the same is not taken for it', async () => {
  const refused = world.aws.fault({ effect: 'throttle', service: 'codepipeline', operation: 'RollbackStage' });
  await expect(world.execute(ROLLBACK, 1)).rejects.toMatchObject({ code: 'not_begun' });
  refused();
  await world.hands.act(world.service, world.effect({ ...ROLLBACK, incidentId: 'inc-person', inputs: { stage: 'Build' } }));
  expect(await world.execute(ROLLBACK)).toMatchObject({ state: 'done' });
  expect(rollbacks().map(({ target }) => target)).toEqual(['shop/Build', 'shop/Deploy']);
});

test('a rollback of somebody else to the same, begun when ours was throttled, is not taken for ours', async () => {
  world.aws.fault({ effect: 'throttle', service: 'codepipeline', operation: 'RollbackStage', times: 1 });
  await expect(world.execute(ROLLBACK, 1)).rejects.toMatchObject({ code: 'not_begun' });
  await world.hands.act(world.service, world.effect({ ...ROLLBACK, incidentId: 'inc-person' }));
  const [theirs] = rollbacks();
  await expect(world.hands.stop?.(world.service, world.effect(ROLLBACK))).rejects.toMatchObject({ code: 'ambiguous_effect' });
  const said = `execution ${theirs?.id ?? ''} went into stage Deploy of ${HERE} after this was approved, so nothing was done`;
  expect(await world.execute(ROLLBACK)).toMatchObject({ state: 'failed', detail: expect.stringContaining(said) as string });
  expect([rollbacks().length, stops().length]).toEqual([1, 0]);
});

describe('cancelling', () => {
  const SLOW = { pipeline: 'shop', stage: 'Deploy', durationMs: 60_000 };
  beforeEach(() => putActionCourse(world.place, SLOW));

  test('stops the execution that was begun, after its action, by a session for this pipeline alone', async () => {
    const told = await world.cancel(ROLLBACK);
    const [ours] = rollbacks();
    expect(told).toContain(`asked to stop: execution ${ours?.id ?? ''}`);
    expect(stops()).toMatchObject([{ id: ours?.id, target: 'shop', detail: { abandon: false }, comment: 'cancelled in Nightshift, incident inc-a' }]);
    world.clock.advance(120_000);
    expect(await world.hands.look(world.service, { ...world.effect(ROLLBACK), reference: ours?.id ?? '' })).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('is Stopped') as string,
    });
  });

  test('asked twice it stops once, and what has ended stays as it is', async () => {
    await world.cancel(ROLLBACK);
    const reference = rollbacks()[0]?.id ?? '';
    const stop = () => world.hands.stop?.(world.service, { ...world.effect(ROLLBACK), reference });
    await stop();
    world.clock.advance(120_000);
    await stop();
    expect(stops()).toHaveLength(1);
  });

  test('it is asked for where the execution does not show yet, and refused there without harm', async () => {
    world.aws.lag({ service: 'codepipeline', operation: 'RollbackStage', ms: 15_000, times: 1 });
    expect(await world.cancel(ROLLBACK)).toContain('was accepted and cannot be seen yet');
    expect(stops()).toEqual([]);
  });

  test('says that it goes on where the answer was lost, and stops none', async () => {
    world.aws.fault({ effect: 'drop', service: 'codepipeline', operation: 'RollbackStage', times: 1 });
    expect(await world.cancel(ROLLBACK)).toContain('it goes on, as it cannot be stopped: execution');
    expect([rollbacks().length, stops().length]).toEqual([1, 0]);
  });

  test("lets somebody else's rollback to the same go on where ours was lost and never began", async () => {
    const effect = world.effect(ROLLBACK);
    world.aws.fault({ effect: 'refuse', service: 'codepipeline', operation: 'RollbackStage', times: 1 });
    await expect(world.hands.act(world.service, effect)).rejects.toMatchObject({ code: 'unreachable' });
    await world.hands.act(world.service, world.effect({ ...ROLLBACK, incidentId: 'inc-person' }));
    await expect(world.hands.stop?.(world.service, effect)).rejects.toMatchObject({ code: 'ambiguous_effect' });
    expect([rollbacks().length, stops().length]).toEqual([1, 0]);
  });
});

test('it may begin where there is something to go back to', async () => {
  expect(await unmet()).toBeUndefined();
  expect(await unmet({ stage: 'Ship' })).toBe(`${HERE} is not rolled back: it has no stage Ship; its stages are Source, Build, Deploy`);
  expect(await unmet({ stage: 'Source' })).toContain('the one of its sources');
  await world.execute(ROLLBACK);
  expect(await unmet()).toContain(`was rolled back to ${execution(4)} already`);
});

test('it must not begin where the pipeline has another structure since', async () => {
  world.redeclare(2);
  world.ran(6, 2, 'Succeeded', { version: 2 });
  expect(await unmet()).toBe(
    `${HERE} is not rolled back: the pipeline has another structure since execution ${execution(5)}, so CodePipeline cannot go back to it; go back by a new execution`,
  );
});

test('the approver sees from what to what', async () => {
  const preview = await world.hands.preview?.(world.service, world.wanted(ROLLBACK));
  expect(preview).toBe(`brings stage Deploy of ${HERE} from execution ${execution(5)} back to execution ${execution(4)} (commit-4), as a new execution`);
});
