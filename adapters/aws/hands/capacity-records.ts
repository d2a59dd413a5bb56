import type { CapacityBefore, CapacityPlan } from '../../../domain/aws/capacity';
import { targetId } from '../../../domain/inventory';
import type { Effect } from '../../../ports/hands';
import type { StateStore } from '../../../ports/store';

/** What is known of changes of capacity: what each effect is to set, and what was there before an incident. */
export interface CapacityRecords {
  planOf(token: string): Promise<CapacityPlan | undefined>;
  /** Keeps what is wanted before anything is done; of two the first is kept, and returned. */
  keepPlan(token: string, plan: CapacityPlan): Promise<CapacityPlan>;
  before(effect: Effect): Promise<CapacityBefore | undefined>;
  /** Keeps what was there before the first change by an incident, and what the last one has set. */
  keepBefore(effect: Effect, plan: CapacityPlan): Promise<void>;
}

/** Records in the store. */
export function capacityRecords(state: StateStore): CapacityRecords {
  const planOf = async (token: string): Promise<CapacityPlan | undefined> => (await state.load(`capacity:${token}`)) as CapacityPlan | undefined;
  const nameOf = ({ incidentId, target }: Effect): string => `before:${incidentId}/${targetId(target)}/capacity`;
  const before = async (effect: Effect): Promise<CapacityBefore | undefined> => (await state.load(nameOf(effect))) as CapacityBefore | undefined;
  return {
    planOf,
    async keepPlan(token, plan) {
      return (await state.create(`capacity:${token}`, plan)) ? plan : ((await planOf(token)) ?? plan);
    },
    before,
    async keepBefore(effect, { was, to }) {
      const first: CapacityBefore = { was, set: to, token: effect.token };
      if (await state.create(nameOf(effect), first)) return;
      const known = (await before(effect)) ?? first;
      await state.save(nameOf(effect), { ...first, was: known.was });
    },
  };
}
