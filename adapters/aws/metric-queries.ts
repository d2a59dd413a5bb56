import type { CloudWatchClient, MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { AwsMetric, MetricLine } from '../../domain/aws/metric';
import { placeText } from '../../domain/aws/place';
import { NightshiftError } from '../../domain/errors';
import type { TimeWindow } from '../../domain/poll-windows';
import type { MetricQueries } from '../../ports/metric-queries';
import type { AwsAccess, ReadSettings } from './access';
import { awsClients } from './clients';

/** So many metrics one call takes. */
const TOGETHER = 500;

/** Metrics of CloudWatch by `GetMetricData`, page by page. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export function cloudWatchQueries(access: AwsAccess): MetricQueries {
  const clients = awsClients(access, clientOf);
  const together = (metrics: readonly AwsMetric[], span: TimeWindow, signal: AbortSignal): Promise<MetricLine[][]> => {
    const [first] = metrics;
    if (!first) return Promise.resolve([]);
    return clients.ask(first, `cloudwatch:GetMetricData for ${first.name}`, (client) => allPages(client, metrics, span, signal));
  };
  return {
    read: async (metric, from, to, signal) => (await together([metric], { from, to }, signal)).flat(),
    async readAll(metrics, from, to, signal) {
      const all: MetricLine[][] = [];
      for (let i = 0; i < metrics.length; i += TOGETHER) all.push(...(await together(metrics.slice(i, i + TOGETHER), { from, to }, signal)));
      return all;
    },
  };
}

async function clientOf(settings: ReadSettings): Promise<CloudWatchClient> {
  // Loaded when it is needed first: most teams never need it.
  const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
  return new CloudWatchClient(settings);
}

/** The lines of each metric. */
async function allPages(client: CloudWatchClient, metrics: readonly AwsMetric[], { from, to }: TimeWindow, signal: AbortSignal): Promise<MetricLine[][]> {
  const { GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const asked = { MetricDataQueries: metrics.map(queryOf), StartTime: new Date(from), EndTime: new Date(to), ScanBy: 'TimestampAscending' } as const;
  const lines = metrics.map(() => new Map<string, MetricLine['points'][number][]>());
  let token: string | undefined;
  do {
    const command = new GetMetricDataCommand({ ...asked, ...(token !== undefined && { NextToken: token }) });
    const { MetricDataResults = [], NextToken } = await client.send(command, { abortSignal: signal });
    for (const result of MetricDataResults) {
      const i = Number(result.Id?.slice(1));
      const [metric, of, label] = [metrics[i], lines[i], result.Label ?? ''];
      if (metric && of) of.set(label, [...(of.get(label) ?? []), ...pointsOf(result, metric)]);
    }
    token = NextToken;
  } while (token !== undefined);
  return lines.map((of) => [...of].map(([label, points]) => ({ label, points })));
}

function queryOf({ of, everyMs }: AwsMetric, i: number): MetricDataQuery {
  const Id = `q${String(i)}`;
  const Period = everyMs / 1000;
  if ('query' in of) return { Id, Expression: of.query, Period };
  const Dimensions = Object.entries(of.dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Id, MetricStat: { Metric: { Namespace: of.namespace, MetricName: of.name, Dimensions }, Period, Stat: of.stat } };
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
