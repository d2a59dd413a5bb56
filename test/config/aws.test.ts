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
  [{}, 'aws.scorers.0.region must say which region'],
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
