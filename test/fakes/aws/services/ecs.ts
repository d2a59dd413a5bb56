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
  ServiceDeploymentBrief,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { found, newestFirst, stateKey } from './support';

interface Cluster {
  readonly arn: string;
  readonly services: Map<string, Service>;
}

const CLUSTERS = stateKey('clusters', () => new Map<string, Cluster>());
const DEPLOYMENTS = stateKey('service deployments', () => new Map<string, ServiceDeploymentBrief>());
const PAGE = 100;
const SERVICES_PAGE = 10;
const DESCRIBED = 10;

/** Adds a cluster, by its name. */
export function putCluster(place: Place, { name }: { readonly name: string }): void {
  const all = place.state(CLUSTERS);
  if (!all.has(name)) all.set(name, { arn: place.arn('ecs', `cluster/${name}`), services: new Map() });
}

/** Adds a service to a cluster, by its name; the cluster comes with it. */
export function putEcsService(place: Place, { cluster, service }: { readonly cluster: string; readonly service: Service }): void {
  putCluster(place, { name: cluster });
  const name = service.serviceName ?? '';
  const named = { serviceArn: place.arn('ecs', `service/${cluster}/${name}`), clusterArn: place.arn('ecs', `cluster/${cluster}`), status: 'ACTIVE' };
  place
    .state(CLUSTERS)
    .get(cluster)
    ?.services.set(name, { ...named, ...service });
}

/** Adds a deployment of a service, by its ARN. */
export function putServiceDeployment(place: Place, deployment: ServiceDeploymentBrief): void {
  place.state(DEPLOYMENTS).set(deployment.serviceDeploymentArn ?? '', deployment);
}

/** The last part of an ARN, or the name itself. */
function nameOf(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}

function clusterOf({ place }: Call, cluster = 'default'): Cluster {
  return found(place.state(CLUSTERS).get(nameOf(cluster)), 'ClusterNotFoundException', 'Cluster not found.');
}

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
  const is = found(clusterOf(call, cluster).services.get(nameOf(service)), 'ServiceNotFoundException', 'Service not found.');
  const asked = (one: ServiceDeploymentBrief): boolean =>
    one.serviceArn === is.serviceArn &&
    (status === undefined || (one.status !== undefined && status.includes(one.status))) &&
    (createdAt?.after === undefined || (one.createdAt ?? createdAt.after) > createdAt.after) &&
    (createdAt?.before === undefined || (one.createdAt ?? createdAt.before) < createdAt.before);
  const items = (): ServiceDeploymentBrief[] => newestFirst(call.place.state(DEPLOYMENTS).values(), (one) => one.createdAt).filter(asked);
  const page = call.page({ items, token: nextToken, size: maxResults, max: PAGE, badToken: 'InvalidParameterException' });
  return { serviceDeployments: page.items, nextToken: page.next };
}

/** Elastic Container Service. */
export const ECS: FakeService = {
  signedAs: 'ecs',
  target: 'AmazonEC2ContainerServiceV20141113',
  load: () => import('@aws-sdk/client-ecs'),
  operations: { ListClusters: listClusters, ListServices: listServices, DescribeServices: describeServices, ListServiceDeployments: listServiceDeployments },
  facts: {
    cluster: { put: putCluster },
    service: { shape: { service: 'Service' }, put: putEcsService },
    deployment: { shape: 'ServiceDeploymentBrief', put: putServiceDeployment },
  },
};
