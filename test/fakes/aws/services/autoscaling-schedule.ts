import { isDeepStrictEqual } from 'node:util';
import type {
  DeleteScheduledActionType,
  DescribeScheduledActionsType,
  PutScheduledUpdateGroupActionType,
  ScheduledActionsType,
  ScheduledUpdateGroupAction,
} from '@aws-sdk/client-auto-scaling';
import { AwsError, invalid } from '../errors';
import type { Call } from '../service';
import { groupOf, GROUPS, resized, scale } from './autoscaling-store';
import { idOf, stateKey, within } from './support';

const ACTIONS = stateKey('scheduled actions of groups', () => new Map<string, ScheduledUpdateGroupAction>());
const USUAL_PAGE = 50;
const PAGE = 100;
/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html */
const MOST_ACTIONS = 125;

function keyOf(group = '', name = ''): string {
  return `${group}|${name}`;
}

/** Puts an action, or puts it in the place of the one of its name; no two of a group begin at one time. */
export function putScheduledUpdateGroupAction(input: PutScheduledUpdateGroupActionType, call: Call): object {
  const { place, now } = call;
  const { AutoScalingGroupName: group, ScheduledActionName: name = '', StartTime, Time = StartTime, MinSize, MaxSize, DesiredCapacity, Recurrence } = input;
  const wanted = { MinSize, MaxSize, DesiredCapacity };
  resized(groupOf(call, group), wanted);
  if (Recurrence !== undefined) throw new AwsError('NotImplemented', 'The fake knows no scheduled actions of groups that recur.', 501);
  if (Object.values(wanted).every((size) => size === undefined)) throw invalid('At least one of minimum size, maximum size and desired capacity is needed.');
  if (!Time || Time.getTime() <= now) throw invalid('Given start time is in the past');
  const key = keyOf(group, name);
  const others = [...place.state(ACTIONS)].filter(([each, action]) => each !== key && action.AutoScalingGroupName === group);
  if (others.some(([, action]) => action.StartTime?.getTime() === Time.getTime()))
    throw new AwsError('AlreadyExistsFault', 'There is already a scheduled action of the group with the same start time');
  const before = place.state(ACTIONS).get(key);
  if (!before && others.length >= MOST_ACTIONS) throw new AwsError('LimitExceededFault', 'The group has too many scheduled actions');
  const ScheduledActionARN =
    before?.ScheduledActionARN ??
    place.arn('autoscaling', `scheduledUpdateGroupAction:${idOf(place)}:autoScalingGroupName/${group ?? ''}:scheduledActionName/${name}`);
  const action = {
    ...{ AutoScalingGroupName: group, ScheduledActionName: name, ScheduledActionARN, StartTime: Time, Time },
    ...Object.fromEntries(Object.entries(wanted).filter(([, size]) => size !== undefined)),
  };
  if (isDeepStrictEqual(before, action)) return {};
  place.state(ACTIONS).set(key, action);
  const detail = { at: Time.toISOString(), min: MinSize, max: MaxSize, desired: DesiredCapacity };
  const effect = { kind: 'autoscaling.scheduled', id: name, target: group ?? '', detail };
  if (before) call.effect(effect);
  else call.made(effect);
  place.world.agenda.at(Time.getTime(), (at) => fire(call, key, action, at));
  return {};
}

/** The time has come: the sizes of the group become those of the action, and stay so. */
function fire(call: Call, key: string, planned: ScheduledUpdateGroupAction, at: number): void {
  const { place } = call;
  // An action that was put again or deleted has another plan, or none.
  if (place.state(ACTIONS).get(key) !== planned) return;
  place.state(ACTIONS).delete(key);
  const { AutoScalingGroupName: target = '', ScheduledActionName: id = '', MinSize, MaxSize, DesiredCapacity } = planned;
  const group = place.state(GROUPS).get(target);
  if (!group || group.SuspendedProcesses?.some(({ ProcessName }) => ProcessName === 'ScheduledActions') === true) return;
  call.effect({ kind: 'autoscaling.fired', id, target, at, detail: { min: MinSize, max: MaxSize, desired: DesiredCapacity } });
  scale(call, group, resized(group, { MinSize, MaxSize, DesiredCapacity }), at);
}

/** Those that are asked for, soonest first. */
export function describeScheduledActions(input: DescribeScheduledActionsType, call: Call): ScheduledActionsType {
  const { AutoScalingGroupName: group, ScheduledActionNames: names = [], StartTime, EndTime, MaxRecords = USUAL_PAGE, NextToken } = input;
  const asked = (action: ScheduledUpdateGroupAction): boolean => {
    if (group !== undefined && action.AutoScalingGroupName !== group) return false;
    // Times are left aside where names are given.
    return names.length > 0 ? names.includes(action.ScheduledActionName ?? '') : within(action.StartTime, StartTime, EndTime);
  };
  const time = ({ StartTime: at }: ScheduledUpdateGroupAction): number => at?.getTime() ?? 0;
  const items = (): ScheduledUpdateGroupAction[] =>
    [...call.place.state(ACTIONS).values()]
      .filter((action) => asked(action) && call.visible(action.ScheduledActionName ?? ''))
      .sort((a, b) => time(a) - time(b));
  const page = call.page({ items, token: NextToken, size: MaxRecords, max: PAGE, badToken: 'InvalidNextToken' });
  return { ScheduledUpdateGroupActions: page.items, NextToken: page.next };
}

/** Deletes one; the group stays as it is. */
export function deleteScheduledAction(input: DeleteScheduledActionType, call: Call): object {
  const { AutoScalingGroupName: group, ScheduledActionName: id = '' } = input;
  groupOf(call, group);
  if (!call.place.state(ACTIONS).delete(keyOf(group, id))) throw invalid(`Scheduled action name not found`);
  call.effect({ kind: 'autoscaling.unscheduled', id, target: group ?? '' });
  return {};
}
