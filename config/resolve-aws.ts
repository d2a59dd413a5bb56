import { partitionOf } from '../domain/aws/place';
import type { ScoringEndpoint } from '../domain/aws/endpoint-scorer';
import type { AwsAccount } from '../domain/aws/place';
import { pullCosts, totalUsd } from '../domain/aws/pull-prices';
import type { PullCost } from '../domain/aws/pull-prices';
import { defined } from '../domain/defined';
import type { Problem } from '../domain/errors';
import { isOurs } from './endpoints';
import { resolveAwsExport } from './resolve-aws-export';
import { roleArn } from './resolve-bucket';
import { placeIn } from './resolve-aws-place';
import { nonEmpty } from './resolve-places';
import { resolveEmbeddings } from './resolve-embeddings';
import { resolvePolled } from './resolve-aws-polled';
import { resolveMetrics, resolveQueues, resolveStreams } from './resolve-aws-pulled';
import type { AwsSource } from './schema-aws';
import type { Secrets } from './secrets';
import type { AwsConfig, Environment } from './types';

const TIMEOUT_MS = 20_000;
/** A row waits no longer for an endpoint. */
const SCORE_TIMEOUT_MS = 2000;
/** Features of a value, where nothing is said. */
const SHINGLE = 8;
/** A mistake in the file must not cost more. */
export const MONTHLY_USD = 50;
/** CloudWatch keeps single minutes for so long. */
export const BACKFILL_MS = 15 * 86_400_000;
/** Pauses between two looks at what was begun; events cut them short. */
const POLL = { firstMs: 2_000, mostMs: 30_000 } as const;
/** Effects that are begun in a second, for each service of AWS. */
const PER_SECOND = 2;
/** Environment of accounts that name none. */
const ENVIRONMENT = 'production';
/** Variables by which the SDK can be led elsewhere. */
const ENDPOINT = /^AWS_ENDPOINT_URL(?:_[A-Z0-9_]+)?$/;

/** Accounts with their secrets read; undefined where the file has none. What leads to another server than AWS's is noted in `secrets`. */
export function resolveAws(source: AwsSource | undefined, env: Environment, secrets: Secrets): AwsConfig | undefined {
  if (source === undefined) return undefined;
  secrets.problems.push(...endpointProblems(env, source.endpoint), ...accountProblems(source.accounts));
  const accounts = source.accounts.map((each, i): AwsAccount => {
    const { id, regions, environment = ENVIRONMENT, profile } = each;
    const externalId = secrets.read(each.externalId, `aws.accounts.${String(i)}.externalId`);
    const role = each.role === undefined ? undefined : defined({ arn: roleArn(each.role, id, regions[0] ?? ''), externalId });
    const actuator = each.actuator && {
      arn: roleArn(each.actuator.role, id, regions[0] ?? ''),
      ...defined({ externalId: secrets.read(each.actuator.externalId, `aws.accounts.${String(i)}.actuator.externalId`) }),
    };
    return defined({ id, regions, environment, role, profile, actuator });
  });
  const queues = resolveQueues(source.queues ?? [], accounts, secrets.problems);
  const streams = resolveStreams(source.streams ?? [], accounts, secrets.problems);
  const metrics = resolveMetrics(source.metrics ?? [], accounts, secrets.problems);
  const scorers = resolveScorers(source.scorers ?? [], accounts, secrets.problems);
  const embeddings = resolveEmbeddings(source.embeddings, accounts, secrets.problems);
  const monthlyUsd = source.monthlyUsd ?? MONTHLY_USD;
  const polled = resolvePolled(source, accounts, secrets.problems);
  secrets.problems.push(...costProblems(pullCosts({ accounts, queues, streams, metrics, ...polled }), monthlyUsd));
  const backfillMs = source.backfill === false ? 0 : (source.backfill ?? BACKFILL_MS);
  const places = { accounts, timeoutMs: source.timeout ?? TIMEOUT_MS, endpoint: source.endpoint ?? awsEndpoint(env) };
  const { poll = POLL.firstMs, pollMost = POLL.mostMs, settle: settleMs, perSecond = PER_SECOND } = source.acting ?? {};
  const acting = defined({ pollMs: poll, pollMostMs: Math.max(poll, pollMost), settleMs, perSecond });
  const pulled = { queues, streams, metrics, backfillMs, monthlyUsd, ...polled };
  return defined({ ...places, ...pulled, acting, scorers, embeddings, export: resolveAwsExport(source.export, accounts, secrets) });
}

function resolveScorers(sources: NonNullable<AwsSource['scorers']>, accounts: readonly AwsAccount[], problems: Problem[]): ScoringEndpoint[] {
  return sources.flatMap(({ endpoint, measure, service, environment, shingle = SHINGLE, timeout = SCORE_TIMEOUT_MS, ...named }, i) => {
    const place = placeIn(named, accounts, `aws.scorers.${String(i)}`, problems);
    return place ? [defined({ ...place, endpoint, measure, service, environment, shingle, timeoutMs: timeout })] : [];
  });
}

/** Address that `AWS_ENDPOINT_URL` puts in place of AWS's. */
export function awsEndpoint(env: Environment): string | undefined {
  return nonEmpty(env['AWS_ENDPOINT_URL']);
}

/** Addresses that are neither of AWS nor of this machine: what is sent there holds credentials. */
export function endpointProblems(env: Environment, endpoint?: string): Problem[] {
  const named = Object.entries(env).flatMap(([name, text]) => (ENDPOINT.test(name) && nonEmpty(text) !== undefined ? [{ path: name, url: text ?? '' }] : []));
  return [...(endpoint === undefined ? [] : [{ path: 'aws.endpoint', url: endpoint }]), ...named].flatMap(({ path, url }) =>
    isOurs(url) ? [] : [{ path, message: 'leads neither to AWS (https, amazonaws.com) nor to this machine; remove it, as requests there carry credentials' }],
  );
}

/** What costs more than it may. */
export function costProblems(costs: readonly PullCost[], mostUsd: number): Problem[] {
  const usd = totalUsd(costs);
  if (usd <= mostUsd) return [];
  const once = totalUsd(costs.filter((each) => each.once));
  const past = once > 0 ? ` (${once.toFixed(2)} of it once, for the past)` : '';
  const message = `What is pulled would cost about ${usd.toFixed(2)} USD a month${past}, and may cost ${mostUsd.toFixed(2)}: take something away, read metrics less often, or raise it`;
  return [{ path: 'aws.monthlyUsd', message }];
}

function accountProblems(accounts: AwsSource['accounts']): Problem[] {
  return accounts.flatMap(({ id, regions, role, externalId, profile, actuator }, i) => {
    const path = `aws.accounts.${String(i)}`;
    const problems: Problem[] = [];
    if (accounts.findIndex((each) => each.id === id) !== i) problems.push({ path: `${path}.id`, message: `${id} is listed before; write each account once` });
    if (new Set(regions).size !== regions.length) problems.push({ path: `${path}.regions`, message: 'names a region twice; write each once' });
    if (new Set(regions.map(partitionOf)).size > 1) {
      problems.push({ path: `${path}.regions`, message: 'lie in several partitions, which no account does; make an account of each' });
    }
    if (externalId && role === undefined) problems.push({ path: `${path}.externalId`, message: 'is used with a role alone; name the role, or remove it' });
    if (role?.startsWith('arn:') === true && !role.includes(`::${id}:`)) {
      problems.push({ path: `${path}.role`, message: `is a role of another account than ${id}` });
    }
    if (actuator?.role.startsWith('arn:') === true && !actuator.role.includes(`::${id}:`)) {
      problems.push({ path: `${path}.actuator.role`, message: `is a role of another account than ${id}` });
    }
    if (role === undefined && profile === undefined && accounts.length > 1) {
      problems.push({ path, message: 'needs a role or a profile, as several accounts cannot all be that of the credentials that are found' });
    }
    return problems;
  });
}
