import type {
  BatchGetDeploymentGroupsCommandOutput,
  BatchGetDeploymentsCommandOutput,
  CodeDeployClient,
  DeploymentGroupInfo,
  DeploymentInfo,
} from '@aws-sdk/client-codedeploy';
import type { ListApplicationsCommandOutput, ListDeploymentsCommandOutput, RevisionLocation } from '@aws-sdk/client-codedeploy';
import { partitionOf } from '../../../domain/aws/place';
import type { AwsPlace } from '../../../domain/aws/place';
import { revisionName } from '../../../domain/aws/revision';
import { defined } from '../../../domain/defined';
import { deploymentChange } from '../../../domain/lookback/aws/changes';
import type { PastChange } from '../../../domain/lookback/facts';
import type { Ask } from './ask';
import { pieces, wholeList } from './kind';
import type { PastKind } from './kind';

/** BatchGetDeployments takes so many, and BatchGetDeploymentGroups of one application. https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeployments.html */
const BATCH = 25;
const GROUPS = 100;
/** Deployments of one part. */
const PART = 100;

/** Deployments of CodeDeploy of all applications, so many a part. */
export const deployments: PastKind = {
  name: 'deployments',
  async plan({ place, span, settings }, ask) {
    const sdk = await import('@aws-sdk/client-codedeploy');
    const { BatchGetDeploymentsCommand, CodeDeployClient, ListDeploymentsCommand } = sdk;
    const client = new CodeDeployClient(settings);
    const createTimeRange = { start: new Date(span.from), end: new Date(span.to - 1) };
    const ids = await wholeList(async (nextToken) => {
      const command = new ListDeploymentsCommand({ createTimeRange, nextToken });
      const answer: ListDeploymentsCommandOutput = await ask('codedeploy:ListDeployments', (options) => client.send(command, options));
      return { items: answer.deployments ?? [], next: answer.nextToken };
    });
    const applications = await listApplications(client, ask);
    const groups = new Map<string, DeploymentGroupInfo>();
    const readGroups = async (infos: readonly DeploymentInfo[], by: Ask): Promise<void> => {
      for (const [applicationName, names] of unknownGroups(infos, groups)) {
        for (const info of await describeGroups(client, applicationName, [...names], by)) groups.set(groupKey(info), info);
      }
    };
    const read = async (deploymentIds: readonly string[], by: Ask): Promise<PastChange[]> => {
      const infos: DeploymentInfo[] = [];
      for (const batch of pieces(deploymentIds, BATCH)) {
        const command = new BatchGetDeploymentsCommand({ deploymentIds: batch });
        const answer: BatchGetDeploymentsCommandOutput = await by('codedeploy:BatchGetDeployments', (options) => client.send(command, options));
        infos.push(...(answer.deploymentsInfo ?? []));
      }
      // What is gone by now has no group any more; its deployments are told all the same.
      const there = infos.filter(({ applicationName = '' }) => applications.includes(applicationName));
      await readGroups(there, by);
      return infos.flatMap((info) => changeOf(info, groups.get(groupKey(info)), place));
    };
    const parts = pieces(ids, PART).map((some, i) => ({
      name: String(i + 1),
      calls: {
        'codedeploy:BatchGetDeployments': Math.ceil(some.length / BATCH),
        'codedeploy:BatchGetDeploymentGroups': Math.min(some.length, applications.length + Math.ceil(some.length / GROUPS)),
      },
      read: (by: Ask) => read(some, by),
    }));
    return { parts, facts: [], close: () => client.destroy() };
  },
};

/** Names of all applications. Throws errors of ours. */
export async function listApplications(client: CodeDeployClient, ask: Ask): Promise<readonly string[]> {
  const { ListApplicationsCommand } = await import('@aws-sdk/client-codedeploy');
  return wholeList(async (nextToken) => {
    const command = new ListApplicationsCommand({ nextToken });
    const answer: ListApplicationsCommandOutput = await ask('codedeploy:ListApplications', (options) => client.send(command, options));
    return { items: answer.applications ?? [], next: answer.nextToken };
  });
}

/** These deployment groups of an application. Throws errors of ours. */
export async function describeGroups(client: CodeDeployClient, applicationName: string, names: readonly string[], ask: Ask): Promise<DeploymentGroupInfo[]> {
  const { BatchGetDeploymentGroupsCommand } = await import('@aws-sdk/client-codedeploy');
  const found: DeploymentGroupInfo[] = [];
  for (const deploymentGroupNames of pieces(names, GROUPS)) {
    const command = new BatchGetDeploymentGroupsCommand({ applicationName, deploymentGroupNames });
    const answer: BatchGetDeploymentGroupsCommandOutput = await ask('codedeploy:BatchGetDeploymentGroups', (options) => client.send(command, options));
    found.push(...(answer.deploymentGroupsInfo ?? []));
  }
  return found;
}

function groupKey({ applicationName, deploymentGroupName }: Pick<DeploymentInfo, 'applicationName' | 'deploymentGroupName'>): string {
  return JSON.stringify([applicationName, deploymentGroupName]);
}

function unknownGroups(infos: readonly DeploymentInfo[], known: ReadonlyMap<string, unknown>): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const info of infos)
    if (!known.has(groupKey(info)))
      groups.set(info.applicationName ?? '', (groups.get(info.applicationName ?? '') ?? new Set()).add(info.deploymentGroupName ?? ''));
  return groups;
}

function changeOf(info: DeploymentInfo, group: DeploymentGroupInfo | undefined, place: AwsPlace): PastChange[] {
  const { deploymentId, applicationName = '', deploymentGroupName, startTime, createTime, completeTime, creator = '', status = '' } = info;
  const started = startTime ?? createTime;
  if (deploymentId === undefined || started === undefined) return [];
  const isRollback = creator === 'codeDeployRollback' || info.rollbackInfo?.rollbackTriggeringDeploymentId !== undefined;
  const told = defined({
    id: deploymentId,
    application: applicationName,
    group: deploymentGroupName,
    creator,
    isRollback,
    status,
    startedAt: started.getTime(),
  });
  const revisions = { revision: revisionName(info.revision), previousRevision: revisionName(info.previousRevision) };
  return [deploymentChange(defined({ ...told, ...revisions, ...place, endedAt: completeTime?.getTime(), resources: targetsOf(group, info.revision, place) }))];
}

/** What a group deploys to: ARNs, and names of what is balanced and scaled. */
function targetsOf(group: DeploymentGroupInfo | undefined, revision: RevisionLocation | undefined, { account, region }: AwsPlace): string[] {
  const { ecsServices = [], autoScalingGroups = [], loadBalancerInfo } = group ?? {};
  const { targetGroupInfoList = [], targetGroupPairInfoList = [] } = loadBalancerInfo ?? {};
  const balanced = [...targetGroupInfoList, ...targetGroupPairInfoList.flatMap((pair) => pair.targetGroups ?? [])];
  const appSpec = revision?.appSpecContent?.content ?? revision?.string?.content ?? '';
  const lambda = /AWS::Lambda::Function[\s\S]{0,200}?\bName['"]?\s*:\s*['"]?([\w-]{1,64})/.exec(appSpec)?.[1];
  const names = [...autoScalingGroups, ...balanced].flatMap(({ name }) => name ?? []);
  const arn = (product: string, rest: string): string => `arn:${partitionOf(region)}:${product}:${region}:${account}:${rest}`;
  const services = ecsServices.map(({ clusterName = '', serviceName = '' }) => arn('ecs', `service/${clusterName}/${serviceName}`));
  return [...new Set([...services, ...(lambda === undefined ? [] : [arn('lambda', `function:${lambda}`)]), ...names])];
}
