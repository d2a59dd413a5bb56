import { descriptionOf, hasEnded } from '../../../domain/aws/deployment';
import type { Deployment } from '../../../domain/aws/deployment';
import { mayStillShow, rollbackAfterStop, withoutRollback } from '../../../domain/aws/way-back';
import type { WayBack } from '../../../domain/aws/way-back';
import type { Effect, Sighting } from '../../../ports/hands';
import { searchFrom } from './carrier';
import type { AwsHandsDeps } from './carrier';
import { oursIn, unseen } from './codedeploy-restart';
import type { Deployments, OnGroup } from './deployments';

/** What was decided of an effect, before anything was done for it. */
export type Decided = Exclude<WayBack, { readonly kind: 'none' }>;

/** After the end of what was stopped CodeDeploy may take a while to begin its rollback. */
const SETTLE_MS = 60_000;

/** The deployment that goes back: the one that has the token, or the one that follows what is stopped; else what is known without it. */
export async function rollbackFor(
  { clock }: Pick<AwsHandsDeps, 'clock'>,
  deployments: Deployments,
  on: OnGroup,
  effect: Effect,
  decided: Decided | undefined,
): Promise<Deployment | Sighting> {
  const { reference } = effect;
  if (decided?.kind === 'stop') return afterStop(decided.deployment, reference !== undefined);
  const ours = await oursIn(deployments, on, effect);
  if (ours && ours.description !== descriptionOf(effect.token)) return afterStop(ours.id, true);
  if (ours) return ours;
  if (reference !== undefined) return unseen(reference);
  return (decided ? undefined : await afterLostStop(deployments, on, effect)) ?? { state: 'absent' };

  async function afterStop(id: string, accepted: boolean): Promise<Deployment | Sighting> {
    const stopped = await deployments.one(on.hands, id);
    if (!stopped) return unseen(id);
    // To stop a deployment twice stops it once.
    if (!hasEnded(stopped))
      return accepted ? { state: 'in-progress', detail: `${id} is told to stop and is ${stopped.status}` } : { state: 'absent', again: true };
    const rolls = stopped.rolledBackBy;
    const back = rolls === undefined ? await rollbackOf(deployments, on, stopped) : await deployments.one(on.hands, rolls);
    if (back) return back;
    if (rolls !== undefined) return unseen(rolls);
    if (mayStillShow(stopped, clock.now(), SETTLE_MS)) return { state: 'in-progress', detail: `${id} has stopped; its rollback does not show yet` };
    return { state: 'failed', detail: withoutRollback(stopped) };
  }
}

async function rollbackOf(deployments: Deployments, on: OnGroup, { id, createdAt }: Deployment): Promise<Deployment | undefined> {
  return (await deployments.since(on, new Date(createdAt))).find(({ rollsBack }) => rollsBack === id);
}

/** The answer to a stop was lost, and so was what was written down. */
async function afterLostStop(deployments: Deployments, on: OnGroup, effect: Effect): Promise<Deployment | undefined> {
  const from = searchFrom(effect);
  const recent = await deployments.since(on, from);
  const rolledBack = recent[0]?.rollsBack;
  const stopped = rolledBack === undefined ? undefined : await deployments.one(on.hands, rolledBack);
  return rollbackAfterStop(stopped ? [...recent, stopped] : recent, { intendedAt: effect.intendedAt, from: from.getTime() });
}
