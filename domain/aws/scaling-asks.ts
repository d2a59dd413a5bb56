import { arnIn } from './arn';
import type { AwsParts } from './hands';
import type { AwsPlace } from './place';

/** Something that the caller of Application Auto Scaling must be allowed; `on` is `*`, an ARN, or product and name in the place of the target, in which `$1` is a part of the resource's id. */
interface Ask {
  readonly actions: readonly string[];
  readonly on: string;
}

/** Actions on a resource. */
export interface Grant {
  readonly actions: readonly string[];
  /** ARNs, or `*`. */
  readonly resources: readonly string[];
}

/** Calls that only ask whether they would be allowed name no alarm, and so are no alarm's: https://github.com/aws-samples/amazon-cloudwatch-auto-alarms/issues/18 shows the ARN that IAM asks for then. */
const ALARMS: readonly Ask[] = [
  { actions: ['cloudwatch:DescribeAlarms'], on: '*' },
  { actions: ['cloudwatch:DeleteAlarms', 'cloudwatch:PutMetricAlarm'], on: 'cloudwatch:alarm:' },
];

/**
 * What Application Auto Scaling asks of whoever registers a target or schedules for it, besides its own actions, by namespace; `id` is the form of the resource's id. It tries these in the caller's
 * name before it does anything. https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_id-based-policy-examples.html says which they are, and
 * https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html with what it tries them.
 */
export const SCALING_ASKS: Readonly<Record<string, { readonly id: string; readonly asks: readonly Ask[] }>> = {
  ecs: of('^.*$', { actions: ['ecs:DescribeServices', 'ecs:UpdateService'], on: 'ecs:$&' }),
  ec2: of('^.*$', { actions: ['ec2:DescribeSpotFleetRequests'], on: '*' }, { actions: ['ec2:ModifySpotFleetRequest'], on: 'ec2:$&' }),
  lambda: of('^.*$', {
    actions: ['lambda:DeleteProvisionedConcurrencyConfig', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:PutProvisionedConcurrencyConfig'],
    on: 'lambda:$&',
  }),
  dynamodb: of('^(table/[^/]+).*$', { actions: ['dynamodb:DescribeTable', 'dynamodb:UpdateTable'], on: 'dynamodb:$1' }),
  rds: of(
    '^.*$',
    { actions: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'], on: '*' },
    { actions: ['rds:CreateDBInstance'], on: 'rds:$&' },
    // They are tried on an instance without a name, and on one that is not there.
    { actions: ['rds:CreateDBInstance', 'rds:DeleteDBInstance'], on: 'rds:db:' },
    { actions: ['rds:AddTagsToResource'], on: 'arn:*:rds:*:12345:db:non-existing-db' },
  ),
  sagemaker: of(
    '^([^/]+/[^/]+).*$',
    { actions: ['sagemaker:DescribeEndpoint', 'sagemaker:UpdateEndpointWeightsAndCapacities'], on: 'sagemaker:$1' },
    { actions: ['sagemaker:DescribeEndpointConfig'], on: 'sagemaker:endpoint-config/*' },
  ),
  elasticache: of(
    '^replication-group/(.*)$',
    { actions: ['elasticache:DescribeCacheClusters', 'elasticache:DescribeCacheParameters', 'elasticache:DescribeReplicationGroups'], on: '*' },
    {
      actions: ['elasticache:DecreaseReplicaCount', 'elasticache:IncreaseReplicaCount', 'elasticache:ModifyReplicationGroupShardConfiguration'],
      on: 'elasticache:replicationgroup:$1',
    },
  ),
  'custom-resource': of('^https://([^.]+)\\.execute-api\\.[^/]+/([^/]+)/(.*)$', { actions: ['execute-api:Invoke'], on: 'execute-api:$1/$2/*/$3' }),
};

function of(id: string, ...asks: readonly Ask[]): { readonly id: string; readonly asks: readonly Ask[] } {
  return { id, asks: [...asks, ...ALARMS] };
}

/** What must be allowed besides the actions of Application Auto Scaling itself, each on as little as it is asked for; nothing for a namespace that is not known. */
export function scalingGrants(place: AwsPlace, { namespace, resource }: Pick<NonNullable<AwsParts['scaling']>, 'namespace' | 'resource'>): readonly Grant[] {
  const { id, asks } = SCALING_ASKS[namespace] ?? { id: '', asks: [] };
  return asks.map(({ actions, on }) => ({ actions, resources: [arnOf(place, resource.replace(new RegExp(id), on))] }));
}

function arnOf(place: AwsPlace, on: string): string {
  const [product = '', ...rest] = on.split(':');
  return product === '*' || product === 'arn' ? on : arnIn(place, product, rest.join(':'));
}

/** Whether a resource of a grant is exactly one, or everything, so that IAM can be asked about it. */
export function isExact(resource: string): boolean {
  return resource === '*' || !/[*]|:$/.test(resource);
}
