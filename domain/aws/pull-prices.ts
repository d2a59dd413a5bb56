import type { Service } from '../inventory';
import { countOf } from './found-resource';
import type { LogQuery } from './log-query';
import type { AwsMetric } from './metric';
import { placesOf, placeText } from './place';
import type { AwsAccount } from './place';
import type { AwsQueue, AwsStream } from './pulled';

/**
 * US dollars in us-east-1, without free tiers, as in November 2026; other regions cost up to about half more.
 * - A request of SQS, standard queue, $0.40 a million (FIFO $0.50): https://aws.amazon.com/sqs/pricing/
 * - A GB that is read from an on-demand stream of Kinesis, $0.04. Of a provisioned one reading is free, as the hours of its shards are paid anyway, by whoever owns the stream:
 *   https://aws.amazon.com/kinesis/data-streams/pricing/
 * - A metric that GetMetricData is asked for, or that a query of Metrics Insights looks at, $0.01 a thousand: https://aws.amazon.com/cloudwatch/pricing/
 * - A GB that a query of Logs Insights scans, $0.005: https://aws.amazon.com/cloudwatch/pricing/
 * - A trace that X-Ray scans, $0.50 a million: https://aws.amazon.com/xray/pricing/
 * - AWS Config bills what it records, whoever reads it, and no reading: https://aws.amazon.com/config/pricing/
 */
const USD = {
  ...{ metric: 0.01 / 1000, sqsRequest: 0.4 / 1e6, sqsFifoRequest: 0.5 / 1e6, kinesisGb: 0.04 },
  ...{ scannedGb: 0.005, scannedTrace: 0.5 / 1e6 },
} as const;
/** As AWS counts what is scanned. */
const GB = 1024 ** 3;

const DAYS = 30;
/** A wait of a queue in which nothing comes. */
const WAIT_SECONDS = 20;
/** What is expected where nobody knows better. */
const EXPECTED = { messagesPerDay: 10_000, gbPerDay: 1, metricsOfQuery: 100 } as const;
/** Lines that the groups of a query take in, and traces of an account and region, where the file says nothing. */
export const EXPECTED_POLLED = { gbPerDay: 1, tracesPerDay: 100_000 } as const;

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
export interface Pulled {
  readonly accounts: readonly AwsAccount[];
  readonly queues: readonly AwsQueue[];
  readonly streams: readonly AwsStream[];
  readonly metrics: readonly AwsMetric[];
  readonly logQueries: readonly LogQuery[];
  readonly serviceGraph?: { readonly expectedTracesPerDay: number };
  readonly configuration?: object;
  readonly muteRules?: object;
}

/** What each thing that is pulled costs a month; of a queue for each worker that reads it. */
export function pullCosts(pulled: Pulled): PullCost[] {
  return [...costsBesideQueries(pulled), ...pulled.logQueries.map(queryCost)];
}

/** US dollars of `mostUsd` a month that queries of Logs Insights may use up, as all others are estimated before; `besides` is what is read and not among these. */
export function leftForQueries(pulled: Pulled, mostUsd: number, besides: readonly PullCost[]): number {
  return Math.max(0, mostUsd - totalUsd([...costsBesideQueries(pulled), ...besides]));
}

/** US dollars of so many bytes that queries of Logs Insights scanned. */
export function scannedUsd(bytes: number): number {
  return (bytes / GB) * USD.scannedGb;
}

function costsBesideQueries({ queues, streams, metrics, ...polled }: Pulled): PullCost[] {
  return [...queues.map(queueCost), ...streams.map(streamCost), ...metrics.map(metricCost), ...placeCosts(polled)];
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

/** A window is asked for once, so that of each line there is one scan, however long windows are. */
function queryCost({ name, service, expectedGbPerDay, ...place }: LogQuery): PullCost {
  const basis = `${String(expectedGbPerDay)} GB a day that its log groups take in, each scanned once; what is really scanned counts as it runs`;
  return { what: `log query ${name} of ${service} in ${placeText(place)}`, usd: DAYS * expectedGbPerDay * USD.scannedGb, basis };
}

/** What is read of each account and region. */
function placeCosts({ accounts, serviceGraph, configuration, muteRules }: Omit<Pulled, 'queues' | 'streams' | 'metrics'>): PullCost[] {
  const places = placesOf(accounts).length;
  const where = `in ${String(places)} ${places === 1 ? 'region' : 'regions'} of accounts`;
  const traces = serviceGraph?.expectedTracesPerDay ?? 0;
  return [
    ...(serviceGraph
      ? [{ what: `service graph ${where}`, usd: DAYS * places * traces * USD.scannedTrace, basis: `${String(traces)} traces a day in each, scanned once` }]
      : []),
    ...(configuration ? [{ what: `AWS Config ${where}`, usd: 0, basis: 'its queries and histories are free; what it records is paid anyway' }] : []),
    ...(muteRules ? [{ what: `mute rules ${where}`, usd: 0, basis: 'reading them is free' }] : []),
  ];
}
