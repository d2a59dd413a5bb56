import { appendFileSync, writeFileSync } from 'node:fs';
import { CodeDeployClient, CreateDeploymentCommand } from '@aws-sdk/client-codedeploy';
import type { DeploymentInfo, RevisionLocation } from '@aws-sdk/client-codedeploy';
import { keysOf } from '../aws/identity';
import type { FakeAws } from '../aws/server';
import { putDeploymentCourse } from '../aws/services/codedeploy-run';
import { DEPLOYMENTS, putDeployment } from '../aws/services/codedeploy-store';
import type { Place } from '../aws/world';
import type { Practice } from '../practice';
import { deploymentEvent } from './events';

/** The service that CodeDeploy deploys, and its deployment group. */
export const [DEPLOYED, GROUP] = ['checkout', 'live'];
/** Its releases: the one that is good, and the one that fails 40 % of its requests. */
export const [GOOD, BAD] = ['1.4.0', '1.5.0'];

const NAMES = { applicationName: DEPLOYED, deploymentGroupName: GROUP };
/** How long a deployment stays in each of its states, how long the good release has been there, and when the bad one first complains, milliseconds. */
const [STATE_MS, THERE_MS, COMPLAINS_MS] = [200, 3_600_000, 1_000];

/** Where a service runs what CodeDeploy brings to it. */
export interface Deployable {
  readonly practice: Practice;
  /** Its log; the bad release complains there. */
  readonly log: string;
}

/** Lets the service run what is deployed from the end of each deployment on, and tells of it then as EventBridge does. The good release is there. */
export function startDeployments(place: Place, { practice, log }: Deployable, tell: (event: string) => void): void {
  writeFileSync(log, '');
  const completeTime = new Date(Date.now() - THERE_MS);
  putDeployment(place, {
    ...{ ...NAMES, deploymentId: 'd-0GOOD0000', status: 'Succeeded', revision: revisionOf(GOOD), creator: 'user' },
    ...{ createTime: completeTime, completeTime },
  });
  putDeploymentCourse(place, {
    ...{ ...NAMES, createdMs: STATE_MS, queuedMs: STATE_MS, durationMs: STATE_MS },
    ends(deployment) {
      const release = releaseOf(deployment);
      const { agenda, clock } = place.world;
      practice.deploy(release, 'codedeploy');
      if (release === BAD) agenda.after(clock.now(), COMPLAINS_MS, () => complain(log));
      // It has ended when this returns.
      agenda.after(clock.now(), 1, () => tell(deploymentEvent(place, place.state(DEPLOYMENTS).get(deployment.deploymentId ?? '') ?? deployment)));
      return 'Succeeded';
    },
  });
}

/** Deploys a release as somebody of the account does. */
export async function deployByHand({ endpoint }: FakeAws, { account, region }: Place, release: string): Promise<string> {
  const client = new CodeDeployClient({ endpoint, region, credentials: keysOf(account) });
  const { deploymentId = '' } = await client.send(new CreateDeploymentCommand({ ...NAMES, revision: revisionOf(release) }));
  client.destroy();
  return deploymentId;
}

/** The revision that a release is in. */
export function revisionOf(release: string): RevisionLocation {
  return { revisionType: 'S3', s3Location: { bucket: 'acme-releases', key: `${DEPLOYED}/${release}.zip`, bundleType: 'zip', version: `v-${release}` } };
}

function releaseOf({ revision }: DeploymentInfo): string {
  return /([\d.]+)\.zip$/.exec(revision?.s3Location?.key ?? '')?.[1] ?? '';
}

function complain(log: string): void {
  const line = (order: number): string => JSON.stringify({ time: new Date().toISOString(), level: 'error', message: `no price for order ${String(order)}` });
  appendFileSync(log, `${[7731, 7732, 7733].map(line).join('\n')}\n`);
}
