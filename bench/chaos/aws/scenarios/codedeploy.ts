import type { DeploymentInfo } from '@aws-sdk/client-codedeploy';
import { putDeployment, putDeploymentGroup } from '../../../../test/fakes/aws/services/codedeploy';
import type { Place } from '../../../../test/fakes/aws/world';
import type { Scenario } from '../scenario';

const GROUP = { applicationName: 'shop', deploymentGroupName: 'live' };
const MINUTE_MS = 60_000;

function deployed(place: Place, deploymentId: string, minutesAgo: number, version: string, more: Partial<DeploymentInfo> = {}): void {
  const createTime = new Date(place.world.clock.now() - minutesAgo * MINUTE_MS);
  putDeployment(place, {
    ...{ ...GROUP, deploymentId, createTime, status: 'Succeeded', completeTime: new Date(createTime.getTime() + MINUTE_MS) },
    ...{ computePlatform: 'Server', creator: 'user' },
    revision: { revisionType: 'S3', s3Location: { bucket: 'releases', key: 'shop.zip', bundleType: 'zip', version, eTag: version } },
    ...more,
  });
}

function lay(place: Place): void {
  putDeploymentGroup(place, { ...GROUP, computePlatform: 'Server' });
  deployed(place, 'd-AAAAAAAA1', 120, 'v1');
}

const parts = { codedeploy: { application: 'shop', group: 'live' } };

/** A group that has a good revision. */
export const codedeployRestart: Scenario = [{ name: 'restart', parts, lay, inputs: {}, effects: { 'codedeploy.restart': 1, 'codedeploy.deployment': 1 } }];

/** A bad revision that was deployed, and one that is being deployed. */
export const codedeployRollback: Scenario = [
  {
    name: 'ended',
    parts,
    lay(place) {
      lay(place);
      deployed(place, 'd-BBBBBBBB2', 30, 'v2');
    },
    inputs: {},
    effects: { 'codedeploy.deployment': 1, 'codedeploy.stop': 0 },
  },
  {
    name: 'under-way',
    parts,
    lay(place) {
      lay(place);
      deployed(place, 'd-BBBBBBBB2', 2, 'v2', { status: 'InProgress', completeTime: undefined });
    },
    inputs: {},
    effects: { 'codedeploy.stop': 1, 'codedeploy.deployment': 1 },
  },
];
