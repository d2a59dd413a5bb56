import { utcTime, humanDuration } from '../human-time';
import { plainNumber } from '../wording';
import type { Eta, Limit, Span } from './breach';
import { breaks, etaAt, surelyBroken, touches, worstIn } from './breach';
import type { LeadForecast } from './forecast';
import type { ForecastRecord } from './record';

/** Probability of the interval whose near edge must cross: then the limit is broken in nine of ten cases. */
export const BREACH_NOMINAL = 0.8;
/** Breaches closer than this share of the horizon are one: between them nobody could do anything. */
const GAP_SHARE = 1 / 8;
/** Breaches that are remembered. */
const MOST_TOLD = 16;

/** What a watch remembers between two looks: plain data, bounded. */
export interface BreachState {
  /** Breaches that the last look saw for the first time. */
  readonly seen: readonly Span[];
  /** Breaches that were told, or that began before they could be. */
  readonly told: readonly Span[];
}

/** The state of a watch that has not looked yet. */
export const NO_BREACH: BreachState = { seen: [], told: [] };

/** One look at a forecast. */
export interface BreachLook {
  /** Epoch milliseconds. */
  readonly now: number;
  /** The last measured value, or null. */
  readonly value: number | null;
  readonly forecast: readonly LeadForecast[];
  readonly limit: Limit;
  readonly horizonMs: number;
  readonly record: ForecastRecord;
}

/** A limit that will be broken, although nothing is broken yet: what an incident of the kind `predicted-breach` is opened with. */
export interface PredictedBreach {
  readonly kind: 'predicted-breach';
  readonly limit: Limit;
  /** When it was said, epoch milliseconds. */
  readonly at: number;
  readonly value: number | null;
  readonly nominal: number;
  readonly eta: Eta;
  /** How long it lasts as far as the forecast reaches, epoch milliseconds. */
  readonly until: number;
  /** The furthest that the far edge of the interval gets across the limit until then. */
  readonly worst: number;
  readonly record: ForecastRecord;
  /** A sentence for people. */
  readonly why: string;
}

/**
 * Looks at a forecast once more. A breach is told when the near edge of the 80 % interval is across the limit within the horizon in two looks running, and told once: the same breach in
 * later looks, even after a forecast without it, is silent until its time is over. What is broken already is no prediction.
 */
export function watchBreach(state: BreachState, look: BreachLook): { readonly state: BreachState; readonly predicted: readonly PredictedBreach[] } {
  const { now, value, limit, horizonMs } = look;
  const gap = horizonMs * GAP_SHARE;
  const forecast = look.forecast.filter(({ at }) => at <= now + horizonMs);
  const broken = value !== null && breaks(limit, value);
  const old = state.told.filter(({ to }) => to + gap >= now);
  let told: readonly Span[] = broken ? joined(old, { from: now, to: now }, gap) : old;
  const seen: Span[] = [];
  const predicted: PredictedBreach[] = [];
  for (const span of surelyBroken(forecast, limit, BREACH_NOMINAL, gap)) {
    const known = told.some((each) => touches(each, span, gap));
    const twice = state.seen.some((each) => touches(each, span, gap));
    if (!known && twice) predicted.push(breachOf(look, forecast, span));
    if (known || twice) told = joined(told, span, gap);
    else seen.push(span);
  }
  return { state: { seen, told: told.slice(-MOST_TOLD) }, predicted };
}

/** Spans with one more, which takes in those that it touches. */
function joined(spans: readonly Span[], span: Span, gap: number): readonly Span[] {
  const same = [...spans.filter((each) => touches(each, span, gap)), span];
  const whole = { from: Math.min(...same.map(({ from }) => from)), to: Math.max(...same.map(({ to }) => to)) };
  return [...spans.filter((each) => !touches(each, span, gap)), whole].sort((a, b) => a.from - b.from);
}

function breachOf(look: BreachLook, forecast: readonly LeadForecast[], span: Span): PredictedBreach {
  const { now, value, limit, record } = look;
  const near = forecast.findIndex(({ at }) => at >= span.from);
  const eta = etaAt(forecast, limit, BREACH_NOMINAL, near);
  const why = breachSentence({ now, value, limit, eta, nominal: BREACH_NOMINAL, record });
  return {
    kind: 'predicted-breach',
    limit,
    at: now,
    value,
    nominal: BREACH_NOMINAL,
    eta,
    until: span.to,
    worst: worstIn(forecast, limit, BREACH_NOMINAL, span),
    record,
    why,
  };
}

/** What is said of a breach that is to come: when, of which limit, from which value, and on what it rests. */
export function breachSentence(facts: {
  readonly now: number;
  readonly value: number | null;
  readonly limit: Limit;
  readonly eta: Eta;
  readonly nominal: number;
  readonly record: ForecastRecord;
}): string {
  const { now, value, limit, eta, nominal, record } = facts;
  const way = limit.side === 'above' ? 'rise above' : 'fall below';
  const ahead = (at: number): string => (at <= now ? 'now' : `in ${humanDuration(at - now)}`);
  const when =
    eta.latest === null
      ? `not before ${utcTime(eta.earliest)} (${ahead(eta.earliest)}), with an open end`
      : eta.latest === eta.earliest
        ? `at ${utcTime(eta.earliest)} (${ahead(eta.earliest)})`
        : `between ${utcTime(eta.earliest)} (${ahead(eta.earliest)}) and ${utcTime(eta.latest)} (${ahead(eta.latest)})`;
  const today = value === null ? '' : `; it is ${plainNumber(value)} now`;
  const sureness = eta.latest === null ? 'may' : 'will';
  return `It ${sureness} ${way} ${plainNumber(limit.value)} ${when}, by the ${Math.round(nominal * 100)} % interval${today}. ${record.why}`;
}
