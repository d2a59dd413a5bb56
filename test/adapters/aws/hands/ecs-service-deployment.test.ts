import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { ServiceDeployment } from '@aws-sdk/client-ecs';
import type { Service } from '../../../../domain/inventory';
import type { FaultEffect } from '../../../fakes/aws/faults';
import { keysOf } from '../../../fakes/aws/identity';
import { putEcsService, putServiceDeployment } from '../../../fakes/aws/services/ecs';
import { putRolloutCourse } from '../../../fakes/aws/services/ecs-rollout';
import { ACCOUNT, handsWorld, NOW, REGION } from './world';
import type { Asked, HandsWorld } from './world';

const ask = (what: string, more: Partial<Asked> = {}): Asked => ({ action: 'ecs.service-deployment', step: what, inputs: { do: what }, ...more });
const [NEW, BACK, ON] = [ask('force-new'), ask('roll-back'), ask('continue')];
const FLEET = { cluster: 'fleet', service: 'web' };
const DROP = { effect: 'drop', service: 'ecs', only: 'writes', times: 1 } as const;

let world: HandsWorld;

beforeEach(async () => {
  world = await handsWorld({ ecs: FLEET });
  putEcsService(world.place, { cluster: 'fleet', service: { serviceName: 'web', desiredCount: 2, taskDefinition: revision(7) } });
  putRolloutCourse(world.place, { ...FLEET, durationMs: 500 });
});

afterEach(() => world.close());

function revision(of: number): string {
  return `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/web:${String(of)}`;
}

/** A deployment of somebody else, under way since five minutes. */
function underWay(more: Partial<ServiceDeployment> = {}): void {
  const createdAt = new Date(NOW - 300_000);
  const serviceArn = world.place.arn('ecs', 'service/fleet/web');
  const arn = world.place.arn('ecs', 'service-deployment/fleet/web/theirs');
  putServiceDeployment(world.place, { serviceDeploymentArn: arn, serviceArn, status: 'IN_PROGRESS', createdAt, ...more });
}

async function somebodyDeploys(taskDefinition: string): Promise<void> {
  const client = new ECSClient({ endpoint: world.aws.endpoint, region: REGION, credentials: keysOf(ACCOUNT) });
  await client.send(new UpdateServiceCommand({ ...FLEET, taskDefinition, forceNewDeployment: true }));
  client.destroy();
}

const waiting: Partial<ServiceDeployment> = { lifecycleHookDetails: [{ hookId: 'h1', targetType: 'PAUSE', status: 'AWAITING_ACTION' }] };
const of = (kind: string): number => world.aws.effects.of(`ecs.${kind}`).length;

test('a new deployment is begun with what runs, and followed until it is complete', async () => {
  expect(await world.execute(NEW)).toMatchObject({ state: 'done', detail: expect.stringMatching(/^deployment .+ is complete$/) as string });
  expect(world.aws.effects.of('ecs.deployment').map(({ detail }) => detail)).toEqual([{ from: revision(7), to: revision(7) }]);
});

test('carried out twice there is one deployment', async () => {
  await world.execute(NEW);
  expect([await world.execute(NEW), of('deployment')]).toEqual([expect.objectContaining({ state: 'done', found: true }), 1]);
});

test('two incidents have two deployments', async () => {
  await world.execute(NEW);
  await world.execute({ ...NEW, incidentId: 'inc-b' });
  expect(of('deployment')).toBe(2);
});

test.each<[FaultEffect, 'done' | 'failed' | 'ambiguous', number]>([
  ['throttle', 'done', 1],
  ['drop', 'done', 1],
  ['fail', 'done', 1],
  ['stall', 'done', 1],
  ['late', 'done', 1],
  ['deny', 'failed', 0],
  ['refuse', 'ambiguous', 0],
  ['hang', 'ambiguous', 0],
])('a new deployment, %s: %s, with %i deployments', async (effect, state, number) => {
  world.aws.fault({ effect, service: 'ecs', operation: 'UpdateService', times: 1, delayMs: 10_000 });
  expect([(await world.execute(NEW)).state, of('deployment')]).toEqual([state, number]);
});

test('where nothing came to show, it is begun again if the step may be done twice', async () => {
  world.aws.fault({ ...DROP, effect: 'refuse' });
  expect([(await world.execute({ ...NEW, idempotent: true })).state, of('deployment')]).toEqual(['done', 1]);
});

test.each([false, true])('a deployment that does not show for a while is waited for (answer lost: %s)', async (lost) => {
  world.aws.lag({ service: 'ecs', operation: 'UpdateService', ms: 15_000 });
  if (lost) world.aws.fault(DROP);
  expect([(await world.execute(NEW)).state, of('deployment')]).toEqual(['done', 1]);
});

test('a deployment that goes back is told as failed, with the reason', async () => {
  const deploymentCircuitBreaker = { enable: true, rollback: true };
  putEcsService(world.place, {
    cluster: 'fleet',
    service: { serviceName: 'web', taskDefinition: revision(7), deploymentConfiguration: { deploymentCircuitBreaker } },
  });
  putRolloutCourse(world.place, { ...FLEET, durationMs: 500, ends: ['FAILED'] });
  expect(await world.execute(NEW)).toMatchObject({ state: 'failed', detail: expect.stringContaining('circuit breaker') as string });
});

test('what somebody else deploys meanwhile is not taken for ours', async () => {
  world.aws.fault({ ...DROP, effect: 'refuse' });
  await expect(world.execute(NEW, 1)).rejects.toThrow('UpdateService');
  await somebodyDeploys(revision(8));
  expect(await world.execute(NEW)).toMatchObject({ state: 'ambiguous', detail: expect.stringContaining('somebody else has deployed') as string });
  expect(of('deployment')).toBe(1);
});

test('a read that is refused in the moment of acting has failed, and nothing was done', async () => {
  world.aws.fault({ effect: 'deny', service: 'ecs', operation: 'DescribeServices' });
  expect(await world.execute(NEW)).toMatchObject({ state: 'failed', detail: expect.stringMatching(/^nothing was done: .*DescribeServices/) as string });
});

describe('when the first attempt was throttled', () => {
  beforeEach(async () => {
    world.aws.fault({ effect: 'throttle', service: 'ecs', operation: 'UpdateService', times: 1 });
    await world.execute(NEW, 1).catch(() => undefined);
  });

  test('a deployment of somebody else that began and ended meanwhile is not taken for ours', async () => {
    await somebodyDeploys(revision(7));
    world.clock.advance(60_000);
    const told = await world.execute(NEW);
    const [, ours] = world.aws.effects.of('ecs.deployment');
    expect(told).toMatchObject({ state: 'done', found: false, detail: `deployment ${(ours?.id ?? '').split('/').at(-1) ?? ''} is complete` });
    expect(of('deployment')).toBe(2);
  });

  test('one of somebody else that goes on is not replaced', async () => {
    await somebodyDeploys(revision(7));
    expect(await world.execute(NEW)).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('is under way, which a new one would replace') as string,
    });
    expect(of('deployment')).toBe(1);
  });

  test('what somebody else deployed meanwhile is not started anew', async () => {
    await somebodyDeploys(revision(8));
    world.clock.advance(60_000);
    expect(await world.execute(NEW)).toMatchObject({ state: 'failed', detail: expect.stringContaining('runs web:8 by now, which somebody else') as string });
    expect(of('deployment')).toBe(1);
  });

  test('cancelling stops nothing of somebody else', async () => {
    await somebodyDeploys(revision(7));
    await world.hands.stop?.(world.service, world.effect(NEW));
    expect(of('stop')).toBe(0);
  });
});

test('what was begun and did not show is found all the same, when a later attempt was throttled', async () => {
  world.aws.lag({ service: 'ecs', operation: 'UpdateService', ms: 45_000, times: 1 });
  world.aws.fault(DROP);
  world.aws.fault({ effect: 'throttle', service: 'ecs', operation: 'UpdateService', times: 1 });
  await expect(world.execute({ ...NEW, idempotent: true }, 2)).rejects.toMatchObject({ code: 'not_begun' });
  world.clock.advance(60_000);
  expect([(await world.execute({ ...NEW, idempotent: true })).state, of('deployment')]).toEqual(['done', 1]);
});

test('a deployment of somebody else that is under way is not replaced', async () => {
  underWay();
  expect(await world.execute(NEW)).toMatchObject({ state: 'failed', detail: expect.stringContaining('theirs of fleet/web is under way') as string });
  expect(of('deployment')).toBe(0);
});

test('with a store from before no deployment is taken for ours, and none is begun', async () => {
  const before = world.clock.now();
  await world.execute(NEW);
  await world.store.state.save(`before:${world.effect(NEW).token}`, undefined);
  const seen = await world.hands.look(world.service, { ...world.effect(NEW), intendedAt: before });
  world.store.intentRows.clear();
  expect([seen.state, of('deployment')]).toEqual(['absent', 1]);
});

test('what began before anything was on record is not stopped as ours', async () => {
  const before = world.clock.now();
  underWay();
  await world.hands.stop?.(world.service, { ...world.effect(NEW), intendedAt: before - 1 });
  expect(of('stop')).toBe(0);
});

test('the deployment under way is rolled back', async () => {
  underWay();
  expect(await world.execute(BACK)).toMatchObject({ state: 'done', detail: 'deployment theirs was rolled back' });
  expect(world.aws.effects.of('ecs.stop').map(({ detail }) => detail)).toEqual([{ stopType: 'ROLLBACK' }]);
});

test('a pause is ended, and the deployment followed to its end', async () => {
  underWay(waiting);
  expect(await world.execute(ON)).toMatchObject({ state: 'done', detail: 'deployment theirs is complete' });
  expect(of('continue')).toBe(1);
});

test.each<[string, FaultEffect, string, number, Asked, string]>([
  ['rolling back', 'drop', 'done', 1, BACK, 'stop'],
  ['rolling back', 'refuse', 'done', 1, BACK, 'stop'],
  ['rolling back', 'late', 'done', 1, BACK, 'stop'],
  ['rolling back', 'deny', 'failed', 0, BACK, 'stop'],
  ['continuing', 'throttle', 'done', 1, ON, 'continue'],
  ['continuing', 'drop', 'done', 1, ON, 'continue'],
  ['continuing', 'refuse', 'done', 1, ON, 'continue'],
  ['continuing', 'deny', 'failed', 0, ON, 'continue'],
])('%s, %s: %s, with %i effects', async (_what, effect, state, number, asked, kind) => {
  underWay(waiting);
  world.aws.fault({ effect, service: 'ecs', only: 'writes', times: 1, delayMs: 10_000 });
  expect([(await world.execute(asked)).state, of(kind)]).toEqual([state, number]);
});

test('carried out twice there is one rollback and one continuation', async () => {
  underWay(waiting);
  await world.execute(ON);
  await world.execute(ON);
  underWay();
  await world.execute(BACK);
  await world.execute(BACK);
  expect([of('continue'), of('stop')]).toEqual([1, 1]);
});

test('with a store from before, the rollback is found', async () => {
  underWay();
  const intendedAt = world.clock.now();
  await world.execute(BACK);
  await world.store.state.save(`before:${world.effect(BACK).token}`, undefined);
  expect((await world.hands.look(world.service, { ...world.effect(BACK), intendedAt })).state).toBe('done');
});

test.each<[string, Asked, Partial<ServiceDeployment> | undefined, string | undefined]>([
  ['nothing under way', NEW, undefined, undefined],
  ['a deployment under way', NEW, {}, 'deployment theirs of fleet/web is under way, which a new one would replace; wait for its end, or roll it back.'],
  ['a deployment under way', BACK, {}, undefined],
  ['a deployment under way', ON, {}, 'deployment theirs of fleet/web does not wait at a pause.'],
  ['a pause', ON, waiting, undefined],
])('with %s it says before whether it may', async (_what, asked, theirs, said) => {
  if (theirs) underWay(theirs);
  expect(await world.hands.unmet?.(world.service, world.wanted(asked))).toBe(said);
});

test.each([
  ['is not there', {}, 'there is no service fleet/other in 111122223333/eu-central-1; correct hands.ecs in the configuration.'],
  ['is not active', { status: 'DRAINING' }, 'service fleet/other in 111122223333/eu-central-1 is DRAINING; nothing can be deployed to it.'],
  [
    'is deployed by CodeDeploy',
    { deploymentController: { type: 'CODE_DEPLOY' } as const },
    'is deployed by CODE_DEPLOY and not by ECS itself; act on it there.',
  ],
])('of a service that %s it says so', async (_what, more, said) => {
  if (Object.keys(more).length > 0) putEcsService(world.place, { cluster: 'fleet', service: { serviceName: 'other', ...more } });
  const service = { ...world.service, hands: { ...world.service.hands, ecs: { cluster: 'fleet', service: 'other' } } } as Service;
  expect(await world.hands.unmet?.(service, world.wanted(NEW))).toContain(said);
});

test('the preview names the service, its tasks, and what is deployed', async () => {
  const preview = (asked: Asked): Promise<string | undefined> | undefined => world.hands.preview?.(world.service, world.wanted(asked));
  expect(await preview(NEW)).toBe('starts the 2 tasks of fleet/web in 111122223333/eu-central-1 anew, with web:7');
  underWay();
  expect(await preview(BACK)).toBe('rolls back deployment theirs of fleet/web in 111122223333/eu-central-1, which brings web:7');
});

test('an account that is not configured is refused', async () => {
  const service = { ...world.service, hands: { ...world.service.hands, account: '444455556666' } } as Service;
  await expect(world.hands.act(service, world.effect(NEW))).rejects.toThrow('444455556666/eu-central-1 is not configured');
  expect(of('deployment')).toBe(0);
});

test('stopped, a deployment that we began goes back', async () => {
  const reference = await world.hands.act(world.service, world.effect(NEW));
  const effect = { ...world.effect(NEW), ...(reference !== undefined && { reference }) };
  await world.hands.stop?.(world.service, effect);
  await world.hands.stop?.(world.service, effect);
  expect(of('stop')).toBe(1);
});
