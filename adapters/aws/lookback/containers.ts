import type { DescribeServicesCommandOutput, ListClustersCommandOutput, ListServicesCommandOutput, Service } from '@aws-sdk/client-ecs';
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
      const { DescribeServicesCommand, ECSClient, ListClustersCommand, ListServicesCommand } = await import('@aws-sdk/client-ecs');
      const client = new ECSClient(context.settings);
      const clusters = await wholeList(async (nextToken) => {
        const answer: ListClustersCommandOutput = await ask('ecs:ListClusters', (options) => client.send(new ListClustersCommand({ nextToken }), options));
        return { items: answer.clusterArns ?? [], next: answer.nextToken };
      });
      const tags = await tagsOf(context);
      const parts: KindPart[] = [];
      for (const cluster of clusters) {
        const arns = await wholeList(async (nextToken) => {
          const command = new ListServicesCommand({ cluster, nextToken, maxResults: PAGE });
          const answer: ListServicesCommandOutput = await ask(LIST, (options) => client.send(command, options));
          return { items: answer.serviceArns ?? [], next: answer.nextToken };
        });
        if (arns.length === 0) continue;
        const read = async (by: Ask): Promise<PastFact[]> => {
          const services: Service[] = [];
          for (const batch of pieces(arns, BATCH)) {
            const command = new DescribeServicesCommand({ cluster, services: batch });
            const answer: DescribeServicesCommandOutput = await by(DESCRIBE, (options) => client.send(command, options));
            services.push(...(answer.services ?? []));
          }
          return services.flatMap((service) => ownersOf(service, context, tags));
        };
        parts.push({ name: cluster.split('/').at(-1) ?? cluster, calls: { [DESCRIBE]: Math.ceil(arns.length / BATCH) }, read });
      }
      return { parts, facts: [], close: () => client.destroy() };
    },
  };
}

function ownersOf({ serviceArn = '', serviceName = '', networkConfiguration, loadBalancers = [] }: Service, context: KindContext, tags: PlaceTags): PastFact[] {
  const groups = networkConfiguration?.awsvpcConfiguration?.securityGroups ?? [];
  return owned(
    { arn: serviceArn, name: serviceName, securityGroups: groups, others: loadBalancers.flatMap((each) => each.targetGroupArn ?? []) },
    context.place,
    tags,
  );
}
