import type { CreateDeploymentInput } from '@aws-sdk/client-codedeploy';
import { descriptionOf } from '../../../../domain/aws/deployment';
import { putAlarm } from '../../../fakes/aws/services/cloudwatch';
import { putDeploymentCourse } from '../../../fakes/aws/services/codedeploy-run';
import { TOKENLESS } from './befalls';
import { deployWorld, SOON, UNDER_WAY } from './codedeploy-world';
import type { DeployWorld } from './codedeploy-world';

const RESTART = { action: 'codedeploy.restart' } as const;

let world: DeployWorld;
const begin = async (...given: Parameters<typeof deployWorld>): Promise<void> => {
  world = await deployWorld(...given);
  world.deployed('d-AAAAAAAA1', 120, 'v1');
};
beforeEach(() => begin());
afterEach(() => world.close());

const restarts = () => world.aws.effects.of('codedeploy.restart');
const unmet = () => world.hands.unmet?.(world.service, world.wanted(RESTART));

test('the application is started anew by a deployment of the mode RESTART, without a revision, that has the token', async () => {
  expect(await world.execute(RESTART)).toMatchObject({ state: 'done', detail: expect.stringMatching(/^CodeDeploy ended d-/) as string });
  expect(restarts()).toMatchObject([{ target: 'shop/live', comment: descriptionOf(world.effect(RESTART).token) }]);
  const [input] = world.aws.ledger.of('codedeploy.CreateDeployment').map((entry) => entry.input as CreateDeploymentInput);
  expect([input?.deploymentMode, input?.revision]).toEqual(['RESTART', undefined]);
});

test('an intent that is carried out twice restarts once, another incident once more', async () => {
  await world.execute(RESTART);
  await world.execute(RESTART);
  await world.execute({ ...RESTART, incidentId: 'inc-b' });
  expect(restarts()).toHaveLength(2);
});

test.each(TOKENLESS)('a call that is %s', async (_what, fault, state, effects) => {
  world.aws.fault({ ...fault, service: 'codedeploy', operation: 'CreateDeployment' });
  expect(await world.execute(RESTART)).toMatchObject({ state });
  expect(restarts()).toHaveLength(effects);
});

test('one whose id cannot be seen for a while is followed to its end', async () => {
  world.aws.lag({ service: 'codedeploy', operation: 'CreateDeployment', ms: 10_000, times: 1 });
  expect(await world.execute(RESTART)).toMatchObject({ state: 'done' });
  expect(restarts()).toHaveLength(1);
});

test('a deployment of somebody else is neither stopped nor waited for', async () => {
  world.deployed('d-BBBBBBBB2', 1, 'v2', UNDER_WAY);
  const detail = /^d-BBBBBBBB2 is active in shop\/live in 111122223333\/eu-central-1 and none of Nightshift's; nothing was begun/;
  expect(await world.execute(RESTART)).toMatchObject({ state: 'failed', detail: expect.stringMatching(detail) as string });
  expect([restarts(), world.aws.effects.of('codedeploy.stop')]).toEqual([[], []]);
});

test('an alarm that is on does not stop it where alarms may be overridden', async () => {
  await world.close();
  await begin({ alarmConfiguration: { enabled: true, alarms: [{ name: 'errors' }] } }, { overrideAlarms: true });
  putAlarm(world.place, { AlarmName: 'errors', StateValue: 'ALARM' });
  expect(await world.execute(RESTART)).toMatchObject({ state: 'done' });
});

test('one that fails says why', async () => {
  putDeploymentCourse(world.place, { ...SOON, ends: ['Failed'] });
  expect(await world.execute(RESTART)).toMatchObject({ state: 'failed', detail: expect.stringContaining('is Failed: HEALTH_CONSTRAINTS') as string });
});

test('the store was restored: what was done is found, what was not is not done', async () => {
  await world.execute(RESTART);
  world.store.intentRows.clear();
  const look = (incidentId: string) => world.hands.look(world.service, world.effect({ ...RESTART, incidentId }));
  expect(await look('inc-a')).toMatchObject({ state: 'done' });
  expect(await look('inc-b')).toEqual({ state: 'absent' });
});

test('it may begin where something has succeeded and nothing is under way', async () => {
  expect(await unmet()).toBeUndefined();
  world.deployed('d-BBBBBBBB2', 1, 'v2', UNDER_WAY);
  expect(await unmet()).toBe('d-BBBBBBBB2 is InProgress in shop/live in 111122223333/eu-central-1; wait for its end');
});

test.each([
  ['another platform', { computePlatform: 'ECS' as const }, 'deploys to ECS'],
  ['a second fleet', { deploymentStyle: { deploymentType: 'BLUE_GREEN' as const } }, 'is a blue/green group'],
])('it must not begin for a group with %s', async (_what, group, why) => {
  await world.close();
  await begin(group);
  expect(await unmet()).toContain(why);
});

test('it must not begin where nothing has succeeded yet', async () => {
  world.deployed('d-AAAAAAAA1', 120, 'v1', { status: 'Failed' });
  expect(await unmet()).toMatch(/^nothing has succeeded in shop\/live/);
});

test('the approver sees what would be started anew', async () => {
  await world.execute(RESTART);
  const preview = await world.hands.preview?.(world.service, world.wanted(RESTART));
  expect(preview).toBe('starts the application of shop/live in 111122223333/eu-central-1 anew on all its instances, with shop.zip@v1 as it is there');
});

test('one that is under way can be stopped', async () => {
  putDeploymentCourse(world.place, { ...SOON, durationMs: 3_600_000 });
  const effect = world.effect(RESTART);
  await world.hands.act(world.service, effect);
  await world.hands.stop?.(world.service, effect);
  world.clock.advance(1_000);
  expect(await world.hands.look(world.service, effect)).toMatchObject({ state: 'failed', detail: expect.stringContaining('Stopped') as string });
});
