import type { Tier } from '../names';
import type { Inventory } from '../inventory';
import { likenessOf } from '../confidence/outcome';
import type { RejectionCode } from '../rejection';

/** A signed rejection whose code says that the choice was wrong. */
export interface Rejection {
  readonly incidentId: string;
  readonly runbook: string;
  /** Service that would have been acted on. */
  readonly service: string;
  readonly code: RejectionCode;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The service that a runbook is chosen for, and what is known of the others. */
export interface DemotionPlace {
  readonly service: LikeService & { readonly name: string };
  /** Services of the environment, by name; one that is not there any more has no likeness. */
  readonly others: ReadonlyMap<string, LikeService>;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What makes services alike. */
export interface LikeService {
  readonly tier: Tier;
  readonly likeness?: string | undefined;
}

/** How far a runbook falls in the choice, and why. */
export interface Demotion {
  /** Groups that it falls by: 1 or 2. */
  readonly steps: 1 | 2;
  readonly reason: string;
}

/** Demotions by the id of the runbook. */
export type Demotions = ReadonlyMap<string, Demotion>;

/** No runbook falls. */
export const NO_DEMOTIONS: Demotions = new Map();

/** A rejection counts half after so long, and nothing after four times that: a runbook gets another chance. */
export const REJECTION_HALF_LIFE_MS = 90 * 86_400_000;
/** Oldest rejection that is looked at. */
export const REJECTION_MEMORY_MS = 4 * REJECTION_HALF_LIFE_MS;

/** Rejections that are looked at: older ones of a kind that is rejected so often change nothing. */
export const MOST_REJECTIONS = 500;

const LIKE_WEIGHT = 0.5;
/** Weight from which a runbook falls by one group, and by two; more never counts. */
const [ONE_STEP, TWO_STEPS] = [0.5, 1.5];

/**
 * How far runbooks fall for one kind of incident on one service, by the rejections of that kind in its environment. One on the service counts whole and one on a like service half, an
 * incident counts once, and each halves every 90 days: one fresh rejection, or two on like services, lowers by a group, two by two groups, and it is never more than that.
 */
export function demotionsOf(rejections: readonly Rejection[], place: DemotionPlace): Demotions {
  const known = rejections.filter(({ at }) => at <= place.now && place.now - at < REJECTION_MEMORY_MS);
  const runbooks = [...new Set(known.map(({ runbook }) => runbook))];
  return new Map(
    runbooks.flatMap((runbook): [string, Demotion][] => {
      const demotion = demotionOf(oncePerIncident(known.filter((each) => each.runbook === runbook)), place);
      return demotion === undefined ? [] : [[runbook, demotion]];
    }),
  );
}

/** The services of an environment, by name. */
export function likeServices({ services }: Inventory, environment: string): ReadonlyMap<string, LikeService> {
  return new Map(services.filter((each) => each.environment === environment).map((each) => [each.name, each]));
}

/** The newest of each incident. */
function oncePerIncident(rejections: readonly Rejection[]): readonly Rejection[] {
  return [...new Map([...rejections].sort((a, b) => a.at - b.at).map((each) => [each.incidentId, each])).values()];
}

function demotionOf(rejections: readonly Rejection[], { service, others, now }: DemotionPlace): Demotion | undefined {
  const here = rejections.filter((each) => each.service === service.name);
  const alike = rejections.filter((each) => each.service !== service.name && isLike(others.get(each.service), service));
  const weigh = (some: readonly Rejection[]): number => some.reduce((sum, { at }) => sum + 2 ** (-(now - at) / REJECTION_HALF_LIFE_MS), 0);
  const weight = weigh(here) + LIKE_WEIGHT * weigh(alike);
  if (weight < ONE_STEP) return undefined;
  const parts = [
    ...(here.length > 0 ? [`${times(here.length)} here for ${codesOf(here)}`] : []),
    ...(alike.length > 0 ? [`${times(alike.length)} on like services for ${codesOf(alike)}`] : []),
  ];
  return { steps: weight >= TWO_STEPS ? 2 : 1, reason: `people rejected it ${parts.join(' and ')}, so that it comes later` };
}

function isLike(other: LikeService | undefined, service: LikeService): boolean {
  return other !== undefined && likenessOf(other) === likenessOf(service);
}

function codesOf(rejections: readonly Rejection[]): string {
  return [...new Set(rejections.map(({ code }) => code))].sort().join(' and ');
}

function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${String(count)} times`;
}
