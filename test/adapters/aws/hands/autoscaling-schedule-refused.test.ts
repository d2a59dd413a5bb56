import { putScalableTarget } from '../../../fakes/aws/services/application-autoscaling';
import { putEcsService } from '../../../fakes/aws/services/ecs-store';
import { handsWorld } from './world';
import type { Asked, HandsWorld } from './world';

// What a refusal leaves behind, of the two that one schedule books.
const TARGET = { namespace: 'ecs', resource: 'service/shop/web', dimension: 'ecs:service:DesiredCount' };
const SCHEDULE: Asked = {
  ...{ action: 'autoscaling.schedule', incidentId: 'inc-a' },
  inputs: { by: '+50%', at: '2026-03-01T14:00Z', until: '2026-03-01T16:00Z' },
};

let world: HandsWorld;
beforeEach(async () => {
  world = await handsWorld({ scaling: TARGET });
  putEcsService(world.place, { cluster: 'shop', service: { serviceName: 'web', desiredCount: 4, runningCount: 4 } });
  const { namespace: ServiceNamespace, resource: ResourceId, dimension: ScalableDimension } = TARGET;
  const target = { ServiceNamespace, ResourceId, ScalableDimension, MinCapacity: 4, MaxCapacity: 10, RoleARN: 'arn:aws:iam::111122223333:role/scaling' };
  putScalableTarget(world.place, target as never);
});
afterEach(() => world.close());

test('where the raise is refused, its end is taken away again', async () => {
  world.aws.fault({ effect: 'error', error: { name: 'LimitExceededException', status: 400 }, operation: 'PutScheduledAction', after: 1 });
  expect(await world.execute(SCHEDULE)).toMatchObject({ state: 'failed', detail: expect.stringContaining('LimitExceededException') as string });
  world.clock.advance(300 * 60_000);
  expect(world.aws.effects.of('application-autoscaling.fired')).toEqual([]);
});

test('where that is refused too, a person is told what stays', async () => {
  world.aws.fault({ effect: 'deny', only: 'writes', service: 'application-autoscaling', after: 1, times: 2 });
  expect(await world.execute(SCHEDULE)).toMatchObject({
    state: 'ambiguous',
    detail: expect.stringMatching(/nightshift-.+-back may still be scheduled, delete it/) as string,
  });
});

test('where the next attempt is refused, what the one before has scheduled is taken away', async () => {
  world.aws.fault({ effect: 'drop', operation: 'PutScheduledAction', times: 1 });
  await expect(world.execute(SCHEDULE, 1)).rejects.toMatchObject({ code: 'unreachable' });
  expect(world.aws.effects.of('application-autoscaling.scheduled')).toMatchObject([{ id: expect.stringMatching(/-back$/) as string }]);
  world.aws.fault({ effect: 'deny', operation: 'PutScheduledAction' });
  expect(await world.execute(SCHEDULE)).toMatchObject({ state: 'failed' });
  expect(world.aws.effects.of('application-autoscaling.unscheduled')).toHaveLength(1);
});

test('where the raise is refused, its end is taken away again though it does not show yet', async () => {
  world.aws.lag({ ms: 60_000 });
  world.aws.fault({ effect: 'deny', operation: 'PutScheduledAction', after: 1, times: 1 });
  expect(await world.execute(SCHEDULE)).toMatchObject({ state: 'failed' });
  expect(world.aws.effects.of('application-autoscaling.unscheduled')).toHaveLength(1);
});

test('where it is refused at once, nothing stays, and nobody is asked', async () => {
  world.aws.fault({ effect: 'deny', only: 'writes', service: 'application-autoscaling' });
  expect(await world.execute(SCHEDULE)).toMatchObject({ state: 'failed', detail: expect.stringContaining('AccessDenied') as string });
  expect(world.aws.effects.entries).toEqual([]);
});
