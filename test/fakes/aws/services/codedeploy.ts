import type {
  BatchGetApplicationsInput,
  BatchGetApplicationsOutput,
  BatchGetDeploymentGroupsInput,
  BatchGetDeploymentGroupsOutput,
  BatchGetDeploymentsInput,
  BatchGetDeploymentsOutput,
  DeploymentInfo,
  GetDeploymentGroupInput,
  GetDeploymentGroupOutput,
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
import { continueDeployment, createDeployment, stopDeployment } from './codedeploy-deploy';
import { putDeploymentCourse } from './codedeploy-run';
import {
  applicationNamed,
  APPLICATIONS,
  deploymentNamed,
  DEPLOYMENTS,
  groupNamed,
  putApplication,
  putDeployment,
  putDeploymentGroup,
} from './codedeploy-store';
import { newestFirst, within } from './support';

export { putApplication, putDeployment, putDeploymentGroup };

/** Of every list; the service's own limit. */
const PAGE = 100;
const BATCH = 25;
const BATCH_OF_ALL = 100;

function listApplications({ nextToken }: ListApplicationsInput, call: Call): ListApplicationsOutput {
  const items = (): string[] => [...call.place.state(APPLICATIONS).keys()].filter(call.visible).sort();
  const page = call.page({ items, token: nextToken, max: PAGE, badToken: 'InvalidNextTokenException' });
  return { applications: page.items, nextToken: page.next };
}

function batchGetApplications({ applicationNames = [] }: BatchGetApplicationsInput, call: Call): BatchGetApplicationsOutput {
  limited(applicationNames, BATCH_OF_ALL);
  return { applicationsInfo: applicationNames.map((name) => applicationNamed(call, name).info) };
}

function listDeploymentGroups({ applicationName, nextToken }: ListDeploymentGroupsInput, call: Call): ListDeploymentGroupsOutput {
  const { groups } = applicationNamed(call, applicationName);
  const page = call.page({ items: () => [...groups.keys()].sort(), token: nextToken, max: PAGE, badToken: 'InvalidNextTokenException' });
  return { applicationName, deploymentGroups: page.items, nextToken: page.next };
}

function batchGetDeploymentGroups({ applicationName, deploymentGroupNames = [] }: BatchGetDeploymentGroupsInput, call: Call): BatchGetDeploymentGroupsOutput {
  limited(deploymentGroupNames, BATCH_OF_ALL);
  const { groups } = applicationNamed(call, applicationName);
  const missing = deploymentGroupNames.filter((name) => !groups.has(name));
  return {
    deploymentGroupsInfo: deploymentGroupNames.flatMap((name) => groups.get(name) ?? []),
    ...(missing.length > 0 && { errorMessage: `No deployment groups found for names: ${missing.join(', ')}` }),
  };
}

function listDeployments(input: ListDeploymentsInput, call: Call): ListDeploymentsOutput {
  const { applicationName, deploymentGroupName, includeOnlyStatuses = [], createTimeRange = {}, nextToken } = input;
  if (applicationName !== undefined) groupNamed(call, applicationName, deploymentGroupName);
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

function getDeployment({ deploymentId }: GetDeploymentInput, call: Call): GetDeploymentOutput {
  return { deploymentInfo: deploymentNamed(call, deploymentId) };
}

function getDeploymentGroup({ applicationName, deploymentGroupName }: GetDeploymentGroupInput, call: Call): GetDeploymentGroupOutput {
  return { deploymentGroupInfo: groupNamed(call, applicationName, deploymentGroupName) };
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
    GetDeploymentGroup: getDeploymentGroup,
    CreateDeployment: createDeployment,
    StopDeployment: stopDeployment,
    ContinueDeployment: continueDeployment,
  },
  facts: {
    application: { shape: 'ApplicationInfo', put: putApplication },
    deploymentGroup: { shape: 'DeploymentGroupInfo', put: putDeploymentGroup },
    deployment: { shape: 'DeploymentInfo', put: putDeployment },
    course: { put: putDeploymentCourse },
  },
};
