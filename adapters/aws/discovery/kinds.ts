import type { DeploymentGroupInfo, ListDeploymentGroupsCommandOutput } from '@aws-sdk/client-codedeploy';
import type { ListMetricsCommandOutput } from '@aws-sdk/client-cloudwatch';
import type { Balanced, FoundResource } from '../../../domain/aws/found-resource';
import { partitionOf } from '../../../domain/aws/place';
import type { AwsPlace } from '../../../domain/aws/place';
import type { ReadSettings } from '../access';
import type { Ask } from '../lookback/ask';
import { describeContainers, listContainers } from '../lookback/containers';
import { describeGroups, listApplications } from '../lookback/deployments';
import { listFunctions } from '../lookback/functions';
import { wholeList } from '../lookback/kind';
import { listPipelines } from '../lookback/pipelines';
import type { PlaceTags } from '../lookback/tags';

/** What a kind of resources is looked for with. */
export interface KindSetting {
  readonly place: AwsPlace;
  readonly settings: ReadSettings;
  readonly tags: PlaceTags;
}

/** A resource whose target groups are not matched with load balancers yet; by name, or as CloudWatch writes them. */
export interface Unbalanced extends Omit<FoundResource, 'balanced'> {
  readonly targetGroups: readonly string[];
}

const NOTHING = { targets: [], scaled: [], balanced: [] } as const;

/** Services of ECS. Throws errors of ours. */
export async function foundContainers({ place, settings, tags }: KindSetting, ask: Ask): Promise<Unbalanced[]> {
  const { ECSClient } = await import('@aws-sdk/client-ecs');
  const client = new ECSClient(settings);
  try {
    const found: Unbalanced[] = [];
    for (const cluster of await listContainers(client, ask))
      for (const { serviceArn: arn = '', serviceName: name = '', status, loadBalancers = [] } of await describeContainers(client, cluster, ask)) {
        if (status === 'INACTIVE') continue;
        const arns = loadBalancers.flatMap(({ targetGroupArn, advancedConfiguration: other }) => [targetGroupArn, other?.alternateTargetGroupArn]);
        const targetGroups = arns.flatMap((each) => each?.split(':').at(-1) ?? []);
        const group = cluster.cluster.split('/').at(-1) ?? '';
        found.push({ kind: 'ecs', arn, name, group, ...place, tags: tags.byArn.get(arn) ?? {}, targets: [], scaled: [], targetGroups });
      }
    return found;
  } finally {
    client.destroy();
  }
}

/** Functions of Lambda. Throws errors of ours. */
export async function foundFunctions({ place, settings, tags }: KindSetting, ask: Ask): Promise<FoundResource[]> {
  const { LambdaClient } = await import('@aws-sdk/client-lambda');
  const client = new LambdaClient(settings);
  try {
    return (await listFunctions(client, ask)).map(({ FunctionArn: arn = '', FunctionName: name = '' }) => ({
      ...{ kind: 'lambda' as const, arn, name, ...place, tags: tags.byArn.get(arn) ?? {}, ...NOTHING },
    }));
  } finally {
    client.destroy();
  }
}

/** Pipelines of CodePipeline. Throws errors of ours. */
export async function foundPipelines({ place, settings, tags }: KindSetting, ask: Ask): Promise<FoundResource[]> {
  const { CodePipelineClient } = await import('@aws-sdk/client-codepipeline');
  const client = new CodePipelineClient(settings);
  try {
    return (await listPipelines(client, ask)).map((name) => {
      const arn = arnOf(place, 'codepipeline', name);
      return { kind: 'codepipeline' as const, arn, name, ...place, tags: tags.byArn.get(arn) ?? {}, ...NOTHING };
    });
  } finally {
    client.destroy();
  }
}

/** Deployment groups of all applications of CodeDeploy. Throws errors of ours. */
export async function foundGroups({ place, settings, tags }: KindSetting, ask: Ask): Promise<Unbalanced[]> {
  const { CodeDeployClient, ListDeploymentGroupsCommand } = await import('@aws-sdk/client-codedeploy');
  const client = new CodeDeployClient(settings);
  try {
    const found: Unbalanced[] = [];
    for (const applicationName of await listApplications(client, ask)) {
      const names = await wholeList(async (nextToken) => {
        const command = new ListDeploymentGroupsCommand({ applicationName, nextToken });
        const answer: ListDeploymentGroupsCommandOutput = await ask('codedeploy:ListDeploymentGroups', (options) => client.send(command, options));
        return { items: answer.deploymentGroups ?? [], next: answer.nextToken };
      });
      const application = tags.byArn.get(arnOf(place, 'codedeploy', `application:${applicationName}`)) ?? {};
      for (const info of await describeGroups(client, applicationName, names, ask)) found.push(groupOf(info, applicationName, application, place, tags));
    }
    return found;
  } finally {
    client.destroy();
  }
}

function groupOf(info: DeploymentGroupInfo, application: string, tags: Readonly<Record<string, string>>, place: AwsPlace, { byArn }: PlaceTags): Unbalanced {
  const { deploymentGroupName = '', ecsServices = [], autoScalingGroups = [], loadBalancerInfo } = info;
  const arn = arnOf(place, 'codedeploy', `deploymentgroup:${application}/${deploymentGroupName}`);
  const { targetGroupInfoList = [], targetGroupPairInfoList = [] } = loadBalancerInfo ?? {};
  const balanced = [...targetGroupInfoList, ...targetGroupPairInfoList.flatMap((pair) => pair.targetGroups ?? [])];
  return {
    ...{ kind: 'codedeploy', arn, name: application, group: deploymentGroupName, ...place, tags: { ...tags, ...byArn.get(arn) } },
    targets: ecsServices.map(({ clusterName = '', serviceName = '' }) => arnOf(place, 'ecs', `service/${clusterName}/${serviceName}`)),
    scaled: autoScalingGroups.flatMap(({ name }) => name ?? []),
    targetGroups: balanced.flatMap(({ name }) => name ?? []),
  };
}

/** Which target groups are behind which application load balancers, as the metrics of their requests tell. Throws errors of ours. */
export async function balancers({ settings }: Pick<KindSetting, 'settings'>, ask: Ask): Promise<Balanced[]> {
  const { CloudWatchClient, ListMetricsCommand } = await import('@aws-sdk/client-cloudwatch');
  const client = new CloudWatchClient(settings);
  try {
    const metrics = await wholeList(async (NextToken) => {
      const command = new ListMetricsCommand({ Namespace: 'AWS/ApplicationELB', MetricName: 'RequestCount', Dimensions: [{ Name: 'TargetGroup' }], NextToken });
      const answer: ListMetricsCommandOutput = await ask('cloudwatch:ListMetrics', (options) => client.send(command, options));
      return { items: answer.Metrics ?? [], next: answer.NextToken };
    });
    return metrics.flatMap(({ Dimensions = [] }) => {
      const of = (name: string): string | undefined => Dimensions.find(({ Name }) => Name === name)?.Value;
      const [loadBalancer, targetGroup] = [of('LoadBalancer'), of('TargetGroup')];
      return Dimensions.length === 2 && loadBalancer !== undefined && targetGroup !== undefined ? [{ loadBalancer, targetGroup }] : [];
    });
  } finally {
    client.destroy();
  }
}

function arnOf({ account, region }: AwsPlace, product: string, rest: string): string {
  return `arn:${partitionOf(region)}:${product}:${region}:${account}:${rest}`;
}
