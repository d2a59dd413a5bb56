import { awsAccess } from '../../../adapters/aws/access';
import { bedrockEmbedder } from '../../../adapters/aws/bedrock-embedder';
import type { BedrockEmbedding } from '../../../domain/aws/embedding';
import { cosine } from '../../../domain/knowledge/vector';
import { keysOf } from '../../fakes/aws/identity';
import { startFakeAws } from '../../fakes/aws/server';
import type { FakeAws } from '../../fakes/aws/server';

const ACCOUNT = '111122223333';
const PLACE = { account: ACCOUNT, region: 'eu-central-1' };
const TITAN: BedrockEmbedding = { ...PLACE, model: 'amazon.titan-embed-text-v2:0', dimension: 512, timeoutMs: 2000 };
const COHERE: BedrockEmbedding = { ...TITAN, model: 'eu.cohere.embed-v4:0', dimension: 256 };

let aws: FakeAws;
beforeAll(async () => {
  aws = await startFakeAws({});
  const { accessKeyId, secretAccessKey } = keysOf(ACCOUNT);
  process.env['AWS_ACCESS_KEY_ID'] = accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = secretAccessKey;
});
afterEach(() => aws.ledger.clear());
afterAll(() => aws.close());

function embedder(embedding: BedrockEmbedding) {
  const accounts = [{ id: ACCOUNT, regions: [PLACE.region], environment: 'production' }];
  return bedrockEmbedder(awsAccess({ accounts, timeoutMs: 5000, endpoint: aws.endpoint }), embedding);
}

const requests = (): object[] =>
  aws.ledger.of('bedrock.InvokeModel').map(({ input }) => JSON.parse(Buffer.from((input as { body: Uint8Array }).body).toString()) as object);

test('Titan makes one vector a request, of the dimension that was asked for, and near texts are near', async () => {
  const [pool, near, far] = await embedder(TITAN).embed(['connection pool timeout', 'timeout of the connection pool', 'certificate expired']);
  expect([pool?.length, near?.length, far?.length]).toEqual([512, 512, 512]);
  expect(cosine(pool!, near!)).toBeGreaterThan(0.7);
  expect(cosine(pool!, far!)).toBeLessThan(0.3);
  expect(requests()).toHaveLength(3);
  expect(requests()[0]).toEqual({ inputText: 'connection pool timeout', dimensions: 512, normalize: true });
});

test('Cohere makes all vectors in one request, in order, up to 96', async () => {
  const texts = Array.from({ length: 100 }, (_, i) => `word${'abcdefghij'[i % 10] ?? ''}${'klmnopqrst'[Math.floor(i / 10)] ?? ''}`);
  const vectors = await embedder(COHERE).embed(texts);
  expect(vectors.map(({ length }) => length)).toEqual(texts.map(() => 256));
  expect(requests()).toMatchObject([
    { texts: { length: 96 }, input_type: 'search_document', embedding_types: ['float'], output_dimension: 256 },
    { texts: texts.slice(96) },
  ]);
  expect(await embedder(COHERE).embed(texts.slice(97, 98))).toEqual([vectors[97]]);
});

test('nothing is asked for no texts', async () => {
  expect([await embedder(TITAN).embed([]), requests()]).toEqual([[], []]);
});

test.each([
  ['throttle', 'rate_limited'],
  ['deny', 'forbidden'],
  ['fail', 'unreachable'],
] as const)('where it is befallen by %s, it fails once as %s and is not asked again by itself', async (effect, code) => {
  const lift = aws.fault({ effect, service: 'bedrock' });
  await expect(embedder(TITAN).embed(['x y z'])).rejects.toMatchObject({
    code,
    message: expect.stringContaining('bedrock:InvokeModel of amazon.titan') as string,
  });
  lift();
  expect(aws.ledger.of('bedrock.InvokeModel')).toHaveLength(1);
});

test('one that does not answer is given up after its time', async () => {
  const lift = aws.fault({ effect: 'hang', service: 'bedrock' });
  await expect(embedder({ ...TITAN, timeoutMs: 100 }).embed(['x y z'])).rejects.toMatchObject({ code: 'unreachable' });
  lift();
});

test('a dimension that the model does not give is refused by it', async () => {
  await expect(embedder({ ...TITAN, dimension: 333 }).embed(['one'])).rejects.toMatchObject({ code: 'invalid_input' });
});
