import { activeOf, descriptionOf, followed } from '../../../domain/aws/deployment';
import type { Deployment } from '../../../domain/aws/deployment';
import { revisionName } from '../../../domain/aws/revision';
import type { Carrier, Effect, Sighting } from '../../../ports/hands';
import { awsCarrier, searchFrom } from './carrier';
import type { AwsHandsDeps } from './carrier';
import { alarmsText, createDeployment, groupName, stopDeployment, withoutBrakes } from './deploy';
import { readDeployments, RECENT_MS } from './deployments';
import type { Deployments, OnGroup } from './deployments';

/** Carries out `codedeploy.restart`: a deployment of the mode RESTART, which brings no revision; the one active deployment of a group keeps a second one from beginning. */
export function codedeployRestart({ actuator, clock }: AwsHandsDeps): Carrier {
  const deployments = readDeployments(actuator.access);
  const deploying = { actuator, deployments };
  return awsCarrier('codedeploy.restart', 'codedeploy', {
    async look(on, effect) {
      const found = await oursIn(deployments, on, effect);
      if (found) return followed(found);
      return effect.reference === undefined ? { state: 'absent' } : unseen(effect.reference);
    },
    act: (on, effect) => createDeployment(deploying, on, effect, { deploymentMode: 'RESTART', ...withoutBrakes(on) }),
    async stop(on, effect) {
      const found = await oursIn(deployments, on, effect);
      if (found && followed(found).state === 'in-progress') await stopDeployment(deploying, on, effect, { id: found.id, back: false });
    },
    async unmet(on) {
      const { computePlatform = 'Server', deploymentStyle } = await deployments.group(on);
      const where = groupName(on);
      if (computePlatform !== 'Server') return `${where} deploys to ${computePlatform}; CodeDeploy restarts only what runs on instances`;
      if (deploymentStyle?.deploymentType === 'BLUE_GREEN') return `${where} is a blue/green group; CodeDeploy restarts only those in place`;
      const recent = await deployments.since(on, new Date(clock.now() - RECENT_MS));
      const active = activeOf(recent);
      if (active) return `${active.id} is ${active.status} in ${where}; wait for its end`;
      const good = recent.some(hasSucceeded) || (await deployments.since(on)).some(hasSucceeded);
      return good ? undefined : `nothing has succeeded in ${where} yet, so nothing can be started anew`;
    },
    async preview(on) {
      const { targetRevision } = await deployments.group(on);
      const name = revisionName(targetRevision);
      return `starts the application of ${groupName(on)} anew on all its instances${name === undefined ? '' : `, with ${name} as it is there`}${await alarmsText(deployments, on)}`;
    },
  });
}

function hasSucceeded({ status }: Deployment): boolean {
  return status === 'Succeeded';
}

/** The deployment of a token, by its reference or by its description. */
export async function oursIn(deployments: Deployments, on: OnGroup, effect: Effect): Promise<Deployment | undefined> {
  if (effect.reference !== undefined) return deployments.one(on.hands, effect.reference);
  return (await deployments.since(on, searchFrom(effect))).find(({ description }) => description === descriptionOf(effect.token));
}

/** It was accepted and does not show yet. */
export function unseen(id: string): Sighting {
  return { state: 'in-progress', detail: `${id} was accepted and cannot be seen yet` };
}
