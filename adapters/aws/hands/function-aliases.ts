import type { AliasConfiguration, ListVersionsByFunctionCommandOutput } from '@aws-sdk/client-lambda';
import { aliasState } from '../../../domain/aws/alias-shift';
import type { AliasState } from '../../../domain/aws/alias-shift';
import type { AwsHands } from '../../../domain/aws/hands';
import { placeText } from '../../../domain/aws/place';
import { NightshiftError } from '../../../domain/errors';
import type { AwsAccess } from '../access';
import { awsClients } from '../clients';
import { wholeList } from '../lookback/kind';
import { causeName } from './outcome';

/** An alias of a function. */
export interface AliasOf {
  readonly function: string;
  readonly alias: string;
}

/** Reads aliases. */
export interface FunctionAliases {
  /** Throws `effect_failed` where it is not there. */
  read(place: AwsHands, part: AliasOf): Promise<AliasState>;
  hasVersion(place: AwsHands, part: AliasOf, version: string): Promise<boolean>;
}

/** Reads by the role that acts. */
export function functionAliases(access: AwsAccess): FunctionAliases {
  const clients = awsClients(access, async (settings) => {
    const { LambdaClient } = await import('@aws-sdk/client-lambda');
    return new LambdaClient(settings);
  });
  return {
    async read(place, part) {
      const { GetAliasCommand } = await import('@aws-sdk/client-lambda');
      const command = new GetAliasCommand({ FunctionName: part.function, Name: part.alias });
      try {
        const alias: AliasConfiguration = await clients.ask(place, 'lambda:GetAlias', (client) => client.send(command));
        return aliasState(alias);
      } catch (error) {
        if (causeName(error) !== 'ResourceNotFoundException') throw error;
        const what = `there is no alias ${part.alias} of function ${part.function} in ${placeText(place)}; correct hands.lambda in the configuration`;
        throw new NightshiftError('effect_failed', what, [], { cause: error });
      }
    },
    async hasVersion(place, part, version) {
      const { ListVersionsByFunctionCommand } = await import('@aws-sdk/client-lambda');
      const all = await wholeList(async (Marker) => {
        const command = new ListVersionsByFunctionCommand({ FunctionName: part.function, Marker });
        const answer: ListVersionsByFunctionCommandOutput = await clients.ask(place, 'lambda:ListVersionsByFunction', (client) => client.send(command));
        return { items: answer.Versions ?? [], next: answer.NextMarker };
      });
      return all.some(({ Version }) => Version === version);
    },
  };
}
