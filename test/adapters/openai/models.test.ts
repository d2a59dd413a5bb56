import { openAiModels } from '../../../adapters/openai/models';
import { ladderedReasoner } from '../../../adapters/reasoning/laddered';
import type { ModelSettings } from '../../../adapters/reasoning/vendor';
import type { ReasonerResult } from '../../../ports/reasoner';
import { answer, asked } from '../../domain/reasoning/support/asked';
import { startOpenAi } from '../../fakes/openai/server';
import type { FakeOpenAi } from '../../fakes/openai/server';

let endpoint: FakeOpenAi;
beforeEach(async () => {
  endpoint = await startOpenAi();
  endpoint.answers(answer());
});
afterEach(() => endpoint.close());

function ask(models: readonly ModelSettings[] = [{ id: 'local' }], timeoutMs = 5000): Promise<ReasonerResult> {
  const vendor = openAiModels({ url: endpoint.url, key: 'sk-test', timeoutMs });
  const by = ladderedReasoner({ vendor, models, maxTokens: 900, timeoutMs, clock: { now: () => 0 }, pause: async () => undefined });
  return by.reason({ request: asked() }, { signal: new AbortController().signal });
}

test.each([
  [[], 'native'],
  [['response_format'], 'strict-tool'],
  [['response_format', 'strict'], 'forced-tool'],
  [['response_format', 'tools'], 'plain'],
] as const)('an endpoint that lacks %j answers on the rung %s', async (lacks, rung) => {
  endpoint.lacks(...lacks);
  const result = await ask();
  expect(result).toMatchObject({ ok: true, model: 'local', rung });
  expect(result.ok && JSON.parse(result.text)).toEqual(JSON.parse(answer()));
});

test('it is asked with the key, and an answer has its greatest length', async () => {
  await ask([{ id: 'local', rung: 'plain' }]);
  expect(endpoint.asked[0]).toMatchObject({ headers: { authorization: 'Bearer sk-test' }, body: { model: 'local', max_tokens: 900 } });
});

test('tokens that the provider had kept are counted apart', async () => {
  endpoint.answers({ says: answer(), cached: 150 });
  expect((await ask([{ id: 'local', rung: 'plain' }])).usage).toEqual({ input: 50, output: 20, cacheRead: 150, cacheWrite: 0 });
});

test.each([
  [{ finish: 'length' }, 'cut-off'],
  [{ finish: 'content_filter' }, 'refused'],
  [{ refusal: 'I cannot help.' }, 'refused'],
  [{ status: 429, retryAfter: 1 }, 'throttled'],
  [{ status: 401 }, 'forbidden'],
  [{ status: 404 }, 'misconfigured'],
  [{ status: 500 }, 'unavailable'],
  [{ status: 400, body: 'maximum context length is 4096 tokens' }, 'too-long'],
] as const)('%j is the failure %s', async (given, failure) => {
  endpoint.answers(given);
  expect(await ask([{ id: 'local', rung: 'plain' }])).toMatchObject({ ok: false, failure });
});

test('what is no chat completion is no answer', async () => {
  endpoint.answers({ status: 200, body: 'x' });
  expect(await ask([{ id: 'local', rung: 'plain' }])).toMatchObject({ ok: true, text: '' });
});

test('an endpoint that does not answer is left after its time', async () => {
  endpoint.answers({ hang: true });
  expect(await ask([{ id: 'local', rung: 'plain' }], 150)).toMatchObject({ ok: false, failure: 'timeout', unsure: true });
});

test('when the first model is overloaded the second one is asked', async () => {
  endpoint.answers({ status: 503 }, answer());
  const models = [
    { id: 'large', rung: 'plain' },
    { id: 'small', rung: 'plain' },
  ] as const;
  expect(await ask(models)).toMatchObject({ ok: true, model: 'small' });
});
