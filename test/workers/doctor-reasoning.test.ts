import type { AwsConfig, ReasoningConfig } from '../../config/types';
import { reasoningFindings } from '../../workers/doctor-reasoning';
import { useProfiles } from '../fakes/aws/profiles';
import { startFakeAws } from '../fakes/aws/server';
import { putModel } from '../fakes/aws/services/bedrock';
import { putRole } from '../fakes/aws/services/sts';
import { startOpenAi } from '../fakes/openai/server';
import type { FakeOpenAi } from '../fakes/openai/server';

let endpoint: FakeOpenAi;
beforeEach(async () => {
  endpoint = await startOpenAi();
  endpoint.answers('{"ok":true}');
});
afterEach(() => endpoint.close());

const reasoning = (): ReasoningConfig => ({
  ...{ provider: 'openai', openai: { url: endpoint.url }, models: [{ id: 'local', rung: 'plain' }], price: { input: 0, output: 0 } },
  ...{ maxTokens: 100, timeoutMs: 2000, limits: { tokensPerIncident: 1, microUsdPerIncident: 1, microUsdPerDay: 1 } },
});

test('the model is named, and asked only where a person wants it', async () => {
  expect(await reasoningFindings({ reasoning: reasoning() }, false)).toEqual([
    expect.objectContaining({ ok: true, detail: 'local by openai, not asked; npx nightshift doctor --model asks' }),
  ]);
  expect(endpoint.asked).toEqual([]);
});

test('a model that answers is told with its rung and what it took', async () => {
  const [finding] = await reasoningFindings({ reasoning: reasoning() }, true);
  expect(finding).toMatchObject({ ok: true, detail: expect.stringMatching(/^local answers on the rung plain, in \d+ ms, for 220 tokens$/) as string });
});

test('one that may not be asked is told with what to do', async () => {
  endpoint.answers({ status: 401 });
  expect(await reasoningFindings({ reasoning: reasoning() }, true)).toEqual([
    expect.objectContaining({ ok: false, detail: expect.stringContaining('forbidden') as string, mend: expect.stringContaining('--role reasoner') as string }),
  ]);
});

test('without a model there is nothing to tell, unless it is asked for', async () => {
  expect([await reasoningFindings({}, false), await reasoningFindings({}, true)]).toEqual([[], [expect.objectContaining({ ok: false })]]);
});

test('a model of Bedrock is asked by the role of the reasoner, and by nobody else', async () => {
  const [id, region] = ['111122223333', 'eu-central-1'];
  const aws = await startFakeAws();
  const restore = useProfiles({ mine: id });
  try {
    const arn = `arn:aws:iam::${id}:role/nightshift-reasoner`;
    putRole(aws.place(region, id), { arn, externalId: 'ours' });
    putModel(aws.place(region, id), { modelId: 'eu.vendor.model-v1', rejects: ['schema'], answers: ['{"ok":true}'] });
    const account = { id, regions: [region], environment: 'production', profile: 'mine', role: { arn, externalId: 'ours' } };
    const { openai: _openai, ...rest } = { openai: undefined, ...reasoning() };
    const config: ReasoningConfig = { ...rest, provider: 'bedrock', models: [{ id: 'eu.vendor.model-v1' }], bedrock: { account, region } };
    const [finding] = await reasoningFindings({ reasoning: config, aws: { endpoint: aws.endpoint } as AwsConfig }, true);
    expect(finding).toMatchObject({ ok: true, detail: expect.stringContaining('eu.vendor.model-v1 answers on the rung strict-tool') as string });
    const callers = new Set(aws.ledger.of('bedrock.Converse').map(({ principal }) => principal));
    expect([...callers]).toEqual([`arn:aws:sts::${id}:assumed-role/nightshift-reasoner/nightshift-reasoner`]);
  } finally {
    restore();
    await aws.close();
  }
});
