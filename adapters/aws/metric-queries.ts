import type { CloudWatchClient, MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { AwsMetric, MetricLine } from '../../domain/aws/metric-pull';
import { placeText } from '../../domain/aws/place';
import type { MetricQueries } from '../../ports/metric-queries';
import type { AwsAccess } from './access';
import { awsError } from './errors';

/** Metrics of CloudWatch by `GetMetricData`, page by page. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export function cloudWatchQueries(access: AwsAccess): MetricQueries {
  const clients = new Map<string, Promise<CloudWatchClient>>();
  return {
    async read(metric, from, to) {
      const place = placeText(metric);
      const client = clients.get(place) ?? clientOf(access, metric);
      clients.set(place, client);
      try {
        return await allPages(await client, metric, from, to);
      } catch (error) {
        throw awsError(error, `cloudwatch:GetMetricData for ${metric.name} in ${place}`);
      }
    },
  };
}

async function clientOf(access: AwsAccess, metric: AwsMetric): Promise<CloudWatchClient> {
  // Loaded when it is needed first: most teams never need it.
  const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
  return new CloudWatchClient(await access.reading(metric));
}

async function allPages(client: CloudWatchClient, metric: AwsMetric, from: number, to: number): Promise<MetricLine[]> {
  const { GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const span = { StartTime: new Date(from), EndTime: new Date(to), ScanBy: 'TimestampAscending' } as const;
  const lines = new Map<string, MetricLine['points'][number][]>();
  let token: string | undefined;
  do {
    const command = new GetMetricDataCommand({ MetricDataQueries: [queryOf(metric)], ...span, ...(token !== undefined && { NextToken: token }) });
    const { MetricDataResults = [], NextToken } = await client.send(command);
    for (const result of MetricDataResults) lines.set(result.Label ?? '', [...(lines.get(result.Label ?? '') ?? []), ...pointsOf(result)]);
    token = NextToken;
  } while (token !== undefined);
  return [...lines].map(([label, points]) => ({ label, points }));
}

function queryOf({ of, everyMs }: AwsMetric): MetricDataQuery {
  const Period = everyMs / 1000;
  if ('query' in of) return { Id: 'q', Expression: of.query, Period };
  const Dimensions = Object.entries(of.dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Id: 'q', MetricStat: { Metric: { Namespace: of.namespace, MetricName: of.name, Dimensions }, Period, Stat: of.stat } };
}

function pointsOf({ Timestamps = [], Values = [] }: MetricDataResult): MetricLine['points'][number][] {
  return Timestamps.flatMap((at, i) => (Values[i] === undefined ? [] : [{ at: at.getTime(), value: Values[i] }]));
}
