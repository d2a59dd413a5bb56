import type { AwsAccount } from '../domain/aws/place';
import { dimensionsOf } from '../domain/aws/embedding';
import type { BedrockEmbedding } from '../domain/aws/embedding';
import type { Problem } from '../domain/errors';
import { placeIn } from './resolve-aws-place';
import type { AwsSource } from './schema-aws';

/** The door answers within five seconds, and compares words when this is over. */
const TIMEOUT_MS = 3_000;
const PATH = 'aws.embeddings';

/** The model that makes vectors, with the place that it is asked in; undefined where none is named, or with a problem. */
export function resolveEmbeddings(source: AwsSource['embeddings'], accounts: readonly AwsAccount[], problems: Problem[]): BedrockEmbedding | undefined {
  if (source === undefined) return undefined;
  const { model, timeout: timeoutMs = TIMEOUT_MS, ...named } = source;
  const place = placeIn(named, accounts, PATH, problems);
  const dimensions = dimensionsOf(model) ?? [];
  const dimension = named.dimension ?? dimensions[0];
  if (dimension === undefined || !dimensions.includes(dimension)) {
    problems.push({ path: `${PATH}.dimension`, message: `${model} gives ${dimensions.join(', ')}; use one of these` });
    return undefined;
  }
  return place && { ...place, model, dimension, timeoutMs };
}
