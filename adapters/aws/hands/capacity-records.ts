import type { CapacityPlan, CapacitySet } from '../../../domain/aws/capacity';
import { targetId } from '../../../domain/inventory';
import type { Effect } from '../../../ports/hands';
import type { StateStore } from '../../../ports/store';

/** What is known of changes of capacity: what each effect is to set, and what each action of an incident has set on a target. */
export interface CapacityRecords {
  planOf(token: string): Promise<CapacityPlan | undefined>;
  /** Keeps what is wanted before anything is done; of two the first is kept, and returned. */
  keepPlan(token: string, plan: CapacityPlan): Promise<CapacityPlan>;
  /** What the action of the effect was to set in its incident, the earliest first. */
  sets(effect: Effect): Promise<readonly CapacitySet[]>;
  /** Adds what an effect is to set, and what was there before; once, however often. */
  keepSet(effect: Effect, plan: CapacityPlan): Promise<void>;
}

/** Records in the store. Nobody else writes those of an incident on a target meanwhile, as a service is locked whole. */
export function capacityRecords(state: StateStore): CapacityRecords {
  const planOf = async (token: string): Promise<CapacityPlan | undefined> => (await state.load(`capacity:${token}`)) as CapacityPlan | undefined;
  const nameOf = ({ incidentId, target, action }: Effect): string => `before:${incidentId}/${targetId(target)}/${action}`;
  const sets = async (effect: Effect): Promise<readonly CapacitySet[]> =>
    ((await state.load(nameOf(effect))) as readonly CapacitySet[] | undefined) ?? earlier(state, effect);
  return {
    planOf,
    async keepPlan(token, plan) {
      return (await state.create(`capacity:${token}`, plan)) ? plan : ((await planOf(token)) ?? plan);
    },
    sets,
    async keepSet(effect, { was, to }) {
      const known = await sets(effect);
      if (known.some(({ token }) => token === effect.token)) return;
      await state.save(nameOf(effect), [...known, { token: effect.token, was, to }]);
    },
  };
}

/** What builds before this one wrote for both actions together: what was there before the first, and what the last has set. */
async function earlier(state: StateStore, { incidentId, target }: Effect): Promise<readonly CapacitySet[]> {
  const found = (await state.load(`before:${incidentId}/${targetId(target)}/capacity`)) as (Omit<CapacitySet, 'to'> & { readonly set: number }) | undefined;
  return found ? [{ token: found.token, was: found.was, to: found.set }] : [];
}
