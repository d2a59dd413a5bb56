import { resolveReasoning } from '../../config/resolve-reasoning';
import { reasoningSchema } from '../../config/schema-reasoning';
import { Secrets } from '../../config/secrets';

const ACCOUNT = {
  id: '123456789012',
  regions: ['eu-central-1', 'us-east-1'],
  environment: 'production',
  role: { arn: 'arn:aws:iam::123456789012:role/observer' },
};
const MODEL = { id: 'eu.vendor.model-v1', usdPerMillion: { input: 3, output: 15 } };

function resolved(source: object, accounts: readonly (typeof ACCOUNT)[] = [ACCOUNT]) {
  const secrets = new Secrets({ KEY: 'sk-local' }, '/');
  const config = resolveReasoning(reasoningSchema.parse(source), accounts, secrets);
  return { config, problems: secrets.problems.map(({ path, message }) => `${path} ${message}`) };
}

test('nothing is asked unless a provider is named', () => {
  expect([resolved({ provider: 'none' }).config, resolveReasoning(undefined, [], new Secrets({}, '/'))]).toEqual([undefined, undefined]);
});

test('a model of Bedrock is asked in the first account and region, with limits on what it may cost', () => {
  expect(resolved({ provider: 'bedrock', models: [MODEL] })).toMatchObject({
    config: {
      ...{ provider: 'bedrock', models: [{ id: MODEL.id }], price: { input: 3, output: 15 }, maxTokens: 1500, timeoutMs: 30_000 },
      limits: { tokensPerIncident: 150_000, microUsdPerIncident: 1_000_000, microUsdPerDay: 10_000_000 },
      bedrock: { region: 'eu-central-1', account: { regions: ['eu-central-1'], role: ACCOUNT.role } },
    },
    problems: [],
  });
});

test('the role of the reasoner is its own', () => {
  const { config } = resolved({
    provider: 'bedrock',
    models: [MODEL],
    bedrock: { role: 'nightshift-reasoner', externalId: { env: 'KEY' }, region: 'us-east-1' },
  });
  expect(config).toMatchObject({
    bedrock: { region: 'us-east-1', account: { role: { arn: 'arn:aws:iam::123456789012:role/nightshift-reasoner', externalId: 'sk-local' } } },
  });
});

test('a model on this machine needs no account and no price', () => {
  expect(
    resolved({ provider: 'openai', models: [{ id: 'llama3.1:8b' }], openai: { url: 'http://127.0.0.1:11434/v1/', key: { env: 'KEY' } } }, []),
  ).toMatchObject({
    config: { provider: 'openai', openai: { url: 'http://127.0.0.1:11434/v1', key: 'sk-local' }, price: { input: 0, output: 0 } },
    problems: [],
  });
});

test.each([
  ['no model', { provider: 'bedrock' }, 'reasoning.models is missing'],
  ['no price', { provider: 'bedrock', models: [{ id: 'm' }] }, 'reasoning.models.0.usdPerMillion is missing'],
  [
    'another account',
    { provider: 'bedrock', models: [MODEL], bedrock: { account: '210987654321' } },
    'reasoning.bedrock.account 210987654321 is not among aws.accounts',
  ],
  [
    'an external id without a role',
    { provider: 'bedrock', models: [MODEL], bedrock: { externalId: { env: 'KEY' } } },
    'reasoning.bedrock.externalId is used with a role',
  ],
  ['no endpoint', { provider: 'openai', models: [MODEL] }, 'reasoning.openai is missing'],
  [
    'evidence without TLS',
    { provider: 'openai', models: [MODEL], openai: { url: 'http://models.example.com/v1' } },
    'reasoning.openai.url sends evidence without TLS',
  ],
  ['evidence to what only looks like this machine', { provider: 'openai', models: [MODEL], openai: { url: 'http://127.0.0.1.example.com/v1' } }, 'without TLS'],
])('%s is a problem', (_what, source, told) => {
  expect(resolved(source).problems.join('; ')).toContain(told);
});

test('an endpoint of the own network is used without TLS where that is allowed', () => {
  expect(resolved({ provider: 'openai', models: [MODEL], openai: { url: 'http://gpu.lan:8000/v1', allowPrivate: true } }).problems).toEqual([]);
});
