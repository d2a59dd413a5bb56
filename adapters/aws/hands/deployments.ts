import type { DeploymentGroupInfo, DeploymentInfo } from '@aws-sdk/client-codedeploy';
import type { Deployment } from '../../../domain/aws/deployment';
import type { AwsPlace } from '../../../domain/aws/place';
import { defined } from '../../../domain/defined';
import { errorCode } from '../../../domain/errors';
import type { AwsAccess } from '../access';
import { awsClients } from '../clients';
import { pieces, wholeList } from '../lookback/kind';
import type { On } from './carrier';

/** BatchGetDeployments takes so many. https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeployments.html */
const BATCH = 25;
/** How far back the deployments of a group are read at first, milliseconds. */
export const RECENT_MS = 90 * 86_400_000;

/** A deployment group with where it is. */
export type OnGroup = Pick<On<'codedeploy'>, 'part' | 'hands'>;

/** Reads deployments of a group. Throws errors of ours. */
export interface Deployments {
  /** Those that began since a moment (of all times without one), the latest first. */
  since(on: OnGroup, from?: Date): Promise<readonly Deployment[]>;
  /** Undefined where it is not there, or not seen yet. */
  one(place: AwsPlace, id: string): Promise<Deployment | undefined>;
  group(on: OnGroup): Promise<DeploymentGroupInfo>;
}

/** Reads them by one client for each place. */
export function readDeployments(access: AwsAccess): Deployments {
  const clients = awsClients(access, async (settings) => {
    const { CodeDeployClient } = await import('@aws-sdk/client-codedeploy');
    return new CodeDeployClient(settings);
  });
  return {
    async since({ part, hands }, from) {
      const { BatchGetDeploymentsCommand, ListDeploymentsCommand } = await import('@aws-sdk/client-codedeploy');
      const names = { applicationName: part.application, deploymentGroupName: part.group };
      const ids = await wholeList(async (nextToken) => {
        const input = { ...names, ...(from && { createTimeRange: { start: from } }), ...(nextToken !== undefined && { nextToken }) };
        const page = await clients.ask(hands, 'codedeploy:ListDeployments', (client) => client.send(new ListDeploymentsCommand(input)));
        return { items: page.deployments ?? [], next: page.nextToken };
      });
      const found: Deployment[] = [];
      for (const deploymentIds of pieces(ids, BATCH)) {
        const read = new BatchGetDeploymentsCommand({ deploymentIds });
        const { deploymentsInfo = [] } = await clients.ask(hands, 'codedeploy:BatchGetDeployments', (client) => client.send(read));
        found.push(...deploymentsInfo.map(deploymentOf));
      }
      return found.sort((a, b) => b.createdAt - a.createdAt);
    },
    async one(place, deploymentId) {
      const { GetDeploymentCommand } = await import('@aws-sdk/client-codedeploy');
      try {
        const { deploymentInfo } = await clients.ask(place, 'codedeploy:GetDeployment', (client) => client.send(new GetDeploymentCommand({ deploymentId })));
        return deploymentInfo && deploymentOf(deploymentInfo);
      } catch (error) {
        if (errorCode(error) === 'not_found') return undefined;
        throw error;
      }
    },
    async group({ part, hands }) {
      const { GetDeploymentGroupCommand } = await import('@aws-sdk/client-codedeploy');
      const command = new GetDeploymentGroupCommand({ applicationName: part.application, deploymentGroupName: part.group });
      const { deploymentGroupInfo = {} } = await clients.ask(hands, 'codedeploy:GetDeploymentGroup', (client) => client.send(command));
      return deploymentGroupInfo;
    },
  };
}

function deploymentOf(info: DeploymentInfo): Deployment {
  const { deploymentId: id = '', status = '', createTime, completeTime, creator, description, computePlatform: platform, revision } = info;
  const { rollbackDeploymentId: rolledBackBy, rollbackTriggeringDeploymentId: rollsBack, rollbackMessage } = info.rollbackInfo ?? {};
  const { code = '', message = '' } = info.errorInformation ?? {};
  return defined({
    ...{ id, status, createdAt: createTime?.getTime() ?? 0, endedAt: completeTime?.getTime(), creator, description, platform, revision },
    restarts: info.deploymentMode === 'RESTART' ? (true as const) : undefined,
    blueGreen: info.deploymentStyle?.deploymentType === 'BLUE_GREEN' ? (true as const) : undefined,
    waitsToEndFleet: info.instanceTerminationWaitTimeStarted === true ? (true as const) : undefined,
    ...{ rolledBackBy, rollsBack, rollbackMessage },
    error: info.errorInformation && { code, message },
  });
}
