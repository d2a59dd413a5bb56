import type { MetricNames, SaturationRule, Service } from '../../domain/inventory';
import { firstLabel, ROUTE_LABELS, STATUS_LABELS } from '../../domain/metric-conventions';
import type { RouteCounters, Sample } from '../../domain/metrics';
import type { PrometheusSample } from './prometheus-format';

/** Metric of every process that tells when it began, epoch seconds. */
export const START = 'process_start_time_seconds';
/** Whether an instance was reached: 1 or 0. */
export const UP = 'up';

/** When and from where series were taken; `declared`: the service is known to count requests, though there may be none yet. */
export interface Taken {
  readonly at: number;
  /** Name of the instance where no series names one. */
  readonly instance: string;
  readonly declared: boolean;
}

/**
 * Samples of a service from its series. Where its own metrics carry a label `instance` there is one sample an instance, and `up` 0 says that one does not answer; else there is one
 * with the given name. Series without the request counter say nothing about the service, so they are unreadable.
 */
export function samplesFrom(service: Service, series: readonly PrometheusSample[], { at, instance, declared }: Taken): Sample[] {
  if (!service.metrics) return [];
  const { names, saturation, ignoreRoutes = [] } = service.metrics;
  const all = series.filter((s) => !ignoreRoutes.includes(routeOf(s, names) ?? ''));
  if (!declared && !all.some((s) => s.name === names.requests || s.name.startsWith(names.latency))) return [unreadable(service, at, instance)];
  const telling = new Set([names.requests, `${names.latency}_bucket`, START, UP]);
  const labelled = [...new Set(all.flatMap((s) => (telling.has(s.name) ? (s.labels['instance'] ?? []) : [])))].sort();
  return (labelled.length > 0 ? labelled : [undefined]).map((label) => {
    if (label !== undefined && all.some((s) => s.name === UP && s.labels['instance'] === label && s.value === 0)) return downSample(service, at, label);
    const own = label === undefined ? all : all.filter((s) => s.labels['instance'] === undefined || s.labels['instance'] === label);
    const startedAt = valueOf(own, START);
    const release = releaseOf(own);
    return {
      service: service.name,
      environment: service.environment,
      instance: label ?? instance,
      at,
      up: true,
      ...(startedAt === undefined ? {} : { startedAt: Math.round(startedAt * 1000) }),
      routes: routesOf(own, names),
      latency: histogramOf(own, names),
      saturation: Object.fromEntries(saturation.flatMap((rule) => ratioOf(own, rule))),
      ...(release === undefined ? {} : { release }),
    };
  });
}

/** A sample of an instance that does not answer. */
export function downSample(service: Service, at: number, instance: string): Sample {
  return { service: service.name, environment: service.environment, instance, at, up: false, routes: {}, latency: { le: [], counts: [] }, saturation: {} };
}

/** A sample of an instance that answers without its numbers. */
export function unreadable(service: Service, at: number, instance: string): Sample {
  return { ...downSample(service, at, instance), unreadable: true };
}

function valueOf(samples: readonly PrometheusSample[], name: string): number | undefined {
  const value = samples.find((s) => s.name === name)?.value;
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function routesOf(samples: readonly PrometheusSample[], names: MetricNames): Record<string, RouteCounters> {
  const routes = new Map<string, RouteCounters>();
  const add = (sample: PrometheusSample, requests: number, errors: number): void => {
    const route = routeOf(sample, names) ?? 'all';
    const was = routes.get(route) ?? { requests: 0, errors: 0 };
    routes.set(route, { requests: was.requests + requests, errors: was.errors + errors });
  };
  for (const sample of samples.filter((s) => Number.isFinite(s.value))) {
    if (sample.name === names.requests) add(sample, sample.value, names.errors === undefined && isError(statusOf(sample, names)) ? sample.value : 0);
    if (sample.name === names.errors) add(sample, 0, sample.value);
  }
  return Object.fromEntries(routes);
}

function routeOf({ labels }: PrometheusSample, names: MetricNames): string | undefined {
  return names.route === undefined ? firstLabel(labels, ROUTE_LABELS) : labels[names.route];
}

function statusOf({ labels }: PrometheusSample, names: MetricNames): string | undefined {
  return names.status === undefined ? firstLabel(labels, STATUS_LABELS) : labels[names.status];
}

// `5xx` is how some libraries write the class of a status.
function isError(status: string | undefined): boolean {
  return status !== undefined && (/^5xx$/i.test(status) || Number(status) >= 500);
}

function histogramOf(samples: readonly PrometheusSample[], names: MetricNames): Sample['latency'] {
  const perSecond = names.unit === 'milliseconds' ? 1000 : 1;
  const counts = new Map<number, number>();
  for (const { name: each, labels, value } of samples) {
    if (each !== `${names.latency}_bucket` || labels['le'] === undefined || !Number.isFinite(value)) continue;
    const bound = /^\+?Inf$/i.test(labels['le']) ? Infinity : Number(labels['le']) / perSecond;
    if (!Number.isNaN(bound)) counts.set(bound, (counts.get(bound) ?? 0) + value);
  }
  const le = [...counts.keys()].sort((a, b) => a - b);
  return { le: le.map((bound) => (bound === Infinity ? null : bound)), counts: le.map((bound) => counts.get(bound) ?? 0) };
}

function ratioOf(samples: readonly PrometheusSample[], rule: SaturationRule): [string, number][] {
  const used = valueOf(samples, rule.used);
  const limit = typeof rule.limit === 'number' ? rule.limit : valueOf(samples, rule.limit);
  if (used === undefined || limit === undefined || limit <= 0) return [];
  return [[rule.name, Math.min(1, Math.max(0, used / limit))]];
}

function releaseOf(samples: readonly PrometheusSample[]): string | undefined {
  const info = samples.find((s) => s.name.endsWith('_build_info') && (s.labels['release'] ?? s.labels['version']) !== undefined);
  return info?.labels['release'] ?? info?.labels['version'];
}
