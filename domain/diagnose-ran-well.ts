import { ERRORS_STEP, isSlower, type Facts, type ItemOf } from './diagnose-facts';
import { EXHAUSTION, RAN_WELL } from './diagnose-weights';
import type { SeriesPoint } from './evidence';

type ChangeItem = ItemOf<'change'>;

/**
 * True where the changed service was measured as well for a while after a change: in so many steps before the trouble as many requests were served that several of them had failed, or had been slow,
 * if the change had brought with it what is seen now. What the change began may still need time to show; then something else must speak for it, such as a resource that fills.
 */
export function servedWell(facts: Facts, { change }: ChangeItem): boolean {
  const course = courseOf(facts, change.service);
  if (!course) return false;
  const { steps, stepMs, normalMs, nowShare } = course;
  const at = Date.parse(change.at);
  const measured = steps.filter(({ requests }) => requests > 0);
  const between = measured.filter((step) => step.at >= at && step.at + stepMs * (1 + RAN_WELL.apartSteps) <= facts.onset);
  if (between.length < RAN_WELL.leastSteps) return false;
  const served = requestsIn(between);
  // The baseline reaches over the change.
  const usual = failedShare(measured.filter((step) => step.at + stepMs <= at));
  const more = nowShare - usual;
  if (more > ERRORS_STEP) return more * served >= RAN_WELL.leastFailures && failedShare(between) - usual <= more * RAN_WELL.fewFailures;
  return served >= RAN_WELL.leastServed && normalMs !== null && between.every(({ latencyMs }) => latencyMs !== null && !isSlower(normalMs, latencyMs));
}

/**
 * True where a change brought back what ran before: it undoes an earlier one that did not itself bring something back, or calls itself a rollback of what is not known any more. To deploy anew what
 * was taken back brings nothing back that ran well.
 */
export function broughtBack(facts: Facts, { change }: Pick<ChangeItem, 'change'>): boolean {
  if ((change.kind !== 'deployment' && change.kind !== 'rollback') || change.from === undefined || change.to === undefined) return false;
  const earlier = [...facts.changes, ...facts.own].filter(
    (each) => each.change.service === change.service && each.change.to !== each.change.from && Date.parse(each.change.at) < Date.parse(change.at),
  );
  const undone = earlier.sort((a, b) => Date.parse(b.change.at) - Date.parse(a.change.at)).find((each) => each.change.to === change.from);
  return undone?.change.from === change.to ? !broughtBack(facts, undone) : change.kind === 'rollback';
}

/** True where a resource began to fill so long after a change, against the time that it then took until the trouble, that the change is not what fills it: that would have begun with its first requests. */
export function stoodStill(facts: Facts, { change }: ChangeItem, risingSince: number): boolean {
  // A process that began anew began to fill anew.
  const starts = [...facts.changes, ...facts.own].filter((each) => each.change.service === change.service).map((each) => Date.parse(each.change.at));
  const still = risingSince - starts.reduce((last, at) => (at <= risingSince ? Math.max(last, at) : last), Date.parse(change.at));
  const filling = facts.onset - risingSince;
  if (filling <= 0 || !facts.metrics) return false;
  return still > filling * EXHAUSTION.stillAgainstFilling + EXHAUSTION.stillSteps * stepOf(facts.metrics.series);
}

/** How a service did, step by step, against its normal latency and its share of errors now. */
interface Course {
  readonly steps: readonly (CourseStep & { readonly latencyMs: number | null })[];
  readonly stepMs: number;
  readonly normalMs: number | null;
  readonly nowShare: number;
}

interface CourseStep {
  readonly at: number;
  readonly requests: number;
  readonly errorShare: number | null;
}

function courseOf({ service, metrics, neighbours }: Facts, of: string): Course | undefined {
  if (of === service && metrics) {
    const steps = metrics.series.map(({ latencyP95Ms: latencyMs, ...step }) => ({ ...step, latencyMs }));
    return { steps, stepMs: stepOf(metrics.series), normalMs: metrics.baseline.latencyP95Ms, nowShare: metrics.now.errorShare ?? 0 };
  }
  const neighbour = neighbours.find((each) => each.service === of);
  if (!neighbour?.series) return undefined;
  const { from, stepMs, requests, errorShare, latencyMs, latencyIs } = neighbour.series;
  const steps = requests.map((count, i) => ({
    ...{ at: from + i * stepMs, requests: count ?? 0, errorShare: errorShare[i] ?? null, latencyMs: latencyIs === 'p95' ? (latencyMs[i] ?? null) : null },
  }));
  return { steps, stepMs, normalMs: neighbour.baseline.latencyP95Ms, nowShare: neighbour.now.errorShare ?? 0 };
}

function stepOf([first, second]: readonly SeriesPoint[]): number {
  return (second?.at ?? 0) - (first?.at ?? 0);
}

function requestsIn(steps: readonly CourseStep[]): number {
  return steps.reduce((sum, { requests }) => sum + requests, 0);
}

/** Share of the requests of steps that failed; 0 where there were none. */
function failedShare(steps: readonly CourseStep[]): number {
  return steps.reduce((sum, { requests, errorShare }) => sum + requests * (errorShare ?? 0), 0) / Math.max(1, requestsIn(steps));
}
