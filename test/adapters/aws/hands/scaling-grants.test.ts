import { RegisterScalableTargetCommand } from '@aws-sdk/client-application-auto-scaling';
import { createActuator } from '../../../../adapters/aws/hands/actuator';
import { putScalableTarget } from '../../../fakes/aws/services/application-autoscaling';
import { ACCOUNT, handsWorld, REGION } from './world';
import type { HandsWorld } from './world';

let world: HandsWorld;
afterEach(() => world.close());

async function target(namespace: string, resource: string, dimension: string): Promise<void> {
  world = await handsWorld({ scaling: { namespace, resource, dimension } });
  const named = { ServiceNamespace: namespace, ResourceId: resource, ScalableDimension: dimension };
  putScalableTarget(world.place, { ...named, MinCapacity: 2, MaxCapacity: 10, RoleARN: '' } as never);
}

test.each([
  ['ecs', 'service/shop/web', 'ecs:service:DesiredCount'],
  ['ec2', 'spot-fleet-request/sfr-1', 'ec2:spot-fleet-request:TargetCapacity'],
  ['lambda', 'function:checkout:live', 'lambda:function:ProvisionedConcurrency'],
  ['dynamodb', 'table/orders/index/by-day', 'dynamodb:index:WriteCapacityUnits'],
  ['rds', 'cluster:orders', 'rds:cluster:ReadReplicaCount'],
  ['sagemaker', 'endpoint/scores/variant/a', 'sagemaker:variant:DesiredInstanceCount'],
  ['elasticache', 'replication-group/cache', 'elasticache:replication-group:Replicas'],
  ['custom-resource', 'https://abc123.execute-api.eu-central-1.amazonaws.com/prod/scalableTargetDimensions/1', 'custom-resource:ResourceType:Property'],
])('of %s %s the session may do what Application Auto Scaling tries in its name, now and for a schedule', async (namespace, resource, dimension) => {
  await target(namespace, resource, dimension);
  expect(await world.execute({ action: 'autoscaling.scale', inputs: { to: '6' } })).toMatchObject({ state: 'done' });
  const window = { at: '2026-03-01T14:00Z', until: '2026-03-01T16:00Z' };
  expect(await world.execute({ action: 'autoscaling.schedule', inputs: { to: '8', ...window } })).toMatchObject({ state: 'done' });
  expect(await world.execute({ action: 'autoscaling.schedule', inputs: { cancel: 'true' }, step: 'undo:cancel' })).toMatchObject({ state: 'done' });
});

test('a session that may only call Application Auto Scaling is refused, with what is missing', async () => {
  await target('ecs', 'service/shop/web', 'ecs:service:DesiredCount');
  const actuator = { arn: `arn:aws:iam::${ACCOUNT}:role/nightshift-actuator-production`, externalId: 'ours' };
  const accounts = [{ id: ACCOUNT, regions: [REGION], environment: 'production', actuator }];
  const { ApplicationAutoScalingClient } = await import('@aws-sdk/client-application-auto-scaling');
  const sent = createActuator({ accounts, timeoutMs: 2_000, endpoint: world.aws.endpoint }, { now: () => Date.now() }).acts({
    ...{ place: { account: ACCOUNT, region: REGION }, effect: world.effect({ action: 'autoscaling.scale' }) },
    operation: 'application-autoscaling:RegisterScalableTarget',
    may: [{ actions: ['application-autoscaling:RegisterScalableTarget'], resources: ['*'] }],
    make: async (settings) => new ApplicationAutoScalingClient(settings),
    send: (client) =>
      client.send(
        new RegisterScalableTargetCommand({
          ...{ ServiceNamespace: 'ecs', ResourceId: 'service/shop/web', ScalableDimension: 'ecs:service:DesiredCount', MinCapacity: 3 },
        }),
      ),
  });
  const missing = /User is missing the following permissions: \[ecs:DescribeServices\]/;
  await expect(sent).rejects.toMatchObject({ code: 'effect_failed', message: expect.stringMatching(missing) as string });
  expect(world.aws.effects.of('application-autoscaling')).toEqual([]);
});
