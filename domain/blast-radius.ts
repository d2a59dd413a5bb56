import { targetId } from './inventory';
import type { Inventory } from './inventory';
import type { ActionLimits } from './policy-types';
import { percent } from './wording';

/** A target that is being changed: from the moment that the change was allowed until it was measured. */
export interface TargetInHand {
  readonly target: string;
  readonly environment: string;
}

/**
 * Why one target more may not be changed now: too many are in hand at once, or too large a share of the fleet, which is every target of the environment that Nightshift can
 * act on. One of a fleet is always allowed; and of an environment one availability zone alone, so that what goes wrong stays in it. Empty when it may.
 */
export function blastRefusals(
  limits: ActionLimits,
  inventory: Inventory,
  { environment, target }: Pick<TargetInHand, 'environment' | 'target'>,
  inHand: readonly TargetInHand[],
): string[] {
  const refusals: string[] = [];
  if (inHand.length >= limits.targetsAtOnce) {
    refusals.push(`${targets(inHand.length)} being changed or measured already; the limit is ${String(limits.targetsAtOnce)} at once.`);
  }
  const fleet = new Set(inventory.services.filter((s) => s.environment === environment).flatMap((s) => (s.hands ? [targetId(s.hands.target)] : []))).size;
  const here = inHand.filter((each) => each.environment === environment).length;
  const most = Math.max(1, Math.floor(limits.shareOfFleet * fleet));
  if (here >= most) {
    refusals.push(
      `${targets(here)} being changed or measured already in ${environment}; the limit is ${percent(limits.shareOfFleet)} of its ${String(fleet)}, that is ${String(most)}.`,
    );
  }
  const [zone] = zonesOf(inventory, [target]);
  const other =
    zone === undefined
      ? undefined
      : zonesOf(
          inventory,
          inHand.filter((each) => each.environment === environment).map((each) => each.target),
        ).find((each) => each !== zone);
  if (other !== undefined)
    refusals.push(`Something in ${other} is being changed or measured already; one zone is changed at a time, and this is in ${String(zone)}.`);
  return refusals;
}

/** Availability zones of targets that lie in one. */
function zonesOf({ services }: Inventory, targets: readonly string[]): string[] {
  return services.flatMap(({ hands }) => (hands?.kind === 'aws' && hands.zone !== undefined && targets.includes(targetId(hands.target)) ? [hands.zone] : []));
}

function targets(count: number): string {
  return `${String(count)} ${count === 1 ? 'target is' : 'targets are'}`;
}
