import type { ScalableDimension, ScalableTarget, ScheduledAction, ServiceNamespace } from '@aws-sdk/client-application-auto-scaling';
import { arnIn } from '../../../domain/aws/arn';
import type { Capacity } from '../../../domain/aws/capacity';
import type { Booked } from '../../../domain/aws/capacity-schedule';
import type { AwsHands, AwsParts } from '../../../domain/aws/hands';
import type { AwsPlace } from '../../../domain/aws/place';
import { scalingGrants } from '../../../domain/aws/scaling-asks';
import { defined } from '../../../domain/defined';
import { errorCode } from '../../../domain/errors';
import { awsClients } from '../clients';
import type { AwsHandsDeps } from './carrier';
import type { Scalable } from './scalable';

type Part = NonNullable<AwsParts['scaling']>;
type Counts = Pick<Capacity, 'running'> & { readonly desired?: number };

/** Targets of Application Auto Scaling. How much of a service of ECS runs is read from there; what else is scaled follows its limits unseen. */
export function scalableTargets({ actuator }: Pick<AwsHandsDeps, 'actuator'>): (hands: AwsHands, part: Part) => Scalable {
  const make = async (settings: object): Promise<import('@aws-sdk/client-application-auto-scaling').ApplicationAutoScalingClient> => {
    const { ApplicationAutoScalingClient } = await import('@aws-sdk/client-application-auto-scaling');
    return new ApplicationAutoScalingClient(settings);
  };
  const clients = awsClients(actuator.access, make);
  const counts = ecsCounts({ actuator });
  return ({ account, region }, part) => {
    const place = { account, region };
    // What AWS does not know it refuses.
    const ServiceNamespace = part.namespace as ServiceNamespace;
    const target = { ServiceNamespace, ResourceId: part.resource, ScalableDimension: part.dimension as ScalableDimension };
    const arn = arnIn(place, 'application-autoscaling', 'scalable-target/*');
    const order = (operation: string) => {
      const action = `application-autoscaling:${operation}`;
      return { place, operation: action, may: [{ actions: [action], resources: [arn] }, ...scalingGrants(place, part)], make };
    };
    return {
      async read() {
        const { DescribeScalableTargetsCommand } = await import('@aws-sdk/client-application-auto-scaling');
        const command = new DescribeScalableTargetsCommand({ ServiceNamespace, ResourceIds: [part.resource], ScalableDimension: target.ScalableDimension });
        const { ScalableTargets = [] } = await clients.ask(place, 'application-autoscaling:DescribeScalableTargets', (client) => client.send(command));
        const found = ScalableTargets.find((each) => each.ResourceId === part.resource && each.ScalableDimension === part.dimension);
        return found && capacityOf(found, part, await counts(place, part));
      },
      // How much should run, Application Auto Scaling sets itself, and nothing here does.
      policies: async () => [],
      async booked() {
        const { DescribeScheduledActionsCommand } = await import('@aws-sdk/client-application-auto-scaling');
        const all: ScheduledAction[] = [];
        let NextToken: string | undefined;
        do {
          const command = new DescribeScheduledActionsCommand({ ...target, ...(NextToken !== undefined && { NextToken }) });
          const page = await clients.ask(place, 'application-autoscaling:DescribeScheduledActions', (client) => client.send(command));
          all.push(...(page.ScheduledActions ?? []));
          NextToken = page.NextToken;
        } while (NextToken !== undefined);
        return all.flatMap(bookedOf);
      },
      async set(effect, { min }) {
        const { RegisterScalableTargetCommand } = await import('@aws-sdk/client-application-auto-scaling');
        const command = new RegisterScalableTargetCommand({ ...target, MinCapacity: min });
        await actuator.acts({ ...order('RegisterScalableTarget'), effect, send: (client) => client.send(command) });
      },
      async book(effect, { name, at, min, max }) {
        const { PutScheduledActionCommand } = await import('@aws-sdk/client-application-auto-scaling');
        const Schedule = `at(${new Date(at).toISOString().slice(0, 19)})`;
        const limits = defined({ MinCapacity: min, MaxCapacity: max });
        const command = new PutScheduledActionCommand({ ...target, ScheduledActionName: name, Schedule, Timezone: 'UTC', ScalableTargetAction: limits });
        await actuator.acts({ ...order('PutScheduledAction'), effect, send: (client) => client.send(command) });
      },
      async unbook(effect, name) {
        const { DeleteScheduledActionCommand } = await import('@aws-sdk/client-application-auto-scaling');
        const command = new DeleteScheduledActionCommand({ ...target, ScheduledActionName: name });
        await actuator.acts({ ...order('DeleteScheduledAction'), effect, send: (client) => client.send(command) });
      },
    };
  };
}

/** How many tasks of a service run and should, where the target is a service of ECS that may be looked at. */
function ecsCounts({ actuator }: Pick<AwsHandsDeps, 'actuator'>): (place: AwsPlace, part: Part) => Promise<Counts> {
  const clients = awsClients(actuator.access, async (settings) => {
    const { ECSClient } = await import('@aws-sdk/client-ecs');
    return new ECSClient(settings);
  });
  return async (place, { namespace, resource }) => {
    const [, cluster, service] = resource.split('/');
    if (namespace !== 'ecs' || cluster === undefined || service === undefined) return {};
    const { DescribeServicesCommand } = await import('@aws-sdk/client-ecs');
    const command = new DescribeServicesCommand({ cluster, services: [service] });
    try {
      const { services = [] } = await clients.ask(place, 'ecs:DescribeServices', (ecs) => ecs.send(command));
      return defined({ running: services[0]?.runningCount, desired: services[0]?.desiredCount });
    } catch (error) {
      // Who may scale it need not see it.
      if (errorCode(error) === 'forbidden' || errorCode(error) === 'not_found') return {};
      throw error;
    }
  };
}

function capacityOf({ MinCapacity = 0, MaxCapacity = 0, SuspendedState = {} }: ScalableTarget, { namespace, resource }: Part, counts: Counts): Capacity {
  const { running, desired } = counts;
  return {
    ...{ name: `${namespace} ${resource}`, min: MinCapacity, max: MaxCapacity, base: desired ?? MinCapacity },
    ...(running !== undefined && { running }),
    suspended: { growth: SuspendedState.DynamicScalingOutSuspended === true, schedule: SuspendedState.ScheduledScalingSuspended === true },
  };
}

function bookedOf({ ScheduledActionName: name = '', Schedule = '', Timezone = 'UTC', ScalableTargetAction = {} }: ScheduledAction): Booked[] {
  const [, local] = /^at\((.+)\)$/.exec(Schedule) ?? [];
  const { MinCapacity: min, MaxCapacity: max } = ScalableTargetAction;
  // Ours are in UTC.
  return local === undefined || Timezone !== 'UTC' ? [] : [{ name, at: Date.parse(`${local}Z`), ...defined({ min, max }) }];
}
