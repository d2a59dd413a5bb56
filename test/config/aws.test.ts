import { resolveAws } from '../../config/resolve-aws';
import { awsSchema } from '../../config/schema-aws';
import { Secrets } from '../../config/secrets';
import type { AwsConfig, Environment } from '../../config/types';

const PROD = { id: '123456789012', regions: ['eu-central-1', 'us-east-1'], role: 'nightshift-observer' };

function resolved(section: unknown, env: Environment = {}): { config: AwsConfig | undefined; problems: string[] } {
  const secrets = new Secrets(env, '/');
  const config = resolveAws(awsSchema.parse(section), env, secrets);
  return { config, problems: secrets.problems.map(({ path, message }) => `${path} ${message}`) };
}

test('a role by its name is that of the account, in the partition of its regions, with the external id from the environment', () => {
  const china = { id: '210987654321', regions: ['cn-north-1'], role: 'observer', environment: 'asia', externalId: { env: 'EXTERNAL' } };
  const { config, problems } = resolved({ accounts: [PROD, china] }, { EXTERNAL: 'north' });
  expect(problems).toEqual([]);
  expect(config?.accounts).toEqual([
    {
      id: '123456789012',
      regions: ['eu-central-1', 'us-east-1'],
      environment: 'production',
      role: { arn: 'arn:aws:iam::123456789012:role/nightshift-observer' },
    },
    { id: '210987654321', regions: ['cn-north-1'], environment: 'asia', role: { arn: 'arn:aws-cn:iam::210987654321:role/observer', externalId: 'north' } },
  ]);
});

test.each([
  ['an id that YAML read as a number', { accounts: [{ ...PROD, id: 123456789012 }] }],
  ['an id with a digit too few', { accounts: [{ ...PROD, id: '12345678901' }] }],
  ['a zone in place of a region', { accounts: [{ ...PROD, regions: ['eu-central-1a'] }] }],
  ['no region', { accounts: [{ ...PROD, regions: [] }] }],
  ['a secret that is written there', { accounts: [{ ...PROD, externalId: 'north' }] }],
])('%s is refused at the door', (_what, section) => {
  expect(awsSchema.safeParse(section).success).toBe(false);
});

test.each([
  ['an account twice', [PROD, PROD], 'aws.accounts.1.id 123456789012 is listed before'],
  ['a region twice', [{ ...PROD, regions: ['us-east-1', 'us-east-1'] }], 'aws.accounts.0.regions names a region twice'],
  ['regions of two partitions', [{ ...PROD, regions: ['us-east-1', 'us-gov-west-1'] }], 'aws.accounts.0.regions lie in several partitions'],
  ['a role of another account', [{ ...PROD, role: 'arn:aws:iam::210987654321:role/x' }], 'aws.accounts.0.role is a role of another account'],
  ['an external id without a role', [{ id: PROD.id, regions: PROD.regions, externalId: { env: 'EXTERNAL' } }], 'aws.accounts.0.externalId is used with a role'],
  ['two accounts, one of them without a role', [PROD, { id: '210987654321', regions: ['us-east-1'] }], 'aws.accounts.1 needs a role or a profile'],
])('%s is told, with what to do', (_what, accounts, problem) => {
  expect(resolved({ accounts }, { EXTERNAL: 'x' }).problems).toEqual([expect.stringContaining(problem)]);
});

test('an endpoint that scores is in the only account and region unless it says which', () => {
  const one = { accounts: [{ ...PROD, regions: ['eu-central-1'] }], scorers: [{ endpoint: 'rcf', measure: 'rate' }] };
  expect(resolved(one).config?.scorers).toEqual([
    { account: '123456789012', region: 'eu-central-1', endpoint: 'rcf', measure: 'rate', shingle: 8, timeoutMs: 2000 },
  ]);
});

test.each([
  [{}, 'aws.scorers.0.region is missing, and the account has several'],
  [{ region: 'eu-west-1' }, 'aws.scorers.0.region eu-west-1 is not among the regions of 123456789012'],
  [{ account: '210987654321' }, 'aws.scorers.0.account 210987654321 is not among aws.accounts'],
])('an endpoint at %j is told, with what to do', (place, problem) => {
  const scorers = [{ endpoint: 'rcf', measure: 'rate', ...place }];
  expect(resolved({ accounts: [PROD], scorers }).problems).toEqual([expect.stringContaining(problem)]);
});

test.each([
  ['http://127.0.0.1:4566', true],
  ['http://[::1]:4566', true],
  ['http://localhost:4566', true],
  ['https://vpce-1.monitoring.eu-central-1.vpce.amazonaws.com', true],
  ['http://monitoring.eu-central-1.amazonaws.com', false],
  ['https://amazonaws.com.example.org', false],
  ['http://10.0.0.7:4566', false],
  ['not a url', false],
])('requests, which carry credentials, go to %s: %s', (url, goes) => {
  const told = [expect.stringMatching(/^AWS_ENDPOINT_URL_SQS leads neither to AWS/) as string];
  expect(resolved({ accounts: [PROD] }, { AWS_ENDPOINT_URL_SQS: url }).problems).toEqual(goes ? [] : told);
});

describe('the bucket of the archive', () => {
  const section = (over: object) => ({ accounts: [PROD], export: { bucket: 'nightshift-archive', ...over } });

  test('is that of the first account and region, once a day, unless it is said', () => {
    const { config, problems } = resolved(section({}));
    expect(problems).toEqual([]);
    expect(config?.export).toMatchObject({ bucket: 'nightshift-archive', prefix: 'nightshift', region: 'eu-central-1', everyMs: 86_400_000, shingle: 8 });
    expect(config?.export?.account).toMatchObject({ regions: ['eu-central-1'], role: { arn: 'arn:aws:iam::123456789012:role/nightshift-observer' } });
  });

  test('is written by a role of its own where one is named', () => {
    const { config } = resolved(section({ region: 'us-west-2', role: 'nightshift-archive', externalId: { env: 'EXTERNAL' }, every: '6h', shingle: 16 }), {
      EXTERNAL: 'x',
    });
    expect(config?.export).toMatchObject({ region: 'us-west-2', everyMs: 6 * 3_600_000, shingle: 16 });
    expect(config?.export?.account).toMatchObject({
      regions: ['us-west-2'],
      role: { arn: 'arn:aws:iam::123456789012:role/nightshift-archive', externalId: 'x' },
    });
  });

  test('in an account that is not listed is told', () => {
    expect(resolved(section({ account: '210987654321' })).problems).toEqual(['aws.export.account 210987654321 is not among aws.accounts; add it there']);
  });

  test.each([
    ['a bucket that is none', { bucket: 'Archive_1' }],
    ['a prefix with a slash at its end', { prefix: 'night/' }],
    ['a prefix that is a step up', { prefix: 'a//b' }],
    ['every minute', { every: '1m' }],
    ['rows of no value', { shingle: 0 }],
  ])('%s is refused at the door', (_what, over) => {
    expect(awsSchema.safeParse(section(over)).success).toBe(false);
  });
});

describe('queries of logs', () => {
  const query = { name: 'declined', groups: ['/ecs/shop'], query: 'stats count(*) by bin(1m)', service: 'shop' };
  const one = { ...PROD, regions: ['eu-central-1'] };

  test('take the only place there is, and the usual times; those of flow logs wait longer', () => {
    const { config, problems } = resolved({ accounts: [one], flowLogs: [{ group: '/vpc', service: 'shop' }], logQueries: [{ ...query, every: '10m' }] });
    expect(problems).toEqual([]);
    expect(config?.logQueries).toMatchObject([
      { name: 'vpc_flow', groups: ['/vpc'], account: PROD.id, region: 'eu-central-1', everyMs: 900_000, delayMs: 900_000 },
      { ...query, everyMs: 600_000, delayMs: 120_000 },
    ]);
  });

  test.each([
    ['part of a minute', { accounts: [one], logQueries: [{ ...query, every: '90s' }] }, 'aws.logQueries.0.every must be whole minutes'],
    ['a name twice', { accounts: [one], logQueries: [query, query] }, 'aws.logQueries.1.name declined is listed before'],
    [
      'no region of several',
      { accounts: [PROD], flowLogs: [{ group: '/vpc', service: 'shop' }] },
      'aws.flowLogs.0.region is missing, and the account has several',
    ],
    [
      'an account that is not there',
      { accounts: [one], logQueries: [{ ...query, account: '999999999999' }] },
      'aws.logQueries.0.account 999999999999 is not among',
    ],
  ])('with %s are refused', (_what, section, problem) => {
    expect(resolved(section).problems).toEqual([expect.stringContaining(problem)]);
  });

  test('with what could be another query than it seems are refused at the door', () => {
    expect(awsSchema.safeParse({ accounts: [one], configuration: { types: ["AWS::EC2::Instance' OR '1"] } }).success).toBe(false);
    expect(awsSchema.safeParse({ accounts: [one], logQueries: [{ ...query, name: 'Declined orders' }] }).success).toBe(false);
  });
});

test('what is read again and again is off unless it is named, and then has its usual times', () => {
  const { config } = resolved({ accounts: [PROD] });
  expect([config?.muteRules, config?.serviceGraph, config?.configuration, config?.logQueries]).toEqual([undefined, undefined, undefined, []]);
  const on = resolved({ accounts: [PROD], muteRules: {}, serviceGraph: {}, configuration: { every: '10m' } }).config;
  expect([on?.muteRules, on?.serviceGraph]).toEqual([{ everyMs: 60_000 }, { everyMs: 300_000, expectedTracesPerDay: 100_000 }]);
  expect(on?.configuration).toEqual({ everyMs: 600_000, types: expect.arrayContaining(['AWS::EC2::SecurityGroup']) });
});
