import type { Service, SaturationRule } from '../../domain/inventory';
import type { RouteCounters, Sample } from '../../domain/metrics';
import type { Clock } from '../../ports/clock';
import type { MetricSource } from '../../ports/metrics';
import { readText } from './http';
import { parsePrometheusText, type PrometheusSample } from './prometheus-format';

/** Limits of one scrape: milliseconds, and bytes of the answer. */
export interface PrometheusOptions {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** Scrapes a service's Prometheus text over HTTP. Whatever goes wrong there is a sample with `up: false`; a service without metrics gives none. */
export function createPrometheusSource(clock: Clock, options: PrometheusOptions): MetricSource {
  return {
    async scrape(service) {
      if (!service.metrics) return [];
      const instance = new URL(service.metrics.url).host;
      try {
        const text = await readText(service.metrics.url, options);
        return samplesOf(service, text, clock.now(), instance);
      } catch {
        return [downSample(service, clock.now(), instance)];
      }
    },
  };
}

/**
 * Samples of a service in its Prometheus text, scraped at `at` (epoch milliseconds). Where the request counter carries a label `instance` there is one sample an instance,
 * else one with the given name. Text without the request counter says nothing about the service, so it counts as no answer.
 */
export function samplesOf(service: Service, text: string, at: number, instance: string): Sample[] {
  if (!service.metrics) return [];
  const { names, saturation } = service.metrics;
  const all = parsePrometheusText(text);
  // A counter with labels does not exist before its first request: the help line tells that the service knows it.
  const known = all.some((s) => s.name === names.requests || s.name.startsWith(names.latency)) || text.includes(`# TYPE ${names.requests} `);
  if (!known) return [downSample(service, at, instance)];
  const labelled = [...new Set(all.flatMap((s) => (s.name === names.requests ? (s.labels['instance'] ?? []) : [])))].sort();
  return (labelled.length > 0 ? labelled : [undefined]).map((label) => {
    const own = label === undefined ? all : all.filter((s) => s.labels['instance'] === undefined || s.labels['instance'] === label);
    const startedAt = valueOf(own, 'process_start_time_seconds');
    const release = releaseOf(own);
    return {
      service: service.name,
      environment: service.environment,
      instance: label ?? instance,
      at,
      up: true,
      ...(startedAt === undefined ? {} : { startedAt: Math.round(startedAt * 1000) }),
      routes: routesOf(own, names.requests),
      latency: histogramOf(own, names.latency),
      saturation: Object.fromEntries(saturation.flatMap((rule) => ratioOf(own, rule))),
      ...(release === undefined ? {} : { release }),
    };
  });
}

function downSample(service: Service, at: number, instance: string): Sample {
  return { service: service.name, environment: service.environment, instance, at, up: false, routes: {}, latency: { le: [], counts: [] }, saturation: {} };
}

function valueOf(samples: readonly PrometheusSample[], name: string): number | undefined {
  const value = samples.find((s) => s.name === name)?.value;
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function routesOf(samples: readonly PrometheusSample[], name: string): Record<string, RouteCounters> {
  const routes = new Map<string, RouteCounters>();
  for (const { name: each, labels, value } of samples) {
    if (each !== name || !Number.isFinite(value)) continue;
    const route = labels['route'] ?? 'all';
    const was = routes.get(route) ?? { requests: 0, errors: 0 };
    routes.set(route, { requests: was.requests + value, errors: was.errors + (isError(labels['status']) ? value : 0) });
  }
  return Object.fromEntries(routes);
}

// `5xx` is how some libraries write the class of a status.
function isError(status: string | undefined): boolean {
  return status !== undefined && (/^5xx$/i.test(status) || Number(status) >= 500);
}

function histogramOf(samples: readonly PrometheusSample[], name: string): Sample['latency'] {
  const counts = new Map<number, number>();
  for (const { name: each, labels, value } of samples) {
    if (each !== `${name}_bucket` || labels['le'] === undefined || !Number.isFinite(value)) continue;
    const bound = /^\+?Inf$/i.test(labels['le']) ? Infinity : Number(labels['le']);
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
