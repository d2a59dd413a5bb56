import { putScalableTarget } from '../../../../test/fakes/aws/services/application-autoscaling';
import { putAutoScalingGroup } from '../../../../test/fakes/aws/services/autoscaling-store';
import { putEcsService } from '../../../../test/fakes/aws/services/ecs-store';
import type { Place } from '../../../../test/fakes/aws/world';
import type { Scenario } from '../scenario';

const TARGET = { ServiceNamespace: 'ecs', ResourceId: 'service/shop/web', ScalableDimension: 'ecs:service:DesiredCount' } as const;
const ofTarget = { scaling: { namespace: TARGET.ServiceNamespace, resource: TARGET.ResourceId, dimension: TARGET.ScalableDimension } };
const ofGroup = { autoscaling: { group: 'web' } };

function layTarget(place: Place): void {
  putEcsService(place, { cluster: 'shop', service: { serviceName: 'web', desiredCount: 4, runningCount: 4 } });
  putScalableTarget(place, { ...TARGET, MinCapacity: 2, MaxCapacity: 10, RoleARN: 'arn:aws:iam::111122223333:role/scaling' });
}

function layGroup(place: Place): void {
  putAutoScalingGroup(place, { AutoScalingGroupName: 'web', MinSize: 4, MaxSize: 20, DesiredCapacity: 4 } as never);
}

/** Long after every run. */
const WINDOW = { at: '2090-01-01T10:00Z', until: '2090-01-01T12:00Z' };

/** Half as much again, of what Application Auto Scaling scales and of a group of EC2. */
export const autoscalingScale: Scenario = [
  { name: 'target', parts: ofTarget, lay: layTarget, inputs: { by: '+50%' }, effects: { 'application-autoscaling.target': 1 } },
  { name: 'group', parts: ofGroup, lay: layGroup, inputs: { by: '+50%' }, effects: { 'autoscaling.capacity': 1 } },
];

/** The same for two hours: an action that raises and one that puts back. */
export const autoscalingSchedule: Scenario = [
  {
    name: 'target',
    parts: ofTarget,
    lay: layTarget,
    inputs: { by: '+50%', ...WINDOW },
    effects: { 'application-autoscaling.scheduled': 2 },
    undoneBy: { 'application-autoscaling.scheduled': 'application-autoscaling.unscheduled' },
  },
  {
    name: 'group',
    parts: ofGroup,
    lay: layGroup,
    inputs: { by: '+50%', ...WINDOW },
    effects: { 'autoscaling.scheduled': 2 },
    undoneBy: { 'autoscaling.scheduled': 'autoscaling.unscheduled' },
  },
];
