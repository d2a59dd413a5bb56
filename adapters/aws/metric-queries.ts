import type { CloudWatchClient, MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { AwsMetric, MetricLine } from '../../domain/aws/metric-pull';
import { placeText } from '../../domain/aws/place';
import { NightshiftError } from '../../domain/errors';
import type { TimeWindow } from '../../domain/poll-windows';
import type { MetricQueries } from '../../ports/metric-queries';
import type { AwsAccess, ReadSettings } from './access';
import { awsClients } from './clients';

/** Metrics of CloudWatch by `GetMetricData`, page by page. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export function cloudWatchQueries(access: AwsAccess): MetricQueries {
  const clients = awsClients(access, clientOf);
  return {
    read(metric, from, to, signal) {
      return clients.ask(metric, `cloudwatch:GetMetricData for ${metric.name}`, (client) => allPages(client, metric, { from, to }, signal));
    },
  };
}

async function clientOf(settings: ReadSettings): Promise<CloudWatchClient> {
  // Loaded when it is needed first: most teams never need it.
  const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
  return new CloudWatchClient(settings);
}

async function allPages(client: CloudWatchClient, metric: AwsMetric, { from, to }: TimeWindow, signal: AbortSignal): Promise<MetricLine[]> {
  const { GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const span = { StartTime: new Date(from), EndTime: new Date(to), ScanBy: 'TimestampAscending' } as const;
  const lines = new Map<string, MetricLine['points'][number][]>();
  let token: string | undefined;
  do {
    const command = new GetMetricDataCommand({ MetricDataQueries: [queryOf(metric)], ...span, ...(token !== undefined && { NextToken: token }) });
    const { MetricDataResults = [], NextToken } = await client.send(command, { abortSignal: signal });
    for (const result of MetricDataResults) lines.set(result.Label ?? '', [...(lines.get(result.Label ?? '') ?? []), ...pointsOf(result, metric)]);
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

/** Throws where this result was refused, which the answer around it does not say. */
function pointsOf({ Timestamps = [], Values = [], StatusCode, Messages = [] }: MetricDataResult, metric: AwsMetric): MetricLine['points'][number][] {
  if (StatusCode === 'InternalError' || StatusCode === 'Forbidden') {
    const why = [StatusCode, ...Messages.map(({ Value = '' }) => Value)].join(': ');
    const code = StatusCode === 'Forbidden' ? 'forbidden' : 'unreachable';
    throw new NightshiftError(code, `AWS refused or did not answer cloudwatch:GetMetricData for ${metric.name} in ${placeText(metric)}: ${why}`);
  }
  return Timestamps.flatMap((at, i) => (Values[i] === undefined ? [] : [{ at: at.getTime(), value: Values[i] }]));
}
