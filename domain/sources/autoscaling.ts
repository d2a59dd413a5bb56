import { z } from 'zod';
import { eventReader, eventSource, text } from './aws-event';
import type { ToldEvent } from './aws-event';
import { awsEnvironment, consoleLink, isEnvironment } from './aws-names';
import { awsTime } from './aws-times';
import { words } from './cloudwatch-names';
import { serviceOf } from './names';
import type { Normalised, SourceContext } from './source';
import { toAlert } from './to-alert';
import { toChange } from './to-change';

const detail = z.looseObject({
  ...{ AutoScalingGroupName: z.string(), ActivityId: text, EC2InstanceId: text, StartTime: text, EndTime: text, Cause: text, StatusMessage: text },
});
type Told = ToldEvent<z.output<typeof detail>>;
type Activity = 'launch' | 'terminate';

/**
 * Instances that an Auto Scaling group launched or terminated: a change of the infrastructure, and the end of the alert that an attempt that failed began. Lifecycle actions,
 * refreshes and warm pools are left aside: what they do to instances is told as such.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
 */
export const autoscaling = eventSource({
  ...{
    name: 'autoscaling',
    title: 'Amazon EC2 Auto Scaling, launches and terminations by EventBridge',
    gives: ['alert', 'change'],
    service: 'aws.autoscaling',
  },
  readers: {
    'EC2 Instance Launch Successful': eventReader(detail, (event, context) => ended(event, 'launch', context)),
    'EC2 Instance Launch Unsuccessful': eventReader(detail, (event, context) => [alertOf(event, 'launch', 'firing', context)]),
    'EC2 Instance Terminate Successful': eventReader(detail, (event, context) => ended(event, 'terminate', context)),
    'EC2 Instance Terminate Unsuccessful': eventReader(detail, (event, context) => [alertOf(event, 'terminate', 'firing', context)]),
  },
  otherwise: 'as only launches and terminations that ended are kept',
});

function ended(event: Told, activity: Activity, context: SourceContext): Normalised[] {
  const { detail: told, at, account, region } = event;
  const instance = told.EC2InstanceId ?? 'an instance';
  const change = toChange(
    {
      ...{ kind: 'infrastructure', ...placeOf(event, context), at: awsTime(told.EndTime) ?? at, author: 'autoscaling' },
      id: told.ActivityId && `autoscaling:${account}:${region}:${told.ActivityId}`,
      summary: `${told.AutoScalingGroupName} ${activity === 'launch' ? 'launched' : 'terminated'} ${instance}${told.Cause ? `: ${told.Cause}` : ''}`,
      link: linkOf(event),
    },
    context,
  );
  return [change, alertOf(event, activity, 'resolved', context)];
}

function alertOf(event: Told, activity: Activity, status: 'firing' | 'resolved', context: SourceContext): Normalised {
  const { detail: told, at, account, region } = event;
  const when = awsTime(told.EndTime) ?? at;
  const failed = `${told.AutoScalingGroupName} could not ${activity} an instance: ${told.StatusMessage ?? told.Cause ?? 'no reason is told'}`;
  return toAlert(
    {
      ...{ source: 'autoscaling', status, name: activity === 'launch' ? 'LaunchUnsuccessful' : 'TerminateUnsuccessful', ...placeOf(event, context) },
      ...{ severity: 'sev3', fingerprint: `autoscaling:${account}:${region}:${told.AutoScalingGroupName}:${activity}` },
      id: told.ActivityId && `autoscaling:${account}:${region}:${told.ActivityId}:${status}`,
      summary: status === 'firing' ? failed : `${told.AutoScalingGroupName} can ${activity} instances`,
      ...{ startsAt: when, endsAt: status === 'resolved' ? when : undefined, link: linkOf(event) },
      labels: { group: told.AutoScalingGroupName, ...(account && { account }), ...(region && { region }) },
    },
    context,
  );
}

function placeOf({ detail: { AutoScalingGroupName: group } }: Told, context: SourceContext): { readonly environment: string; readonly service: string } {
  const environment = group.split(/[-_./]/).findLast(isEnvironment);
  return { environment: awsEnvironment([environment], context), service: serviceOf([group, ...words(group)], context) };
}

function linkOf({ detail: { AutoScalingGroupName: group }, region }: Told): string | undefined {
  return /^[\w.-]+$/.test(group) ? consoleLink(region, 'ec2/home', `AutoScalingGroupDetails:id=${group}`) : undefined;
}
