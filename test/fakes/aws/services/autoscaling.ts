import type {
  AutoScalingGroup,
  AutoScalingGroupNamesType,
  AutoScalingGroupsType,
  Filter,
  Instance,
  SetDesiredCapacityType,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import { AwsError, invalid } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { found, stateKey } from './support';

const GROUPS = stateKey('auto scaling groups', () => new Map<string, AutoScalingGroup>());
const PAGE = 100;
const USUAL_PAGE = 50;
const LAUNCH_MS = 30_000;

/** Adds a group, by its name; where it names no instances it has as many as it should. */
export function putAutoScalingGroup(place: Place, group: AutoScalingGroup): void {
  const { AutoScalingGroupName: name = '', MinSize = 0, DesiredCapacity = MinSize, MaxSize = DesiredCapacity } = group;
  const arn = place.arn('autoscaling', `autoScalingGroup:${name}:autoScalingGroupName/${name}`);
  const usual = { AutoScalingGroupARN: arn, DefaultCooldown: 300, AvailabilityZones: [`${place.region}a`, `${place.region}b`], HealthCheckType: 'EC2' };
  const whole: AutoScalingGroup = {
    ...{ ...usual, CreatedTime: new Date(place.world.clock.now()), MinSize, MaxSize, DesiredCapacity },
    ...group,
    AutoScalingGroupName: name,
  };
  const zones = whole.AvailabilityZones ?? [];
  place.state(GROUPS).set(name, { ...whole, Instances: group.Instances ?? launched(place, DesiredCapacity, zones, 0, 'InService') });
}

function launched(place: Place, count: number, zones: readonly string[], from: number, LifecycleState: 'Pending' | 'InService'): Instance[] {
  return Array.from({ length: count }, (_, i) => ({
    InstanceId: `i-${place.world.next().toString(16).padStart(17, '0')}`,
    AvailabilityZone: zones[(from + i) % Math.max(1, zones.length)] ?? '',
    ...{ LifecycleState, HealthStatus: 'Healthy', ProtectedFromScaleIn: false, InstanceType: 't3.small' },
  }));
}

function groupOf({ place }: Call, name = ''): AutoScalingGroup {
  const group = place.state(GROUPS).get(name);
  if (!group) throw invalid('AutoScalingGroup name not found - null');
  return group;
}

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
  const { MinSize = group.MinSize ?? 0, MaxSize = group.MaxSize ?? 0, DefaultCooldown = group.DefaultCooldown } = input;
  if (MinSize > MaxSize) throw invalid(`Max bound, ${String(MaxSize)}, must be greater than or equal to min bound, ${String(MinSize)}`);
  const wanted = input.DesiredCapacity;
  if (wanted !== undefined && (wanted < MinSize || wanted > MaxSize))
    throw invalid(`Desired capacity:${String(wanted)} must be between the specified min size and max size`);
  const DesiredCapacity = wanted ?? Math.min(Math.max(group.DesiredCapacity ?? 0, MinSize), MaxSize);
  scale(call, group, { MinSize, MaxSize, DefaultCooldown, DesiredCapacity });
  return {};
}

/** Changes sizes; instances that are missing are launched, the newest that are too many end at once. */
function scale(call: Call, group: AutoScalingGroup, changes: Partial<AutoScalingGroup>): void {
  const { place, now } = call;
  const name = group.AutoScalingGroupName ?? '';
  const sizes = ({ MinSize, MaxSize, DesiredCapacity }: AutoScalingGroup): object => ({ min: MinSize, max: MaxSize, desired: DesiredCapacity });
  const changed = { ...group, ...changes };
  const { Instances = [], DesiredCapacity = 0, AvailabilityZones = [] } = changed;
  const fresh = launched(place, Math.max(0, DesiredCapacity - Instances.length), AvailabilityZones, Instances.length, 'Pending');
  place.state(GROUPS).set(name, { ...changed, Instances: [...Instances.slice(0, DesiredCapacity), ...fresh] });
  const [from, to] = [sizes(group), sizes(changed)];
  if (JSON.stringify(from) === JSON.stringify(to)) return;
  call.effect({ kind: 'autoscaling.capacity', id: name, target: name, detail: { from, to } });
  place.world.agenda.after(now, LAUNCH_MS, () => {
    const later = found(place.state(GROUPS).get(name), 'ValidationError', '');
    const ids = new Set(fresh.map(({ InstanceId }) => InstanceId));
    place.state(GROUPS).set(name, {
      ...later,
      Instances: (later.Instances ?? []).map((one) => (ids.has(one.InstanceId) ? { ...one, LifecycleState: 'InService' } : one)),
    });
  });
}

/** EC2 Auto Scaling: as much as scaling a group needs. */
export const AUTOSCALING: FakeService = {
  signedAs: 'autoscaling',
  target: 'AutoScaling_20110101',
  xmlns: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
  load: () => import('@aws-sdk/client-auto-scaling'),
  operations: { DescribeAutoScalingGroups: describeAutoScalingGroups, SetDesiredCapacity: setDesiredCapacity, UpdateAutoScalingGroup: updateAutoScalingGroup },
  facts: { group: { shape: 'AutoScalingGroup', put: putAutoScalingGroup } },
};
