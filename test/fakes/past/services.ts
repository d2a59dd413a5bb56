import type { PastAlarm } from '../../../domain/lookback/aws/alarms';
import type { Dice } from './dice';
import { ACCOUNT, MINUTE, REGIONS, type FakeService } from './world';

const NAMES = [
  'checkout',
  'cart',
  'payments',
  'search',
  'catalog',
  'accounts',
  'shipping',
  'mail',
  'images',
  'pricing',
  'returns',
  'reports',
  'vouchers',
  'web',
];

/** Who calls whom. Services that are here in no line have nothing to do with each other. */
export const CALLS = [
  { service: 'web', on: 'checkout' },
  { service: 'web', on: 'search' },
  { service: 'checkout', on: 'payments' },
  { service: 'checkout', on: 'cart' },
  { service: 'catalog', on: 'search' },
  { service: 'returns', on: 'shipping' },
] as const;

/** The services, each in one region, with resources whose names are theirs or an alias that says nothing. */
export function makeServices(dice: Dice): FakeService[] {
  return NAMES.map((name, i): FakeService => {
    const region = REGIONS[i % REGIONS.length] ?? REGIONS[0];
    const alias = dice.chance(0.5) ? `prod-${name}` : `svc-${dice.hex(6)}`;
    const arn = (product: string, rest: string): string => `arn:aws:${product}:${region}:${ACCOUNT}:${rest}`;
    return {
      ...{ name, region, alias },
      arns: {
        loadBalancer: arn('elasticloadbalancing', `loadbalancer/app/${alias}/${dice.hex(16)}`),
        targetGroup: arn('elasticloadbalancing', `targetgroup/${alias}/${dice.hex(16)}`),
        ecs: arn('ecs', `service/main/${alias}`),
        lambda: arn('lambda', `function:${alias}-worker`),
        database: arn('rds', `db:${alias}-db`),
        queue: arn('sqs', `${alias}-jobs`),
        securityGroup: arn('ec2', `security-group/sg-${dice.hex(17)}`),
      },
    };
  });
}

interface Shape {
  readonly label: string;
  readonly metric: string;
  readonly namespace: string;
  readonly dimensions: (service: FakeService) => Record<string, string>;
  readonly threshold: number;
}

const after = (arn: string, marker: string): string => arn.slice(arn.indexOf(marker) + marker.length);
const balanced = ({ arns }: FakeService): Record<string, string> => ({
  LoadBalancer: after(arns.loadBalancer, 'loadbalancer/'),
  TargetGroup: `targetgroup/${after(arns.targetGroup, 'targetgroup/')}`,
});

const SHAPES: readonly Shape[] = [
  { label: '5xx', metric: 'HTTPCode_Target_5XX_Count', namespace: 'AWS/ApplicationELB', dimensions: balanced, threshold: 25 },
  { label: 'slow', metric: 'TargetResponseTime', namespace: 'AWS/ApplicationELB', dimensions: balanced, threshold: 1.5 },
  { label: 'unhealthy', metric: 'UnHealthyHostCount', namespace: 'AWS/ApplicationELB', dimensions: balanced, threshold: 0 },
  { label: 'cpu', metric: 'CPUUtilization', namespace: 'AWS/ECS', dimensions: ({ alias }) => ({ ClusterName: 'main', ServiceName: alias }), threshold: 85 },
  { label: 'errors', metric: 'Errors', namespace: 'AWS/Lambda', dimensions: ({ alias }) => ({ FunctionName: `${alias}-worker` }), threshold: 5 },
  {
    label: 'db-connections',
    metric: 'DatabaseConnections',
    namespace: 'AWS/RDS',
    dimensions: ({ alias }) => ({ DBInstanceIdentifier: `${alias}-db` }),
    threshold: 180,
  },
  {
    label: 'backlog',
    metric: 'ApproximateAgeOfOldestMessage',
    namespace: 'AWS/SQS',
    dimensions: ({ alias }) => ({ QueueName: `${alias}-jobs` }),
    threshold: 300,
  },
];

/** Alarms of a service: some carry a tag, some name it, some say nothing but their dimensions. */
export function alarmsOf(service: FakeService, dice: Dice): PastAlarm[] {
  return SHAPES.map(({ label, metric, namespace, dimensions, threshold }): PastAlarm => {
    const name = dice.pick([`${service.alias}-${label}`, `${label} ${dice.hex(4)}`, `prod/${service.name}/${label}`, `${label}-${service.alias}-critical`]);
    const told = { name: metric, namespace, statistic: 'Sum', dimensions: dimensions(service), compared: true };
    return {
      arn: `arn:aws:cloudwatch:${service.region}:${ACCOUNT}:alarm:${name}`,
      ...{ name, metrics: [told], threshold, looksAtMs: dice.whole(1, 5) * MINUTE },
      tags: dice.chance(0.3) ? { service: service.name } : {},
    };
  });
}
