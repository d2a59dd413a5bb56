import { dimensionsOf, embeddingRequests, embeddingsOf } from '../../../domain/aws/embedding';

const TITAN = { model: 'amazon.titan-embed-text-v2:0', dimension: 3 };
const COHERE = { model: 'cohere.embed-v4:0', dimension: 2 };

test('models that can be asked have their dimensions, profiles too, and others have none', () => {
  expect(dimensionsOf('amazon.titan-embed-text-v2:0')?.[0]).toBe(1024);
  expect(dimensionsOf('eu.cohere.embed-v4:0')).toContain(1536);
  expect(['anthropic.claude', 'amazon.titan-embed-text-v2:0x', 'evil/cohere.embed-v4:0'].map(dimensionsOf)).toEqual([undefined, undefined, undefined]);
});

test('a request says for how many texts it is', () => {
  expect(embeddingRequests(TITAN, ['a', 'b']).map(({ texts }) => texts)).toEqual([1, 1]);
  expect(embeddingRequests(COHERE, ['a', 'b']).map(({ texts }) => texts)).toEqual([2]);
  expect(() => embeddingRequests({ model: 'other', dimension: 1 }, ['a'])).toThrow(TypeError);
});

test('vectors are read where there is one of the dimension for each text', () => {
  expect(embeddingsOf(TITAN, '{"embedding":[1,0,-0.5],"inputTextTokenCount":1}', 1)).toEqual([Float32Array.of(1, 0, -0.5)]);
  expect(embeddingsOf(COHERE, '{"embeddings":{"float":[[1,2],[3,4]]}}', 2)).toEqual([Float32Array.of(1, 2), Float32Array.of(3, 4)]);
});

test.each([
  ['no JSON', 'oops'],
  ['nothing', '{}'],
  ['too few numbers', '{"embedding":[1,0]}'],
  ['what is no number', '{"embedding":[1,"0",null]}'],
  ['another model', '{"embeddings":{"float":[[1,2,3]]}}'],
])('an answer that holds %s is none', (_what, answer) => {
  expect(embeddingsOf(TITAN, answer, 1)).toBeUndefined();
});
