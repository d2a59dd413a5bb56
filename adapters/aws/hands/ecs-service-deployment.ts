import { begunRollout, GOES_BACK, GOES_ON, rolloutFinding, rolloutName, rolloutToSteer, UNDER_WAY } from '../../../domain/aws/service-deployment';
import type { DeploymentDo, DeploymentRecord, Rollout, RolloutFinding } from '../../../domain/aws/service-deployment';
import { placeText } from '../../../domain/aws/place';
import { errorCode, errorMessage, NightshiftError } from '../../../domain/errors';
import type { Carrier, Effect, Sighting, Wanted } from '../../../ports/hands';
import { awsCarrier, searchFrom } from './carrier';
import type { AwsHandsDeps, On } from './carrier';
import { continueDeployment, forceNewDeployment, stopDeployment } from './ecs-orders';
import { beforeOf, mayHaveSent, recordOnce, sendBy } from './record';
import { serviceDeployments } from './service-deployments';
import type { EcsService, ServiceDeployments } from './service-deployments';

/** What the functions below work with. */
interface Ecs extends AwsHandsDeps {
  readonly deployments: ServiceDeployments;
}

type OnService = On<'ecs'>;

const STILL_WANTED = 'look whether a new deployment is still wanted';

/** Carries out `ecs.service-deployment`. What was there, or which deployment is steered, goes on record before anything is sent; a deployment is followed to its end. */
export function ecsServiceDeployment(deps: AwsHandsDeps): Carrier {
  const ecs: Ecs = { ...deps, deployments: serviceDeployments(deps.actuator.access) };
  return awsCarrier('ecs.service-deployment', 'ecs', {
    look: (on, effect) => look(ecs, on, effect),
    act: (on, effect) =>
      doOf(effect) === 'force-new' ? begin(ecs, on, effect) : steer(ecs, on, effect, doOf(effect) === 'continue' ? 'continue' : 'roll-back'),
    async stop(on, effect) {
      if (doOf(effect) !== 'force-new') return;
      const found = await ours(ecs, on, effect);
      if (typeof found === 'object' && GOES_ON.includes(found.status)) await stopDeployment(ecs.actuator, on, effect, found.arn);
    },
    unmet: async (on, effect) => refusalOf(() => planText(ecs, on, effect)),
    async preview(on, effect) {
      let text: string | undefined;
      const refused = await refusalOf(async () => (text = await planText(ecs, on, effect)));
      return refused === undefined ? text : undefined;
    },
  });
}

function doOf({ inputs }: Pick<Effect, 'inputs'>): DeploymentDo {
  return inputs['do'] as DeploymentDo;
}

function nameOf({ part }: OnService): string {
  return `${part.cluster}/${part.service}`;
}

async function recordOf({ state }: Ecs, effect: Effect): Promise<DeploymentRecord | undefined> {
  return (await state.load(beforeOf(effect))) as DeploymentRecord | undefined;
}

async function look(ecs: Ecs, on: OnService, effect: Effect): Promise<Sighting> {
  const found = doOf(effect) === 'force-new' ? await lookForNew(ecs, on, effect) : await lookAtSteered(ecs, on, effect);
  return found.state === 'done' ? { ...found, at: new Date(found.at).toISOString() } : found;
}

/** The deployment that was begun; a text where it cannot be told. */
async function ours(ecs: Ecs, { hands, part }: OnService, effect: Effect): Promise<Rollout | string | undefined> {
  if (effect.reference?.startsWith('arn:') === true) return ecs.deployments.get(hands, effect.reference);
  const before = await recordOf(ecs, effect);
  // Nothing is sent before it is on record, so that without one whatever began is somebody else's.
  if (!before || !mayHaveSent(before)) return undefined;
  const [{ taskDefinition }, rollouts] = [await ecs.deployments.service(hands, part), await ecs.deployments.list(hands, part, { after: searchFrom(effect) })];
  return begunRollout(rollouts, before, taskDefinition);
}

async function lookForNew(ecs: Ecs, on: OnService, effect: Effect): Promise<RolloutFinding> {
  const found = await ours(ecs, on, effect);
  if (typeof found === 'string') return { state: 'ambiguous', detail: found };
  if (found) return rolloutFinding('force-new', found, { accepted: true, now: ecs.clock.now() });
  if (effect.reference !== undefined) return { state: 'in-progress', detail: `deployment ${rolloutName(effect.reference)} was accepted and does not show yet` };
  // Nothing is sent before it is on record.
  return mayHaveSent(await recordOf(ecs, effect)) ? { state: 'absent' } : { state: 'absent', again: true };
}

async function lookAtSteered(ecs: Ecs, { hands, part }: OnService, effect: Effect): Promise<RolloutFinding> {
  const what = doOf(effect);
  const { deployment, hook } = (await recordOf(ecs, effect)) ?? {};
  const finding = { hook, accepted: effect.reference !== undefined, now: ecs.clock.now() };
  if (deployment !== undefined) {
    const rollout = await ecs.deployments.get(hands, deployment);
    return rollout ? rolloutFinding(what, rollout, finding) : { state: 'in-progress', detail: `deployment ${rolloutName(deployment)} does not show` };
  }
  // Without a record it was not asked for, unless the store is one from before: one that goes back since then is taken for it.
  const [back] = what === 'roll-back' ? await ecs.deployments.list(hands, part, { statuses: GOES_BACK }) : [];
  return back?.backAt !== undefined && back.backAt >= effect.intendedAt ? rolloutFinding(what, back, finding) : { state: 'absent', again: true };
}

async function begin(ecs: Ecs, on: OnService, effect: Effect): Promise<string | undefined> {
  const { hands, part } = on;
  const { deployments, state } = ecs;
  const service = await deployments.service(hands, part);
  const underWay = await deployments.list(hands, part, { statuses: UNDER_WAY });
  const earlier = await recordOf(ecs, effect);
  const first = !mayHaveSent(earlier);
  const before = earlier && !first ? earlier : await takeSnapshot(ecs, on, effect, { service, underWay, earlier });
  const [other] = underWay;
  if (other && before.known?.includes(other.arn) !== true) return undefined; // It began since: what it is, looking tells.
  if (other) throw new NightshiftError('effect_failed', underWayText(on, other.arn));
  const { current, primary } = await sendBy(state, beforeOf(effect), { before, first }, () => forceNewDeployment(ecs.actuator, on, effect));
  return current !== undefined && service.deployment !== undefined && before.known?.includes(current) !== true ? current : primary;
}

/** Writes down what is there, anew where nothing was begun by what was written before: what others began meanwhile is none of ours then. */
async function takeSnapshot(
  { deployments, state }: Ecs,
  on: OnService,
  effect: Effect,
  { service, underWay, earlier }: { readonly service: EcsService; readonly underWay: readonly Rollout[]; readonly earlier: DeploymentRecord | undefined },
): Promise<DeploymentRecord> {
  const { taskDefinition } = service;
  if (earlier?.taskDefinition !== undefined && earlier.taskDefinition !== taskDefinition)
    throw new NightshiftError('effect_failed', `${nameOf(on)} runs ${rolloutName(taskDefinition)} by now, which somebody else has deployed; ${STILL_WANTED}`);
  const recent = await deployments.list(on.hands, on.part, { after: searchFrom(effect) });
  const known = [...new Set([...underWay, ...recent].map(({ arn }) => arn).concat(service.deployment ?? []))];
  const snapshot = { known, taskDefinition };
  if (!earlier) return recordOnce(state, beforeOf(effect), () => Promise.resolve(snapshot));
  await state.save(beforeOf(effect), snapshot);
  return snapshot;
}

async function steer(ecs: Ecs, on: OnService, effect: Effect, what: 'continue' | 'roll-back'): Promise<string | undefined> {
  const { hands, part } = on;
  const { deployment = '', hook = '' } = await recordOnce(ecs.state, beforeOf(effect), async (): Promise<DeploymentRecord> => {
    const one = rolloutToSteer(what, await ecs.deployments.list(hands, part, { statuses: GOES_ON }), nameOf(on), effect.intendedAt);
    if (typeof one === 'string') throw new NightshiftError('effect_failed', one);
    return { deployment: one.arn, ...(one.pause && { hook: one.pause.hook }) };
  });
  try {
    await (what === 'continue' ? continueDeployment(ecs.actuator, on, effect, { deployment, hook }) : stopDeployment(ecs.actuator, on, effect, deployment));
    return deployment;
  } catch (error) {
    // What was done already is refused too; only looking tells the two apart.
    const refused = ['effect_failed', 'not_begun'].includes(errorCode(error) ?? '');
    if (refused && (await look(ecs, on, effect)).state !== 'absent') return undefined;
    throw error;
  }
}

/** What would be done now. Throws `effect_failed` where nothing can be. */
async function planText(ecs: Ecs, on: OnService, effect: Pick<Wanted, 'inputs'>): Promise<string> {
  const { hands, part } = on;
  const what = doOf(effect);
  const { taskDefinition, tasks } = await ecs.deployments.service(hands, part);
  const where = `${nameOf(on)} in ${placeText(hands)}`;
  if (what === 'force-new') {
    const [other] = await ecs.deployments.list(hands, part, { statuses: UNDER_WAY });
    if (other) throw new NightshiftError('effect_failed', underWayText(on, other.arn));
    return `starts the ${String(tasks)} tasks of ${where} anew, with ${rolloutName(taskDefinition)}`;
  }
  const one = rolloutToSteer(what, await ecs.deployments.list(hands, part, { statuses: GOES_ON }), nameOf(on), ecs.clock.now());
  if (typeof one === 'string') throw new NightshiftError('effect_failed', one);
  const name = `deployment ${rolloutName(one.arn)} of ${where}, which brings ${rolloutName(taskDefinition)}`;
  return what === 'continue' ? `continues ${name}, past its pause at ${one.pause?.stage ?? ''}` : `rolls back ${name}`;
}

function underWayText(on: OnService, arn: string): string {
  return `deployment ${rolloutName(arn)} of ${nameOf(on)} is under way, which a new one would replace; wait for its end, or roll it back`;
}

async function refusalOf(plan: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await plan();
    return undefined;
  } catch (error) {
    if (errorCode(error) === 'effect_failed') return `${errorMessage(error)}.`;
    throw error;
  }
}
