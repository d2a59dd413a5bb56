import type { CreateDeploymentInput } from '@aws-sdk/client-codedeploy';
import { descriptionOf } from '../../../../domain/aws/deployment';
import type { Fault } from '../../../fakes/aws/faults';
import { putAlarm } from '../../../fakes/aws/services/cloudwatch';
import { putDeploymentCourse } from '../../../fakes/aws/services/codedeploy-run';
import { TOKENLESS } from './befalls';
import { deployWorld, GROUP, revisionOf, SOON, UNDER_WAY } from './codedeploy-world';
import type { DeployWorld } from './codedeploy-world';

const ROLLBACK = { action: 'codedeploy.rollback' } as const;
const MINUTE = 60_000;

interface SessionPolicy {
  readonly Statement: readonly { readonly Action: string[]; readonly Resource: string[] }[];
}

let world: DeployWorld;
beforeEach(async () => {
  world = await deployWorld();
});
afterEach(() => world.close());

const made = () => world.aws.effects.of('codedeploy.deployment');
const stops = () => world.aws.effects.of('codedeploy.stop');
const told = (): CreateDeploymentInput[] =>
  world.aws.ledger.entries.filter(({ operation }) => operation === 'CreateDeployment').map(({ input }) => input as CreateDeploymentInput);
const twoReleases = (): void => {
  world.deployed('d-AAAAAAAA1', 120, 'v1');
  world.deployed('d-BBBBBBBB2', 10, 'v2');
};
const underWay = (): void => {
  world.deployed('d-AAAAAAAA1', 120, 'v1');
  world.deployed('d-BBBBBBBB2', 1, 'v2', UNDER_WAY);
};
const token = (incidentId = 'inc-a'): string => world.effect({ ...ROLLBACK, incidentId }).token;

describe('nothing is under way', () => {
  beforeEach(() => twoReleases());

  test('the last good revision is deployed, pinned, without a rollback of its own', async () => {
    expect(await world.execute(ROLLBACK)).toMatchObject({ state: 'done', detail: expect.stringMatching(/^CodeDeploy ended d-\w+ \(shop.zip@v1\)$/) as string });
    expect(told()).toEqual([
      {
        ...{ ...GROUP, description: descriptionOf(token()), revision: revisionOf('v1'), fileExistsBehavior: 'OVERWRITE' },
        autoRollbackConfiguration: { enabled: false },
      },
    ]);
  });

  test('an intent that is carried out twice brings one deployment', async () => {
    await world.execute(ROLLBACK);
    expect(await world.execute(ROLLBACK)).toMatchObject({ state: 'done' });
    expect(made()).toHaveLength(1);
  });

  test.each([
    [true, 'done', false],
    [false, 'failed', true],
  ])('an alarm that is on: where it may be overridden (%s) it is %s, and who approves it is told (%s)', async (overrideAlarms, state, isTold) => {
    await world.close();
    world = await deployWorld({ alarmConfiguration: { enabled: true, alarms: [{ name: 'errors' }] } }, { overrideAlarms });
    twoReleases();
    putAlarm(world.place, { AlarmName: 'errors', StateValue: 'ALARM' });
    expect((await world.hands.preview?.(world.service, world.wanted(ROLLBACK)))?.endsWith('; an alarm of the group that is on stops it')).toBe(isTold);
    expect(await world.execute(ROLLBACK)).toMatchObject({ state });
  });

  test('a rollback that fails says why', async () => {
    putDeploymentCourse(world.place, { ...SOON, ends: ['Failed'] });
    expect(await world.execute(ROLLBACK)).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/is Failed: HEALTH_CONSTRAINTS: The overall/) as string,
    });
  });

  test.each(TOKENLESS)('a call that is %s', async (_what, fault, state, effects) => {
    world.aws.fault({ ...fault, service: 'codedeploy', operation: 'CreateDeployment' });
    expect(await world.execute(ROLLBACK)).toMatchObject({ state });
    expect(made()).toHaveLength(effects);
  });

  test('what cannot be seen for a while is found when it can', async () => {
    world.aws.lag({ service: 'codedeploy', operation: 'CreateDeployment', ms: 15_000, times: 1 });
    world.aws.fault({ effect: 'drop', service: 'codedeploy', operation: 'CreateDeployment', times: 1 });
    expect(await world.execute(ROLLBACK)).toMatchObject({ state: 'done', found: true });
    expect(made()).toHaveLength(1);
  });

  test('a step that may be done twice adopts what it began, which is active and cannot be seen yet', async () => {
    putDeploymentCourse(world.place, { ...GROUP, durationMs: 5 * MINUTE });
    world.aws.lag({ service: 'codedeploy', operation: 'CreateDeployment', ms: 2 * MINUTE, times: 1 });
    world.aws.fault({ effect: 'drop', service: 'codedeploy', operation: 'CreateDeployment', times: 1 });
    expect(await world.execute({ ...ROLLBACK, idempotent: true }, 40)).toMatchObject({ state: 'done' });
    expect(made()).toHaveLength(1);
  });

  test('two incidents roll back once each, each what was released then', async () => {
    await world.execute(ROLLBACK);
    world.deployed('d-CCCCCCCC3', -10, 'v3');
    world.clock.advance(20 * MINUTE);
    expect(await world.execute({ ...ROLLBACK, incidentId: 'inc-b' })).toMatchObject({ state: 'done' });
    expect(told().map(({ description, revision }) => [description, revision?.s3Location?.version])).toEqual([
      [descriptionOf(token()), 'v1'],
      [descriptionOf(token('inc-b')), 'v1'],
    ]);
  });

  test('a deployment that somebody began after the approval is not touched', async () => {
    world.aws.fault({ effect: 'throttle', service: 'codedeploy', operation: 'CreateDeployment', times: 1 });
    world.aws.ledger.clear();
    const before = world.execute(ROLLBACK, 1);
    await expect(before).rejects.toMatchObject({ code: 'not_begun' });
    world.clock.advance(MINUTE);
    world.deployed('d-CCCCCCCC3', -1, 'v3', UNDER_WAY);
    expect(await world.execute(ROLLBACK)).toMatchObject({ state: 'failed', detail: expect.stringContaining('d-CCCCCCCC3 of somebody else began') as string });
    expect([made(), stops()]).toEqual([[], []]);
  });

  test('a deployment of somebody else that cannot be seen yet is told when it can', async () => {
    world.deployed('d-CCCCCCCC3', 0, 'v3', UNDER_WAY);
    world.aws.hide({ service: 'codedeploy', region: world.place.region, account: world.place.account, id: 'd-CCCCCCCC3', reads: 8 });
    expect(await world.execute(ROLLBACK, 10)).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('d-CCCCCCCC3 is active in shop/live') as string,
    });
    expect(made()).toEqual([]);
  });

  test('the session may deploy to this group and nothing else', async () => {
    await world.execute(ROLLBACK);
    const policies = world.aws.ledger.of('sts.AssumeRole').map(({ input }) => JSON.parse((input as { readonly Policy: string }).Policy) as SessionPolicy);
    const acting = policies.filter(({ Statement }) => Statement.some(({ Resource }) => !Resource.includes('*')));
    const arn = (rest: string): string => `arn:aws:codedeploy:eu-central-1:111122223333:${rest}`;
    expect(acting.map(({ Statement }) => Statement.map(({ Action, Resource }) => [Action, Resource]))).toEqual([
      [
        [['codedeploy:CreateDeployment'], [arn('deploymentgroup:shop/live')]],
        [['codedeploy:GetDeploymentConfig'], [arn('deploymentconfig:*')]],
        [['codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'], [arn('application:shop')]],
      ],
    ]);
  });
});

describe('a deployment is under way', () => {
  beforeEach(() => underWay());

  test('it is stopped and rolled back by CodeDeploy, and nothing is created beside that', async () => {
    expect(await world.execute(ROLLBACK)).toMatchObject({ state: 'done', detail: expect.stringContaining('(shop.zip@v1)') as string });
    expect(stops()).toMatchObject([{ id: 'd-BBBBBBBB2', detail: { autoRollbackEnabled: true } }]);
    expect(made()).toMatchObject([{ detail: { creator: 'codeDeployRollback' } }]);
    expect(told()).toEqual([]);
  });

  test.each<[string, Omit<Fault, 'service'>, string, number]>([
    ['throttled', { effect: 'throttle', times: 2 }, 'done', 1],
    ['denied', { effect: 'deny' }, 'failed', 0],
    ['accepted, and its answer dropped', { effect: 'drop', times: 1 }, 'done', 1],
    ['done, and answered 500', { effect: 'fail', times: 1 }, 'done', 1],
    ['done, and never answered', { effect: 'stall', times: 1 }, 'done', 1],
    ['never answered', { effect: 'hang', times: 1 }, 'done', 1],
    ['cut off before it was done', { effect: 'refuse', times: 1 }, 'done', 1],
  ])('a stop that is %s', async (_what, fault, state, effects) => {
    world.aws.fault({ ...fault, service: 'codedeploy', operation: 'StopDeployment' });
    expect(await world.execute(ROLLBACK)).toMatchObject({ state });
    expect([stops().length, made().length, told().length]).toEqual([effects, effects, 0]);
  });

  test('a rollback that fails says why', async () => {
    putDeploymentCourse(world.place, { ...SOON, ends: ['Failed'] });
    expect(await world.execute(ROLLBACK)).toMatchObject({ state: 'failed', detail: expect.stringContaining('is Failed: HEALTH_CONSTRAINTS') as string });
  });

  test('one that succeeds before the stop comes is told, and nothing is created in its place', async () => {
    const refused = world.aws.fault({ effect: 'throttle', service: 'codedeploy', operation: 'StopDeployment' });
    await expect(world.execute(ROLLBACK, 1)).rejects.toMatchObject({ code: 'not_begun' });
    refused();
    world.deployed('d-BBBBBBBB2', 1, 'v2');
    expect(await world.execute(ROLLBACK)).toMatchObject({ state: 'failed', detail: expect.stringContaining('succeeded before it could be stopped') as string });
    expect(made()).toEqual([]);
  });
});

describe('the store was restored', () => {
  const forget = (): void => {
    world.store.intentRows.clear();
    world.store.saved.clear();
  };
  const asRestored = async () => {
    const { intendedAt: _at, ...step } = world.effect(ROLLBACK);
    return world.hands.look(world.service, { ...step, intendedAt: world.clock.now() });
  };

  test('what was done is found: by its description', async () => {
    twoReleases();
    await world.execute(ROLLBACK);
    forget();
    expect(await asRestored()).toMatchObject({ state: 'done' });
  });

  test('what was done is found: by the rollback of what was stopped', async () => {
    underWay();
    await world.execute(ROLLBACK);
    forget();
    expect(await asRestored()).toMatchObject({ state: 'done' });
  });

  test('what was not done is absent', async () => {
    twoReleases();
    expect(await asRestored()).toEqual({ state: 'absent' });
  });
});

describe('before it begins', () => {
  test('the approver sees from what to what, and what would be stopped', async () => {
    twoReleases();
    const preview = () => world.hands.preview?.(world.service, world.wanted(ROLLBACK));
    expect(await preview()).toBe('brings shop/live in 111122223333/eu-central-1 from shop.zip@v2 back to shop.zip@v1: deploys again what d-AAAAAAAA1 brought');
    world.deployed('d-CCCCCCCC3', 1, 'v3', UNDER_WAY);
    expect(await preview()).toBe(
      'brings shop/live in 111122223333/eu-central-1 from shop.zip@v3 back to shop.zip@v2: stops d-CCCCCCCC3, which CodeDeploy then rolls back',
    );
  });

  test('it is refused where there is nothing to go back to', async () => {
    world.deployed('d-AAAAAAAA1', 120, 'v1');
    const unmet = () => world.hands.unmet?.(world.service, world.wanted(ROLLBACK));
    expect(await unmet()).toMatch(/^shop\/live in 111122223333\/eu-central-1 is not rolled back: no other revision/);
    world.deployed('d-BBBBBBBB2', 10, 'v2');
    expect(await unmet()).toBeUndefined();
  });

  test('what was deployed long ago counts where nothing newer does', async () => {
    world.deployed('d-AAAAAAAA1', 200 * 24 * 60, 'v1');
    world.deployed('d-BBBBBBBB2', 10, 'v2');
    expect(await world.hands.unmet?.(world.service, world.wanted(ROLLBACK))).toBeUndefined();
  });
});

test('a rollback that is under way can be stopped, more than once', async () => {
  twoReleases();
  putDeploymentCourse(world.place, { ...GROUP, durationMs: 60 * MINUTE });
  const effect = world.effect(ROLLBACK);
  const reference = await world.hands.act(world.service, effect);
  world.clock.advance(MINUTE);
  await world.hands.stop?.(world.service, effect);
  await world.hands.stop?.(world.service, { ...effect, reference: reference ?? '' });
  world.clock.advance(MINUTE);
  expect(await world.hands.look(world.service, effect)).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining('is Stopped: MANUAL_STOP') as string,
  });
  expect(stops()).toHaveLength(1);
});

test('an account without a role that acts is not acted on', async () => {
  twoReleases();
  const { hands } = world.service;
  if (hands?.kind !== 'aws') throw new Error('no hands of AWS');
  await expect(world.hands.act({ ...world.service, hands: { ...hands, account: '222233334444' } }, world.effect(ROLLBACK))).rejects.toThrow('222233334444');
  expect(made()).toEqual([]);
});
