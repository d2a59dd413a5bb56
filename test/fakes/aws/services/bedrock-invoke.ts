import { createHash } from 'node:crypto';
import type { InvokeModelCommandOutput, InvokeModelRequest } from '@aws-sdk/client-bedrock-runtime';
import { words } from '../../../../domain/knowledge/terms';
import { AwsError } from '../errors';

interface TitanBody {
  readonly inputText?: unknown;
  readonly dimensions?: number;
  readonly normalize?: boolean;
}

interface CohereBody {
  readonly texts?: readonly unknown[];
  readonly input_type?: string;
  readonly embedding_types?: readonly string[];
  readonly output_dimension?: number;
}

const TITAN = { id: 'amazon.titan-embed-text-v2:0', dimensions: [256, 512, 1024], usual: 1024 };
const COHERE = { id: /^(?:[a-z]{2,6}\.)?cohere\.embed-v4(?::0)?$/, dimensions: [256, 512, 1024, 1536], usual: 1536, texts: 96 };

/** Vectors of texts by the models that have them here: texts of the same words have near vectors, and the same text always has the same one. */
export function invokeModel({ modelId = '', body }: InvokeModelRequest): Pick<InvokeModelCommandOutput, 'contentType'> & { readonly body: Uint8Array } {
  const given = read(body);
  const answer = modelId === TITAN.id ? titan(given) : COHERE.id.test(modelId) ? cohere(given) : undefined;
  if (answer === undefined) throw new AwsError('ValidationException', 'The provided model identifier is invalid.');
  return { body: Buffer.from(JSON.stringify(answer)), contentType: 'application/json' };
}

function titan({ inputText, dimensions = TITAN.usual }: TitanBody): object {
  if (typeof inputText !== 'string' || inputText === '' || !TITAN.dimensions.includes(dimensions)) throw malformed();
  return { embedding: vector(inputText, dimensions), embeddingsByType: { float: vector(inputText, dimensions) }, inputTextTokenCount: words(inputText).length };
}

function cohere({ texts, input_type: type, embedding_types: types = ['float'], output_dimension: dimension = COHERE.usual }: CohereBody): object {
  if (type === undefined || !texts || texts.length === 0 || texts.length > COHERE.texts || !COHERE.dimensions.includes(dimension)) throw malformed();
  if (!texts.every((text) => typeof text === 'string') || types.join() !== 'float') throw malformed();
  return { id: 'embed', response_type: 'embeddings_by_type', texts, embeddings: { float: texts.map((text) => vector(text, dimension)) } };
}

/** Every word adds to one place that its digest says. */
function vector(text: string, dimension: number): number[] {
  const sum = Array.from({ length: dimension }, () => 0);
  for (const word of words(text)) {
    const place = createHash('sha256').update(word).digest().readUInt32BE(0) % dimension;
    sum[place] = (sum[place] ?? 0) + 1;
  }
  const length = Math.hypot(...sum) || 1;
  return sum.map((value) => value / length);
}

function read(body: InvokeModelRequest['body']): TitanBody & CohereBody {
  try {
    return JSON.parse(Buffer.from(body ?? new Uint8Array()).toString('utf8')) as TitanBody & CohereBody;
  } catch {
    throw malformed();
  }
}

function malformed(): AwsError {
  return new AwsError('ValidationException', 'Malformed input request, please reformat your input and try again.');
}
