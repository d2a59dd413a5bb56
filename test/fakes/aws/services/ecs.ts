import type {
  DescribeServicesRequest,
  DescribeServicesResponse,
  ListClustersRequest,
  ListClustersResponse,
  ListServiceDeploymentsRequest,
  ListServiceDeploymentsResponse,
  ListServicesRequest,
  ListServicesResponse,
  Service,
  ServiceDeployment,
  ServiceDeploymentBrief,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import { continueServiceDeployment, describeServiceDeployments, stopServiceDeployment, updateService } from './ecs-deploy';
import { putRolloutCourse } from './ecs-rollout';
import { clusterOf, CLUSTERS, DEPLOYMENTS, nameOf, putCluster, putEcsService, putServiceDeployment, serviceOf } from './ecs-store';
import { newestFirst } from './support';

export { putCluster, putEcsService, putServiceDeployment };

const PAGE = 100;
const SERVICES_PAGE = 10;
const DESCRIBED = 10;

function listClusters({ nextToken, maxResults }: ListClustersRequest, call: Call): ListClustersResponse {
  const items = (): string[] => [...call.place.state(CLUSTERS).values()].map(({ arn }) => arn).filter(call.visible);
  const page = call.page({ items, token: nextToken, size: maxResults, max: PAGE, badToken: 'InvalidParameterException' });
  return { clusterArns: page.items, nextToken: page.next };
}

function listServices(
  { cluster, nextToken, maxResults = SERVICES_PAGE, launchType, schedulingStrategy }: ListServicesRequest,
  call: Call,
): ListServicesResponse {
  const asked = (service: Service): boolean =>
    (launchType === undefined || service.launchType === launchType) &&
    (schedulingStrategy === undefined || service.schedulingStrategy === schedulingStrategy) &&
    call.visible(service.serviceName ?? '');
  const { services } = clusterOf(call, cluster);
  const items = (): string[] => [...services.values()].filter(asked).map(({ serviceArn }) => serviceArn ?? '');
  const page = call.page({ items, token: nextToken, size: maxResults, max: PAGE, badToken: 'InvalidParameterException' });
  return { serviceArns: page.items, nextToken: page.next };
}

function describeServices({ services = [], cluster = 'default', include = [] }: DescribeServicesRequest, call: Call): DescribeServicesResponse {
  if (services.length === 0) throw new AwsError('InvalidParameterException', 'Services cannot be empty.');
  if (services.length > DESCRIBED) throw new AwsError('InvalidParameterException', 'Too many services: there may be 10.');
  const all = clusterOf(call, cluster).services;
  const known = services.map((service) => ({ service, is: call.visible(nameOf(service)) ? all.get(nameOf(service)) : undefined }));
  const arnOf = (service: string): string => (service.startsWith('arn:') ? service : call.place.arn('ecs', `service/${nameOf(cluster)}/${service}`));
  return {
    services: known.flatMap(({ is }) => (is ? [include.includes('TAGS') ? is : { ...is, tags: undefined }] : [])),
    failures: known.filter(({ is }) => !is).map(({ service }) => ({ arn: arnOf(service), reason: 'MISSING' })),
  };
}

function listServiceDeployments(input: ListServiceDeploymentsRequest, call: Call): ListServiceDeploymentsResponse {
  const { service = '', cluster, status, createdAt, nextToken, maxResults } = input;
  const is = serviceOf(call, cluster, service);
  const asked = (one: ServiceDeployment): boolean =>
    one.serviceArn === is.serviceArn &&
    (status === undefined || (one.status !== undefined && status.includes(one.status))) &&
    (createdAt?.after === undefined || (one.createdAt ?? createdAt.after) > createdAt.after) &&
    (createdAt?.before === undefined || (one.createdAt ?? createdAt.before) < createdAt.before) &&
    call.visible(one.serviceDeploymentArn ?? '');
  const items = (): ServiceDeploymentBrief[] =>
    newestFirst(call.place.state(DEPLOYMENTS).values(), (one) => one.createdAt)
      .filter(asked)
      .map(briefOf);
  const page = call.page({ items, token: nextToken, size: maxResults, max: PAGE, badToken: 'InvalidParameterException' });
  return { serviceDeployments: page.items, nextToken: page.next };
}

function briefOf(one: ServiceDeployment): ServiceDeploymentBrief {
  const { serviceDeploymentArn, serviceArn, clusterArn, startedAt, createdAt, finishedAt, status, statusReason } = one;
  const targetServiceRevisionArn = one.targetServiceRevision?.arn;
  return { serviceDeploymentArn, serviceArn, clusterArn, startedAt, createdAt, finishedAt, targetServiceRevisionArn, status, statusReason };
}

/** Elastic Container Service. */
export const ECS: FakeService = {
  signedAs: 'ecs',
  target: 'AmazonEC2ContainerServiceV20141113',
  load: () => import('@aws-sdk/client-ecs'),
  operations: {
    ListClusters: listClusters,
    ListServices: listServices,
    DescribeServices: describeServices,
    UpdateService: updateService,
    ListServiceDeployments: listServiceDeployments,
    DescribeServiceDeployments: describeServiceDeployments,
    StopServiceDeployment: stopServiceDeployment,
    ContinueServiceDeployment: continueServiceDeployment,
  },
  facts: {
    cluster: { put: putCluster },
    service: { shape: { service: 'Service' }, put: putEcsService },
    deployment: { shape: 'ServiceDeploymentBrief', put: putServiceDeployment },
    course: { put: putRolloutCourse },
  },
};
