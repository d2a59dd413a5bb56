import type { DeploymentGroupInfo, DeploymentInfo } from '@aws-sdk/client-codedeploy';
import { putDeployment, putDeploymentGroup } from '../../../fakes/aws/services/codedeploy';
import { putDeploymentCourse } from '../../../fakes/aws/services/codedeploy-run';
import { handsWorld, NOW } from './world';
import type { HandsWorld } from './world';

/** The application and the group of the tests. */
export const GROUP = { applicationName: 'shop', deploymentGroupName: 'live' };

/** Deployments that end soon, so that few looks see them under way. */
export const SOON = { ...GROUP, createdMs: 100, queuedMs: 100, durationMs: 500, stopMs: 100 };

/** A service that is deployed by CodeDeploy, with hands on its group. */
export interface DeployWorld extends HandsWorld {
  /** A deployment that began so many minutes ago, of the revision `key`; it succeeded a minute later where nothing is said. */
  deployed(id: string, minutesAgo: number, key: string, more?: Partial<DeploymentInfo>): void;
}

/** Starts one; nothing was deployed yet. */
export async function deployWorld(group: Partial<DeploymentGroupInfo> = {}, hands: { readonly overrideAlarms?: boolean } = {}): Promise<DeployWorld> {
  const world = await handsWorld({ codedeploy: { application: 'shop', group: 'live', ...hands } });
  putDeploymentGroup(world.place, { ...GROUP, computePlatform: 'Server', ...group });
  putDeploymentCourse(world.place, SOON);
  return {
    ...world,
    deployed: (deploymentId, minutesAgo, key, more = {}) => {
      const createTime = new Date(NOW - minutesAgo * 60_000);
      const usual = { status: 'Succeeded', completeTime: new Date(createTime.getTime() + 60_000) } as const;
      putDeployment(world.place, {
        ...GROUP,
        deploymentId,
        createTime,
        ...usual,
        revision: revisionOf(key),
        computePlatform: 'Server',
        creator: 'user',
        ...more,
      });
    },
  };
}

/** What is under way: it has begun and has no end. */
export const UNDER_WAY = { status: 'InProgress', completeTime: undefined } as const;

/** A revision in a bucket, pinned to its version. */
export function revisionOf(key: string): NonNullable<DeploymentInfo['revision']> {
  return { revisionType: 'S3', s3Location: { bucket: 'releases', key: 'shop.zip', bundleType: 'zip', version: key, eTag: `etag-${key}` } };
}
