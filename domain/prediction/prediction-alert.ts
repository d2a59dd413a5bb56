import type { Alert, Shortage } from '../alert';
import type { Eta, Limit } from '../forecast/breach';
import type { PredictedBreach } from '../forecast/breach-watch';
import { limitSeverity } from '../limit-severity';
import { SEVERITIES } from '../names';
import type { Severity, Tier } from '../names';
import { plainNumber } from '../wording';
import { FORECAST_SOURCE, LIMIT_BROKEN, PREDICTED_BREACH } from './foretold';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The worst that a prediction is by itself: nothing is broken yet. */
const WORST: Severity = 'sev3';

/** A series whose limit is watched ahead of time. */
export interface PredictedSeries {
  readonly environment: string;
  readonly service: string;
  readonly tier: Tier;
  /** The series: a declared one with its labels, or `saturation:` and the resource. */
  readonly signal: string;
  /** What people call it. */
  readonly what: string;
  readonly limit: Limit;
  /** True for a resource, which will be full rather than above a number. */
  readonly fills: boolean;
  /** Declared severity of a prediction. */
  readonly severity?: Severity;
}

/** Key of a series: environment, service and signal. */
export function predictionKey({ environment, service, signal }: Pick<PredictedSeries, 'environment' | 'service' | 'signal'>): string {
  return `${environment}/${service}/${signal}`;
}

/** How bad a prediction is: as declared, else by the tier, but at most sev3. */
export function predictionSeverity({ severity, tier, signal }: Pick<PredictedSeries, 'severity' | 'tier' | 'signal'>): Severity {
  const byTier = SEVERITIES.indexOf(limitSeverity(tier, signal));
  return severity ?? SEVERITIES[Math.max(byTier, SEVERITIES.indexOf(WORST))] ?? WORST;
}

/** An arrival as a range from now (epoch milliseconds): `in 20 to 50 minutes`, `in about 3 hours`, `within 2 days`; with an open end `in 5 hours at the earliest`. */
export function arrivalText(now: number, { earliest, latest }: Pick<Eta, 'earliest' | 'latest'>): string {
  const far = Math.max(0, (latest ?? earliest) - now);
  const [unit, name] = far >= 2 * DAY ? [DAY, 'day'] : far >= 2 * HOUR ? [HOUR, 'hour'] : [MINUTE, 'minute'];
  const last = Math.max(1, Math.ceil(far / unit));
  const first = Math.floor(Math.max(0, earliest - now) / unit);
  const text = `${last} ${name}${last === 1 ? '' : 's'}`;
  if (latest === null) return `in ${text} at the earliest`;
  if (first === 0) return `within ${text}`;
  return first === last ? `in about ${text}` : `in ${first} to ${text}`;
}

/** The alert that a limit will be broken: when, which one, and why it is believed. The same prediction always has the same id. */
export function firingAlert(series: PredictedSeries, breach: PredictedBreach): Alert {
  const summary = `${series.service}: ${series.what} will be ${stateOf(series)} ${arrivalText(breach.at, breach.eta)}. ${breach.why}`;
  const shortage = shortageOf(series, breach);
  return { ...alertOf(series, PREDICTED_BREACH, breach.at), summary, ...(breach.value === null ? {} : { value: breach.value }), ...(shortage && { shortage }) };
}

/** Of what fills up twice as much would be half as full; of other series nobody knows what more of the service would do to them. */
function shortageOf({ fills, limit }: PredictedSeries, { eta, until, worst }: PredictedBreach): Shortage | undefined {
  if (!fills || limit.side !== 'above' || limit.value <= 0) return undefined;
  return { from: eta.earliest, until, factor: worst / limit.value };
}

/** Why something ends. Times are epoch milliseconds; `blind`: nobody can tell any more, so that it is not known to be well. */
export interface Ending {
  readonly at: number;
  /** A sentence. */
  readonly why: string;
  readonly blind?: boolean;
}

/** The alert that a prediction holds no longer, and why. `since` is in epoch milliseconds. */
export function goneAlert(series: PredictedSeries, since: number, { at, why, blind = false }: Ending): Alert {
  return {
    ...alertOf(series, PREDICTED_BREACH, since, at),
    ...(blind && { noData: true as const }),
    summary: `${series.service}: that ${series.what} will be ${stateOf(series)} is over. ${why}`,
  };
}

/** The alert that what was predicted has come true. */
export function brokenAlert(series: PredictedSeries, at: number, value: number): Alert {
  const { side } = series.limit;
  const summary = `${series.service}: ${series.what} stands at ${plainNumber(value)}, ${side} the limit of ${plainNumber(series.limit.value)}, as was predicted.`;
  return { ...alertOf(series, LIMIT_BROKEN, at), summary, value };
}

/** The alert that the limit holds again. */
export function mendedAlert(series: PredictedSeries, since: number, { at, why, blind = false }: Ending): Alert {
  return {
    ...alertOf(series, LIMIT_BROKEN, since, at),
    ...(blind && { noData: true as const }),
    summary: `${series.service}: that ${series.what} is ${stateOf(series)} is over. ${why}`,
  };
}

/** `full`, or `above 90`. */
export function stateOf({ fills, limit }: Pick<PredictedSeries, 'fills' | 'limit'>): string {
  return fills ? 'full' : `${limit.side} ${plainNumber(limit.value)}`;
}

function alertOf(series: PredictedSeries, name: string, since: number, ended?: number): Omit<Alert, 'summary'> {
  const { environment, service, signal, tier } = series;
  const fingerprint = `${name === PREDICTED_BREACH ? 'prediction' : 'limit'}:${predictionKey(series)}`;
  const startsAt = new Date(since).toISOString();
  const status = ended === undefined ? 'firing' : 'resolved';
  return {
    ...{ id: `${fingerprint}:${startsAt}:${status}`, fingerprint, status, source: FORECAST_SOURCE, environment, service, name },
    severity: name === PREDICTED_BREACH ? predictionSeverity(series) : (series.severity ?? limitSeverity(tier, signal)),
    ...{ startsAt, signal, threshold: series.limit.value, labels: {} },
    ...(ended === undefined ? {} : { endsAt: new Date(ended).toISOString() }),
  };
}
