import { NightshiftError } from '../../../domain/errors';
import type { Service } from '../../../domain/inventory';
import type { Hands } from '../../../ports/hands';
import { awsClients } from '../clients';
import type { Actuator } from './actuator';

/** Hands on what runs on AWS. What is done with its parts are actions of their own; deploying and restarting a service as such is none, as AWS has many ways of it. */
export function createAwsHands({ access }: Pick<Actuator, 'access'>): Hands {
  const clients = awsClients(access, async (settings) => {
    const { STSClient } = await import('@aws-sdk/client-sts');
    return new STSClient(settings);
  });
  return {
    async describe(service) {
      const { account, region } = handsOf(service);
      const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
      const { Account = '' } = await clients.ask({ account, region }, 'sts:GetCallerIdentity', (sts) => sts.send(new GetCallerIdentityCommand({})));
      return { account: Account, region, releases: [], healthy: true };
    },
    look: async (service, { action }) => notDone(service, action),
    act: async (service, { action }) => notDone(service, action),
  };
}

function handsOf(service: Service): { readonly account: string; readonly region: string } {
  if (service.hands?.kind !== 'aws') throw new NightshiftError('internal', `${service.name} has no hands of AWS.`);
  return service.hands;
}

function notDone(service: Service, action: string): never {
  throw new NightshiftError('effect_failed', `${service.name} has hands on AWS, where ${action} is none of the actions; docs/actions.md lists those that are`);
}
