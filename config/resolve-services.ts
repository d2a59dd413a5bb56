import { resolve } from 'node:path';
import { defined } from '../domain/defined';
import type { Service, ServiceLimits } from '../domain/inventory';
import type { Defaults } from './defaults';
import type { ServiceSource } from './schema-services';

/** A service with defaults filled in; a relative log file starts at `base`. */
export function resolveService(source: ServiceSource, defaults: Defaults, base: string): Service {
  return defined({
    name: source.name,
    environment: source.environment,
    tier: source.tier ?? ('standard' as const),
    owner: source.owner,
    description: source.description,
    dependsOn: source.dependsOn ?? [],
    metrics: resolveMetrics(source.metrics, defaults),
    logs: source.logs && { file: resolve(base, source.logs.file) },
    limits: resolveLimits(source.limits, defaults),
    hands: source.hands,
  });
}

function resolveMetrics(source: ServiceSource['metrics'], { metrics }: Defaults): Service['metrics'] {
  if (source === undefined) return undefined;
  return {
    url: source.url,
    everyMs: source.every ?? metrics.everyMs,
    names: { requests: source.names?.requests ?? metrics.requests, latency: source.names?.latency ?? metrics.latency },
    saturation: source.saturation ?? [],
  };
}

function resolveLimits(source: ServiceSource['limits'], defaults: Defaults): ServiceLimits | undefined {
  if (source === undefined) return undefined;
  const { errorShare, latencyP95, silence } = source;
  return defined({
    errorShare: errorShare && { above: errorShare.above, forMs: errorShare.for },
    latencyP95Ms: latencyP95 && { above: latencyP95.above, forMs: latencyP95.for },
    silence: silence && { forMs: silence.for },
    minRequests: source.minRequests ?? defaults.minRequests,
  });
}
