import type { AutoScalingGroup, Instance, ScalingPolicy, UpdateAutoScalingGroupType } from '@aws-sdk/client-auto-scaling';
import { invalid } from '../errors';
import type { Call } from '../service';
import type { Place } from '../world';
import { found, idOf, stateKey } from './support';

/** Sizes of a group. */
type Sizes = Required<Pick<UpdateAutoScalingGroupType, 'MinSize' | 'MaxSize' | 'DesiredCapacity'>>;

/** Groups by their names. */
export const GROUPS = stateKey('auto scaling groups', () => new Map<string, AutoScalingGroup>());
/** Policies by group and name; the fake only tells of them, what they would do a test does. */
export const POLICIES = stateKey('scaling policies', () => new Map<string, ScalingPolicy>());
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

/** Adds a policy to a group, or puts it in the place of the one of its name; enabled, and simple where it does not say its type. */
export function putScalingPolicy(place: Place, policy: ScalingPolicy): void {
  const { AutoScalingGroupName: group = '', PolicyName: name = '' } = policy;
  const arn = place.arn('autoscaling', `scalingPolicy:${idOf(place)}:autoScalingGroupName/${group}:policyName/${name}`);
  place.state(POLICIES).set(`${group}|${name}`, { PolicyARN: arn, PolicyType: 'SimpleScaling', Enabled: true, Alarms: [], ...policy });
}

function launched(place: Place, count: number, zones: readonly string[], from: number, LifecycleState: 'Pending' | 'InService'): Instance[] {
  return Array.from({ length: count }, (_, i) => ({
    InstanceId: `i-${place.world.next().toString(16).padStart(17, '0')}`,
    AvailabilityZone: zones[(from + i) % Math.max(1, zones.length)] ?? '',
    ...{ LifecycleState, HealthStatus: 'Healthy', ProtectedFromScaleIn: false, InstanceType: 't3.small' },
  }));
}

/** A group by its name; throws what EC2 Auto Scaling says where there is none. */
export function groupOf({ place }: Call, name = ''): AutoScalingGroup {
  const group = place.state(GROUPS).get(name);
  if (!group) throw invalid('AutoScalingGroup name not found - null');
  return group;
}

/** The sizes that an update makes of a group; what should run comes between the limits. Throws where they do not fit together. */
export function resized(group: AutoScalingGroup, input: Pick<UpdateAutoScalingGroupType, 'MinSize' | 'MaxSize' | 'DesiredCapacity'>): Sizes {
  const { MinSize = group.MinSize ?? 0, MaxSize = group.MaxSize ?? 0 } = input;
  if (MinSize > MaxSize) throw invalid(`Max bound, ${String(MaxSize)}, must be greater than or equal to min bound, ${String(MinSize)}`);
  const wanted = input.DesiredCapacity;
  if (wanted !== undefined && (wanted < MinSize || wanted > MaxSize))
    throw invalid(`Desired capacity:${String(wanted)} must be between the specified min size and max size`);
  return { MinSize, MaxSize, DesiredCapacity: wanted ?? Math.min(Math.max(group.DesiredCapacity ?? 0, MinSize), MaxSize) };
}

/** Changes sizes; instances that are missing are launched, the newest that are too many end at once. */
export function scale(call: Call, group: AutoScalingGroup, changes: Partial<AutoScalingGroup>, at = call.now): void {
  const { place } = call;
  const name = group.AutoScalingGroupName ?? '';
  const sizes = ({ MinSize, MaxSize, DesiredCapacity }: AutoScalingGroup): object => ({ min: MinSize, max: MaxSize, desired: DesiredCapacity });
  const changed = { ...group, ...changes };
  const { Instances = [], DesiredCapacity = 0, AvailabilityZones = [] } = changed;
  const fresh = launched(place, Math.max(0, DesiredCapacity - Instances.length), AvailabilityZones, Instances.length, 'Pending');
  place.state(GROUPS).set(name, { ...changed, Instances: [...Instances.slice(0, DesiredCapacity), ...fresh] });
  const [from, to] = [sizes(group), sizes(changed)];
  if (JSON.stringify(from) === JSON.stringify(to)) return;
  call.effect({ kind: 'autoscaling.capacity', id: name, target: name, at, detail: { from, to } });
  place.world.agenda.after(at, LAUNCH_MS, () => {
    const later = found(place.state(GROUPS).get(name), 'ValidationError', '');
    const ids = new Set(fresh.map(({ InstanceId }) => InstanceId));
    place.state(GROUPS).set(name, {
      ...later,
      Instances: (later.Instances ?? []).map((one) => (ids.has(one.InstanceId) ? { ...one, LifecycleState: 'InService' } : one)),
    });
  });
}
