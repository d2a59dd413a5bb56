import type { Service, ServiceDeployment, ServiceDeploymentBrief } from '@aws-sdk/client-ecs';
import type { Call } from '../service';
import type { Place } from '../world';
import { found, stateKey } from './support';

/** A cluster with its services, by their names. */
export interface Cluster {
  readonly arn: string;
  readonly services: Map<string, Service>;
}

/** Clusters by their names. */
export const CLUSTERS = stateKey('clusters', () => new Map<string, Cluster>());
/** Deployments of services by their ARNs. */
export const DEPLOYMENTS = stateKey('service deployments', () => new Map<string, ServiceDeployment>());

const SCALE_MS = 10_000;

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
export function putServiceDeployment(place: Place, { targetServiceRevisionArn: arn, ...deployment }: ServiceDeploymentBrief): void {
  place.state(DEPLOYMENTS).set(deployment.serviceDeploymentArn ?? '', { ...deployment, ...(arn !== undefined && { targetServiceRevision: { arn } }) });
}

/** The last part of an ARN, or the name itself. */
export function nameOf(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}

/** A cluster by its name or ARN; throws what ECS says where there is none. */
export function clusterOf({ place }: Call, cluster = 'default'): Cluster {
  return found(place.state(CLUSTERS).get(nameOf(cluster)), 'ClusterNotFoundException', 'Cluster not found.');
}

/** A service by its name or ARN; throws what ECS says where there is none. */
export function serviceOf(call: Call, cluster: string | undefined, service = ''): Service {
  return found(clusterOf(call, cluster).services.get(nameOf(service)), 'ServiceNotFoundException', 'Service not found.');
}

/** Changes what is known of a service, and returns it. */
export function changeService(place: Place, { clusterArn = '', serviceName = '' }: Service, changes: Partial<Service>): Service {
  const services = place.state(CLUSTERS).get(nameOf(clusterArn))?.services;
  const changed = { ...services?.get(serviceName), ...changes };
  services?.set(serviceName, changed);
  return changed;
}

/** How many tasks a service should have becomes what `to` makes of it; they run after a while. Returns the change, or undefined where there is none. */
export function setDesiredCount(place: Place, cluster: string, name: string, to: (count: number) => number): { from: number; to: number } | undefined {
  const service = place.state(CLUSTERS).get(cluster)?.services.get(name);
  if (!service) return undefined;
  const { desiredCount = 0, runningCount = desiredCount } = service;
  const wanted = to(desiredCount);
  if (wanted === desiredCount) return undefined;
  changeService(place, service, { desiredCount: wanted, runningCount, pendingCount: Math.max(0, wanted - runningCount) });
  place.world.agenda.after(place.world.clock.now(), SCALE_MS, () => {
    const { desiredCount: count } = place.state(CLUSTERS).get(cluster)?.services.get(name) ?? {};
    changeService(place, service, { runningCount: count, pendingCount: 0 });
  });
  return { from: desiredCount, to: wanted };
}
