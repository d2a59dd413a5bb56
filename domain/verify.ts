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
/** An instance with fewer requests than this is not judged by its shares. */
const LEAST_INSTANCE_REQUESTS = 5;

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
  /** Milliseconds measured since the remedy settled. */
  readonly elapsedMs: number;
}

/**
 * Compares the time after a remedy with the trouble before it and with normal times, by the signals that opened the incident and the guardrails (errors, latency, silence,
 * traffic). Too little time or traffic, no data, or drained traffic is `unknown`, and errors that gave way to slow answers are `partial`; the reason holds the figures.
 */
export function verify(input: VerifyInput): Verification {
  const { verdict, reason, inconclusive } = judge(input);
  return { verdict, reason, before: input.before, after: input.after, inconclusive };
}

interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly inconclusive: boolean;
}

function judge(input: VerifyInput): Judgement {
  const { after, before, baseline, limits, plan } = input;
  const waiting = input.elapsedMs < plan.timeoutMs;
  if (!after || after.upShare === null) return unknown('nothing was measured after the remedy', waiting);
  if (input.elapsedMs < plan.windowMs)
    return unknown(`measured for ${Math.round(input.elapsedMs / 1000)} of ${Math.round(plan.windowMs / 1000)} s so far`, waiting);
  if (isDown(after)) return down(before, after);
  if (after.requests < plan.minRequests) return unknown(`only ${after.requests} requests so far, ${plan.minRequests} are needed`, waiting);
  const broken = breaches(after, baseline, limits);
  const instances = judgeInstances(input);
  if (broken.length > 0) return slowOnly(input, broken, waiting) ?? stillBroken(before, after, broken, instances);
  if (instances && instances.broken.length > 0) return { verdict: 'partial', reason: instances.text, inconclusive: false };
  return healthy(input, after, waiting);
}

function unknown(reason: string, inconclusive: boolean): Judgement {
  return { verdict: 'unknown', reason: sentence(reason), inconclusive };
}

function down(before: WindowStats | null, after: WindowStats): Judgement {
  const reason = `${percent(1 - (after.upShare ?? 0))} of scrapes go unanswered after the remedy`;
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
  readonly broken: readonly string[];
  readonly healed: number;
  readonly text: string;
}

function judgeInstances(input: VerifyInput): Instances | undefined {
  const now = Object.entries(input.after?.instances ?? {});
  if (now.length < 2) return undefined;
  const bad = (stats: InstanceStats) =>
    breaches(stats.requests < LEAST_INSTANCE_REQUESTS ? { ...stats, errorShare: null, latencyP95Ms: null } : stats, input.baseline, input.limits).length > 0;
  const broken = now.filter(([, stats]) => bad(stats)).map(([name]) => name);
  // Instances that were well all along are no success of the remedy.
  const before = input.before?.instances;
  const healed = now.filter(([name, stats]) => !bad(stats) && (before?.[name] === undefined || bad(before[name]))).length;
  return { broken, healed, text: sentence(`${now.length - broken.length} of ${now.length} instances are healthy, still broken: ${broken.join(', ')}`) };
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
