import { activeOf, hasEnded, isDeliberate, isRollback } from './deployment';
import type { Deployment } from './deployment';
import { mayHoldSame, revisionKey, revisionName } from './revision';
import type { Revision } from './revision';

/** How a deployment group gets back to its last good revision: by stopping what is under way, or by a new deployment; never by both. */
export type WayBack =
  | { readonly kind: 'stop'; readonly deployment: string; readonly from?: Revision; readonly to: Revision }
  | { readonly kind: 'create'; readonly from?: Revision; readonly to: Revision; /** The deployment that brought it. */ readonly brought: string }
  | { readonly kind: 'none'; readonly reason: string };

type Created = Extract<WayBack, { readonly kind: 'create' }>;

/** Decides it from the deployments of a group, the latest first. */
export function wayBack(history: readonly Deployment[]): WayBack {
  const active = activeOf(history);
  const [last, ...before] = history.filter((one) => isDeliberate(one) && !one.restarts);
  if (active) return stopping(active, before);
  if (!last) return none('nothing was deployed to the group yet, so there is nothing to go back to');
  const name = revisionName(last.revision);
  if (isRollback(last) && last.status === 'Succeeded')
    return none(`${last.id} has rolled back${name === undefined ? '' : ` to ${name}`} already; going further back is for a person to decide`);
  if (isRollback(last)) return none(`the rollback ${last.id} is ${last.status}; look at why before another one`);
  return creating(last, [last, ...before]);
}

function stopping(active: Deployment, before: readonly Deployment[]): WayBack {
  const { id, status } = active;
  if (active.restarts) return none(`${id} starts the application anew and is ${status}; wait for its end`);
  if (isRollback(active)) return none(`${id} rolls back already and is ${status}; wait for its end`);
  if (active.blueGreen && (active.waitsToEndFleet || status === 'Ready' || status === 'Baking'))
    return none(`${id} is a blue/green deployment that waits (${status}); send traffic back or stop it in CodeDeploy`);
  const to = goodOnes(before).at(-1);
  if (!to?.revision) return none(`nothing has succeeded before ${id}, so CodeDeploy has nothing to go back to`);
  return { kind: 'stop', deployment: id, to: to.revision, ...(active.revision && { from: active.revision }) };
}

function creating(last: Deployment, history: readonly Deployment[]): WayBack {
  const { revision: from } = last;
  const good = goodOnes(history);
  const now = from && revisionKey(from);
  // What failed may have come to a part of the fleet.
  const target = good.findLast(({ revision }) => revision && revisionKey(revision) !== now);
  if (!target?.revision) return none(`no other revision than ${revisionName(from) ?? `that of ${last.id}`} has succeeded, so there is nothing to go back to`);
  const to: Created = { kind: 'create', to: target.revision, brought: target.id, ...(from && { from }) };
  if (from && mayHoldSame(to.to, from))
    return none(
      `${target.id} does not say which version of ${to.to.s3Location?.key ?? 'its object'} it brought; deploy with version or eTag, or go back by hand`,
    );
  return to;
}

function none(reason: string): WayBack {
  return { kind: 'none', reason };
}

/** Deployments that succeeded and whose revisions were not left again, the oldest first: whoever returns to an earlier one leaves what came between. */
function goodOnes(history: readonly Deployment[]): readonly Deployment[] {
  const good: Deployment[] = [];
  for (const one of [...history].reverse()) {
    if (one.status !== 'Succeeded' || !one.revision) continue;
    const key = revisionKey(one.revision);
    const there = good.findIndex(({ revision }) => revision && revisionKey(revision) === key);
    good.splice(there < 0 ? good.length : there, Infinity, one);
  }
  return good;
}

/** Deployments that began after a moment and that are not of this token: somebody has decided otherwise meanwhile. */
export function strangersSince(history: readonly Deployment[], since: number, ours: (one: Deployment) => boolean): readonly Deployment[] {
  return history.filter((one) => isDeliberate(one) && one.createdAt > since && !ours(one));
}

/**
 * The rollback that followed a stop whose answer was lost together with all that was written down of it: the latest deployment of its group, of CodeDeploy itself, for one that was active at
 * `intendedAt` or was stopped by hand since `from`. Epoch milliseconds.
 */
export function rollbackAfterStop(
  history: readonly Deployment[],
  { intendedAt, from }: { readonly intendedAt: number; readonly from: number },
): Deployment | undefined {
  const last = history.find(isDeliberate);
  const stopped = history.find(({ id }) => id === last?.rollsBack);
  if (!last || !stopped || stopped.createdAt > intendedAt) return undefined;
  const wasActive = stopped.endedAt === undefined || stopped.endedAt >= intendedAt;
  const byHand = stopped.error?.code === 'MANUAL_STOP' && (stopped.endedAt ?? 0) >= from;
  return wasActive || byHand ? last : undefined;
}

/** Why a stop did not bring anything back, where the deployment has ended and nothing rolls it back. */
export function withoutRollback({ id, status, rollbackMessage, error }: Deployment): string {
  if (status === 'Succeeded') return `${id} succeeded before it could be stopped, so nothing was rolled back; decide on the release anew`;
  return `${id} is ${status} and CodeDeploy began no rollback: ${rollbackMessage ?? error?.message ?? 'it does not say why'}; deploy the last good revision by hand`;
}

/** Whether what a stop leads to may still come to show. Milliseconds. */
export function mayStillShow(deployment: Deployment, now: number, settleMs: number): boolean {
  return hasEnded(deployment) && deployment.status !== 'Succeeded' && deployment.rollbackMessage === undefined && now - (deployment.endedAt ?? now) < settleMs;
}
