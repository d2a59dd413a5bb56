import type {
  ApplicationInfo,
  BatchGetApplicationsInput,
  BatchGetApplicationsOutput,
  BatchGetDeploymentGroupsInput,
  BatchGetDeploymentGroupsOutput,
  BatchGetDeploymentsInput,
  BatchGetDeploymentsOutput,
  DeploymentGroupInfo,
  DeploymentInfo,
  GetDeploymentInput,
  GetDeploymentOutput,
  ListApplicationsInput,
  ListApplicationsOutput,
  ListDeploymentGroupsInput,
  ListDeploymentGroupsOutput,
  ListDeploymentsInput,
  ListDeploymentsOutput,
} from '@aws-sdk/client-codedeploy';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { found, newestFirst, stateKey, within } from './support';

interface Application {
  readonly info: ApplicationInfo;
  readonly groups: Map<string, DeploymentGroupInfo>;
}

const APPLICATIONS = stateKey('applications', () => new Map<string, Application>());
const DEPLOYMENTS = stateKey('deployments', () => new Map<string, DeploymentInfo>());
/** Of every list; the service's own limit. */
const PAGE = 100;
const BATCH = 25;
const BATCH_OF_ALL = 100;

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

/** Adds a deployment or puts it in the place of the one with its id; its application and group come with it. */
export function putDeployment(place: Place, deployment: DeploymentInfo): void {
  const { applicationName, deploymentGroupName, deploymentId = '' } = deployment;
  const there = place
    .state(APPLICATIONS)
    .get(applicationName ?? '')
    ?.groups.has(deploymentGroupName ?? '');
  if (there !== true) putDeploymentGroup(place, { applicationName, deploymentGroupName, computePlatform: deployment.computePlatform });
  place.state(DEPLOYMENTS).set(deploymentId, deployment);
}

function applicationOf({ place }: Call, name: string | undefined): Application {
  if (name === undefined) throw new AwsError('ApplicationNameRequiredException', 'Application name is required');
  return found(place.state(APPLICATIONS).get(name), 'ApplicationDoesNotExistException', `No application found for name: ${name}`);
}

function listApplications({ nextToken }: ListApplicationsInput, call: Call): ListApplicationsOutput {
  const items = (): string[] => [...call.place.state(APPLICATIONS).keys()].filter(call.visible).sort();
  const page = call.page({ items, token: nextToken, max: PAGE, badToken: 'InvalidNextTokenException' });
  return { applications: page.items, nextToken: page.next };
}

function batchGetApplications({ applicationNames = [] }: BatchGetApplicationsInput, call: Call): BatchGetApplicationsOutput {
  limited(applicationNames, BATCH_OF_ALL);
  return { applicationsInfo: applicationNames.map((name) => applicationOf(call, name).info) };
}

function listDeploymentGroups({ applicationName, nextToken }: ListDeploymentGroupsInput, call: Call): ListDeploymentGroupsOutput {
  const { groups } = applicationOf(call, applicationName);
  const page = call.page({ items: () => [...groups.keys()].sort(), token: nextToken, max: PAGE, badToken: 'InvalidNextTokenException' });
  return { applicationName, deploymentGroups: page.items, nextToken: page.next };
}

function batchGetDeploymentGroups({ applicationName, deploymentGroupNames = [] }: BatchGetDeploymentGroupsInput, call: Call): BatchGetDeploymentGroupsOutput {
  limited(deploymentGroupNames, BATCH_OF_ALL);
  const { groups } = applicationOf(call, applicationName);
  const missing = deploymentGroupNames.filter((name) => !groups.has(name));
  return {
    deploymentGroupsInfo: deploymentGroupNames.flatMap((name) => groups.get(name) ?? []),
    ...(missing.length > 0 && { errorMessage: `No deployment groups found for names: ${missing.join(', ')}` }),
  };
}

function listDeployments(input: ListDeploymentsInput, call: Call): ListDeploymentsOutput {
  const { applicationName, deploymentGroupName, includeOnlyStatuses = [], createTimeRange = {}, nextToken } = input;
  if (applicationName !== undefined) {
    if (deploymentGroupName === undefined) throw new AwsError('DeploymentGroupNameRequiredException', 'Deployment group name is required');
    const { groups } = applicationOf(call, applicationName);
    found(groups.get(deploymentGroupName), 'DeploymentGroupDoesNotExistException', `No Deployment Group found for name: ${deploymentGroupName}`);
  }
  const asked = (one: DeploymentInfo): boolean =>
    (applicationName === undefined || (one.applicationName === applicationName && one.deploymentGroupName === deploymentGroupName)) &&
    (includeOnlyStatuses.length === 0 || includeOnlyStatuses.some((status) => status === one.status)) &&
    (input.externalId === undefined || one.externalId === input.externalId) &&
    within(one.createTime, createTimeRange.start, createTimeRange.end) &&
    call.visible(one.deploymentId ?? '');
  const items = (): string[] =>
    newestFirst(call.place.state(DEPLOYMENTS).values(), (one) => one.createTime)
      .filter(asked)
      .map((one) => one.deploymentId ?? '');
  const page = call.page({ items, token: nextToken, max: PAGE, badToken: 'InvalidNextTokenException' });
  return { deployments: page.items, nextToken: page.next };
}

function getDeployment({ deploymentId }: GetDeploymentInput, { place, visible }: Call): GetDeploymentOutput {
  if (deploymentId === undefined) throw new AwsError('DeploymentIdRequiredException', 'Deployment id is required');
  if (!/^d-[A-Z0-9]+$/.test(deploymentId)) throw new AwsError('InvalidDeploymentIdException', `The deployment ID ${deploymentId} is not valid`);
  const deploymentInfo = visible(deploymentId) ? place.state(DEPLOYMENTS).get(deploymentId) : undefined;
  return { deploymentInfo: found(deploymentInfo, 'DeploymentDoesNotExistException', `The deployment ${deploymentId} could not be found`) };
}

function batchGetDeployments({ deploymentIds = [] }: BatchGetDeploymentsInput, { place, visible }: Call): BatchGetDeploymentsOutput {
  limited(deploymentIds, BATCH);
  return { deploymentsInfo: deploymentIds.filter(visible).flatMap((id) => place.state(DEPLOYMENTS).get(id) ?? []) };
}

function limited(names: readonly string[], most: number): void {
  if (names.length > most) throw new AwsError('BatchLimitExceededException', `The batch size exceeds the limit of ${String(most)}`);
}

/** CodeDeploy. */
export const CODEDEPLOY: FakeService = {
  signedAs: 'codedeploy',
  target: 'CodeDeploy_20141006',
  load: () => import('@aws-sdk/client-codedeploy'),
  operations: {
    ListApplications: listApplications,
    BatchGetApplications: batchGetApplications,
    ListDeploymentGroups: listDeploymentGroups,
    BatchGetDeploymentGroups: batchGetDeploymentGroups,
    ListDeployments: listDeployments,
    GetDeployment: getDeployment,
    BatchGetDeployments: batchGetDeployments,
  },
  facts: {
    application: { shape: 'ApplicationInfo', put: putApplication },
    deploymentGroup: { shape: 'DeploymentGroupInfo', put: putDeploymentGroup },
    deployment: { shape: 'DeploymentInfo', put: putDeployment },
  },
};
