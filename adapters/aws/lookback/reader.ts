import { placesOf, placeText } from '../../../domain/aws/place';
import { NightshiftError } from '../../../domain/errors';
import type { Span } from '../../../domain/lookback/facts';
import type { PastReader } from '../../../ports/lookback';
import type { AwsAccess } from '../access';
import { machineClock } from './ask';
import type { ReadClock } from './ask';
import { atOnce } from './at-once';
import { estimatePlace, planPlace, readPlace } from './place-reading';
import type { PlacePlan } from './place-reading';

/** Regions that are read at the same time; each has its own allowance at AWS. */
const AT_ONCE = 6;

/**
 * The past of accounts of AWS: alarms, deployments, pipelines, builds, writes in CloudTrail, and AWS Health. Everything is read; nothing is written. The estimate lists what there is,
 * by calls that are free, and what it listed is not listed again by the reading.
 */
export function awsPast(access: AwsAccess, clock: ReadClock = machineClock): PastReader {
  const places = placesOf(access.accounts);
  const planned = new Map<string, Promise<readonly PlacePlan[]>>();
  const plansOf = (span: Span, signal: AbortSignal): Promise<readonly PlacePlan[]> => {
    const key = `${String(span.from)}-${String(span.to)}`;
    const plans = planned.get(key) ?? allPlans(span, signal);
    planned.set(key, plans);
    plans.catch(() => planned.delete(key));
    return plans;
  };
  const allPlans = async (span: Span, signal: AbortSignal): Promise<readonly PlacePlan[]> => {
    const plans: PlacePlan[] = [];
    const sources = places.map(
      (place) =>
        async function* () {
          yield await planPlace(place, span, access, clock, signal);
        },
    );
    for await (const plan of atOnce(sources, AT_ONCE)) plans.push(plan);
    return plans.sort(
      (a, b) => places.findIndex((each) => placeText(each) === placeText(a.place)) - places.findIndex((each) => placeText(each) === placeText(b.place)),
    );
  };
  return {
    source: `AWS ${places.map(placeText).join(' ')}`,
    async estimate(span) {
      const plans = await plansOf(span, new AbortController().signal);
      const failed = plans.flatMap(({ listings }) => listings.flatMap(({ read }) => (read.error === undefined ? [] : [read.error])));
      if (plans.every(({ listings }) => listings.length === 1)) throw new NightshiftError('unreachable', `Nothing can be read. ${failed.join(' ')}`);
      return { parts: plans.flatMap(estimatePlace), notes: failed };
    },
    async *read(span, progress) {
      const plans = await plansOf(span, progress.signal);
      yield* atOnce(
        plans.map((plan) => () => readPlace(plan, progress)),
        AT_ONCE,
      );
    },
  };
}
