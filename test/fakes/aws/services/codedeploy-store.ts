import type { ApplicationInfo, DeploymentGroupInfo, DeploymentInfo, DeploymentStatus } from '@aws-sdk/client-codedeploy';
import { AwsError } from '../errors';
import type { Call } from '../service';
import type { Place } from '../world';
import { found, stateKey } from './support';

/** An application with its deployment groups, by their names. */
export interface Application {
  readonly info: ApplicationInfo;
  readonly groups: Map<string, DeploymentGroupInfo>;
}

/** Applications by their names. */
export const APPLICATIONS = stateKey('applications', () => new Map<string, Application>());
/** Deployments by their ids. */
export const DEPLOYMENTS = stateKey('deployments', () => new Map<string, DeploymentInfo>());

const ENDED: readonly (DeploymentStatus | undefined)[] = ['Succeeded', 'Failed', 'Stopped'];

/** Adds an application, by its name. */
export function putApplication(place: Place, info: ApplicationInfo): void {
  const name = info.applicationName ?? '';
  place.state(APPLICATIONS).set(name, { info, groups: place.state(APPLICATIONS).get(name)?.groups ?? new Map<string, DeploymentGroupInfo>() });
}

/** Adds a deployment group, and its application where it is not there. */
export function putDeploymentGroup(place: Place, group: DeploymentGroupInfo): void {
  const name = group.applicationName ?? '';
  if (!place.state(APPLICATIONS).has(name)) putApplication(place, { applicationName: name, computePlatform: group.computePlatform ?? 'Server' });
  place
    .state(APPLICATIONS)
    .get(name)
    ?.groups.set(group.deploymentGroupName ?? '', group);
}

/** Adds a deployment or puts it in the place of the one with its id; its application and group come with it, and the last that succeeded becomes the group's revision. */
export function putDeployment(place: Place, deployment: DeploymentInfo): void {
  const { applicationName, deploymentGroupName, deploymentId = '' } = deployment;
  const there = groupOf(place, deployment);
  if (!there) putDeploymentGroup(place, { applicationName, deploymentGroupName, computePlatform: deployment.computePlatform });
  place.state(DEPLOYMENTS).set(deploymentId, deployment);
}

/** The group of a deployment. */
export function groupOf(place: Place, { applicationName, deploymentGroupName }: DeploymentInfo): DeploymentGroupInfo | undefined {
  return place
    .state(APPLICATIONS)
    .get(applicationName ?? '')
    ?.groups.get(deploymentGroupName ?? '');
}

/** Changes what is known of a deployment, and returns it. */
export function change(place: Place, id: string, changes: Partial<DeploymentInfo>): DeploymentInfo {
  const changed = { ...place.state(DEPLOYMENTS).get(id), ...changes };
  place.state(DEPLOYMENTS).set(id, changed);
  return changed;
}

/** Whether a deployment has come to its end. */
export function hasEnded({ status }: DeploymentInfo): boolean {
  return ENDED.includes(status);
}

/** The deployments of a group, the latest last. */
export function deploymentsOf(place: Place, applicationName: string | undefined, groupName: string | undefined): DeploymentInfo[] {
  return [...place.state(DEPLOYMENTS).values()]
    .filter((one) => one.applicationName === applicationName && one.deploymentGroupName === groupName)
    .sort((a, b) => (a.createTime?.getTime() ?? 0) - (b.createTime?.getTime() ?? 0));
}

/** The last deployment of a group that succeeded: what it goes back to. */
export function lastGood(place: Place, applicationName: string | undefined, groupName: string | undefined): DeploymentInfo | undefined {
  const good = deploymentsOf(place, applicationName, groupName).filter(({ status }) => status === 'Succeeded');
  return good.sort((a, b) => endOf(a) - endOf(b)).at(-1);
}

function endOf({ completeTime, createTime }: DeploymentInfo): number {
  return (completeTime ?? createTime)?.getTime() ?? 0;
}

/** An application by its name; throws what CodeDeploy says where there is none. */
export function applicationNamed({ place }: Call, name: string | undefined): Application {
  if (name === undefined) throw new AwsError('ApplicationNameRequiredException', 'Application name is required');
  return found(place.state(APPLICATIONS).get(name), 'ApplicationDoesNotExistException', `No application found for name: ${name}`);
}

/** A deployment group by its names; throws what CodeDeploy says where there is none. */
export function groupNamed(call: Call, applicationName: string | undefined, groupName: string | undefined): DeploymentGroupInfo {
  const { groups } = applicationNamed(call, applicationName);
  if (groupName === undefined) throw new AwsError('DeploymentGroupNameRequiredException', 'Deployment group name is required');
  return found(groups.get(groupName), 'DeploymentGroupDoesNotExistException', `No Deployment Group found for name: ${groupName}`);
}

/** A deployment by its id, where it is seen; throws what CodeDeploy says where there is none. */
export function deploymentNamed({ place, visible }: Call, deploymentId: string | undefined): DeploymentInfo {
  if (deploymentId === undefined) throw new AwsError('DeploymentIdRequiredException', 'Deployment id is required');
  if (!/^d-[A-Z0-9]+$/.test(deploymentId)) throw new AwsError('InvalidDeploymentIdException', `The deployment ID ${deploymentId} is not valid`);
  const deployment = visible(deploymentId) ? place.state(DEPLOYMENTS).get(deploymentId) : undefined;
  return found(deployment, 'DeploymentDoesNotExistException', `The deployment ${deploymentId} could not be found`);
}
