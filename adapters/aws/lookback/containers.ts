import type { DescribeServicesCommandOutput, ECSClient, ListClustersCommandOutput, ListServicesCommandOutput, Service } from '@aws-sdk/client-ecs';
import type { PastFact } from '../../../domain/lookback/facts';
import type { Ask } from './ask';
import { pieces, wholeList } from './kind';
import type { KindContext, KindPart, PastKind } from './kind';
import { owned } from './owned';
import type { PlaceTags } from './tags';

const LIST = 'ecs:ListServices';
const DESCRIBE = 'ecs:DescribeServices';
/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html */
const BATCH = 10;
const PAGE = 100;

/** Services of ECS with the security groups and target groups that are theirs, a part a cluster. */
export function containers(tagsOf: (context: KindContext) => Promise<PlaceTags>): PastKind {
  return {
    name: 'containers',
    async plan(context, ask) {
      const { ECSClient } = await import('@aws-sdk/client-ecs');
      const client = new ECSClient(context.settings);
      const clusters = await listContainers(client, ask);
      const tags = await tagsOf(context);
      const parts = clusters.map(({ cluster, arns }): KindPart => ({
        name: cluster.split('/').at(-1) ?? cluster,
        calls: { [DESCRIBE]: Math.ceil(arns.length / BATCH) },
        read: async (by) => (await describeContainers(client, { cluster, arns }, by)).flatMap((service) => ownersOf(service, context, tags)),
      }));
      return { parts, facts: [], close: () => client.destroy() };
    },
  };
}

/** A cluster with the ARNs of its services; both are ARNs. */
export interface Cluster {
  readonly cluster: string;
  readonly arns: readonly string[];
}

/** Every cluster that has services. Throws errors of ours. */
export async function listContainers(client: ECSClient, ask: Ask): Promise<readonly Cluster[]> {
  const { ListClustersCommand, ListServicesCommand } = await import('@aws-sdk/client-ecs');
  const clusters = await wholeList(async (nextToken) => {
    const answer: ListClustersCommandOutput = await ask('ecs:ListClusters', (options) => client.send(new ListClustersCommand({ nextToken }), options));
    return { items: answer.clusterArns ?? [], next: answer.nextToken };
  });
  const found: Cluster[] = [];
  for (const cluster of clusters) {
    const arns = await wholeList(async (nextToken) => {
      const command = new ListServicesCommand({ cluster, nextToken, maxResults: PAGE });
      const answer: ListServicesCommandOutput = await ask(LIST, (options) => client.send(command, options));
      return { items: answer.serviceArns ?? [], next: answer.nextToken };
    });
    if (arns.length > 0) found.push({ cluster, arns });
  }
  return found;
}

/** The services of a cluster. Throws errors of ours. */
export async function describeContainers(client: ECSClient, { cluster, arns }: Cluster, ask: Ask): Promise<readonly Service[]> {
  const { DescribeServicesCommand } = await import('@aws-sdk/client-ecs');
  const services: Service[] = [];
  for (const batch of pieces(arns, BATCH)) {
    const command = new DescribeServicesCommand({ cluster, services: batch });
    const answer: DescribeServicesCommandOutput = await ask(DESCRIBE, (options) => client.send(command, options));
    services.push(...(answer.services ?? []));
  }
  return services;
}

function ownersOf({ serviceArn = '', serviceName = '', networkConfiguration, loadBalancers = [] }: Service, context: KindContext, tags: PlaceTags): PastFact[] {
  const groups = networkConfiguration?.awsvpcConfiguration?.securityGroups ?? [];
  return owned(
    { arn: serviceArn, name: serviceName, securityGroups: groups, others: loadBalancers.flatMap((each) => each.targetGroupArn ?? []) },
    context.place,
    tags,
  );
}
