import type { Alert } from './alert';
import { metricsLagMs } from './aws/service-metrics';
import type { Service, ServiceLimits } from './inventory';
import { limitSeverity } from './limit-severity';
import type { WindowStats } from './metrics';
import { latency, percent } from './wording';

/** Signals that declared limits watch; alerts carry them as `signal`. */
export const LIMIT_SIGNALS = ['errorShare', 'latencyP95Ms', 'silence'] as const;
/** Signal of a declared limit. */
export type LimitSignal = (typeof LIMIT_SIGNALS)[number];

/** What is remembered of one limit between two evaluations. Times are epoch milliseconds; plain JSON, so that it survives a restart. */
export interface LimitState {
  /** When the limit began to be broken without a break; null while it holds. */
  readonly brokenSince: number | null;
  /** While firing: when it began to hold again; null while it is broken. */
  readonly clearSince: number | null;
  /** Start of the condition that was alerted and has not ended. */
  readonly firingSince: number | null;
  /** Last evaluation that had something to measure. */
  readonly measuredAt: number;
}
/** States of one service's limits by signal. */
export type LimitStates = Readonly<Partial<Record<LimitSignal, LimitState>>>;

/** One evaluation: the states to keep, and the conditions that began or ended with it. */
export interface LimitEvaluation {
  readonly states: LimitStates;
  readonly alerts: readonly Alert[];
}

/**
 * Holds a window that ends now against the limits of a service. A condition begins when its limit was broken for its whole duration without a break and ends when it held
 * for as long; each is told once, with an id that the same condition always gets. A window that measured nothing neither begins nor ends one.
 */
export function evaluateLimits(service: Service, window: WindowStats, previous: LimitStates): LimitEvaluation {
  const states: Partial<Record<LimitSignal, LimitState>> = {};
  const alerts: Alert[] = [];
  for (const signal of LIMIT_SIGNALS) {
    const was = previous[signal];
    const reading = read(signal, service.limits, window);
    if (!reading) {
      // The limit was taken out of the configuration: what it began must end.
      if (was && was.firingSince !== null) alerts.push(alertOf(service, signal, was.firingSince, { at: window.to, text: 'the limit was removed' }));
      continue;
    }
    const next = advance(was, reading, window);
    states[signal] = next;
    if (next.firingSince !== null && next.firingSince !== was?.firingSince) alerts.push(alertOf(service, signal, next.firingSince, undefined, reading));
    if (was && was.firingSince !== null && next.firingSince === null)
      alerts.push(alertOf(service, signal, was.firingSince, { at: next.clearSince ?? window.to, text: reading.text }));
    if (next.firingSince === null && next.clearSince !== null) states[signal] = { ...next, clearSince: null };
  }
  return { states, alerts };
}

/** Longest time (milliseconds) from any of the services being well to the end of its condition: until a window holds nothing bad, and then for as long as it took to begin. */
export function conditionEndsMs(services: readonly Service[], detector: { readonly everyMs: number; readonly windowMs: number }): number {
  const each = services.map((service) => {
    const { limits, metrics } = service;
    const forMs = Math.max(...LIMIT_SIGNALS.map((signal) => limits?.[signal]?.forMs ?? 0));
    // Each look may come a whole interval late, at the beginning and at the end.
    return detector.windowMs + forMs + 2 * (detector.everyMs + (metrics?.everyMs ?? 0)) + metricsLagMs(service);
  });
  return Math.max(0, ...each);
}

interface Reading {
  /** Null when the window says nothing. */
  readonly broken: boolean | null;
  readonly forMs: number;
  readonly text: string;
  readonly since: number;
  readonly value?: number;
  readonly threshold?: number;
}

function read(signal: LimitSignal, limits: ServiceLimits | undefined, window: WindowStats): Reading | null {
  if (!limits) return null;
  if (signal === 'silence') {
    if (!limits.silence) return null;
    const broken = window.samples === 0 ? null : window.requests === 0;
    const unheard = window.upShare === 0 ? 'does not answer' : window.upShare === null ? 'tells no numbers' : 'serves no requests';
    const text = broken ? unheard : 'serves requests';
    // A whole window without a request: the silence began before it.
    return { broken, forMs: limits.silence.forMs, text, since: window.from };
  }
  const limit = limits[signal];
  if (!limit) return null;
  const value = window[signal];
  const enough = value !== null && window.requests >= limits.minRequests;
  const text =
    signal === 'errorShare'
      ? `${percent(value)} of requests fail (limit ${percent(limit.above)})`
      : `p95 latency is ${latency(value)} (limit ${latency(limit.above)})`;
  return {
    broken: enough ? value > limit.above : null,
    forMs: limit.forMs,
    text,
    since: window.to,
    threshold: limit.above,
    ...(value === null ? {} : { value }),
  };
}

function advance(was: LimitState | undefined, reading: Reading, window: WindowStats): LimitState {
  const now = window.to;
  const idle: LimitState = { brokenSince: null, clearSince: null, firingSince: null, measuredAt: now };
  // A count that could not be continued for longer than it takes says nothing about what lay between.
  const stale = was !== undefined && now - was.measuredAt > Math.max(reading.forMs, window.to - window.from);
  const state = was === undefined ? idle : stale ? { ...was, brokenSince: was.firingSince, clearSince: null } : was;
  if (reading.broken === null) return { ...state, measuredAt: was?.measuredAt ?? now };
  if (reading.broken) {
    const brokenSince = state.brokenSince ?? reading.since;
    const begins = state.firingSince === null && now - brokenSince >= reading.forMs;
    return { brokenSince, clearSince: null, firingSince: begins ? brokenSince : state.firingSince, measuredAt: now };
  }
  if (state.firingSince === null) return idle;
  const clearSince = state.clearSince ?? now;
  const ends = now - clearSince >= reading.forMs;
  return { brokenSince: null, clearSince, firingSince: ends ? null : state.firingSince, measuredAt: now };
}

const NAMES: Readonly<Record<LimitSignal, string>> = { errorShare: 'ErrorShareHigh', latencyP95Ms: 'LatencyHigh', silence: 'ServiceSilent' };

function alertOf(service: Service, signal: LimitSignal, since: number, ended?: { readonly at: number; readonly text: string }, reading?: Reading): Alert {
  const fingerprint = `limit:${service.environment}/${service.name}/${signal}`;
  const startsAt = new Date(since).toISOString();
  const status = ended ? 'resolved' : 'firing';
  return {
    id: `${fingerprint}:${startsAt}:${status}`,
    fingerprint,
    status,
    source: 'detector',
    environment: service.environment,
    service: service.name,
    name: NAMES[signal],
    severity: limitSeverity(service.tier, signal, reading?.value),
    summary: `${service.name}: ${ended ? `${NAMES[signal]} is over, ${ended.text}` : (reading?.text ?? '')}`,
    startsAt,
    ...(ended ? { endsAt: new Date(ended.at).toISOString() } : {}),
    signal,
    ...(reading?.value === undefined ? {} : { value: reading.value }),
    ...(reading?.threshold === undefined ? {} : { threshold: reading.threshold }),
    labels: {},
  };
}
