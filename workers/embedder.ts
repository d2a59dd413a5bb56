import { awsAccess } from '../adapters/aws/access';
import { bedrockEmbedder } from '../adapters/aws/bedrock-embedder';
import type { NightshiftConfig } from '../config/types';
import type { Embedder } from '../ports/embedder';

/** What makes vectors of texts; undefined where the configuration names no model, and incidents are compared by their words. */
export function configuredEmbedder({ aws }: Pick<NightshiftConfig, 'aws'>): Embedder | undefined {
  return aws?.embeddings && bedrockEmbedder(awsAccess(aws), aws.embeddings);
}
