import { resolve } from 'node:path';
import type { AwsAccount } from '../domain/aws/place';
import { defined } from '../domain/defined';
import type { Service, ServiceLimits, Target } from '../domain/inventory';
import type { Defaults } from './defaults';
import { resolveAwsHands } from './resolve-aws-hands';
import { resolveCloudWatch } from './resolve-cloudwatch';
import type { ServiceSource } from './schema-services';
import type { CataloguedService } from './with-catalogue';

/** What a service is read with. */
export interface ServiceBase {
  readonly defaults: Defaults;
  readonly base: string;
  /** Accounts of AWS, the first of which is that of hands that name none. */
  readonly accounts: readonly Pick<AwsAccount, 'id' | 'regions'>[];
}

/** A service with defaults filled in; a relative log file starts at `base`. */
export function resolveService({ source, entity, system, catalogued }: CataloguedService, { defaults, base, accounts }: ServiceBase): Service {
  return defined({
    name: source.name,
    environment: source.environment,
    tier: source.tier ?? ('standard' as const),
    likeness: source.likeness,
    owner: source.owner,
    description: source.description,
    channels: source.channel?.length === 0 ? undefined : source.channel,
    pager: source.pager,
    ...{ system, entity, catalogued: catalogued ? (true as const) : undefined },
    links: source.links?.length === 0 ? undefined : source.links,
    dependsOn: source.dependsOn ?? [],
    metrics: resolveCloudWatch(source.metrics) ?? resolveMetrics(source, defaults),
    logs: source.logs && { file: resolve(base, source.logs.file) },
    limits: resolveLimits(source.limits, defaults),
    builds: source.builds && { branches: source.builds.branches ?? [], ...(source.builds.withoutBranch === true && { withoutBranch: true as const }) },
    hands: resolveHands(source, { defaults, base, accounts }),
  });
}

/** Name that the result of an expression for failed requests goes by. */
const ERRORS = 'nightshift_errors';

function resolveMetrics({ name, metrics: source }: ServiceSource, { metrics }: Defaults): Service['metrics'] {
  if (source === undefined) return undefined;
  const { prometheus } = source;
  const counted = prometheus?.query?.errors === undefined ? {} : { errors: source.names?.errors ?? ERRORS };
  return {
    url: prometheus?.url ?? source.url ?? '',
    ...(prometheus ? { prometheus: { labels: prometheus.labels ?? { job: name }, expressions: defined(prometheus.query ?? {}) } } : {}),
    everyMs: source.every ?? metrics.everyMs,
    names: defined({ ...source.names, ...counted, requests: source.names?.requests ?? metrics.requests, latency: source.names?.latency ?? metrics.latency }),
    saturation: source.saturation ?? [],
    ...(source.ignoreRoutes ? { ignoreRoutes: source.ignoreRoutes } : {}),
  };
}

function resolveHands({ name, environment, hands }: ServiceSource, { defaults: { commands: defaults }, base, accounts }: ServiceBase): Service['hands'] {
  if (hands?.kind === 'aws') return resolveAwsHands({ name, environment }, hands, accounts);
  if (hands?.kind !== 'commands') return hands;
  return {
    kind: hands.kind,
    commands: defined(hands.commands),
    directory: resolve(base, hands.directory ?? '.'),
    timeoutMs: hands.timeout ?? defaults.timeoutMs,
    confirmMs: hands.confirm ?? defaults.confirmMs,
    outputLimitBytes: hands.outputLimitBytes ?? defaults.outputLimitBytes,
    target: hands.target ?? ownTarget(environment, name),
  };
}

/** Commands run where Nightshift does, so that the service's own name tells its target from others. */
function ownTarget(environment: string, name: string): Target {
  return { provider: 'local', partition: 'local', account: 'local', region: 'local', kind: 'service', id: `${environment}/${name}` };
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
