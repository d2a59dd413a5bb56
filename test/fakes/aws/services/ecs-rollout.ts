import type { Deployment, Service, ServiceDeployment, ServiceDeploymentStatus } from '@aws-sdk/client-ecs';
import { makeCourses } from '../course';
import type { Course } from '../course';
import type { Call } from '../service';
import type { Place } from '../world';
import { changeService, CLUSTERS, DEPLOYMENTS, nameOf } from './ecs-store';
import { idOf, stateKey } from './support';

type End = 'SUCCESSFUL' | 'FAILED';

const COURSES = makeCourses<End, ServiceDeployment>('courses of service deployments');
/** The task definition of each revision of a service, by its ARN. */
const REVISIONS = stateKey('service revisions', () => new Map<string, string | undefined>());
const PENDING_MS = 1_000;
const ROLLOUT_MS = 30_000;
const REQUEST_MS = 1_000;
const UNENDED: readonly (ServiceDeploymentStatus | undefined)[] = ['PENDING', 'IN_PROGRESS'];

/** Says how the deployments of a service go from now on. */
export function putRolloutCourse(
  place: Place,
  { cluster, service, ...course }: Course<End, ServiceDeployment> & { readonly cluster: string; readonly service: string },
): void {
  COURSES.put(place, `${cluster}/${service}`, course);
}

/** What a deployment is of: cluster and service. */
export function targetOf({ serviceArn = '' }: ServiceDeployment): string {
  return serviceArn.split('/').slice(-2).join('/');
}

/** Whether a deployment can still be stopped. */
export function isUnderWay({ status }: ServiceDeployment): boolean {
  return UNENDED.includes(status);
}

/** Lets a new deployment of a service begin; one that is under way is replaced by it. */
export function beginRollout(call: Call, before: Service, changes: Partial<Service>): void {
  const { place, now } = call;
  const at = new Date(now);
  const source = revisionOf(place, before);
  const service = changeService(place, before, changes);
  const path = `${nameOf(service.clusterArn ?? '')}/${service.serviceName ?? ''}`;
  const arn = place.arn('ecs', `service-deployment/${path}/${idOf(place)}`);
  const target = newRevision(place, path, service.taskDefinition);
  for (const other of place.state(DEPLOYMENTS).values())
    if (other.serviceArn === service.serviceArn && isUnderWay(other))
      change(place, other, { status: 'STOPPED', statusReason: 'A newer service deployment replaced it.', finishedAt: at, stoppedAt: at });
  place.state(DEPLOYMENTS).set(arn, {
    ...{ serviceDeploymentArn: arn, serviceArn: service.serviceArn, clusterArn: service.clusterArn, status: 'PENDING', createdAt: at, updatedAt: at },
    ...{ sourceServiceRevisions: [{ arn: source }], targetServiceRevision: { arn: target, requestedTaskCount: service.desiredCount ?? 0 } },
    ...{ deploymentConfiguration: service.deploymentConfiguration, lifecycleStage: 'RECONCILE_SERVICE' },
  });
  const primary = deploymentOf(place, service, 'PRIMARY', 'IN_PROGRESS', now);
  const old = (service.deployments ?? [deploymentOf(place, before, 'PRIMARY', 'COMPLETED', now)]).map((each) => ({ ...each, status: 'ACTIVE' }));
  changeService(place, service, { deployments: [primary, ...old], currentServiceDeployment: arn });
  call.made({ kind: 'ecs.deployment', id: arn, target: path, detail: { from: before.taskDefinition, to: service.taskDefinition } });
  step(call, arn, ['PENDING'], now, PENDING_MS, (one, then) => {
    change(place, one, { status: 'IN_PROGRESS', startedAt: new Date(then), lifecycleStage: 'SCALE_UP' });
    step(call, arn, ['IN_PROGRESS'], then, COURSES.get(place, path)?.durationMs ?? ROLLOUT_MS, (scaled, later) => pauseOrEnd(call, scaled, later));
  });
}

function revisionOf(place: Place, service: Service): string {
  return (
    service.currentServiceRevisions?.[0]?.arn ?? newRevision(place, `${nameOf(service.clusterArn ?? '')}/${service.serviceName ?? ''}`, service.taskDefinition)
  );
}

function newRevision(place: Place, path: string, taskDefinition: string | undefined): string {
  const arn = place.arn('ecs', `service-revision/${path}/${String(place.world.next()).padStart(16, '0')}`);
  place.state(REVISIONS).set(arn, taskDefinition);
  return arn;
}

function deploymentOf(place: Place, service: Service, status: string, rolloutState: Deployment['rolloutState'], now: number): Deployment {
  const { taskDefinition, desiredCount = 0, launchType } = service;
  const done = rolloutState === 'COMPLETED';
  const counts = { desiredCount, runningCount: done ? desiredCount : 0, pendingCount: done ? 0 : desiredCount, failedTasks: 0 };
  const id = `ecs-svc/${String(place.world.next()).padStart(19, '0')}`;
  return { id, status, taskDefinition, ...counts, launchType, rolloutState, createdAt: new Date(now), updatedAt: new Date(now) };
}

function change(place: Place, one: ServiceDeployment, changes: Partial<ServiceDeployment>): ServiceDeployment {
  const changed = { ...one, updatedAt: new Date(place.world.clock.now()), ...changes };
  place.state(DEPLOYMENTS).set(one.serviceDeploymentArn ?? '', changed);
  return changed;
}

type Then = (one: ServiceDeployment, at: number) => void;

/** What happens if the deployment still is in one of these states by then. */
function step({ place }: Call, arn: string, states: readonly ServiceDeploymentStatus[], from: number, ms: number, then: Then): void {
  place.world.agenda.after(from, ms, (at) => {
    const one = place.state(DEPLOYMENTS).get(arn);
    if (one?.status !== undefined && states.includes(one.status)) then(one, at);
  });
}

function pauseOrEnd(call: Call, one: ServiceDeployment, at: number): void {
  const hook = (one.deploymentConfiguration?.lifecycleHooks ?? []).find(({ targetType }) => targetType === 'PAUSE');
  if (!hook) return endRollout(call, one, at);
  const stage = hook.lifecycleStages?.[0];
  change(call.place, one, {
    lifecycleHookDetails: [{ hookId: idOf(call.place), targetType: 'PAUSE', status: 'AWAITING_ACTION' }],
    ...(stage !== undefined && { lifecycleStage: stage === 'PRE_PRODUCTION_TRAFFIC_SHIFT' ? 'PRODUCTION_TRAFFIC_SHIFT' : stage }),
  });
}

/** The tasks of a deployment are there, or they are not. */
export function endRollout(call: Call, one: ServiceDeployment, at: number): void {
  const { place } = call;
  const path = targetOf(one);
  if (COURSES.end(place, path, one, 'SUCCESSFUL') === 'SUCCESSFUL') {
    change(place, one, { status: 'SUCCESSFUL', finishedAt: new Date(at), lifecycleStage: 'CLEAN_UP' });
    return settle(place, one, one.targetServiceRevision?.arn, at);
  }
  const { enable = false, rollback = false } = one.deploymentConfiguration?.deploymentCircuitBreaker ?? {};
  // Without a circuit breaker ECS goes on starting tasks that fail, for ever.
  if (!enable) return rolloutState(place, one, 'IN_PROGRESS', 3);
  rolloutState(place, one, 'FAILED', 3);
  const failed = change(place, one, { deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 } });
  if (rollback) return rollBack(call, failed, at, 'Service deployment rolled back because the circuit breaker threshold was exceeded.');
  change(place, failed, { status: 'STOPPED', finishedAt: new Date(at), statusReason: 'The circuit breaker threshold was exceeded.' });
}

function serviceOfDeployment(place: Place, one: ServiceDeployment): Service | undefined {
  const [cluster = '', service = ''] = targetOf(one).split('/');
  return place.state(CLUSTERS).get(cluster)?.services.get(service);
}

function rolloutState(place: Place, one: ServiceDeployment, state: 'IN_PROGRESS' | 'FAILED', failedTasks: number): void {
  const service = serviceOfDeployment(place, one);
  if (!service) return;
  const deployments = (service.deployments ?? []).map((each) => (each.status === 'PRIMARY' ? { ...each, rolloutState: state, failedTasks } : each));
  changeService(place, service, { deployments });
}

/** The service runs one revision alone. */
function settle(place: Place, one: ServiceDeployment, revision: string | undefined, at: number): void {
  const service = serviceOfDeployment(place, one);
  if (!service || revision === undefined) return;
  const taskDefinition = place.state(REVISIONS).get(revision) ?? service.taskDefinition;
  const changed = changeService(place, service, {
    taskDefinition,
    runningCount: service.desiredCount ?? 0,
    pendingCount: 0,
    currentServiceRevisions: [{ arn: revision }],
  });
  changeService(place, changed, { deployments: [deploymentOf(place, changed, 'PRIMARY', 'COMPLETED', at)] });
}

/** Brings the revision back that the service ran before. */
export function rollBack(call: Call, one: ServiceDeployment, at: number, reason: string): void {
  const { place } = call;
  const source = one.sourceServiceRevisions?.[0]?.arn;
  change(place, one, { status: 'ROLLBACK_IN_PROGRESS', statusReason: reason, rollback: { reason, startedAt: new Date(at), serviceRevisionArn: source } });
  const arn = one.serviceDeploymentArn ?? '';
  call.effect({ kind: 'ecs.rollback', id: arn, target: targetOf(one), at });
  step(call, arn, ['ROLLBACK_IN_PROGRESS'], at, COURSES.get(place, targetOf(one))?.durationMs ?? ROLLOUT_MS, (back, then) => {
    change(place, back, { status: 'ROLLBACK_SUCCESSFUL', finishedAt: new Date(then) });
    settle(place, back, source, then);
  });
}

/** Stops a deployment that is under way: its service stays as it is, or goes back. */
export function stopRollout(call: Call, one: ServiceDeployment, how: 'ABORT' | 'ROLLBACK'): void {
  const { place, now } = call;
  const arn = one.serviceDeploymentArn ?? '';
  call.effect({ kind: 'ecs.stop', id: arn, target: targetOf(one), detail: { stopType: how } });
  const asked = how === 'ABORT' ? 'STOP_REQUESTED' : 'ROLLBACK_REQUESTED';
  change(place, one, { status: asked, stoppedAt: new Date(now) });
  step(call, arn, [asked], now, REQUEST_MS, (stopped, at) => {
    if (how === 'ROLLBACK') rollBack(call, stopped, at, 'Service deployment was stopped by a person.');
    else change(place, stopped, { status: 'STOPPED', finishedAt: new Date(at) });
  });
}

/** A pause ends: the deployment goes on, or back. */
export function leavePause(call: Call, one: ServiceDeployment, action: 'CONTINUE' | 'ROLLBACK'): void {
  const hooks = (one.lifecycleHookDetails ?? []).map((hook) => ({ ...hook, status: 'SUCCEEDED' as const }));
  const left = change(call.place, one, { lifecycleHookDetails: hooks });
  call.effect({ kind: 'ecs.continue', id: one.serviceDeploymentArn ?? '', target: targetOf(one), detail: { action } });
  if (action === 'ROLLBACK') rollBack(call, left, call.now, 'Service deployment was rolled back at a pause.');
  else endRollout(call, left, call.now);
}
