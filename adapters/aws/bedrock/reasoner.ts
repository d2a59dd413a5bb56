import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import type { AwsPlace } from '../../../domain/aws/place';
import type { ModelVendor } from '../../reasoning/vendor';
import type { AwsAccess } from '../access';
import { awsClients } from '../clients';
import { converseAnswer } from './converse-answer';
import { converseInput } from './converse-request';
import type { Guardrail } from './converse-request';
import { bedrockFailure } from './failures';

/** Session of the role that asks models, and may do nothing else. */
export const REASONING = { name: 'nightshift-reasoner', seconds: 3600 } as const;

/** What asking Bedrock works with. */
export interface BedrockDeps {
  readonly access: AwsAccess;
  readonly place: AwsPlace;
  readonly guardrail?: Guardrail;
}

/** Models of Bedrock, by Converse. A call is made once: whether it is made again is decided where its cost is known. */
export function bedrockModels({ access, place, guardrail }: BedrockDeps): ModelVendor {
  const clients = awsClients<BedrockRuntimeClient>(access, async (settings) => {
    // Loaded when it is needed first: most teams never need it.
    const { BedrockRuntimeClient: Client } = await import('@aws-sdk/client-bedrock-runtime');
    return new Client({ ...settings, maxAttempts: 1 });
  });
  return {
    ask: async (sent) => {
      const { ConverseCommand } = await import('@aws-sdk/client-bedrock-runtime');
      const command = new ConverseCommand(converseInput(sent, guardrail));
      return converseAnswer(await clients.ask(place, 'bedrock:InvokeModel', (client) => client.send(command, { abortSignal: sent.signal })));
    },
    failureOf: bedrockFailure,
  };
}
