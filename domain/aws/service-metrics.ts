import type { Service } from '../inventory';
import type { RouteCounters, Sample } from '../metrics';
import type { AwsMetric, CloudWatchMetric, MetricLine } from './metric';
import { SETTLE_MS } from './metric';
import type { AwsPlace } from './place';

/** What a service runs on in AWS, and the metrics of CloudWatch that tell how it does. */
export interface ServiceResource extends AwsPlace {
  /** Its ARN. */
  readonly resource: string;
  /** How many requests came in a period, and how many of them failed. */
  readonly requests?: CloudWatchMetric;
  readonly errors?: CloudWatchMetric;
  /** The 95th percentile of how long they took. */
  readonly latency?: CloudWatchMetric & { readonly unit: 'seconds' | 'milliseconds' };
  /** Resources that can fill up, in the unit of their limit. */
  readonly saturation: readonly { readonly name: string; readonly metric: CloudWatchMetric; readonly limit: number }[];
}

/** Metrics of a resource in a fixed order: what `samplesOfResource` takes the answers in. `periodMs` is whole minutes. */
export function metricsOfResource(service: Pick<Service, 'name' | 'environment'>, resource: ServiceResource, periodMs: number): readonly AwsMetric[] {
  const { account, region, requests, errors, latency, saturation } = resource;
  return [requests, errors, latency, ...saturation.map(({ metric }) => metric)].flatMap((of) =>
    of ? [{ name: `${of.name} of ${service.name}`, service: service.name, environment: service.environment, of, everyMs: periodMs, account, region }] : [],
  );
}

/** A stretch of time and the length of its periods, milliseconds. */
export interface Periods {
  readonly from: number;
  readonly to: number;
  readonly periodMs: number;
}

/** Name of the one route: CloudWatch tells none. */
const ROUTE = 'all';

/**
 * A sample for each period, at its end. Counts of a period are those of a process that began with it, so that each stands for itself. Where nothing was counted there were no requests, as
 * CloudWatch keeps no zeros.
 */
export function samplesOfResource(
  service: Pick<Service, 'name' | 'environment'>,
  resource: ServiceResource,
  answers: readonly (readonly MetricLine[])[],
  { from, to, periodMs }: Periods,
): Sample[] {
  const values = answers.map((lines) => new Map(lines.flatMap(({ points }) => points.map(({ at, value }): [number, number] => [at, value]))));
  const next = values.values();
  const of = (metric: CloudWatchMetric | undefined): ReadonlyMap<number, number> => (metric && next.next().value) || new Map();
  const [requests, errors, latency] = [of(resource.requests), of(resource.errors), of(resource.latency)];
  const full = resource.saturation.map(({ name, metric, limit }) => ({ name, limit, used: of(metric) }));
  const samples: Sample[] = [];
  for (let at = Math.floor(from / periodMs) * periodMs; at < to; at += periodMs) {
    const counted = requests.get(at) ?? 0;
    const routes: Record<string, RouteCounters> = resource.requests ? { [ROUTE]: { requests: counted, errors: Math.min(counted, errors.get(at) ?? 0) } } : {};
    const p95 = latency.get(at);
    const seconds = p95 === undefined || resource.latency?.unit !== 'milliseconds' ? p95 : p95 / 1000;
    samples.push({
      ...{ service: service.name, environment: service.environment, instance: instanceOf(resource), at: at + periodMs, up: true, startedAt: at, routes },
      latency: seconds === undefined || counted === 0 || !(seconds > 0) ? { le: [], counts: [] } : histogramOf(seconds, counted),
      saturation: Object.fromEntries(full.flatMap(({ name, limit, used }) => (used.has(at) ? [[name, (used.get(at) ?? 0) / limit]] : []))),
    });
  }
  return samples;
}

/** `eu-central-1/service/shop/checkout` of the ARN of that service. */
export function instanceOf({ region, resource }: Pick<ServiceResource, 'region' | 'resource'>): string {
  return `${region}/${resource.split(':').slice(5).join(':')}`;
}

const P95 = 0.95;
/** Bounds as shares of the percentile, itself among them, so that it is told exactly. */
const BOUNDS = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1, 4 / 3, 2];

/** A histogram of so many requests that has the 95th percentile that CloudWatch told: of an exponential distribution, as nothing is known of the others. */
function histogramOf(p95Seconds: number, requests: number): Sample['latency'] {
  const share = (bound: number): number => 1 - Math.exp(Math.log(1 - P95) * bound);
  return { le: [...BOUNDS.map((bound) => bound * p95Seconds), null], counts: [...BOUNDS.map((bound) => requests * share(bound)), requests] };
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/**
 * How long CloudWatch keeps values of which period. A little less than it says, as time goes on while it is asked.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
 */
const KEPT = [
  { forMs: 15 * DAY_MS - HOUR_MS, periodMs: MINUTE_MS },
  { forMs: 63 * DAY_MS - HOUR_MS, periodMs: 5 * MINUTE_MS },
  { forMs: 455 * DAY_MS - HOUR_MS, periodMs: HOUR_MS },
];

/** The stretches of a time, oldest first, each with the shortest period that CloudWatch still has of it and that is not below `leastMs`. */
export function keptPeriods(from: number, to: number, leastMs: number, now: number): Periods[] {
  const found: Periods[] = [];
  let end = to;
  for (const { forMs, periodMs: kept } of KEPT) {
    const periodMs = Math.ceil(leastMs / kept) * kept;
    const begin = Math.max(from, Math.ceil((now - forMs) / HOUR_MS) * HOUR_MS);
    if (begin < end) found.unshift({ from: begin, to: end, periodMs });
    end = Math.min(end, begin);
  }
  return found;
}

/** The longest time between two samples of a service's past that is asked for in steps, milliseconds: CloudWatch keeps hours of what is long ago. */
export function longestPeriodMs({ metrics }: Pick<Service, 'metrics'>, stepMs: number): number {
  return metrics?.cloudwatch ? Math.ceil(Math.max(metrics.everyMs, stepMs) / HOUR_MS) * HOUR_MS : stepMs;
}

/** How long after the end of a row what was measured in it is there, milliseconds: CloudWatch needs its time, and is asked once a period. 0 of services that are asked themselves. */
export function metricsLagMs({ metrics }: Pick<Service, 'metrics'>): number {
  return metrics?.cloudwatch ? SETTLE_MS + metrics.everyMs : 0;
}
