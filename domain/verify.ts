import type { ServiceLimits } from './inventory';
import type { InstanceStats, WindowStats } from './metrics';
import type { Verdict } from './names';
import type { Verification, VerificationPlan } from './verification';
import { breaches, isDown, type Breach } from './verify-checks';
import { latency, percent } from './wording';

/** More errors by this share and this factor than before the remedy are worse, not noise. */
const WORSE_STEP = 0.1;
const WORSE_FACTOR = 1.3;
/** Latency by this factor more than before the remedy, while it breaks its guardrail, is worse. */
const WORSE_LATENCY_FACTOR = 2;
/** Less than this share of the normal traffic: users were driven away or drained, and silence is not health. */
const LEAST_TRAFFIC = 0.5;
/** An instance with fewer requests than this is not judged by its shares, and serves nothing where the others serve so many times more. */
const LEAST_INSTANCE_REQUESTS = 5;
const IDLE_FACTOR = 4;
/** Less than this share of the window measured: what was seen may be the good moments only. */
const LEAST_COVERED = 0.5;

/** What a verification looks at. */
export interface VerifyInput {
  /** The trouble, just before the remedy. */
  readonly before: WindowStats | null;
  /** Since the remedy settled. */
  readonly after: WindowStats | null;
  /** Normal times before the onset. */
  readonly baseline: WindowStats | null;
  readonly limits: ServiceLimits | undefined;
  readonly plan: VerificationPlan;
  /** Signals of the alerts that opened the incident. */
  readonly signals: readonly string[];
  /** True where all of them only predicted something. */
  readonly foretold?: boolean;
  /** Milliseconds measured since the remedy settled. */
  readonly elapsedMs: number;
}

/**
 * Compares the time after a remedy with the trouble before it and with normal times, by the signals that opened the incident and the guardrails (errors, latency, silence,
 * traffic). Too little time or traffic, no data, or drained traffic is `unknown`; errors that gave way to slow answers, and instances that stay broken or serve nothing, are `partial`. The
 * reason holds the figures.
 */
export function verify(input: VerifyInput): Verification {
  return { ...judge(input), before: input.before, after: input.after };
}

interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly inconclusive: boolean;
  readonly foretold?: true;
}

function judge(input: VerifyInput): Judgement {
  const { after, before, baseline, limits, plan } = input;
  const waiting = input.elapsedMs < plan.timeoutMs;
  if (!after || after.upShare === null) return unknown(blindness(after), waiting);
  if (input.elapsedMs < plan.windowMs) return unknown(`measured for ${seconds(input.elapsedMs)} of ${seconds(plan.windowMs)} s so far`, waiting);
  if (isDown(after)) return down(before, after, waiting);
  if (after.requests < plan.minRequests) return unknown(`only ${after.requests} requests so far, ${plan.minRequests} are needed`, waiting);
  if ((after.coveredMs ?? Infinity) < plan.windowMs * LEAST_COVERED)
    return unknown(`the numbers cover only ${seconds(after.coveredMs ?? 0)} of ${seconds(plan.windowMs)} s`, waiting);
  const broken = breaches(after, baseline, limits);
  const instances = judgeInstances(input);
  if (broken.length > 0) return slowOnly(input, broken, waiting) ?? stillBroken(before, after, broken, instances);
  if (instances && instances.broken.length > 0) return { verdict: 'partial', reason: instances.text, inconclusive: waiting && instances.failing === 0 };
  return healthy(input, after, waiting);
}

function blindness(after: WindowStats | null): string {
  return after !== null && after.samples > 0 ? 'the service answers but tells no numbers since the remedy' : 'nothing was measured after the remedy';
}

function seconds(ms: number): string {
  return String(Math.round(ms / 1000));
}

function unknown(reason: string, inconclusive: boolean): Judgement {
  return { verdict: 'unknown', reason: sentence(reason), inconclusive };
}

/** A service that answers again at the end of the window was away while it or its host began anew: what it is worth shows next. */
function down(before: WindowStats | null, after: WindowStats, waiting: boolean): Judgement {
  const reason = `${percent(1 - (after.upShare ?? 0))} of scrapes go unanswered after the remedy`;
  if (waiting && !isDown({ upShare: after.upShareLast ?? 0 })) return unknown(`${reason}, though the newest is answered`, true);
  const answered = before !== null && before.upShare !== null && !isDown(before);
  return { verdict: answered ? 'worse' : 'unchanged', reason: sentence(answered ? `${reason}; before it the service answered` : reason), inconclusive: false };
}

/** Errors or silence are gone and answers are slow: helped in part. A service that has just begun anew may need a while, so it is measured again while there is time. */
function slowOnly({ before, after, baseline, limits }: VerifyInput, broken: readonly Breach[], waiting: boolean): Judgement | undefined {
  if (!before || !after || broken.some((b) => b.signal !== 'latencyP95Ms') || isWorse(before, after, broken)) return undefined;
  const was = breaches(before, baseline, limits).filter((b) => b.signal !== 'latencyP95Ms');
  if (was.length === 0) return undefined;
  const text = `${broken.map((b) => b.text).join('; ')}; no longer: ${was.map((b) => b.text).join('; ')}`;
  return { verdict: 'partial', reason: sentence(text), inconclusive: waiting };
}

function stillBroken(before: WindowStats | null, after: WindowStats, broken: readonly Breach[], instances: Instances | undefined): Judgement {
  const text = broken.map((b) => b.text).join('; ');
  const worse = isWorse(before, after, broken);
  if (worse) return { verdict: 'worse', reason: sentence(`${text}; before the remedy ${worse}`), inconclusive: false };
  if (instances && instances.broken.length > 0 && instances.healed > 0) return { verdict: 'partial', reason: instances.text, inconclusive: false };
  const was = before ? `; before the remedy ${percent(before.errorShare)} failed with a p95 of ${latency(before.latencyP95Ms)}` : '';
  return { verdict: 'unchanged', reason: sentence(`${text}${was}`), inconclusive: false };
}

function isWorse(before: WindowStats | null, after: WindowStats, broken: readonly Breach[]): string | undefined {
  if (!before) return undefined;
  const was = before.errorShare ?? null;
  const is = after.errorShare;
  if (was !== null && is !== null && is >= was + WORSE_STEP && is >= was * WORSE_FACTOR) return `it was ${percent(was)}`;
  const fewerErrors = was !== null && is !== null && was - is >= WORSE_STEP;
  const slow = broken.some((b) => b.signal === 'latencyP95Ms') && before.latencyP95Ms !== null && after.latencyP95Ms !== null;
  // Slower answers are a fair price for far fewer errors: still broken, but not worse.
  return slow && !fewerErrors && (after.latencyP95Ms ?? 0) >= (before.latencyP95Ms ?? 0) * WORSE_LATENCY_FACTOR
    ? `the p95 was ${latency(before.latencyP95Ms)}`
    : undefined;
}

interface Instances {
  /** Names of those that are not well: failing, serving nothing, or gone. */
  readonly broken: readonly string[];
  /** How many of them fail; the others serve nothing, and may begin to. */
  readonly failing: number;
  readonly healed: number;
  readonly text: string;
}

function judgeInstances(input: VerifyInput): Instances | undefined {
  const { after, before } = input;
  const now = Object.entries(after?.instances ?? {});
  const usual = (input.baseline ?? before)?.running ?? 0;
  const gone = Math.max(0, usual - Math.max(now.length, after?.running ?? Infinity));
  if (now.length < 2 && gone === 0) return undefined;
  const bad = (stats: InstanceStats): boolean =>
    breaches(stats.requests < LEAST_INSTANCE_REQUESTS ? { ...stats, errorShare: null, latencyP95Ms: null } : stats, input.baseline, input.limits).length > 0;
  const failing = now.filter(([, stats]) => bad(stats)).map(([name]) => name);
  const idle = idleOf(now).filter((name) => !failing.includes(name));
  const well = now.filter(([name]) => !failing.includes(name) && !idle.includes(name));
  // Instances that were well all along are no success of the remedy.
  const earlier = before?.instances;
  const healed = well.filter(([name]) => earlier?.[name] === undefined || bad(earlier[name])).length;
  const all = Math.max(now.length, usual);
  const text = [
    `${String(now.length < 2 ? all - gone : well.length)} of ${String(all)} instances are healthy`,
    ...(failing.length > 0 ? [`still broken: ${failing.join(', ')}`] : []),
    ...(idle.length > 0 ? [`serving nothing: ${idle.join(', ')}`] : []),
    ...(gone > 0 ? [`no longer there: ${String(gone)}`] : []),
  ].join(', ');
  return { broken: [...failing, ...idle, ...Array.from({ length: gone }, () => 'gone')], failing: failing.length, healed, text: sentence(text) };
}

/** Instances that answer and serve nothing while the others do: drained, or cut off from the traffic. */
function idleOf(instances: readonly (readonly [string, InstanceStats])[]): string[] {
  const mean = instances.reduce((sum, [, stats]) => sum + stats.requests, 0) / Math.max(1, instances.length);
  if (mean < LEAST_INSTANCE_REQUESTS * IDLE_FACTOR) return [];
  return instances.filter(([, stats]) => stats.requests < LEAST_INSTANCE_REQUESTS).map(([name]) => name);
}

function healthy(input: VerifyInput, after: WindowStats, waiting: boolean): Judgement {
  const { before, baseline, limits, signals } = input;
  const figures = `${percent(after.errorShare)} of ${after.requests} requests fail (${percent(before?.errorShare)} before the remedy), p95 latency is ${latency(after.latencyP95Ms)}`;
  const usual = baseline?.ratePerSecond ?? null;
  if (usual !== null && usual > 0 && (after.ratePerSecond ?? 0) < usual * LEAST_TRAFFIC) {
    return unknown(`errors are gone, but so is the traffic: ${rate(after.ratePerSecond)} requests a second, ${rate(usual)} are normal`, waiting);
  }
  if (signals.includes('latencyP95Ms') && after.latencyP95Ms === null) return unknown('latency opened the incident and could not be measured', waiting);
  const foreign = signals.filter((s) => s !== 'errorShare' && s !== 'latencyP95Ms' && s !== 'silence');
  // Nothing was broken, so that nothing can have recovered: what was to come is not here yet, with the remedy or without.
  if (input.foretold === true)
    return { ...unknown('nothing was broken before the remedy; whether the prediction is averted shows when it ends', false), foretold: true };
  // A signal that is not measured here shows only through the guardrails; if those were fine before the remedy too, they prove nothing.
  if (foreign.length > 0 && foreign.length === signals.length && before && before.requests > 0 && breaches(before, baseline, limits).length === 0) {
    return unknown(`the alert came from ${foreign.join(', ')}, which is not measured here, and nothing that is measured was wrong before the remedy`, false);
  }
  return { verdict: 'recovered', reason: sentence(figures), inconclusive: false };
}

function rate(perSecond: number | null): string {
  return perSecond === null ? 'no' : perSecond < 10 ? perSecond.toFixed(1) : String(Math.round(perSecond));
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
