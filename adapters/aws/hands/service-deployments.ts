import type {
  DescribeServiceDeploymentsCommandOutput,
  DescribeServicesCommandOutput,
  ListServiceDeploymentsCommandOutput,
  ServiceDeployment,
  ServiceDeploymentStatus,
} from '@aws-sdk/client-ecs';
import type { AwsParts } from '../../../domain/aws/hands';
import { placeText } from '../../../domain/aws/place';
import type { AwsPlace } from '../../../domain/aws/place';
import type { Rollout } from '../../../domain/aws/service-deployment';
import { NightshiftError } from '../../../domain/errors';
import type { AwsAccess } from '../access';
import { awsClients } from '../clients';
import { pieces, wholeList } from '../lookback/kind';
import { causeName } from './outcome';

type Part = NonNullable<AwsParts['ecs']>;

/** A service of ECS as it is. */
export interface EcsService {
  readonly taskDefinition: string;
  readonly tasks: number;
  /** ARN of its deployment, where ECS tells it. */
  readonly deployment?: string;
}

/** Reads services and their deployments. */
export interface ServiceDeployments {
  /** Throws `effect_failed` where it is not there, is not active, or is not deployed by ECS itself. */
  service(place: AwsPlace, part: Part): Promise<EcsService>;
  /** Those in one of the states, or those created after a moment; the newest first. */
  list(place: AwsPlace, part: Part, which: { readonly statuses: readonly string[] } | { readonly after: Date }): Promise<readonly Rollout[]>;
  /** Undefined while it does not show. */
  get(place: AwsPlace, arn: string): Promise<Rollout | undefined>;
}

/** DescribeServiceDeployments takes so many. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceDeployments.html */
const BATCH = 20;

/** Reads by the role that acts. */
export function serviceDeployments(access: AwsAccess): ServiceDeployments {
  const clients = awsClients(access, async (settings) => {
    const { ECSClient } = await import('@aws-sdk/client-ecs');
    return new ECSClient(settings);
  });
  const describe = async (place: AwsPlace, arns: readonly string[]): Promise<Rollout[]> => {
    const { DescribeServiceDeploymentsCommand } = await import('@aws-sdk/client-ecs');
    const all: Rollout[] = [];
    for (const serviceDeploymentArns of pieces(arns, BATCH)) {
      const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns });
      const answer: DescribeServiceDeploymentsCommandOutput = await clients.ask(place, 'ecs:DescribeServiceDeployments', (client) => client.send(command));
      all.push(...(answer.serviceDeployments ?? []).map(rolloutOf));
    }
    return all.sort((a, b) => b.createdAt - a.createdAt);
  };
  return {
    async service(place, part) {
      const { DescribeServicesCommand } = await import('@aws-sdk/client-ecs');
      const command = new DescribeServicesCommand({ cluster: part.cluster, services: [part.service] });
      const answer = await clients
        .ask(place, 'ecs:DescribeServices', (client): Promise<DescribeServicesCommandOutput> => client.send(command))
        .catch((error: unknown) => {
          if (causeName(error) === 'ClusterNotFoundException') return undefined;
          throw error;
        });
      const what = `service ${part.cluster}/${part.service} in ${placeText(place)}`;
      const [service] = answer?.services ?? [];
      if (!service) throw new NightshiftError('effect_failed', `there is no ${what}; correct hands.ecs in the configuration`);
      if (service.status !== 'ACTIVE') throw new NightshiftError('effect_failed', `${what} is ${String(service.status)}; nothing can be deployed to it`);
      const { type = 'ECS' } = service.deploymentController ?? {};
      if (type !== 'ECS') throw new NightshiftError('effect_failed', `${what} is deployed by ${type} and not by ECS itself; act on it there`);
      const { taskDefinition = '', desiredCount = 0, currentServiceDeployment: deployment } = service;
      return { taskDefinition, tasks: desiredCount, ...(deployment !== undefined && { deployment }) };
    },
    async list(place, part, which) {
      const { ListServiceDeploymentsCommand } = await import('@aws-sdk/client-ecs');
      const asked = 'after' in which ? { createdAt: { after: which.after } } : { status: which.statuses as ServiceDeploymentStatus[] };
      const briefs = await wholeList(async (nextToken) => {
        const command = new ListServiceDeploymentsCommand({ ...part, ...asked, nextToken });
        const answer: ListServiceDeploymentsCommandOutput = await clients.ask(place, 'ecs:ListServiceDeployments', (client) => client.send(command));
        return { items: answer.serviceDeployments ?? [], next: answer.nextToken };
      });
      return describe(
        place,
        briefs.flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []),
      );
    },
    get: async (place, arn) => (await describe(place, [arn]))[0],
  };
}

function rolloutOf({
  serviceDeploymentArn: arn = '',
  status = 'PENDING',
  statusReason,
  createdAt,
  finishedAt,
  stoppedAt,
  ...more
}: ServiceDeployment): Rollout {
  const backAt = stoppedAt ?? more.rollback?.startedAt;
  const pause = (more.lifecycleHookDetails ?? []).find((hook) => hook.status === 'AWAITING_ACTION');
  return {
    ...{ arn, status, createdAt: createdAt?.getTime() ?? 0 },
    ...(statusReason !== undefined && { reason: statusReason }),
    ...(finishedAt && { finishedAt: finishedAt.getTime() }),
    ...(backAt && { backAt: backAt.getTime() }),
    ...(pause && { pause: { hook: pause.hookId ?? '', stage: more.lifecycleStage ?? 'its pause' } }),
  };
}
