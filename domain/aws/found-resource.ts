import type { CloudWatchMetric } from './metric';
import { arnIn } from './arn';
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

/**
 * How a resource does, as CloudWatch tells it: its own numbers, and those of further target groups before it, between which a deployment may switch. None where it tells nothing of the kind,
 * and of what only brings a service to where it is found by itself.
 */
export function numbersOf(found: FoundResource): readonly ServiceResource[] {
  const { kind, arn, account, region, balanced, targets } = found;
  const place = { account, region };
  if (kind === 'codepipeline' || targets.length > 0) return [];
  if (kind === 'lambda') return [{ resource: arn, ...place, ...ofFunction(found), saturation: [] }];
  const [front, ...others] = balanced;
  const saturation = usageOf(found);
  const own = front || saturation.length > 0 ? [{ resource: arn, ...place, ...(front && ofBalancer(front)), saturation }] : [];
  const groups = others.map((each) => ({
    resource: arnIn(place, 'elasticloadbalancing', each.targetGroup),
    ...{ ...place, ...ofBalancer(each), saturation: [] },
  }));
  return [...own, ...groups];
}

type Traffic = Required<Pick<ServiceResource, 'requests' | 'errors' | 'latency'>>;

function ofFunction({ name }: FoundResource): Traffic {
  const own = (of: string, stat: string): CloudWatchMetric => ({ namespace: 'AWS/Lambda', name: of, stat, dimensions: { FunctionName: name } });
  return { requests: own('Invocations', 'Sum'), errors: own('Errors', 'Sum'), latency: { ...own('Duration', 'p95'), unit: 'milliseconds' } };
}

function ofBalancer({ loadBalancer, targetGroup }: Balanced): Traffic {
  const dimensions = { LoadBalancer: loadBalancer, TargetGroup: targetGroup };
  const of = (name: string, stat: string): CloudWatchMetric => ({ namespace: 'AWS/ApplicationELB', name, stat, dimensions });
  return {
    ...{ requests: of('RequestCount', 'Sum'), errors: of('HTTPCode_Target_5XX_Count', 'Sum') },
    latency: { ...of('TargetResponseTime', 'p95'), unit: 'seconds' },
  };
}

/** CPU and memory of a service of ECS, CPU of groups of instances; percent. */
function usageOf({ kind, name, group = '', scaled }: FoundResource): ServiceResource['saturation'] {
  const usage = (namespace: string, of: string, dimensions: Readonly<Record<string, string>>, resource: string): ServiceResource['saturation'][number] => ({
    ...{ name: resource, metric: { namespace, name: of, stat: 'Average', dimensions }, limit: 100 },
  });
  const inCluster = { ClusterName: group, ServiceName: name };
  if (kind === 'ecs') return [usage('AWS/ECS', 'CPUUtilization', inCluster, 'cpu'), usage('AWS/ECS', 'MemoryUtilization', inCluster, 'memory')];
  return scaled.map((each) => usage('AWS/EC2', 'CPUUtilization', { AutoScalingGroupName: each }, scaled.length > 1 ? `cpu of ${each}` : 'cpu'));
}

/** How many metrics are read for it. */
export function countOf({ requests, errors, latency, saturation }: ServiceResource): number {
  return [requests, errors, latency].filter((each) => each !== undefined).length + saturation.length;
}
