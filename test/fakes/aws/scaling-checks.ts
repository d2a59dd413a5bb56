import type { Permission } from './session-policy';
import type { Place } from './world';

type Checks = (resource: string, place: Place) => readonly (readonly [action: string, resource: string])[];

/** Of calls that name no alarm. */
const ALARMS: Checks = (_resource, place) => [
  ['cloudwatch:PutMetricAlarm', place.arn('cloudwatch', 'alarm:')],
  ['cloudwatch:DescribeAlarms', place.arn('cloudwatch', 'alarm:*')],
  ['cloudwatch:DeleteAlarms', place.arn('cloudwatch', 'alarm:')],
];

function each(actions: readonly string[], arn: string): readonly (readonly [string, string])[] {
  return actions.map((action) => [action, arn] as const);
}

/** What Application Auto Scaling tries in the name of its caller before it does anything, by namespace. */
const CHECKS: Readonly<Record<string, Checks>> = {
  ecs: (id, place) => each(['ecs:DescribeServices', 'ecs:UpdateService'], place.arn('ecs', id)),
  ec2: (id, place) => [
    ['ec2:DescribeSpotFleetRequests', '*'],
    ['ec2:ModifySpotFleetRequest', place.arn('ec2', id)],
  ],
  lambda: (id, place) =>
    each(
      ['Put', 'Get', 'Delete'].map((verb) => `lambda:${verb}ProvisionedConcurrencyConfig`),
      place.arn('lambda', id),
    ),
  dynamodb: (id, place) => each(['dynamodb:DescribeTable', 'dynamodb:UpdateTable'], place.arn('dynamodb', id.split('/').slice(0, 2).join('/'))),
  rds: (id, place) => [
    ...each(['rds:CreateDBInstance', 'rds:DeleteDBInstance'], place.arn('rds', 'db:')),
    ['rds:CreateDBInstance', place.arn('rds', id)],
    ['rds:AddTagsToResource', 'arn:aws:rds:us-east-1:12345:db:non-existing-db'],
    ['rds:DescribeDBClusters', place.arn('rds', id)],
    ['rds:DescribeDBInstances', place.arn('rds', 'db:*')],
  ],
  sagemaker: (id, place) => [
    ...each(['sagemaker:DescribeEndpoint', 'sagemaker:UpdateEndpointWeightsAndCapacities'], place.arn('sagemaker', id.split('/').slice(0, 2).join('/'))),
    ['sagemaker:DescribeEndpointConfig', place.arn('sagemaker', 'endpoint-config/any')],
  ],
  elasticache: (id, place) => [
    ...each(['elasticache:DescribeReplicationGroups', 'elasticache:DescribeCacheClusters', 'elasticache:DescribeCacheParameters'], '*'),
    ...each(
      ['IncreaseReplicaCount', 'DecreaseReplicaCount', 'ModifyReplicationGroupShardConfiguration'].map((name) => `elasticache:${name}`),
      place.arn('elasticache', id.replace('replication-group/', 'replicationgroup:')),
    ),
  ],
  'custom-resource': (id, place) => {
    const { hostname, pathname } = new URL(id);
    const [, stage = '', ...path] = pathname.split('/');
    return [['execute-api:Invoke', place.arn('execute-api', `${hostname.split('.')[0] ?? ''}/${stage}/PATCH/${path.join('/')}`)]];
  },
};

/**
 * What the caller is asked for besides the actions of Application Auto Scaling, refused by a validation error that lists it, as
 * https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html says.
 */
export function scalingChecks(namespace: string, resource: string, place: Place): readonly Permission[] {
  const asked = [CHECKS[namespace], ALARMS].flatMap((checks) => checks?.(resource, place) ?? []);
  return asked.map(([action, arn]) => ({ action, resource: arn, refusedAs: 'ValidationException' }));
}
