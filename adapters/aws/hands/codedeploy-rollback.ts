import type { RevisionLocation } from '@aws-sdk/client-codedeploy';
import { descriptionOf, followed, hasEnded } from '../../../domain/aws/deployment';
import type { Deployment } from '../../../domain/aws/deployment';
import { revisionName } from '../../../domain/aws/revision';
import { strangersSince, wayBack } from '../../../domain/aws/way-back';
import type { WayBack } from '../../../domain/aws/way-back';
import { NightshiftError } from '../../../domain/errors';
import type { Carrier, Effect, Sighting } from '../../../ports/hands';
import { awsCarrier } from './carrier';
import type { AwsHandsDeps } from './carrier';
import { alarmsText, createDeployment, groupName, stopDeployment, withoutBrakes } from './deploy';
import { readDeployments, RECENT_MS } from './deployments';
import type { Deployments, OnGroup } from './deployments';
import { beforeOf } from './record';
import { rollbackFor } from './rollback-search';
import type { Decided } from './rollback-search';
import { unbegun } from './unbegun';

/** Carries out `codedeploy.rollback`: stops the deployment that is under way and has CodeDeploy roll it back, or deploys the last good revision; which of them is written down before, and never both are done. */
export function codedeployRollback(deps: AwsHandsDeps): Carrier {
  const { actuator, clock, state } = deps;
  const deployments = readDeployments(actuator.access);
  const deploying = { actuator, deployments };
  const decided = async (effect: Effect): Promise<Decided | undefined> => (await state.load(beforeOf(effect))) as Decided | undefined;

  const find = async (on: OnGroup, effect: Effect): Promise<Deployment | Sighting> => rollbackFor(deps, deployments, on, effect, await decided(effect));

  return awsCarrier('codedeploy.rollback', 'codedeploy', {
    async look(on, effect) {
      const found = await find(on, effect);
      return 'state' in found ? found : followed(found);
    },
    async act(on, effect) {
      const before = await decided(effect);
      const refuse = (): Promise<void> => refuseStrangers(deployments, on, effect, before);
      await (before ? refuse() : unbegun(refuse));
      const way = before ?? (await unbegun(() => decide(deps, deployments, on, effect)));
      if (way.kind === 'create') return createDeployment(deploying, on, effect, rollbackInput(on, way, await deployments.one(on.hands, way.brought)));
      await stopDeployment(deploying, on, effect, { id: way.deployment, back: true });
      return way.deployment;
    },
    async stop(on, effect) {
      const found = await find(on, effect);
      if (!('state' in found) && !hasEnded(found)) await stopDeployment(deploying, on, effect, { id: found.id, back: false });
    },
    async unmet(on) {
      const way = await wayOf(deployments, on, clock.now());
      return way.kind === 'none' ? `${groupName(on)} is not rolled back: ${way.reason}` : undefined;
    },
    async preview(on) {
      const way = await wayOf(deployments, on, clock.now());
      if (way.kind === 'none') return `would do nothing: ${way.reason}`;
      const [from, to] = [revisionName(way.from), revisionName(way.to)].map((name) => name ?? 'a revision without a name');
      const how = way.kind === 'stop' ? `stops ${way.deployment}, which CodeDeploy then rolls back` : `deploys again what ${way.brought} brought`;
      return `brings ${groupName(on)} from ${from ?? ''} back to ${to ?? ''}: ${how}${way.kind === 'create' ? await alarmsText(deployments, on) : ''}`;
    },
  });
}

async function wayOf(deployments: Deployments, on: OnGroup, now: number): Promise<WayBack> {
  const way = wayBack(await deployments.since(on, new Date(now - RECENT_MS)));
  return way.kind === 'none' ? wayBack(await deployments.since(on)) : way;
}

/** Decides and writes down; of two at once the first holds for both. */
async function decide({ state, clock }: AwsHandsDeps, deployments: Deployments, on: OnGroup, effect: Effect): Promise<Decided> {
  const way = await wayOf(deployments, on, clock.now());
  if (way.kind === 'none') throw new NightshiftError('effect_failed', `${groupName(on)} is not rolled back: ${way.reason}`);
  if (await state.create(beforeOf(effect), way)) return way;
  return (await state.load(beforeOf(effect))) as Decided;
}

/** What somebody else has begun since is neither stopped nor written over. */
async function refuseStrangers(deployments: Deployments, on: OnGroup, { token, intendedAt }: Effect, way: Decided | undefined): Promise<void> {
  const ours = ({ description, rollsBack }: Deployment): boolean =>
    description === descriptionOf(token) || (way?.kind === 'stop' && rollsBack === way.deployment);
  const [stranger] = strangersSince(await deployments.since(on, new Date(intendedAt)), intendedAt, ours);
  if (!stranger) return;
  const { id, rollsBack } = stranger;
  // It may be what was wanted; whoever looks finds that out.
  if (!way && rollsBack !== undefined) throw new NightshiftError('not_begun', `CodeDeploy has begun ${id} meanwhile, which rolls ${rollsBack} back`);
  const why = `${id} of somebody else began in ${groupName(on)} after this was approved, so nothing was done`;
  throw new NightshiftError('effect_failed', `${why}; look whether it mends the trouble, then decide anew`);
}

function rollbackInput(on: OnGroup, way: Extract<Decided, { readonly kind: 'create' }>, brought: Deployment | undefined) {
  const platform = brought?.platform ?? 'Server';
  return {
    revision: way.to as RevisionLocation,
    ...withoutBrakes(on),
    ...(platform === 'Server' && { fileExistsBehavior: 'OVERWRITE' as const }),
  };
}
