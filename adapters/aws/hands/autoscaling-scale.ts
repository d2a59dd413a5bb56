import { changeText, foundSet, limitsOf, policiesText, putBack, raised } from '../../../domain/aws/capacity';
import type { CapacityPlan } from '../../../domain/aws/capacity';
import { placeText } from '../../../domain/aws/place';
import { NightshiftError } from '../../../domain/errors';
import type { Carrier, Effect } from '../../../ports/hands';
import { capacityRecords } from './capacity-records';
import { awsCarrier } from './carrier';
import type { AwsHandsDeps } from './carrier';
import { requireCapacity, requireSteered, SCALABLE, sightingOf } from './scalable';
import type { ScalableOn } from './scalable';
import { createScalables } from './scalables';
import { unbegun } from './unbegun';

/** Carries out `autoscaling.scale`: sets a minimum that was computed once and is on record, so that however often it is set nothing is added twice. */
export function autoscalingScale(deps: AwsHandsDeps): Carrier {
  const of = createScalables(deps);
  const records = capacityRecords(deps.state);

  async function planned(on: ScalableOn, effect: Effect): Promise<CapacityPlan> {
    const restores = effect.inputs['restore'] !== undefined;
    const plan = (await records.planOf(effect.token)) ?? (await records.keepPlan(effect.token, await computed(on, effect, restores)));
    if (!restores) await records.keepSet(effect, plan);
    return plan;
  }

  async function computed(on: ScalableOn, effect: Effect, restores: boolean): Promise<CapacityPlan> {
    const now = await (restores ? requireSteered : requireCapacity)(of(on), on);
    const found = restores ? putBack(now, await records.sets(effect)) : raised(now, effect.inputs);
    if ('unmet' in found) throw new NightshiftError('effect_failed', found.unmet);
    return 'was' in found ? found : { was: limitsOf(now), to: found.to };
  }

  /** Without how much should run, where that was set anew since it was planned to put it back. */
  async function unlessChanged(on: ScalableOn, { desired, ...plan }: CapacityPlan): Promise<CapacityPlan> {
    const put = desired !== undefined && (await requireCapacity(of(on), on)).desired === plan.was.desired;
    return put ? { ...plan, desired } : plan;
  }

  return awsCarrier('autoscaling.scale', SCALABLE, {
    async look(on, effect) {
      const plan = await records.planOf(effect.token);
      const found = plan ? foundSet(plan, await of(on).read(), effect.reference !== undefined) : ({ state: 'absent' } as const);
      return sightingOf(found, deps.clock.now());
    },
    async act(on, effect) {
      const { to, desired } = await unbegun(async () => unlessChanged(on, await planned(on, effect)));
      await of(on).set(effect, { min: to, desired });
      return `minimum ${String(to)}`;
    },
    async unmet(on, { inputs }) {
      if (inputs['restore'] !== undefined) return undefined;
      const found = raised(await requireCapacity(of(on), on), inputs);
      return 'unmet' in found ? `${found.unmet}.` : undefined;
    },
    async preview(on, { inputs }) {
      const now = await requireCapacity(of(on), on);
      const where = `${now.name} in ${placeText(on.hands)}`;
      if (inputs['restore'] !== undefined)
        return `puts the minimum of ${where} back to what it was before this incident${policiesText(await of(on).policies())}`;
      const found = raised(now, inputs);
      return 'unmet' in found ? `would do nothing: ${found.unmet}` : `raises the minimum of ${where} ${changeText(now.min, found)}`;
    },
  });
}
