import { isExact, scalingGrants, unlikeResource } from '../../../domain/aws/scaling-asks';

const PLACE = { account: '111122223333', region: 'eu-central-1' };
const at = (product: string, name: string): string => `arn:aws:${product}:eu-central-1:111122223333:${name}`;

test.each([
  ['ecs', 'service/shop/web', 'ecs:UpdateService', at('ecs', 'service/shop/web')],
  ['ec2', 'spot-fleet-request/sfr-1', 'ec2:ModifySpotFleetRequest', at('ec2', 'spot-fleet-request/sfr-1')],
  ['lambda', 'function:checkout:live', 'lambda:PutProvisionedConcurrencyConfig', at('lambda', 'function:checkout:live')],
  ['dynamodb', 'table/orders', 'dynamodb:UpdateTable', at('dynamodb', 'table/orders')],
  ['dynamodb', 'table/orders/index/by-day', 'dynamodb:UpdateTable', at('dynamodb', 'table/orders')],
  ['rds', 'cluster:orders', 'rds:CreateDBInstance', at('rds', 'cluster:orders'), at('rds', 'db:')],
  ['rds', 'cluster:orders', 'rds:DeleteDBInstance', at('rds', 'db:')],
  ['sagemaker', 'endpoint/scores/variant/a', 'sagemaker:UpdateEndpointWeightsAndCapacities', at('sagemaker', 'endpoint/scores')],
  ['elasticache', 'replication-group/cache', 'elasticache:IncreaseReplicaCount', at('elasticache', 'replicationgroup:cache')],
  ['elasticache', 'cache-cluster/cache', 'elasticache:ModifyCacheCluster', at('elasticache', 'cluster:cache')],
  [
    'custom-resource',
    'https://abc123.execute-api.eu-central-1.amazonaws.com/prod/scalableTargetDimensions/1-2',
    'execute-api:Invoke',
    at('execute-api', 'abc123/prod/*/scalableTargetDimensions/1-2'),
  ],
  ['ecs', 'service/shop/web', 'cloudwatch:DeleteAlarms', at('cloudwatch', 'alarm:')],
])('for %s %s %s is allowed on %s and on nothing else', (namespace, resource, action, ...arns) => {
  const granted = scalingGrants(PLACE, { namespace, resource }).filter(({ actions }) => actions.includes(action));
  expect(granted.flatMap(({ resources }) => resources)).toEqual(arns);
});

test('for a namespace that is not known nothing is allowed besides', () => {
  expect(scalingGrants(PLACE, { namespace: 'other', resource: 'a' })).toEqual([]);
});

test.each([
  ['elasticache', 'cache', 'is not an id of elasticache; write replication-group/name or cache-cluster/name'],
  ['custom-resource', 'https://example.com/prod/targets/1', 'is not an id of custom-resource; write https://api.execute-api.region.amazonaws.com/stage/path'],
  ['ecs', 'shop/web', 'is not an id of ecs; write service/cluster/name'],
  ['rds', 'cluster:orders:other', 'is not an id of rds; write cluster:name'],
])('for %s %s, which is no id of it, nothing is allowed besides, and it is told how one is written', (namespace, resource, why) => {
  expect([scalingGrants(PLACE, { namespace, resource }), unlikeResource({ namespace, resource })]).toEqual([[], why]);
});

test('another partition has its own ARNs', () => {
  const [grant] = scalingGrants({ ...PLACE, region: 'cn-north-1' }, { namespace: 'ecs', resource: 'service/shop/web' });
  expect(grant?.resources).toEqual(['arn:aws-cn:ecs:cn-north-1:111122223333:service/shop/web']);
});

test.each([
  ['*', true],
  [at('ecs', 'service/shop/web'), true],
  [at('cloudwatch', 'alarm:'), false],
  [at('sagemaker', 'endpoint-config/*'), false],
])('IAM can be asked about %s: %p', (resource, is) => {
  expect(isExact(resource)).toBe(is);
});
