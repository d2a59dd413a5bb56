import { placeText, REGION } from '../domain/aws/place';
import type { AwsAccount } from '../domain/aws/place';
import type { AwsMetric } from '../domain/aws/metric';
import type { AwsQueue, AwsStream } from '../domain/aws/pulled';
import type { Problem } from '../domain/errors';
import { isOurs } from './endpoints';
import { placeIn } from './resolve-aws-place';
import type { AwsSource } from './schema-aws';

const MINUTE_MS = 60_000;
/** Nightshift's own lines would make new ones without end. */
const OWN_LOG_GROUPS = ['*nightshift*'];

/** Queues with their places, which their URLs tell unless the file does. */
export function resolveQueues(sources: NonNullable<AwsSource['queues']>, accounts: readonly AwsAccount[], problems: Problem[]): AwsQueue[] {
  return sources.flatMap(({ url, ...named }, i) => {
    const path = `aws.queues.${String(i)}`;
    if (!isOurs(url)) problems.push({ path: `${path}.url`, message: 'is neither of AWS (https, amazonaws.com) nor of this machine' });
    if (sources.findIndex((each) => each.url === url) !== i) problems.push({ path: `${path}.url`, message: 'is listed before; write each queue once' });
    const { hostname, pathname } = new URL(url);
    const region = named.region ?? hostname.split('.').find((label) => REGION.test(label));
    const account = named.account ?? /^\/(\d{12})\/[^/]+$/.exec(pathname)?.[1];
    const place = placeIn({ account, region }, accounts, path, problems);
    return place ? [{ url, ...place }] : [];
  });
}

/** Streams with their places. */
export function resolveStreams(sources: NonNullable<AwsSource['streams']>, accounts: readonly AwsAccount[], problems: Problem[]): AwsStream[] {
  const known = new Set<string>();
  return sources.flatMap(({ name, holds, from = 'latest', excludeLogGroups = OWN_LOG_GROUPS, ...named }, i) => {
    const path = `aws.streams.${String(i)}`;
    const place = placeIn(named, accounts, path, problems);
    if (!place) return [];
    const key = `${placeText(place)}/${name}`;
    if (known.has(key)) problems.push({ path: `${path}.name`, message: `${key} is listed before; write each stream once` });
    known.add(key);
    return [{ name, holds, from, excludeLogGroups, ...place }];
  });
}

/** Metrics with their places. */
export function resolveMetrics(sources: NonNullable<AwsSource['metrics']>, accounts: readonly AwsAccount[], problems: Problem[]): AwsMetric[] {
  return sources.flatMap(({ name, service, environment, query, metric, every = MINUTE_MS, ...named }, i) => {
    const path = `aws.metrics.${String(i)}`;
    if (every % MINUTE_MS !== 0) problems.push({ path: `${path}.every`, message: 'is not whole minutes, which the periods of CloudWatch are' });
    if (sources.findIndex((each) => each.name === name) !== i)
      problems.push({ path: `${path}.name`, message: `${name} is listed before; name each metric once` });
    if ((query === undefined) === (metric === undefined)) problems.push({ path, message: 'must have a query or a metric, and not both' });
    const place = placeIn(named, accounts, path, problems);
    const of = metric ? { ...metric, dimensions: metric.dimensions ?? {} } : { query: query ?? '' };
    const own = accounts.find(({ id }) => id === place?.account)?.environment;
    return place && own !== undefined ? [{ name, service, environment: environment ?? own, of, everyMs: every, ...place }] : [];
  });
}
