import type { UpdateServiceCommandOutput } from '@aws-sdk/client-ecs';
import { arnIn } from '../../../domain/aws/arn';
import type { Effect } from '../../../ports/hands';
import type { ReadSettings } from '../access';
import type { Actuator } from './actuator';
import type { On } from './carrier';

type OnService = On<'ecs'>;

/** Lets a new deployment begin with what the service runs; its ARN where ECS tells it, and the id of the primary deployment. */
export async function forceNewDeployment(
  actuator: Actuator,
  on: OnService,
  effect: Effect,
): Promise<{ readonly current: string | undefined; readonly primary: string | undefined }> {
  const { UpdateServiceCommand } = await import('@aws-sdk/client-ecs');
  const { hands, part } = on;
  const arn = arnIn(hands, 'ecs', `service/${part.cluster}/${part.service}`);
  const command = new UpdateServiceCommand({ ...part, forceNewDeployment: true });
  const { service }: UpdateServiceCommandOutput = await actuator.acts({
    ...order(on, effect, 'ecs:UpdateService', arn),
    send: (client) => client.send(command),
  });
  return { current: service?.currentServiceDeployment, primary: service?.deployments?.find(({ status }) => status === 'PRIMARY')?.id };
}

/** Takes a deployment back that is under way. */
export async function stopDeployment(actuator: Actuator, on: OnService, effect: Effect, arn: string): Promise<void> {
  const { StopServiceDeploymentCommand } = await import('@aws-sdk/client-ecs');
  const command = new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: 'ROLLBACK' });
  await actuator.acts({ ...order(on, effect, 'ecs:StopServiceDeployment', arn), send: (client) => client.send(command) });
}

/** Ends the pause of a deployment. */
export async function continueDeployment(
  actuator: Actuator,
  on: OnService,
  effect: Effect,
  { deployment, hook }: { readonly deployment: string; readonly hook: string },
): Promise<void> {
  const { ContinueServiceDeploymentCommand } = await import('@aws-sdk/client-ecs');
  const command = new ContinueServiceDeploymentCommand({ serviceDeploymentArn: deployment, hookId: hook, action: 'CONTINUE' });
  await actuator.acts({ ...order(on, effect, 'ecs:ContinueServiceDeployment', deployment), send: (client) => client.send(command) });
}

function order({ hands }: OnService, effect: Effect, operation: string, arn: string) {
  return {
    ...{ place: hands, effect, operation, may: [{ actions: [operation], resources: [arn] }] },
    make: async (settings: ReadSettings) => {
      const { ECSClient } = await import('@aws-sdk/client-ecs');
      return new ECSClient(settings);
    },
  };
}
