import { resolveAws } from '../../config/resolve-aws';
import { awsSchema } from '../../config/schema-aws';
import { Secrets } from '../../config/secrets';
import type { AwsConfig } from '../../config/types';
import { leftForQueries, pullCosts, scannedUsd, totalUsd } from '../../domain/aws/pull-prices';

const PROD = { id: '123456789012', regions: ['eu-central-1', 'us-east-1'], role: 'observer' };
const STAGING = { id: '210987654321', regions: ['eu-central-1'], role: 'observer' };
const URL = 'https://sqs.eu-central-1.amazonaws.com/123456789012/events';

function resolved(section: object, accounts: readonly object[] = [PROD]): { config: AwsConfig | undefined; problems: string[] } {
  const secrets = new Secrets({}, '/');
  const config = resolveAws(awsSchema.parse({ accounts, ...section }), {}, secrets);
  return { config, problems: secrets.problems.map(({ path, message }) => `${path} ${message}`) };
}

test.each([
  ['of AWS', URL],
  ['of a VPC endpoint', 'https://vpce-0a1b2c3d-4e5f.sqs.eu-central-1.vpce.amazonaws.com/123456789012/events'],
])('the address of a queue %s says where it is', (_what, url) => {
  const { config, problems } = resolved({ queues: [{ url }] }, [PROD, STAGING]);
  expect([config?.queues, problems]).toEqual([[{ url, account: '123456789012', region: 'eu-central-1' }], []]);
});

test('a stream is in the only account and region that there are, is read from now on, and leaves our own lines out', () => {
  const { config } = resolved({ streams: [{ name: 'lines', holds: 'logs' }] }, [STAGING]);
  expect(config?.streams).toEqual([
    { name: 'lines', holds: 'logs', from: 'latest', excludeLogGroups: ['*nightshift*'], account: '210987654321', region: 'eu-central-1' },
  ]);
});

test('a metric is of the environment of its account, and read each minute, unless it says otherwise', () => {
  const metrics = [{ name: 'depth', service: 'orders', query: 'SELECT MAX(Depth) FROM "AWS/SQS"' }];
  const { config, problems } = resolved({ metrics }, [{ ...STAGING, environment: 'staging' }]);
  expect(config?.metrics).toEqual([
    {
      name: 'depth',
      service: 'orders',
      environment: 'staging',
      everyMs: 60_000,
      of: { query: metrics[0]?.query },
      account: '210987654321',
      region: 'eu-central-1',
    },
  ]);
  expect(problems).toEqual([]);
});

test.each([
  ['a metric that is neither', { metrics: [{ name: 'x', service: 'y', region: 'us-east-1' }] }, 'aws.metrics.0 must have a query or a metric'],
  [
    'half a minute',
    { metrics: [{ name: 'x', service: 'y', region: 'us-east-1', query: 'SELECT 1', every: '90s' }] },
    'aws.metrics.0.every is not whole minutes',
  ],
  [
    'queries beyond the cap',
    { metrics: ['a', 'b'].map((name) => ({ name, service: 'y', region: 'us-east-1', query: 'SELECT 1' })) },
    'aws.monthlyUsd What is pulled would cost about 86.40',
  ],
  [
    'a queue at another address',
    { queues: [{ url: 'https://sqs.example.com/123456789012/events', region: 'us-east-1' }] },
    'aws.queues.0.url is neither of AWS',
  ],
  ['a queue twice', { queues: [{ url: URL }, { url: URL }] }, 'aws.queues.1.url is listed before'],
  [
    'a queue of an account that is not there',
    { queues: [{ url: URL.replace('123456789012', '999999999999') }] },
    'aws.queues.0.account 999999999999 is not among aws.accounts',
  ],
  [
    'a queue in a region that is not there',
    { queues: [{ url: URL.replace('eu-central-1', 'eu-west-1') }] },
    'aws.queues.0.region eu-west-1 is not among the regions',
  ],
  ['a stream without its region', { streams: [{ name: 'lines', holds: 'logs' }] }, 'aws.streams.0.region is missing, and the account has several'],
  [
    'more than may be spent',
    { queues: [{ url: URL }], monthlyUsd: 0.1 },
    'aws.monthlyUsd What is pulled would cost about 0.30 USD a month, and may cost 0.10: take something away',
  ],
])('%s is told, with what to do', (_what, section, problem) => {
  expect(resolved(section).problems).toEqual([expect.stringContaining(problem)]);
});

test('a queue costs its requests, whether or not anything comes, and a stream what is read of it', () => {
  const { config } = resolved({ queues: [{ url: URL }], streams: [{ name: 'lines', holds: 'metrics', region: 'us-east-1' }] });
  const costs = config ? pullCosts(config) : [];
  expect(costs.map(({ what, usd }) => [what, usd.toFixed(3)])).toEqual([
    ['queue events in 123456789012/eu-central-1', '0.292'],
    ['stream lines in 123456789012/us-east-1', '1.200'],
  ]);
  expect(totalUsd(costs)).toBe(1.5);
});

test('queries of Logs Insights cost what their groups take in, the service graph its traces in each region, and AWS Config and mute rules nothing', () => {
  const common = { account: '123456789012', region: 'us-east-1', service: 'shop' };
  const { config } = resolved({
    flowLogs: [{ ...common, group: '/vpc/shop', expectedGbPerDay: 40 }],
    logQueries: [{ ...common, name: 'declined', groups: ['/ecs/shop'], query: 'stats count(*)' }],
    ...{ serviceGraph: { expectedTracesPerDay: 1_000_000 }, configuration: {}, muteRules: {} },
  });
  const costs = config ? pullCosts(config) : [];
  expect(costs.map(({ what, usd }) => `${what}: ${usd.toFixed(2)}`)).toEqual([
    'service graph in 2 regions of accounts: 30.00',
    'AWS Config in 2 regions of accounts: 0.00',
    'mute rules in 2 regions of accounts: 0.00',
    'log query vpc_flow of shop in 123456789012/us-east-1: 6.00',
    'log query declined of shop in 123456789012/us-east-1: 0.15',
  ]);
  expect([config && leftForQueries(config, 50, []), scannedUsd(200 * 1024 ** 3)]).toEqual([20, 1]);
});

test.each([
  ['queries', { flowLogs: [{ group: '/vpc/shop', service: 'shop', account: '123456789012', region: 'us-east-1', expectedGbPerDay: 1000 }] }, '150.00'],
  ['a service graph', { serviceGraph: { expectedTracesPerDay: 10_000_000 } }, '300.00'],
])('%s beyond the cap are told, too', (_what, section, usd) => {
  expect(resolved(section).problems).toEqual([expect.stringContaining(`aws.monthlyUsd What is pulled would cost about ${usd} USD`)]);
});
