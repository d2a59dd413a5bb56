import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { embeddingRequests, embeddingsOf } from '../../domain/aws/embedding';
import type { BedrockEmbedding } from '../../domain/aws/embedding';
import { NightshiftError } from '../../domain/errors';
import type { Embedder } from '../../ports/embedder';
import type { AwsAccess } from './access';
import { awsClients } from './clients';

/** A request is made once: whoever waits for an answer is a person, and what is kept is asked for again in a minute. */
const TRIES = 1;

/** Vectors by a model of Bedrock. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html */
export function bedrockEmbedder(access: AwsAccess, embedding: BedrockEmbedding): Embedder {
  const { model, dimension, timeoutMs } = embedding;
  const operation = `bedrock:InvokeModel of ${model}`;
  const clients = awsClients<BedrockRuntimeClient>(access, async (settings) => {
    // Loaded when it is needed first: most teams never need it.
    const { BedrockRuntimeClient } = await import('@aws-sdk/client-bedrock-runtime');
    return new BedrockRuntimeClient({ ...settings, maxAttempts: TRIES });
  });
  const invoke = (body: string): Promise<string> =>
    clients.ask(embedding, operation, async (client) => {
      const { InvokeModelCommand } = await import('@aws-sdk/client-bedrock-runtime');
      const command = new InvokeModelCommand({ modelId: model, contentType: 'application/json', accept: 'application/json', body });
      const answer = await client.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) });
      return Buffer.from(answer.body).toString('utf8');
    });
  return {
    kind: { model, dimension },
    async embed(texts) {
      const vectors: Float32Array[] = [];
      for (const request of embeddingRequests(embedding, texts)) {
        const found = embeddingsOf(embedding, await invoke(request.body), request.texts);
        if (!found) throw new NightshiftError('unreadable', `The answer of ${operation} is not a vector of ${String(dimension)} numbers for each text.`);
        vectors.push(...found);
      }
      return vectors;
    },
  };
}
