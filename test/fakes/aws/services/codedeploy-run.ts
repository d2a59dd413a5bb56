import type { AutoRollbackEvent, DeploymentInfo, DeploymentStatus, ErrorCode } from '@aws-sdk/client-codedeploy';
import { makeCourses } from '../course';
import type { Course } from '../course';
import type { Call } from '../service';
import type { Place } from '../world';
import { alarmIn } from './cloudwatch-store';
import { change, DEPLOYMENTS, groupOf, lastGood, putDeployment } from './codedeploy-store';

/** How deployments of a group go; every duration in milliseconds. */
export interface DeploymentCourse extends Course<'Succeeded' | 'Failed', DeploymentInfo> {
  readonly createdMs?: number;
  readonly queuedMs?: number;
  /** How long it takes to stop one that is in progress. */
  readonly stopMs?: number;
  readonly instances?: number;
}

const COURSES = makeCourses<'Succeeded' | 'Failed', DeploymentInfo, DeploymentCourse>('courses of deployments');
const USUAL = { createdMs: 1_000, queuedMs: 1_000, durationMs: 30_000, stopMs: 2_000, instances: 2 };
const MINUTE = 60_000;
/** Deployments that are told to stop and have not stopped yet. */
const STOPPING = { name: 'stopping deployments', empty: () => new Set<string>() };

/** Says how the deployments of a group go from now on. */
export function putDeploymentCourse(
  place: Place,
  { applicationName, deploymentGroupName, ...course }: DeploymentCourse & { readonly applicationName: string; readonly deploymentGroupName: string },
): void {
  COURSES.put(place, `${applicationName}/${deploymentGroupName}`, course);
}

/** What a deployment is of: application and group. */
export function targetOf({ applicationName = '', deploymentGroupName = '' }: DeploymentInfo): string {
  return `${applicationName}/${deploymentGroupName}`;
}

/** Lets a deployment begin that is allowed to; it goes its way as time passes. Returns its id. */
export function begin(call: Call, at: number, wanted: Partial<DeploymentInfo>): string {
  const { place } = call;
  const deploymentId = `d-${place.world.next().toString(36).toUpperCase().padStart(9, '0')}`;
  const previousRevision = lastGood(place, wanted.applicationName, wanted.deploymentGroupName)?.revision;
  const deployment: DeploymentInfo = { creator: 'user', ...wanted, deploymentId, previousRevision, status: 'Created', createTime: new Date(at) };
  putDeployment(place, deployment);
  show(place, deployment, 'Pending');
  attempted(place, deployment);
  call.made({
    kind: 'codedeploy.deployment',
    id: deploymentId,
    target: targetOf(deployment),
    comment: deployment.description,
    at,
    detail: detailOf(deployment),
  });
  const { createdMs, queuedMs } = courseOf(place, deployment);
  step(call, deploymentId, 'Created', at, createdMs, (then) => {
    change(place, deploymentId, { status: 'Queued' });
    step(call, deploymentId, 'Queued', then, queuedMs, (start) => startUp(call, deploymentId, start));
  });
  return deploymentId;
}

function detailOf({ deploymentMode = 'STANDARD', creator, revision }: DeploymentInfo): Readonly<Record<string, unknown>> {
  return { deploymentMode, creator, ...(revision && { revision }) };
}

/** What happens if the deployment still is what it was when that was planned. */
function step({ place }: Call, id: string, status: DeploymentStatus, from: number, ms: number, then: (at: number) => void): void {
  place.world.agenda.after(from, ms, (at) => {
    const now = place.state(DEPLOYMENTS).get(id);
    if (now?.status === status && !place.state(STOPPING).has(id)) then(at);
  });
}

function startUp(call: Call, id: string, at: number): void {
  const { place } = call;
  const started = change(place, id, { status: 'InProgress', startTime: new Date(at) });
  show(place, started, 'InProgress');
  if (alarmed(place, started)) return stop(call, id, at, { code: 'ALARM_ACTIVE', event: 'DEPLOYMENT_STOP_ON_ALARM' });
  if (started.deploymentMode === 'RESTART') call.effect({ kind: 'codedeploy.restart', id, target: targetOf(started), comment: started.description, at });
  step(call, id, 'InProgress', at, courseOf(place, started).durationMs, (then) => install(call, id, then));
}

/** The end of an in-place deployment; for one with a second fleet it is ready for traffic then. */
function install(call: Call, id: string, at: number): void {
  const { place } = call;
  const now = place.state(DEPLOYMENTS).get(id) as DeploymentInfo;
  if (alarmed(place, now)) return stop(call, id, at, { code: 'ALARM_ACTIVE', event: 'DEPLOYMENT_STOP_ON_ALARM' });
  if (COURSES.end(place, targetOf(now), now, 'Succeeded') === 'Failed') return fail(call, id, at);
  const ready = now.blueGreenDeploymentConfiguration?.deploymentReadyOption;
  if (now.deploymentStyle?.deploymentType !== 'BLUE_GREEN') return succeed(call, id, at);
  if (ready?.actionOnTimeout !== 'STOP_DEPLOYMENT') return bake(call, id, at);
  change(place, id, { status: 'Ready' });
  step(call, id, 'Ready', at, (ready.waitTimeInMinutes ?? 0) * MINUTE, (then) => stop(call, id, then, { code: 'TIMEOUT' }));
}

/** Traffic goes to the second fleet; the first is kept for a while, until `succeed`. */
export function bake(call: Call, id: string, at: number): void {
  const now = change(call.place, id, { status: 'Baking', instanceTerminationWaitTimeStarted: true });
  const { action, terminationWaitTimeInMinutes = 0 } = now.blueGreenDeploymentConfiguration?.terminateBlueInstancesOnDeploymentSuccess ?? {};
  if (action === 'KEEP_ALIVE' || terminationWaitTimeInMinutes === 0) return succeed(call, id, at);
  step(call, id, 'Baking', at, terminationWaitTimeInMinutes * MINUTE, (then) => succeed(call, id, then));
}

/** It is done: its revision is the group's last good one. */
export function succeed({ place }: Call, id: string, at: number): void {
  const now = change(place, id, { status: 'Succeeded', completeTime: new Date(at) });
  show(place, now, 'Succeeded');
  const group = groupOf(place, now);
  if (group) Object.assign(group, { targetRevision: now.revision, lastSuccessfulDeployment: lastOf(now) });
  attempted(place, now);
}

function fail(call: Call, id: string, at: number): void {
  const { place } = call;
  const message = 'The overall deployment failed because too many individual instances failed deployment.';
  const now = change(place, id, { status: 'Failed', completeTime: new Date(at), errorInformation: { code: 'HEALTH_CONSTRAINTS', message } });
  show(place, now, 'Failed');
  attempted(place, now);
  if (rollsBack(now, 'DEPLOYMENT_FAILURE')) rollBack(call, now, at);
}

/** Why a deployment stops. */
interface Stopping {
  readonly code: ErrorCode;
  readonly event?: AutoRollbackEvent;
  /** Whether the caller wants the last good revision back; without it, its configuration says so. */
  readonly back?: boolean | undefined;
}

/** It has stopped, and is rolled back by a new deployment where that is wanted. */
function stop(call: Call, id: string, at: number, { code, event, back }: Stopping): void {
  const { place } = call;
  place.state(STOPPING).delete(id);
  const now = change(place, id, { status: 'Stopped', completeTime: new Date(at), errorInformation: { code, message: `The deployment stopped: ${code}` } });
  attempted(place, now);
  if (back ?? (event !== undefined && rollsBack(now, event))) rollBack(call, now, at);
}

/** Stops a deployment that has not ended: at once, or after a while where it is in progress. Tells whether it has stopped. */
export function requestStop(call: Call, deployment: DeploymentInfo, back: boolean | undefined): boolean {
  const { place, now } = call;
  const { deploymentId: id = '', status } = deployment;
  if (place.state(STOPPING).has(id)) return false;
  call.effect({ kind: 'codedeploy.stop', id, target: targetOf(deployment), detail: { autoRollbackEnabled: back } });
  const why: Stopping = { code: 'MANUAL_STOP', event: 'DEPLOYMENT_STOP_ON_REQUEST', back };
  if (status === 'Created' || status === 'Queued') {
    stop(call, id, now, why);
    return true;
  }
  place.state(STOPPING).add(id);
  place.world.agenda.after(now, courseOf(place, deployment).stopMs, (at) => {
    if (place.state(STOPPING).has(id)) stop(call, id, at, why);
  });
  return false;
}

/** A rollback is a new deployment of the last good revision, by CodeDeploy itself; it is not rolled back in its turn. */
function rollBack(call: Call, of: DeploymentInfo, at: number): void {
  const { place } = call;
  const { applicationName, deploymentGroupName, deploymentId: rollbackTriggeringDeploymentId = '', deploymentStyle, computePlatform } = of;
  const good = lastGood(place, applicationName, deploymentGroupName);
  if (!good) {
    change(place, rollbackTriggeringDeploymentId, { rollbackInfo: { rollbackMessage: 'There is no deployment that succeeded to roll back to.' } });
    return;
  }
  const rollbackDeploymentId = begin(call, at, {
    ...{ applicationName, deploymentGroupName, deploymentStyle, computePlatform, revision: good.revision, creator: 'codeDeployRollback' },
    ...{ overrideAlarmConfiguration: of.overrideAlarmConfiguration, fileExistsBehavior: of.fileExistsBehavior },
    description: `Rollback of ${rollbackTriggeringDeploymentId}`,
    rollbackInfo: { rollbackTriggeringDeploymentId, rollbackMessage: `Rolls ${rollbackTriggeringDeploymentId} back` },
  });
  change(place, rollbackTriggeringDeploymentId, { rollbackInfo: { rollbackDeploymentId, rollbackMessage: `Rolled back by ${rollbackDeploymentId}` } });
}

function rollsBack({ creator, autoRollbackConfiguration: own }: DeploymentInfo, event: AutoRollbackEvent): boolean {
  return creator !== 'codeDeployRollback' && own?.enabled === true && (own.events ?? []).includes(event);
}

/** Whether an alarm that watches the deployment is in ALARM: its own alarms go before those of its group. */
function alarmed(place: Place, deployment: DeploymentInfo): boolean {
  const watched = deployment.overrideAlarmConfiguration ?? groupOf(place, deployment)?.alarmConfiguration;
  return watched?.enabled === true && (watched.alarms ?? []).some(({ name }) => alarmIn(place, name ?? '') === 'ALARM');
}

function courseOf(place: Place, deployment: DeploymentInfo): typeof USUAL {
  return { ...USUAL, ...COURSES.get(place, targetOf(deployment)) };
}

function show(place: Place, deployment: DeploymentInfo, all: 'Pending' | 'InProgress' | 'Succeeded' | 'Failed'): void {
  const none = { Pending: 0, InProgress: 0, Succeeded: 0, Failed: 0, Skipped: 0, Ready: 0 };
  change(place, deployment.deploymentId ?? '', { deploymentOverview: { ...none, [all]: courseOf(place, deployment).instances } });
}

function attempted(place: Place, deployment: DeploymentInfo): void {
  const group = groupOf(place, deployment);
  if (group) group.lastAttemptedDeployment = lastOf(deployment);
}

function lastOf({ deploymentId, status, createTime, completeTime: endTime }: DeploymentInfo): object {
  return { deploymentId, status, createTime, endTime };
}
