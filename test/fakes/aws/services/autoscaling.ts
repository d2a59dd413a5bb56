import type {
  AutoScalingGroup,
  AutoScalingGroupNamesType,
  AutoScalingGroupsType,
  DescribePoliciesType,
  Filter,
  PoliciesType,
  ScalingPolicy,
  SetDesiredCapacityType,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import { AwsError, invalid } from '../errors';
import type { Call, FakeService } from '../service';
import { deleteScheduledAction, describeScheduledActions, putScheduledUpdateGroupAction } from './autoscaling-schedule';
import { groupOf, GROUPS, POLICIES, putAutoScalingGroup, putScalingPolicy, resized, scale } from './autoscaling-store';

const PAGE = 100;
const USUAL_PAGE = 50;

function describeAutoScalingGroups(input: AutoScalingGroupNamesType, call: Call): AutoScalingGroupsType {
  const { AutoScalingGroupNames: names = [], Filters = [], MaxRecords = USUAL_PAGE, NextToken } = input;
  if (MaxRecords < 1 || MaxRecords > PAGE) throw invalid(`MaxRecords must be from 1 to ${String(PAGE)}.`);
  const asked = (group: AutoScalingGroup): boolean =>
    (names.length === 0 || names.includes(group.AutoScalingGroupName ?? '')) && Filters.every((filter) => fits(group, filter));
  const items = (): AutoScalingGroup[] =>
    [...call.place.state(GROUPS).values()].filter((group) => asked(group) && call.visible(group.AutoScalingGroupName ?? ''));
  const page = call.page({ items, token: NextToken, size: MaxRecords, max: PAGE, badToken: 'InvalidNextToken' });
  return { AutoScalingGroups: page.items, NextToken: page.next };
}

function fits({ Tags = [] }: AutoScalingGroup, { Name = '', Values = [] }: Filter): boolean {
  const tag = Name.startsWith('tag:') ? Name.slice('tag:'.length) : undefined;
  if (tag !== undefined) return Tags.some(({ Key, Value }) => Key === tag && Values.includes(Value ?? ''));
  if (Name === 'tag-key') return Tags.some(({ Key }) => Values.includes(Key ?? ''));
  if (Name === 'tag-value') return Tags.some(({ Value }) => Values.includes(Value ?? ''));
  throw invalid(`The fake does not filter groups by ${Name}.`);
}

function describePolicies(input: DescribePoliciesType, call: Call): PoliciesType {
  const { AutoScalingGroupName: group, PolicyNames: names = [], PolicyTypes: types = [], MaxRecords = USUAL_PAGE, NextToken } = input;
  if (group !== undefined) groupOf(call, group);
  const asked = (policy: ScalingPolicy): boolean =>
    (group === undefined || policy.AutoScalingGroupName === group) &&
    (names.length === 0 || [policy.PolicyName, policy.PolicyARN].some((name) => names.includes(name ?? ''))) &&
    (types.length === 0 || types.includes(policy.PolicyType ?? ''));
  const items = (): ScalingPolicy[] => [...call.place.state(POLICIES).values()].filter(asked);
  const page = call.page({ items, token: NextToken, size: MaxRecords, max: PAGE, badToken: 'InvalidNextToken' });
  return { ScalingPolicies: page.items, NextToken: page.next };
}

function setDesiredCapacity({ AutoScalingGroupName, DesiredCapacity = 0, HonorCooldown }: SetDesiredCapacityType, call: Call): object {
  const group = groupOf(call, AutoScalingGroupName);
  const { MinSize = 0, MaxSize = 0, Instances = [] } = group;
  if (DesiredCapacity < MinSize)
    throw invalid(`New SetDesiredCapacity value ${String(DesiredCapacity)} is below min value ${String(MinSize)} for the AutoScalingGroup.`);
  if (DesiredCapacity > MaxSize)
    throw invalid(`New SetDesiredCapacity value ${String(DesiredCapacity)} is above max value ${String(MaxSize)} for the AutoScalingGroup.`);
  if (HonorCooldown === true && Instances.some(({ LifecycleState }) => LifecycleState === 'Pending'))
    throw new AwsError('ScalingActivityInProgressFault', 'Scaling activity is in progress for the AutoScalingGroup');
  scale(call, group, { DesiredCapacity });
  return {};
}

function updateAutoScalingGroup(input: UpdateAutoScalingGroupType, call: Call): object {
  const group = groupOf(call, input.AutoScalingGroupName);
  const { DefaultCooldown = group.DefaultCooldown } = input;
  scale(call, group, { DefaultCooldown, ...resized(group, input) });
  return {};
}

/** EC2 Auto Scaling: as much as scaling a group needs. */
export const AUTOSCALING: FakeService = {
  signedAs: 'autoscaling',
  target: 'AutoScaling_20110101',
  xmlns: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
  load: () => import('@aws-sdk/client-auto-scaling'),
  operations: {
    DescribeAutoScalingGroups: describeAutoScalingGroups,
    DescribePolicies: describePolicies,
    SetDesiredCapacity: setDesiredCapacity,
    UpdateAutoScalingGroup: updateAutoScalingGroup,
    PutScheduledUpdateGroupAction: putScheduledUpdateGroupAction,
    DescribeScheduledActions: describeScheduledActions,
    DeleteScheduledAction: deleteScheduledAction,
  },
  facts: { group: { shape: 'AutoScalingGroup', put: putAutoScalingGroup }, policy: { shape: 'ScalingPolicy', put: putScalingPolicy } },
};
