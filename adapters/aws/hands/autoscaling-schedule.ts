import { beforeSets, changeText, desiredBack, limitsOf, policiesText, putBack, raised, windowText } from '../../../domain/aws/capacity';
import type { CapacityPlan, CapacitySet, Raised } from '../../../domain/aws/capacity';
import { bookedNames, bookings, capacityAt, endText, foundCancelled, foundScheduled, isSoon, windowOf } from '../../../domain/aws/capacity-schedule';
import type { Booked, Window } from '../../../domain/aws/capacity-schedule';
import { placeText } from '../../../domain/aws/place';
import { errorCode, errorMessage, NightshiftError } from '../../../domain/errors';
import type { Carrier, Effect, Wanted } from '../../../ports/hands';
import { capacityRecords } from './capacity-records';
import type { CapacityRecords } from './capacity-records';
import { awsCarrier } from './carrier';
import type { AwsHandsDeps } from './carrier';
import { requireCapacity, requireSteered, SCALABLE, sightingOf } from './scalable';
import type { Scalable, ScalableOn } from './scalable';
import { createScalables } from './scalables';
import { goingOn, unbegun } from './unbegun';

/** What is to be scheduled, seen from the world as it is. */
type Outlook = { readonly plan: CapacityPlan & Window; readonly note?: string; readonly policies: readonly string[] } | { readonly unmet: string };

/** Carries out `autoscaling.schedule`: two actions with names from the token. The one that puts back comes first, so that whatever happens between them nothing stays raised for ever. */
export function autoscalingSchedule(deps: AwsHandsDeps): Carrier {
  const of = createScalables(deps);
  const records = capacityRecords(deps.state);
  const { clock } = deps;

  const { outlook, planned } = plansOf(deps, of, records);

  return awsCarrier('autoscaling.schedule', SCALABLE, {
    async look(on, effect) {
      const { token, reference } = effect;
      const scalable = of(on);
      const [plan, now, booked] = [await records.planOf(token), await scalable.read(), await scalable.booked()];
      const accepted = reference !== undefined;
      if (effect.inputs['cancel'] === undefined)
        return sightingOf(foundScheduled(plan, { now, booked }, { token, accepted, clockMs: clock.now() }), clock.now());
      const sets = await records.sets(effect);
      if (now && beforeSets(sets, now.min))
        return accepted ? { state: 'in-progress', detail: `the minimum of ${now.name} is still ${String(now.min)}` } : { state: 'absent' };
      const tokens = sets.map((each) => each.token);
      return sightingOf(foundCancelled(tokens.length > 0 ? plan : undefined, { now, booked }, { tokens, accepted }), clock.now());
    },
    async act(on, effect) {
      if (effect.inputs['cancel'] !== undefined) return cancelled(of(on), on, effect, records);
      const plan = await unbegun(() => planned(on, effect));
      const { up, back } = bookings(plan, effect.token);
      const scalable = of(on);
      let booked = false;
      try {
        await scalable.book(effect, back);
        booked = true;
        const raise = (): Promise<void> => (isSoon(up.at, clock.now()) ? scalable.set(effect, { min: plan.to }) : scalable.book(effect, up));
        await goingOn(`${back.name} is scheduled already`, raise);
      } catch (error) {
        throw errorCode(error) === 'effect_failed' ? await withoutEnd(scalable, effect, back, { error, booked }) : error;
      }
      return back.name;
    },
    async unmet(on, wanted) {
      if (wanted.inputs['cancel'] !== undefined) return undefined;
      const found = await outlook(on, wanted, '');
      return 'unmet' in found ? `${found.unmet}.` : undefined;
    },
    async preview(on, wanted) {
      const where = placeText(on.hands);
      const { name } = await requireCapacity(of(on), on);
      if (wanted.inputs['cancel'] !== undefined)
        return `takes back what this incident has scheduled for ${name} in ${where}, and what it has raised already${policiesText(await of(on).policies())}`;
      const found = await outlook(on, wanted, '');
      if ('unmet' in found) return `would do nothing: ${found.unmet}`;
      const { plan } = found;
      return `raises the minimum of ${name} in ${where} ${changeText(plan.was.min, { ...found, to: plan.to })} ${windowText(plan, clock.now())}, ${endText(plan, found.policies)}`;
    },
  });
}

interface Plans {
  readonly outlook: (on: ScalableOn, wanted: Pick<Wanted, 'inputs'>, token: string) => Promise<Outlook>;
  readonly planned: (on: ScalableOn, effect: Effect) => Promise<CapacityPlan>;
}

/** What is to be scheduled: seen from the world at first, and from then on as it is on record. */
function plansOf({ clock }: AwsHandsDeps, of: (on: ScalableOn) => Scalable, records: CapacityRecords): Plans {
  async function outlook(on: ScalableOn, { inputs }: Pick<Wanted, 'inputs'>, token: string): Promise<Outlook> {
    const scalable = of(on);
    const [window, now, booked] = [windowOf(inputs, clock.now()), await requireSteered(scalable, on), await scalable.booked()];
    if ('unmet' in window) return window;
    if (now.suspended.schedule) return { unmet: `${now.name} keeps no schedules, as somebody has suspended that; resume it first` };
    const then = capacityAt(now, booked, window, token, clock.now());
    const found: Raised = 'unmet' in then ? then : raised(then, inputs);
    if ('unmet' in then || 'unmet' in found) return 'unmet' in then ? then : (found as { readonly unmet: string });
    const { policies = [] } = now;
    const plan = { was: limitsOf(then), to: found.to, ...desiredBack(then, found.to, policies), ...window };
    return { plan, policies, ...(found.note !== undefined && { note: found.note }) };
  }

  async function planned(on: ScalableOn, effect: Effect): Promise<CapacityPlan> {
    const known = await records.planOf(effect.token);
    const found = known ? await withDesired(of(on), known) : await outlook(on, effect, effect.token);
    if ('unmet' in found) throw new NightshiftError('effect_failed', found.unmet);
    const plan = 'plan' in found ? await records.keepPlan(effect.token, found.plan) : found;
    await records.keepSet(effect, plan);
    if (isSoon(plan.until ?? 0, clock.now())) throw new NightshiftError('effect_failed', 'its time is over');
    return plan;
  }
  return { outlook, planned };
}

/** A plan of a build that did not write down how much should run again. */
async function withDesired(scalable: Scalable, plan: CapacityPlan): Promise<CapacityPlan> {
  const { was, to, desired } = plan;
  return was.desired === undefined || desired !== undefined ? plan : { ...plan, ...desiredBack(was, to, await scalable.policies()) };
}

/** Nothing is raised, so that nothing is to be put back: this attempt, or one before it, may have scheduled that. Where it stays, it is not as if nothing had been done. */
async function withoutEnd(
  scalable: Scalable,
  effect: Effect,
  back: Booked,
  { error, booked }: { readonly error: unknown; readonly booked: boolean },
): Promise<NightshiftError> {
  const why = errorMessage(error);
  const stays = await scalable.unbook(effect, back.name).then(
    () => false,
    // What was never scheduled cannot be taken away; what this attempt has scheduled may not show yet.
    async () => booked || (await scalable.booked().catch(() => [back])).some(({ name }) => name === back.name),
  );
  if (!stays) return new NightshiftError('effect_failed', why, [], { cause: error });
  return new NightshiftError('ambiguous_effect', `${why}; ${back.name} may still be scheduled, delete it`, [], { cause: error });
}

/** What would raise goes first and what puts back last, so that a crash between leaves nothing raised for ever. */
async function cancelled(scalable: Scalable, on: ScalableOn, effect: Effect, records: CapacityRecords): Promise<string> {
  const sets = await unbegun(async () => {
    const known = await records.sets(effect);
    if (known.length === 0) throw new NightshiftError('effect_failed', `nothing is on record that was scheduled for ${on.service.name} in this incident`);
    const now = await requireCapacity(scalable, on);
    const found = putBack(now, known);
    // What is not as it was set was never raised, or changed by somebody.
    await records.keepPlan(effect.token, 'unmet' in found ? { was: limitsOf(now), to: now.min } : found);
    return known;
  });
  const names = sets.map(({ token }) => bookedNames(token));
  const booked = await unbegun(() => scalable.booked());
  let left: string | undefined;
  const step = async (what: string, work: () => Promise<void>): Promise<void> => {
    await goingOn(left, work);
    left = left === undefined ? `${what} already` : `${left}, ${what}`;
  };
  const unbook = async (unwanted: readonly string[]): Promise<void> => {
    for (const { name } of booked.filter((each) => unwanted.includes(each.name))) await step(`${name} is taken back`, () => scalable.unbook(effect, name));
  };
  await unbook(names.map(({ up }) => up));
  // What would raise it may have fired since the plan was made, and how much should run may have changed, so that the world decides.
  const back = putBack(await requireSteered(scalable, on), sets);
  if (!('unmet' in back)) await step(`the minimum is set to ${String(back.to)}`, () => scalable.set(effect, { min: back.to, desired: back.desired }));
  await goingOn(left, () => requireNotRaised(scalable, on, sets));
  await unbook(names.map((each) => each.back));
  return names.flatMap(({ up, back: end }) => [up, end]).join(', ');
}

async function requireNotRaised(scalable: Scalable, on: ScalableOn, sets: readonly CapacitySet[]): Promise<void> {
  const { name, min } = await requireCapacity(scalable, on);
  if (beforeSets(sets, min)) throw new NightshiftError('not_begun', `the minimum of ${name} is still ${String(min)}`);
}
