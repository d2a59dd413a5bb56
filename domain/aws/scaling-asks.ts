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

const CACHES: Ask = {
  actions: ['elasticache:DescribeCacheClusters', 'elasticache:DescribeCacheParameters', 'elasticache:DescribeReplicationGroups'],
  on: '*',
};

/** Calls that only ask whether they would be allowed name no alarm, and so are no alarm's: https://github.com/aws-samples/amazon-cloudwatch-auto-alarms/issues/18 shows the ARN that IAM asks for then. */
const ALARMS: readonly Ask[] = [
  { actions: ['cloudwatch:DescribeAlarms'], on: '*' },
  { actions: ['cloudwatch:DeleteAlarms', 'cloudwatch:PutMetricAlarm'], on: 'cloudwatch:alarm:' },
];

/** One form of ids of resources. */
interface Form {
  /** Regular expression of whole ids. */
  readonly id: string;
  /** How one is written, for who mistyped it. */
  readonly like: string;
  readonly asks: readonly Ask[];
}

/**
 * What Application Auto Scaling asks of whoever registers a target or schedules for it, besides its own actions, by namespace and form of the resource's id. It tries these in the caller's
 * name before it does anything. https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_id-based-policy-examples.html says which they are, and
 * https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html with what it tries them; for caches of Memcached that are no replication group it does what
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSApplicationAutoscalingElastiCacheRGPolicy.html lets it.
 */
export const SCALING_ASKS: Readonly<Record<string, readonly Form[]>> = {
  ecs: [of('^service/[\\w-]+/[\\w-]+$', 'service/cluster/name', { actions: ['ecs:DescribeServices', 'ecs:UpdateService'], on: 'ecs:$&' })],
  ec2: [
    of(
      '^spot-fleet-request/[\\w-]+$',
      'spot-fleet-request/sfr-id',
      { actions: ['ec2:DescribeSpotFleetRequests'], on: '*' },
      { actions: ['ec2:ModifySpotFleetRequest'], on: 'ec2:$&' },
    ),
  ],
  lambda: [
    of('^function:[\\w-]+:[\\w-]+$', 'function:name:alias', {
      actions: ['lambda:DeleteProvisionedConcurrencyConfig', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:PutProvisionedConcurrencyConfig'],
      on: 'lambda:$&',
    }),
  ],
  dynamodb: [
    of('^(table/[\\w.-]+)(?:/index/[\\w.-]+)?$', 'table/name or table/name/index/name', {
      actions: ['dynamodb:DescribeTable', 'dynamodb:UpdateTable'],
      on: 'dynamodb:$1',
    }),
  ],
  rds: [
    of(
      '^cluster:[\\w-]+$',
      'cluster:name',
      { actions: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'], on: '*' },
      { actions: ['rds:CreateDBInstance'], on: 'rds:$&' },
      // They are tried on an instance without a name, and on one that is not there.
      { actions: ['rds:CreateDBInstance', 'rds:DeleteDBInstance'], on: 'rds:db:' },
      { actions: ['rds:AddTagsToResource'], on: 'arn:*:rds:*:12345:db:non-existing-db' },
    ),
  ],
  sagemaker: [
    of(
      '^(endpoint/[\\w-]+)/variant/[\\w-]+$',
      'endpoint/name/variant/name',
      { actions: ['sagemaker:DescribeEndpoint', 'sagemaker:UpdateEndpointWeightsAndCapacities'], on: 'sagemaker:$1' },
      { actions: ['sagemaker:DescribeEndpointConfig'], on: 'sagemaker:endpoint-config/*' },
    ),
  ],
  elasticache: [
    of('^replication-group/([\\w-]+)$', 'replication-group/name', CACHES, {
      actions: ['elasticache:DecreaseReplicaCount', 'elasticache:IncreaseReplicaCount', 'elasticache:ModifyReplicationGroupShardConfiguration'],
      on: 'elasticache:replicationgroup:$1',
    }),
    of('^cache-cluster/([\\w-]+)$', 'cache-cluster/name', CACHES, { actions: ['elasticache:ModifyCacheCluster'], on: 'elasticache:cluster:$1' }),
  ],
  'custom-resource': [
    of('^https://([a-z0-9]+)\\.execute-api\\.[a-z0-9.-]+/([\\w-]+)/([\\w./+=-]+)$', 'https://api.execute-api.region.amazonaws.com/stage/path', {
      actions: ['execute-api:Invoke'],
      on: 'execute-api:$1/$2/*/$3',
    }),
  ],
};

function of(id: string, like: string, ...asks: readonly Ask[]): Form {
  return { id, like, asks: [...asks, ...ALARMS] };
}

/** Why a resource cannot be scaled in a namespace, or undefined where its id has a form of it. */
export function unlikeResource({ namespace, resource }: Pick<NonNullable<AwsParts['scaling']>, 'namespace' | 'resource'>): string | undefined {
  const forms = SCALING_ASKS[namespace] ?? [];
  return formOf(forms, resource) ? undefined : `is not an id of ${namespace}; write ${forms.map(({ like }) => like).join(' or ')}`;
}

function formOf(forms: readonly Form[], resource: string): Form | undefined {
  return forms.find(({ id }) => new RegExp(id).test(resource));
}

/** What must be allowed besides the actions of Application Auto Scaling itself, each on as little as it is asked for; nothing for a namespace that is not known, or an id that has no form of it. */
export function scalingGrants(place: AwsPlace, { namespace, resource }: Pick<NonNullable<AwsParts['scaling']>, 'namespace' | 'resource'>): readonly Grant[] {
  const { id, asks } = formOf(SCALING_ASKS[namespace] ?? [], resource) ?? { id: '', asks: [] };
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
