import { backfillCost, leftForQueries, pullCosts, serviceMetricsCost } from '../domain/aws/pull-prices';
import type { PullCost } from '../domain/aws/pull-prices';
import type { CloudWatchMetric } from '../domain/aws/metric';
import { placeText } from '../domain/aws/place';
import type { ServiceResource } from '../domain/aws/service-metrics';
import type { Problem } from '../domain/errors';
import type { Service } from '../domain/inventory';
import { costProblems } from './resolve-aws';
import type { CloudWatchResourceSource } from './schema-cloudwatch';
import type { ServiceSource } from './schema-services';
import type { AwsConfig, NightshiftConfig } from './types';

const MINUTE_MS = 60_000;
/** Statistics where the file names none. */
const STATS = { requests: 'Sum', errors: 'Sum', latency: 'p95', saturation: 'Average' } as const;

type Written = Omit<NonNullable<CloudWatchResourceSource['requests']>, 'unit'>;

/** Metrics of a service that CloudWatch tells, so that there is no address to ask; undefined where something else does. */
export function resolveCloudWatch(source: ServiceSource['metrics']): Service['metrics'] {
  if (!source?.cloudwatch) return undefined;
  const everyMs = source.every ?? MINUTE_MS;
  const cloudwatch = source.cloudwatch.map(resolveResource);
  const full = new Map(cloudwatch.flatMap(({ saturation }) => saturation.map(({ name, limit, metric }) => [name, { name, used: metric.name, limit }])));
  return { url: '', cloudwatch, everyMs, names: { requests: 'requests', latency: 'latency' }, saturation: [...full.values()] };
}

function resolveResource({ resource, requests, errors, latency, saturation = [] }: CloudWatchResourceSource): ServiceResource {
  const [, , , region = '', account = ''] = resource.split(':');
  return {
    ...{ resource, account, region },
    ...(requests && { requests: metricOf(requests, STATS.requests) }),
    ...(errors && { errors: metricOf(errors, STATS.errors) }),
    ...(latency && { latency: { ...metricOf(latency, STATS.latency), unit: latency.unit ?? ('seconds' as const) } }),
    saturation: saturation.map((each) => ({ name: each.name, metric: metricOf(each.used, STATS.saturation), limit: each.limit })),
  };
}

function metricOf({ namespace, name, stat, dimensions = {} }: Written, usual: string): CloudWatchMetric {
  return { namespace, name, stat: stat ?? usual, dimensions };
}

/** What does not fit together: places that no account has, periods that CloudWatch does not know, two sources of one service's numbers, and what costs more than it may. */
export function cloudWatchProblems({ services, aws, retention }: NightshiftConfig, paths: readonly string[]): Problem[] {
  const problems = services.flatMap((service, i) => placeProblems(service, paths[i] ?? `services.${String(i)}`, aws));
  if (!aws || problems.length > 0) return problems;
  // What is pulled besides may cost too much by itself; then that is told already.
  return costProblems(pullCosts(aws), aws.monthlyUsd).length > 0 ? problems : costProblems(awsCosts({ aws, services, retention }), aws.monthlyUsd);
}

function placeProblems({ metrics }: Service, path: string, aws: AwsConfig | undefined): Problem[] {
  if (!metrics?.cloudwatch) return [];
  const known = new Set((aws?.accounts ?? []).flatMap(({ id, regions }) => regions.map((region) => placeText({ account: id, region }))));
  const problems = metrics.cloudwatch.flatMap((each, i): Problem[] =>
    known.has(placeText(each))
      ? []
      : [{ path: `${path}.metrics.cloudwatch.${String(i)}.resource`, message: `is in ${placeText(each)}, which is not among aws.accounts; add it there` }],
  );
  const whole = metrics.everyMs >= MINUTE_MS && metrics.everyMs % MINUTE_MS === 0;
  return whole ? problems : [...problems, { path: `${path}.metrics.every`, message: 'must be whole minutes, such as 1m, which the periods of CloudWatch are' }];
}

type Costly = Pick<NightshiftConfig, 'services' | 'retention'> & { readonly aws: AwsConfig };

/** What everything that is pulled from AWS costs a month, and once. */
export function awsCosts(config: Costly): PullCost[] {
  return [...pullCosts(config.aws), ...numbersCosts(config)];
}

/** US dollars a month that queries of Logs Insights may use up beside all of that. */
export function queryBudgetUsd(config: Costly): number {
  return leftForQueries(config.aws, config.aws.monthlyUsd, numbersCosts(config));
}

function numbersCosts({ aws, services, retention }: Costly): PullCost[] {
  return [...services.flatMap(serviceMetricsCost), ...backfillCost(services, Math.min(aws.backfillMs, retention.measuresMs))];
}
