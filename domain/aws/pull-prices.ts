import type { Service } from '../inventory';
import { countOf } from './found-resource';
import type { AwsMetric } from './metric';
import { placeText } from './place';
import type { AwsQueue, AwsStream } from './pulled';

/**
 * US dollars in us-east-1, without free tiers, as in November 2026; other regions cost up to about half more.
 * - A request of SQS, standard queue, $0.40 a million (FIFO $0.50): https://aws.amazon.com/sqs/pricing/
 * - A GB that is read from an on-demand stream of Kinesis, $0.04. Of a provisioned one reading is free, as the hours of its shards are paid anyway, by whoever owns the stream:
 *   https://aws.amazon.com/kinesis/data-streams/pricing/
 * - A metric that GetMetricData is asked for, or that a query of Metrics Insights looks at, $0.01 a thousand: https://aws.amazon.com/cloudwatch/pricing/
 */
const USD = { metric: 0.01 / 1000, sqsRequest: 0.4 / 1e6, sqsFifoRequest: 0.5 / 1e6, kinesisGb: 0.04 } as const;

const DAYS = 30;
/** A wait of a queue in which nothing comes. */
const WAIT_SECONDS = 20;
/** What is expected where nobody knows better. */
const EXPECTED = { messagesPerDay: 10_000, gbPerDay: 1, metricsOfQuery: 100 } as const;

/** One question about the past covers so much of it where rows are a minute long: 900 of them. */
const PART_MS = 900 * 60_000;

/** What reading something costs a month, by estimate. */
export interface PullCost {
  /** As `queue events` or `stream lines`, with its place. */
  readonly what: string;
  readonly usd: number;
  /** What was reckoned with. */
  readonly basis: string;
  /** True of what is paid once. */
  readonly once?: true;
}

/** What is read. */
interface Pulled {
  readonly queues: readonly AwsQueue[];
  readonly streams: readonly AwsStream[];
  readonly metrics: readonly AwsMetric[];
}

/** What each queue, stream and metric costs a month; of a queue for each worker that reads it. */
export function pullCosts({ queues, streams, metrics }: Pulled): PullCost[] {
  return [...queues.map(queueCost), ...streams.map(streamCost), ...metrics.map(metricCost)];
}

/** The sum, rounded up to whole cents. */
export function totalUsd(costs: readonly PullCost[]): number {
  return Math.ceil(costs.reduce((sum, { usd }) => sum + usd, 0) * 100 - 1e-9) / 100;
}

/** At worst each message is fetched and deleted by itself. */
function queueCost({ url, ...place }: AwsQueue): PullCost {
  const requests = DAYS * (86_400 / WAIT_SECONDS + 2 * EXPECTED.messagesPerDay);
  const price = url.endsWith('.fifo') ? USD.sqsFifoRequest : USD.sqsRequest;
  const basis = `${String(requests)} requests by each worker, for ${String(EXPECTED.messagesPerDay)} messages a day`;
  return { what: `queue ${url.split('/').at(-1) ?? url} in ${placeText(place)}`, usd: requests * price, basis };
}

function streamCost({ name, ...place }: AwsStream): PullCost {
  const basis = `${String(EXPECTED.gbPerDay)} GB a day of an on-demand stream; reading a provisioned one is free`;
  return { what: `stream ${name} in ${placeText(place)}`, usd: DAYS * EXPECTED.gbPerDay * USD.kinesisGb, basis };
}

function metricCost({ name, of, everyMs, ...place }: AwsMetric): PullCost {
  const reads = Math.ceil((DAYS * 86_400_000) / everyMs);
  const each = 'query' in of ? EXPECTED.metricsOfQuery : 1;
  const basis = `${String(reads)} reads${each === 1 ? '' : ` of a query that looks at ${String(each)} metrics`}`;
  return { what: `metric ${name} in ${placeText(place)}`, usd: reads * each * USD.metric, basis };
}

/** What the numbers of a service cost a month, where CloudWatch tells them. */
export function serviceMetricsCost(service: Service): PullCost[] {
  const { metrics } = service;
  const count = metricCount(service);
  if (!metrics || count === 0) return [];
  const reads = monthlyReads(count, metrics.everyMs);
  return [{ what: `numbers of ${service.environment}/${service.name}`, usd: readsUsd(reads), basis: `${String(reads)} reads of ${String(count)} metrics` }];
}

/** What filling in the past of services costs, once. */
export function backfillCost(services: readonly Service[], reachMs: number): PullCost[] {
  const counts = services.map(metricCount).filter((count) => count > 0);
  const reads = counts.reduce((sum, count) => sum + pastReads(count, reachMs), 0);
  if (reads === 0) return [];
  const what = `past of ${String(counts.length)} ${counts.length === 1 ? 'service' : 'services'}`;
  return [{ what, usd: readsUsd(reads), basis: `${String(reads)} reads`, once: true }];
}

/** How often so many metrics are asked for in a month. */
export function monthlyReads(metrics: number, everyMs: number): number {
  return metrics * Math.ceil((DAYS * 86_400_000) / everyMs);
}

/** How often they are asked for to fill in their past. */
export function pastReads(metrics: number, reachMs: number): number {
  return metrics * Math.ceil(reachMs / PART_MS);
}

/** US dollars of asking for so many metrics, once each. */
export function readsUsd(reads: number): number {
  return reads * USD.metric;
}

function metricCount({ metrics }: Service): number {
  return (metrics?.cloudwatch ?? []).reduce((sum, resource) => sum + countOf(resource), 0);
}
