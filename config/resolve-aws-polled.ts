import { USUAL_TYPES } from '../domain/aws/config-items';
import { flowQuery } from '../domain/aws/log-query';
import type { LogQuery } from '../domain/aws/log-query';
import { placeText } from '../domain/aws/place';
import type { AwsAccount } from '../domain/aws/place';
import { EXPECTED_POLLED } from '../domain/aws/pull-prices';
import { defined } from '../domain/defined';
import type { Problem } from '../domain/errors';
import { placeIn } from './resolve-aws-place';
import type { AwsSource } from './schema-aws';
import type { AwsConfig } from './types';

const MINUTE_MS = 60_000;
/** Flow logs gather for up to ten minutes, and take some more to arrive. */
const FLOWS = { everyMs: 15 * MINUTE_MS, delayMs: 15 * MINUTE_MS } as const;
const QUERY = { everyMs: 5 * MINUTE_MS, delayMs: 2 * MINUTE_MS } as const;

type Polled = Pick<AwsConfig, 'muteRules' | 'serviceGraph' | 'configuration' | 'logQueries'>;

/** What is read again and again; only what the file asks for. What is wrong is noted in `problems`. */
export function resolvePolled({ muteRules, serviceGraph, configuration, ...logs }: AwsSource, accounts: readonly AwsAccount[], problems: Problem[]): Polled {
  return defined({
    muteRules: muteRules && every(muteRules, MINUTE_MS),
    serviceGraph: serviceGraph && {
      ...every(serviceGraph, 5 * MINUTE_MS),
      expectedTracesPerDay: serviceGraph.expectedTracesPerDay ?? EXPECTED_POLLED.tracesPerDay,
    },
    configuration: configuration && { ...every(configuration, 5 * MINUTE_MS), types: configuration.types ?? USUAL_TYPES },
    logQueries: resolveQueries(logs, accounts, problems),
  });
}

function every(section: { readonly every?: number | undefined }, usualMs: number): { readonly everyMs: number } {
  return { everyMs: section.every ?? usualMs };
}

function resolveQueries(
  { flowLogs = [], logQueries = [] }: Pick<AwsSource, 'flowLogs' | 'logQueries'>,
  accounts: readonly AwsAccount[],
  problems: Problem[],
): LogQuery[] {
  const common = (told: (typeof flowLogs | typeof logQueries)[number], path: string, usual: typeof FLOWS | typeof QUERY) => {
    const everyMs = told.every ?? usual.everyMs;
    // Windows of part of a minute would cut the counts of minutes in two.
    if (everyMs % MINUTE_MS !== 0) problems.push({ path: `${path}.every`, message: 'must be whole minutes, such as 5m' });
    const place = placeIn(told, accounts, path, problems);
    const expectedGbPerDay = told.expectedGbPerDay ?? EXPECTED_POLLED.gbPerDay;
    return place && { ...place, service: told.service, everyMs, delayMs: told.delay ?? usual.delayMs, expectedGbPerDay };
  };
  const flows = flowLogs.flatMap((told, i) => {
    const known = common(told, `aws.flowLogs.${String(i)}`, FLOWS);
    return known ? [flowQuery({ ...known, group: told.group })] : [];
  });
  const queries = logQueries.flatMap((told, i): LogQuery[] => {
    const { name, groups, query } = told;
    const known = common(told, `aws.logQueries.${String(i)}`, QUERY);
    return known ? [{ name, groups, query, ...known }] : [];
  });
  for (const [i, query] of queries.entries()) {
    const same = (other: LogQuery): boolean => other.name === query.name && other.service === query.service && placeText(other) === placeText(query);
    if (queries.findIndex(same) !== i)
      problems.push({
        path: `aws.logQueries.${String(i)}.name`,
        message: `${query.name} is listed before for this service; give each query its own name`,
      });
  }
  return [...flows, ...queries];
}
