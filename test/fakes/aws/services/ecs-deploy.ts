import { isDeepStrictEqual } from 'node:util';
import type {
  ContinueServiceDeploymentRequest,
  ContinueServiceDeploymentResponse,
  DescribeServiceDeploymentsRequest,
  DescribeServiceDeploymentsResponse,
  Service,
  ServiceDeployment,
  StopServiceDeploymentRequest,
  StopServiceDeploymentResponse,
  UpdateServiceRequest,
  UpdateServiceResponse,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../errors';
import type { Call } from '../service';
import { beginRollout, isUnderWay, leavePause, stopRollout, targetOf } from './ecs-rollout';
import { changeService, DEPLOYMENTS, nameOf, serviceOf, setDesiredCount } from './ecs-store';
import { found } from './support';

/** Members whose change begins a deployment, and those that only change the service. */
const DEPLOYED = ['taskDefinition', 'networkConfiguration', 'platformVersion', 'capacityProviderStrategy'] as const;
const KEPT = ['deploymentConfiguration', 'healthCheckGracePeriodSeconds', 'enableExecuteCommand', 'availabilityZoneRebalancing'] as const;

/** Changes a service: what its tasks are made of begins a deployment, and so does `forceNewDeployment` each time; there is no token. */
export function updateService(input: UpdateServiceRequest, call: Call): UpdateServiceResponse {
  const { service: name, cluster, desiredCount, forceNewDeployment = false, ...rest } = input;
  const service = serviceOf(call, cluster, name);
  if (service.status !== 'ACTIVE') throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Partial<Service>;
  const other = Object.keys(given).find((key) => ![...DEPLOYED, ...KEPT].some((known) => known === key));
  if (other !== undefined) throw new AwsError('NotImplemented', `The fake does not change ${other} of a service.`, 501);
  const path = `${nameOf(service.clusterArn ?? '')}/${service.serviceName ?? ''}`;
  const [clusterName = '', serviceName = ''] = path.split('/');
  const scaled = desiredCount === undefined ? undefined : setDesiredCount(call.place, clusterName, serviceName, () => desiredCount);
  if (scaled) call.effect({ kind: 'ecs.capacity', id: service.serviceArn ?? '', target: path, detail: scaled });
  const changed = (keys: readonly (keyof Service)[]): boolean => keys.some((key) => key in given && !isDeepStrictEqual(given[key], service[key]));
  const now = serviceOf(call, cluster, name);
  if (forceNewDeployment || changed(DEPLOYED)) beginRollout(call, now, given);
  else if (changed(KEPT)) {
    changeService(call.place, now, given);
    call.effect({ kind: 'ecs.service', id: service.serviceArn ?? '', target: path, detail: given });
  }
  return { service: serviceOf(call, cluster, name) };
}

/** Deployments by their ARNs. */
export function describeServiceDeployments(
  { serviceDeploymentArns = [] }: DescribeServiceDeploymentsRequest,
  { place, visible }: Call,
): DescribeServiceDeploymentsResponse {
  if (serviceDeploymentArns.length === 0) throw new AwsError('InvalidParameterException', 'Service deployments cannot be empty.');
  const known = serviceDeploymentArns.map((arn) => ({ arn, is: visible(arn) ? place.state(DEPLOYMENTS).get(arn) : undefined }));
  return {
    serviceDeployments: known.flatMap(({ is }) => is ?? []),
    failures: known.filter(({ is }) => !is).map(({ arn }) => ({ arn, reason: 'MISSING' })),
  };
}

function deploymentOf({ place, visible }: Call, arn = ''): ServiceDeployment {
  const one = visible(arn) ? place.state(DEPLOYMENTS).get(arn) : undefined;
  return found(one, 'ServiceDeploymentNotFoundException', 'Service deployment not found.');
}

/** Stops a deployment that is under way; without `stopType` it is rolled back. */
export function stopServiceDeployment(input: StopServiceDeploymentRequest, call: Call): StopServiceDeploymentResponse {
  const { serviceDeploymentArn, stopType = 'ROLLBACK' } = input;
  const one = deploymentOf(call, serviceDeploymentArn);
  if (!isUnderWay(one)) throw new AwsError('ConflictException', `The service deployment of ${targetOf(one)} is ${String(one.status)}: it cannot be stopped.`);
  stopRollout(call, one, stopType);
  return { serviceDeploymentArn };
}

/** Ends the pause of a deployment. */
export function continueServiceDeployment(input: ContinueServiceDeploymentRequest, call: Call): ContinueServiceDeploymentResponse {
  const { serviceDeploymentArn, hookId, action = 'CONTINUE' } = input;
  const one = deploymentOf(call, serviceDeploymentArn);
  const waits = (one.lifecycleHookDetails ?? []).some((hook) => hook.hookId === hookId && hook.status === 'AWAITING_ACTION');
  if (!waits || !isUnderWay(one)) throw new AwsError('InvalidParameterException', 'The lifecycle hook does not wait for an action.');
  leavePause(call, one, action);
  return { serviceDeploymentArn };
}
