import { isFailing, scoreOf, turnedBad, wentDown, type Facts, type ItemOf } from './diagnose-facts';
import { ENOUGH, TRAFFIC } from './diagnose-weights';
import type { Hypothesis, RuledOut } from './diagnosis';
import type { SeriesPoint } from './evidence';
import { humanDuration } from './human-time';
import type { WindowStats } from './metrics';
import { median } from './quantile';

/** Requests a second of a service now against its normal. */
export interface Surge {
  /** Id of the item that shows it. */
  readonly id: string;
  readonly before: number;
  readonly now: number;
  readonly factor: number;
  /** When the rate rose, epoch milliseconds, and how long before the trouble that was; negative when it came after. Absent where the series does not show it. */
  readonly since?: number;
  readonly leadMs?: number;
  readonly stepMs: number;
}

/** Trouble that the load explains, for the rules that must not blame something else for it. */
export interface Load {
  readonly surge: Surge;
  readonly hypothesis: Hypothesis;
}

/** Fewer measured steps than this do not tell the normal rate. */
const LEAST_STEPS = 5;

/** How the traffic is against its normal; undefined where either was not measured. */
export function surgeOf({ metrics, onset }: Facts): Surge | undefined {
  const now = metrics?.now.ratePerSecond ?? null;
  if (!metrics || now === null) return undefined;
  const steps = metrics.series.filter(({ unmeasured }) => unmeasured !== true);
  const stepMs = (metrics.series[1]?.at ?? 0) - (metrics.series[0]?.at ?? 0);
  const earlier = steps.filter(({ at }) => at < onset);
  // The median forgives that the rise itself may lie before the onset.
  const usual = earlier.length >= LEAST_STEPS && stepMs > 0 ? median(earlier.map(({ requests }) => requests)) / (stepMs / 1000) : 0;
  const before = usual > 0 ? usual : metrics.baseline.ratePerSecond;
  if (before === null || before <= 0) return undefined;
  const surge = { id: metrics.id, before, now, factor: now / before, stepMs };
  const since = stepMs > 0 ? roseAt(steps, { onset, level: (Math.sqrt(before * now) * stepMs) / 1000 }) : undefined;
  return since === undefined ? surge : { ...surge, since, leadMs: onset - since };
}

/** Begin of the stretch of steps above a level that holds the onset, or of the first one after it. */
function roseAt(steps: readonly SeriesPoint[], { onset, level }: { readonly onset: number; readonly level: number }): number | undefined {
  const isHigh = (i: number): boolean => {
    // Scrapes do not fall evenly into steps: two neighbours speak with each.
    const around = steps.slice(Math.max(0, i - 1), i + 2).map(({ requests }) => requests);
    return median(around) >= level;
  };
  const high = steps.findIndex(({ at }, i) => at >= onset && isHigh(i));
  if (high < 0) return undefined;
  let first = high;
  while (first > 0 && isHigh(first - 1)) first -= 1;
  return steps[first]?.at;
}

/**
 * Traffic far above its normal as the cause: more is asked for than the service can serve. Counts only where more is served than before, or where the rise came clearly before the trouble: that clients
 * try again after a failure raises the traffic too, and then it is a symptom. Undefined where the traffic is about normal or nothing turned bad.
 */
export function trafficSurge(facts: Facts): Load | undefined {
  const surge = surgeOf(facts);
  const { metrics, logs } = facts;
  if (!metrics || !surge || surge.factor < TRAFFIC.from || !(turnedBad(facts) || wentDown(facts))) return undefined;
  const failing = facts.neighbours.filter((n) => n.healthy === false && !hasSurged(n));
  const first = surge.leadMs !== undefined && surge.leadMs >= TRAFFIC.firstSteps * surge.stepMs;
  const weights = [
    TRAFFIC.offered,
    servesMore(surge, metrics.now) || first ? TRAFFIC.served : 0,
    TRAFFIC.together * togetherness(surge),
    isEverywhere(metrics) ? TRAFFIC.everywhere : TRAFFIC.oneRoute,
    failing.length > 0 ? TRAFFIC.failingDependency : 0,
  ];
  const logged = logs?.patterns.some((p) => p.isNew && p.since > 0 && p.mentions.length === 0) === true;
  const hypothesis: Hypothesis = {
    id: `traffic:${facts.service}`,
    cause: 'traffic-surge',
    title: titleOf(facts, surge),
    score: scoreOf(...weights),
    supporting: [metrics.id, ...(logged && logs ? [logs.id] : [])],
    contradicting: failing.map(({ id }) => id),
    suspect: facts.service,
    runbook: 'scale-out',
    parameters: { by: moreOf(surge) },
  };
  return { surge, hypothesis };
}

/** True where the load is strong enough as a cause to explain what else is seen. */
export function isExplaining(load: Load | undefined): load is Load {
  return load !== undefined && load.hypothesis.score >= ENOUGH;
}

/** A resource that began to fill with the load, in a trouble that came at once with it, follows the load; one that filled long before it gave out is a fault of its own, which the load only hurried. */
export function fillsWith({ surge: { since, leadMs, stepMs } }: Load, resource: ItemOf<'saturation'>): boolean {
  if (since === undefined || leadMs === undefined || resource.risingSince === undefined) return false;
  return leadMs <= TRAFFIC.togetherSteps * stepMs && resource.risingSince >= since - 2 * stepMs;
}

/** A dependency that fails under as much more traffic as the service itself has. */
export function failsUnder(facts: Facts, load: Load, service: string): boolean {
  return load.surge.factor >= TRAFFIC.from && isFailing(facts, service) && facts.neighbours.some((n) => n.service === service && hasSurged(n));
}

/** That the traffic is about what it was, as a cause that was looked at. */
export function normalTraffic(facts: Facts): RuledOut[] {
  const surge = surgeOf(facts);
  if (!surge || surge.factor >= TRAFFIC.from) return [];
  const rates = `${Math.round(surge.now)} requests a second, ${Math.round(surge.before)} before`;
  return [{ title: 'A surge of traffic', reason: `${rates} (${surge.id})`, evidence: [surge.id] }];
}

/** That there is more traffic, where that is no cause that counts. */
export function unclearTraffic(facts: Facts, load: Load | undefined): string[] {
  const surge = surgeOf(facts);
  if (!surge || surge.factor < TRAFFIC.from || isExplaining(load)) return [];
  return [`Whether traffic is to blame: it is ${surge.factor.toFixed(1)} times the normal (${surge.id})`];
}

/** Requests that were answered without an error, against all that came before: retries of what failed add none to these. */
function servesMore({ now, before }: Surge, { errorShare }: WindowStats): boolean {
  return now * (1 - (errorShare ?? 0)) >= before * TRAFFIC.servedFactor;
}

/** 1 where both began within a few steps, less the longer the service bore the traffic well, 0 where the traffic came after the trouble or nobody knows when. */
function togetherness({ leadMs, stepMs }: Surge): number {
  if (leadMs === undefined || leadMs < -2 * stepMs) return 0;
  return Math.min(1, (TRAFFIC.togetherSteps * stepMs) / Math.max(leadMs, 1));
}

/** Too much load is felt on most routes; a fault in the code mostly on those that use it. */
function isEverywhere({ baseline, now }: ItemOf<'metrics'>): boolean {
  const routes = Object.entries(now.routes);
  const share = ({ requests, errors }: { readonly requests: number; readonly errors: number }): number => (requests > 0 ? errors / requests : 0);
  const usual = (route: string): number => share(baseline.routes[route] ?? { requests: 0, errors: 0 });
  const failing = routes.filter(([route, numbers]) => share(numbers) > usual(route) + TRAFFIC.shareStep);
  // Slower answers without errors are told of no route.
  if (failing.length === 0) return true;
  const count = (list: typeof routes): number => list.reduce((sum, [, { requests }]) => sum + requests, 0);
  return count(failing) >= count(routes) * TRAFFIC.most;
}

function hasSurged({ baseline, now }: ItemOf<'neighbour'>): boolean {
  const [before, after] = [baseline.ratePerSecond, now.ratePerSecond];
  return before !== null && after !== null && before > 0 && after / before >= TRAFFIC.from;
}

function titleOf(facts: Facts, { factor, now, before, leadMs }: Surge): string {
  const rates = `${Math.round(now)} requests a second, ${Math.round(before)} before`;
  const when = leadMs === undefined ? '' : leadMs > 0 ? `, since ${humanDuration(leadMs)} before the trouble` : ', since the trouble began';
  return `Traffic on ${facts.service} is ${factor.toFixed(1)} times the normal${when}: ${rates}`;
}

/** What is missing for the load, in steps of 50 %; never more than twice as much, as a surge passes and what runs costs. */
function moreOf({ factor }: Surge): string {
  return `+${String(Math.min(TRAFFIC.mostMore, Math.ceil(((factor - 1) * 100) / TRAFFIC.moreStep) * TRAFFIC.moreStep))}%`;
}
