import { resolveEmbeddings } from '../../config/resolve-embeddings';
import { awsSchema } from '../../config/schema-aws';
import type { Problem } from '../../domain/errors';

const ACCOUNT = { id: '123456789012', regions: ['eu-central-1'], environment: 'production' };
const TITAN = { model: 'amazon.titan-embed-text-v2:0' };

function resolved(embeddings: Parameters<typeof resolveEmbeddings>[0], regions = ACCOUNT.regions) {
  const problems: Problem[] = [];
  const found = resolveEmbeddings(embeddings, [{ ...ACCOUNT, regions }], problems);
  return { found, problems: problems.map(({ path, message }) => `${path} ${message}`) };
}

test('nothing is embedded unless a model is named', () => {
  expect(resolved(undefined)).toEqual({ found: undefined, problems: [] });
});

test("a model is asked in the only account and region, for the model's usual dimension, three seconds long", () => {
  expect(resolved(TITAN).found).toEqual({ ...TITAN, account: '123456789012', region: 'eu-central-1', dimension: 1024, timeoutMs: 3000 });
});

test('a dimension that the model does not give, and a place that is not clear, are told with what to do', () => {
  expect(resolved({ ...TITAN, dimension: 1536 }).problems).toEqual([
    'aws.embeddings.dimension amazon.titan-embed-text-v2:0 gives 1024, 512, 256; use one of these',
  ]);
  expect(resolved(TITAN, ['eu-central-1', 'us-east-1']).problems).toEqual([expect.stringContaining('aws.embeddings.region is missing')]);
});

test('a model that makes no vectors is refused at the door, by the names of those that do', () => {
  const read = awsSchema.safeParse({ accounts: [{ id: ACCOUNT.id, regions: ACCOUNT.regions }], embeddings: { model: 'anthropic.claude' } });
  expect(read.error?.issues[0]?.message).toContain('use amazon.titan-embed-text-v2:0 or cohere.embed-v4:0');
});
