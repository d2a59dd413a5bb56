import type { ServiceDeployment } from '@aws-sdk/client-ecs';
import { putEcsService, putServiceDeployment } from '../../../../test/fakes/aws/services/ecs';
import type { Place } from '../../../../test/fakes/aws/world';
import type { Scenario } from '../scenario';

const FLEET = { cluster: 'fleet', service: 'web' };
const MINUTE_MS = 60_000;

function lay(place: Place): void {
  const taskDefinition = `arn:aws:ecs:${place.region}:${place.account}:task-definition/web:7`;
  putEcsService(place, { cluster: FLEET.cluster, service: { serviceName: FLEET.service, desiredCount: 2, taskDefinition } });
}

function underWay(more: Partial<ServiceDeployment> = {}): (place: Place) => void {
  return (place) => {
    lay(place);
    const createdAt = new Date(place.world.clock.now() - 5 * MINUTE_MS);
    const [serviceArn, serviceDeploymentArn] = [place.arn('ecs', 'service/fleet/web'), place.arn('ecs', 'service-deployment/fleet/web/theirs')];
    putServiceDeployment(place, { serviceDeploymentArn, serviceArn, status: 'IN_PROGRESS', createdAt, ...more });
  };
}

const parts = { ecs: FLEET };

/** Nothing under way, a deployment that goes wrong, and one that waits. */
export const ecsServiceDeployment: Scenario = [
  { name: 'force-new', parts, lay, inputs: { do: 'force-new' }, effects: { 'ecs.deployment': 1 } },
  { name: 'roll-back', parts, lay: underWay(), inputs: { do: 'roll-back' }, effects: { 'ecs.stop': 1 } },
  {
    ...{ name: 'continue', parts, inputs: { do: 'continue' }, effects: { 'ecs.continue': 1 } },
    lay: underWay({ lifecycleHookDetails: [{ hookId: 'h1', targetType: 'PAUSE', status: 'AWAITING_ACTION' }] }),
  },
];
