import type { AutoScalingGroup, ScalingPolicy, ScheduledUpdateGroupAction } from '@aws-sdk/client-auto-scaling';
import { arnIn } from '../../../domain/aws/arn';
import type { Capacity } from '../../../domain/aws/capacity';
import type { Booked } from '../../../domain/aws/capacity-schedule';
import type { AwsHands, AwsParts } from '../../../domain/aws/hands';
import { defined } from '../../../domain/defined';
import { awsClients } from '../clients';
import { wholeList } from '../lookback/kind';
import type { AwsHandsDeps } from './carrier';
import type { Scalable } from './scalable';

/** Groups of EC2 Auto Scaling. */
export function scalableGroups({ actuator }: Pick<AwsHandsDeps, 'actuator'>): (hands: AwsHands, part: NonNullable<AwsParts['autoscaling']>) => Scalable {
  const clients = awsClients(actuator.access, make);
  return ({ account, region }, { group }) => {
    const place = { account, region };
    const AutoScalingGroupName = group;
    const arn = arnIn(place, 'autoscaling', `autoScalingGroup:*:autoScalingGroupName/${group}`);
    const order = (operation: string) => ({
      place,
      operation: `autoscaling:${operation}`,
      may: [{ actions: [`autoscaling:${operation}`], resources: [arn] }],
      make,
    });
    return {
      async read() {
        const { DescribeAutoScalingGroupsCommand } = await import('@aws-sdk/client-auto-scaling');
        const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] });
        const { AutoScalingGroups = [] } = await clients.ask(place, 'autoscaling:DescribeAutoScalingGroups', (client) => client.send(command));
        const found = AutoScalingGroups.find((each) => each.AutoScalingGroupName === group);
        return found && capacityOf(found);
      },
      async policies() {
        const { DescribePoliciesCommand } = await import('@aws-sdk/client-auto-scaling');
        const all = await wholeList(async (NextToken) => {
          const command = new DescribePoliciesCommand({ AutoScalingGroupName, NextToken });
          const page = await clients.ask(place, 'autoscaling:DescribePolicies', (client) => client.send(command));
          return { items: page.ScalingPolicies ?? [], next: page.NextToken };
        });
        return all.filter((one) => one.AutoScalingGroupName === group && scalesIn(one)).map(({ PolicyName = '' }) => PolicyName);
      },
      async booked() {
        const { DescribeScheduledActionsCommand } = await import('@aws-sdk/client-auto-scaling');
        const all = await wholeList(async (NextToken) => {
          const command = new DescribeScheduledActionsCommand({ AutoScalingGroupName, NextToken });
          const page = await clients.ask(place, 'autoscaling:DescribeScheduledActions', (client) => client.send(command));
          return { items: page.ScheduledUpdateGroupActions ?? [], next: page.NextToken };
        });
        return all.flatMap(bookedOf);
      },
      async set(effect, { min, desired }) {
        const { UpdateAutoScalingGroupCommand } = await import('@aws-sdk/client-auto-scaling');
        // With a higher minimum alone the group grows to it, and is not shrunk where it has grown meanwhile.
        const command = new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, MinSize: min, ...(desired !== undefined && { DesiredCapacity: desired }) });
        await actuator.acts({ ...order('UpdateAutoScalingGroup'), effect, send: (client) => client.send(command) });
      },
      async book(effect, { name, at, min, max, desired }) {
        const { PutScheduledUpdateGroupActionCommand } = await import('@aws-sdk/client-auto-scaling');
        const sizes = defined({ MinSize: min, MaxSize: max, DesiredCapacity: desired });
        const command = new PutScheduledUpdateGroupActionCommand({ AutoScalingGroupName, ScheduledActionName: name, StartTime: new Date(at), ...sizes });
        await actuator.acts({ ...order('PutScheduledUpdateGroupAction'), effect, send: (client) => client.send(command) });
      },
      async unbook(effect, name) {
        const { DeleteScheduledActionCommand } = await import('@aws-sdk/client-auto-scaling');
        const command = new DeleteScheduledActionCommand({ AutoScalingGroupName, ScheduledActionName: name });
        await actuator.acts({ ...order('DeleteScheduledAction'), effect, send: (client) => client.send(command) });
      },
    };
  };
}

async function make(settings: object): Promise<import('@aws-sdk/client-auto-scaling').AutoScalingClient> {
  const { AutoScalingClient } = await import('@aws-sdk/client-auto-scaling');
  return new AutoScalingClient(settings);
}

/** A policy that only predicts adds and never takes back. https://docs.aws.amazon.com/autoscaling/ec2/userguide/predictive-scaling-policy-overview.html */
function scalesIn({ Enabled = true, PolicyType = 'SimpleScaling' }: ScalingPolicy): boolean {
  return Enabled && PolicyType !== 'PredictiveScaling';
}

function capacityOf(group: AutoScalingGroup): Capacity {
  const { AutoScalingGroupName = '', MinSize = 0, MaxSize = 0, DesiredCapacity = MinSize, Instances = [], SuspendedProcesses = [] } = group;
  const isSuspended = (process: string): boolean => SuspendedProcesses.some(({ ProcessName }) => ProcessName === process);
  return {
    ...{ name: `the Auto Scaling group ${AutoScalingGroupName}`, min: MinSize, max: MaxSize, desired: DesiredCapacity, base: DesiredCapacity },
    running: Instances.filter(({ LifecycleState }) => LifecycleState === 'InService').length,
    suspended: { growth: isSuspended('Launch'), schedule: isSuspended('ScheduledActions') },
  };
}

function bookedOf(action: ScheduledUpdateGroupAction): Booked[] {
  const { ScheduledActionName: name = '', StartTime, Recurrence, MinSize: min, MaxSize: max, DesiredCapacity: desired } = action;
  return StartTime && Recurrence === undefined ? [{ name, at: StartTime.getTime(), ...defined({ min, max, desired }) }] : [];
}
