import { z } from 'zod';
import type { AwsPlace } from './place';

/** A model of Bedrock that makes vectors of texts, and where it is asked. */
export interface BedrockEmbedding extends AwsPlace {
  /** Id of the model or of an inference profile. */
  readonly model: string;
  readonly dimension: number;
  /** Of one request. */
  readonly timeoutMs: number;
}

interface Family {
  readonly model: RegExp;
  /** Dimensions that it can give; the first where nothing is said. */
  readonly dimensions: readonly number[];
  /** Texts that one request takes. */
  readonly texts: number;
  readonly body: (texts: readonly string[], dimension: number) => object;
  readonly vectors: (answer: unknown) => readonly (readonly number[])[] | undefined;
}

const titanAnswer = z.object({ embedding: z.array(z.number()) });
const cohereAnswer = z.object({ embeddings: z.object({ float: z.array(z.array(z.number())) }) });

/**
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html and
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v4.html
 */
const FAMILIES: readonly Family[] = [
  {
    model: /^amazon\.titan-embed-text-v2:0$/,
    dimensions: [1024, 512, 256],
    texts: 1,
    body: ([inputText = ''], dimensions) => ({ inputText, dimensions, normalize: true }),
    vectors: (answer) => {
      const read = titanAnswer.safeParse(answer);
      return read.success ? [read.data.embedding] : undefined;
    },
  },
  {
    model: /^(?:[a-z]{2,6}\.)?cohere\.embed-v4(?::0)?$/,
    dimensions: [1536, 1024, 512, 256],
    texts: 96,
    // Incidents are compared with incidents, so all are embedded as one kind.
    body: (texts, dimension) => ({ texts, input_type: 'search_document', embedding_types: ['float'], output_dimension: dimension }),
    vectors: (answer) => {
      const read = cohereAnswer.safeParse(answer);
      return read.success ? read.data.embeddings.float : undefined;
    },
  },
];

/** The dimensions that a model can give, the usual one first; undefined for a model that cannot be asked. */
export function dimensionsOf(model: string): readonly number[] | undefined {
  return familyOf(model)?.dimensions;
}

/** Bodies of the requests for texts, each with how many it is for. Throws TypeError for a model that cannot be asked. */
export function embeddingRequests(
  { model, dimension }: Pick<BedrockEmbedding, 'model' | 'dimension'>,
  texts: readonly string[],
): readonly { readonly body: string; readonly texts: number }[] {
  const family = familyOf(model);
  if (!family) throw new TypeError(`${model} is no model that makes vectors here`);
  const parts = Array.from({ length: Math.ceil(texts.length / family.texts) }, (_, i) => texts.slice(i * family.texts, (i + 1) * family.texts));
  return parts.map((part) => ({ body: JSON.stringify(family.body(part, dimension)), texts: part.length }));
}

/** Vectors of an answer; undefined where it is not one of the dimension for each text, or holds what is no number. */
export function embeddingsOf(
  { model, dimension }: Pick<BedrockEmbedding, 'model' | 'dimension'>,
  answer: string,
  texts: number,
): readonly Float32Array[] | undefined {
  const vectors = familyOf(model)?.vectors(parsed(answer));
  if (vectors?.length !== texts || vectors.some((vector) => vector.length !== dimension)) return undefined;
  return vectors.map((vector) => Float32Array.from(vector));
}

function familyOf(model: string): Family | undefined {
  return FAMILIES.find((family) => family.model.test(model));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
