import type {
  ContinueDeploymentInput,
  CreateDeploymentInput,
  CreateDeploymentOutput,
  DeploymentGroupInfo,
  StopDeploymentInput,
  StopDeploymentOutput,
} from '@aws-sdk/client-codedeploy';
import { AwsError } from '../errors';
import type { Call } from '../service';
import { bake, begin, requestStop, succeed, targetOf } from './codedeploy-run';
import { deploymentNamed, deploymentsOf, groupNamed, hasEnded, lastGood } from './codedeploy-store';

const MOST_ALARMS = 10;

/** Begins a deployment, where none of the group is active; there is no token that would tell a second call from the first. */
export function createDeployment(input: CreateDeploymentInput, call: Call): CreateDeploymentOutput {
  const { applicationName, deploymentGroupName } = input;
  const group = groupNamed(call, applicationName, deploymentGroupName);
  checked(input);
  const revision = input.deploymentMode === 'RESTART' ? revisionToRestart(input, group, call) : input.revision;
  if (!revision) throw new AwsError('RevisionRequiredException', 'Revision is required');
  // An active deployment counts whether or not anybody sees it yet.
  const active = deploymentsOf(call.place, applicationName, deploymentGroupName).find((one) => !hasEnded(one));
  if (active)
    throw new AwsError(
      'DeploymentLimitExceededException',
      `The Deployment Group '${deploymentGroupName ?? ''}' already has an active Deployment '${active.deploymentId ?? ''}'`,
    );
  const { deploymentStyle, blueGreenDeploymentConfiguration, loadBalancerInfo, computePlatform = 'Server', autoRollbackConfiguration } = group;
  const deploymentId = begin(call, call.now, {
    ...{ deploymentStyle, blueGreenDeploymentConfiguration, loadBalancerInfo, computePlatform, autoRollbackConfiguration },
    deploymentConfigName: group.deploymentConfigName ?? 'CodeDeployDefault.OneAtATime',
    ...defined(input),
    revision,
  });
  return { deploymentId };
}

/** What was said, without what was left out. */
function defined(input: CreateDeploymentInput): Partial<CreateDeploymentInput> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

function checked({ revision, autoRollbackConfiguration: back, overrideAlarmConfiguration: alarms, fileExistsBehavior }: CreateDeploymentInput): void {
  if (revision && revision.revisionType === undefined) throw new AwsError('InvalidRevisionException', 'The revision has no type');
  if (back?.enabled === true && (back.events ?? []).length === 0)
    throw new AwsError('InvalidAutoRollbackConfigException', 'Automatic rollback is enabled without any event');
  if ((alarms?.alarms ?? []).length > MOST_ALARMS) throw new AwsError('AlarmsLimitExceededException', `There may be ${String(MOST_ALARMS)} alarms`);
  if (fileExistsBehavior !== undefined && !['DISALLOW', 'OVERWRITE', 'RETAIN'].includes(fileExistsBehavior))
    throw new AwsError('InvalidFileExistsBehaviorException', `There is no behavior ${String(fileExistsBehavior)}`);
}

function revisionToRestart(
  { revision, updateOutdatedInstancesOnly }: CreateDeploymentInput,
  { applicationName, deploymentGroupName, computePlatform = 'Server', deploymentStyle }: DeploymentGroupInfo,
  { place }: Call,
): CreateDeploymentInput['revision'] {
  if (revision) throw new AwsError('InvalidInputException', 'A deployment with the mode RESTART takes no revision');
  if (updateOutdatedInstancesOnly === true)
    throw new AwsError('InvalidUpdateOutdatedInstancesOnlyValueException', 'A deployment with the mode RESTART does not take updateOutdatedInstancesOnly');
  if (computePlatform !== 'Server') throw new AwsError('InvalidComputePlatformException', `The mode RESTART is not for the platform ${computePlatform}`);
  if (deploymentStyle?.deploymentType === 'BLUE_GREEN') throw new AwsError('InvalidInputException', 'The mode RESTART is for in-place deployments');
  const good = lastGood(place, applicationName, deploymentGroupName)?.revision;
  if (!good) throw new AwsError('RevisionDoesNotExistException', `No deployment of ${deploymentGroupName ?? ''} has succeeded yet`);
  return good;
}

/** Stops a deployment, and lets a new one bring the last good revision back where that is wanted. */
export function stopDeployment({ deploymentId, autoRollbackEnabled }: StopDeploymentInput, call: Call): StopDeploymentOutput {
  const deployment = deploymentNamed(call, deploymentId);
  if (hasEnded(deployment)) throw new AwsError('DeploymentAlreadyCompletedException', `The deployment ${deploymentId ?? ''} has already completed`);
  return requestStop(call, deployment, autoRollbackEnabled)
    ? { status: 'Succeeded', statusMessage: 'The deployment was stopped.' }
    : { status: 'Pending', statusMessage: 'No more deployments will be started; running ones end first.' };
}

/** Ends a wait of a blue/green deployment: before traffic goes over, or before the first fleet is ended. */
export function continueDeployment({ deploymentId, deploymentWaitType = 'READY_WAIT' }: ContinueDeploymentInput, call: Call): object {
  const deployment = deploymentNamed(call, deploymentId);
  const { status, deploymentStyle, deploymentId: id = '' } = deployment;
  if (hasEnded(deployment)) throw new AwsError('DeploymentAlreadyCompletedException', `The deployment ${id} has already completed`);
  if (deploymentStyle?.deploymentType !== 'BLUE_GREEN')
    throw new AwsError('UnsupportedActionForDeploymentTypeException', 'Only blue/green deployments can be continued');
  if (status !== (deploymentWaitType === 'READY_WAIT' ? 'Ready' : 'Baking'))
    throw new AwsError('DeploymentIsNotInReadyStateException', `The deployment ${id} is ${String(status)}`);
  call.effect({ kind: 'codedeploy.continue', id, target: targetOf(deployment), detail: { deploymentWaitType } });
  if (status === 'Ready') bake(call, id, call.now);
  else succeed(call, id, call.now);
  return {};
}
