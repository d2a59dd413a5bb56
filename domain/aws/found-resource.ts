import type { CloudWatchMetric } from './metric-pull';
import type { AwsPlace } from './place';
import type { ServiceResource } from './service-metrics';

/** Something in an account that runs a service, or brings it there. */
export interface FoundResource extends AwsPlace {
  readonly kind: 'ecs' | 'lambda' | 'codedeploy' | 'codepipeline';
  readonly arn: string;
  /** Its own name. */
  readonly name: string;
  /** Where several of the same name may be: the cluster, or the application of CodeDeploy. */
  readonly group?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** ARNs of what it deploys to, where that is found by itself. */
  readonly targets: readonly string[];
  /** Groups of instances that it deploys to. */
  readonly scaled: readonly string[];
  /** Where requests are counted. */
  readonly balanced: readonly Balanced[];
}

/** A target group behind a load balancer, as the dimensions of CloudWatch name them. */
export interface Balanced {
  readonly loadBalancer: string;
  readonly targetGroup: string;
}

/** How a resource does, as CloudWatch tells it; undefined where it tells nothing of its kind. */
export function numbersOf({ kind, arn, account, region, name, group = '', balanced, scaled }: FoundResource): ServiceResource | undefined {
  const place = { resource: arn, account, region };
  const metric = (namespace: string, of: string, stat: string, dimensions: Readonly<Record<string, string>>): CloudWatchMetric => ({
    ...{ namespace, name: of, stat, dimensions },
  });
  if (kind === 'lambda') {
    const own = (of: string, stat: string): CloudWatchMetric => metric('AWS/Lambda', of, stat, { FunctionName: name });
    return {
      ...{ ...place, requests: own('Invocations', 'Sum'), errors: own('Errors', 'Sum') },
      ...{ latency: { ...own('Duration', 'p95'), unit: 'milliseconds' }, saturation: [] },
    };
  }
  if (kind === 'codepipeline') return undefined;
  const [front] = balanced;
  const behind = (of: string, stat: string): CloudWatchMetric =>
    metric('AWS/ApplicationELB', of, stat, { LoadBalancer: front?.loadBalancer ?? '', TargetGroup: front?.targetGroup ?? '' });
  const requests = front && {
    ...{ requests: behind('RequestCount', 'Sum'), errors: behind('HTTPCode_Target_5XX_Count', 'Sum') },
    latency: { ...behind('TargetResponseTime', 'p95'), unit: 'seconds' as const },
  };
  const usage = (namespace: string, of: string, dimensions: Readonly<Record<string, string>>, resource: string): ServiceResource['saturation'][number] => ({
    ...{ name: resource, metric: metric(namespace, of, 'Average', dimensions), limit: 100 },
  });
  const inCluster = { ClusterName: group, ServiceName: name };
  const saturation =
    kind === 'ecs'
      ? [usage('AWS/ECS', 'CPUUtilization', inCluster, 'cpu'), usage('AWS/ECS', 'MemoryUtilization', inCluster, 'memory')]
      : scaled.map((each) => usage('AWS/EC2', 'CPUUtilization', { AutoScalingGroupName: each }, scaled.length > 1 ? `cpu of ${each}` : 'cpu'));
  return requests || saturation.length > 0 ? { ...place, ...requests, saturation } : undefined;
}

/** How many metrics are read for it. */
export function countOf({ requests, errors, latency, saturation }: ServiceResource): number {
  return [requests, errors, latency].filter((each) => each !== undefined).length + saturation.length;
}
