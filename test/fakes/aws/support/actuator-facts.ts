import { putScalableTarget } from '../services/application-autoscaling';
import { putAutoScalingGroup, putScalingPolicy } from '../services/autoscaling-store';
import { putProject } from '../services/codebuild';
import { putDeployment, putDeploymentGroup } from '../services/codedeploy';
import { putPipeline } from '../services/codepipeline';
import { putActionCourse } from '../services/codepipeline-run';
import { putEcsService } from '../services/ecs';
import { putAlias, putFunction, putVersions } from '../services/lambda';
import { putDocument, putInstance } from '../services/ssm-store';
import type { Place } from '../world';

/** A revision as bundles in S3 have them. */
export function revision(key: string) {
  return { revisionType: 'S3' as const, s3Location: { bucket: 'releases', key, bundleType: 'zip' as const, eTag: 'e' } };
}

/** The scalable target that `fillActuators` puts. */
export const SCALABLE = { ServiceNamespace: 'ecs' as const, ResourceId: 'service/fleet/web', ScalableDimension: 'ecs:service:DesiredCount' as const };

/** Puts what actuators act on into a place: one thing of each kind. */
export function fillActuators(place: Place): void {
  const now = place.world.clock.now();
  putDocument(place, {
    name: 'Restart-Service',
    type: 'Automation',
    parameters: { Service: null },
    steps: [{ name: 'restart', effect: { kind: 'service.restart', parameter: 'Service' } }],
  });
  putDocument(place, { name: 'Ask-First', type: 'Automation', steps: [{ name: 'ask', action: 'aws:approve' }, { name: 'do' }] });
  putDocument(place, {
    name: 'AWS-RunShellScript',
    type: 'Command',
    parameters: { commands: null },
    command: { effect: { kind: 'instance.restart' }, output: 'done' },
  });
  putInstance(place, { InstanceId: 'i-00000000000000001', tags: { app: 'shop' } });
  putInstance(place, { InstanceId: 'i-00000000000000002', tags: { app: 'shop' } });
  putDeployment(place, {
    ...{ applicationName: 'store', deploymentGroupName: 'fleet', deploymentId: 'd-GOOD', status: 'Succeeded', revision: revision('v1.zip') },
    ...{ createTime: new Date(now - 600_000), completeTime: new Date(now - 500_000) },
  });
  putDeploymentGroup(place, {
    ...{ applicationName: 'store', deploymentGroupName: 'green', computePlatform: 'Server', deploymentStyle: { deploymentType: 'BLUE_GREEN' } },
    blueGreenDeploymentConfiguration: { deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: 60 } },
  });
  putProject(place, { name: 'web', cache: { type: 'LOCAL', modes: ['LOCAL_SOURCE_CACHE'] } });
  putPipeline(place, {
    name: 'release',
    roleArn: 'arn:aws:iam::111122223333:role/pipeline',
    stages: [
      { name: 'Source', actions: [{ name: 'code', actionTypeId: { category: 'Source', owner: 'AWS', provider: 'S3', version: '1' } }] },
      { name: 'Gate', actions: [{ name: 'ask', actionTypeId: { category: 'Approval', owner: 'AWS', provider: 'Manual', version: '1' } }] },
      { name: 'Deploy', actions: [{ name: 'roll', actionTypeId: { category: 'Deploy', owner: 'AWS', provider: 'CodeDeploy', version: '1' } }] },
    ],
  });
  putActionCourse(place, { pipeline: 'release', stage: 'Deploy', ends: ['Failed', 'Succeeded'] });
  putEcsService(place, { cluster: 'fleet', service: { serviceName: 'web', desiredCount: 2, runningCount: 2, taskDefinition: 'web:1' } });
  putScalableTarget(place, { ...SCALABLE, MinCapacity: 2, MaxCapacity: 10, RoleARN: 'arn:aws:iam::111122223333:role/scaling' });
  putAutoScalingGroup(place, { AutoScalingGroupName: 'web', MinSize: 1, MaxSize: 4, DesiredCapacity: 2 } as never);
  putScalingPolicy(place, { AutoScalingGroupName: 'web', PolicyName: 'cpu', PolicyType: 'TargetTrackingScaling' });
  putScalingPolicy(place, { AutoScalingGroupName: 'web', PolicyName: 'rush', Enabled: false });
  putFunction(place, { configuration: { FunctionName: 'checkout', Runtime: 'nodejs22.x' } });
  putVersions(place, { functionName: 'checkout', versions: ['1', '2'] });
  putAlias(place, { functionName: 'checkout', alias: { Name: 'live', FunctionVersion: '1', RoutingConfig: { AdditionalVersionWeights: { '2': 0.1 } } } });
}
