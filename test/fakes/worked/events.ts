import type { Build, BuildPhase } from '@aws-sdk/client-codebuild';
import type { DeploymentInfo } from '@aws-sdk/client-codedeploy';
import type { Place } from '../aws/world';

/** What a deployment that ended is called in an event. */
const STATES: Readonly<Record<string, string>> = { Succeeded: 'SUCCESS', Failed: 'FAILURE', Stopped: 'STOP' };

/** What EventBridge tells of a build of CodeBuild that has ended. https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html */
export function buildEvent(place: Place, build: Build): string {
  const { id = '', projectName = '', buildStatus, buildNumber, initiator, startTime, endTime = new Date(), phases = [], source, environment } = build;
  const variables = (environment?.environmentVariables ?? []).map(({ name, type, value }) => ({ name, type, value }));
  const arn = place.arn('codebuild', `build/${id}`);
  const detail = {
    ...{ 'build-status': buildStatus, 'project-name': projectName, 'build-id': arn },
    'additional-information': {
      ...{ 'build-complete': true, 'build-number': buildNumber, initiator, 'build-start-time': startTime && eventTime(startTime) },
      ...{ environment: { 'environment-variables': variables }, source: { type: source?.type, location: source?.location } },
      ...{ 'source-version': build.sourceVersion, phases: phases.map(phaseTold) },
    },
    ...{ 'current-phase': 'COMPLETED', 'current-phase-context': '[]', version: '1' },
  };
  return eventOf(place, { source: 'aws.codebuild', type: 'CodeBuild Build State Change', id: `${id}-ended`, at: endTime, resources: [arn], detail });
}

/** What EventBridge tells of a deployment of CodeDeploy that has ended. https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html */
export function deploymentEvent(place: Place, deployment: DeploymentInfo): string {
  const { applicationName = '', deploymentGroupName = '', deploymentId = '', status = '', completeTime = new Date(), creator } = deployment;
  const names = { application: applicationName, deploymentGroup: deploymentGroupName, deploymentId };
  const detail = { ...names, region: place.region, state: STATES[status] ?? status, instanceGroupId: deploymentId, creator };
  const resources = [
    place.arn('codedeploy', `application:${applicationName}`),
    place.arn('codedeploy', `deploymentgroup:${applicationName}/${deploymentGroupName}`),
  ];
  const type = 'CodeDeploy Deployment State-change Notification';
  return eventOf(place, { source: 'aws.codedeploy', type, id: `${deploymentId}-ended`, at: completeTime, resources, detail });
}

interface Told {
  readonly source: string;
  readonly type: string;
  readonly id: string;
  readonly at: Date;
  readonly resources: readonly string[];
  readonly detail: object;
}

function eventOf({ account, region }: Place, { source, type, id, at, resources, detail }: Told): string {
  // Its times have whole seconds.
  const time = `${at.toISOString().slice(0, 19)}Z`;
  return JSON.stringify({ version: '0', id, source, 'detail-type': type, account, region, time, resources, detail });
}

function phaseTold({ phaseType, phaseStatus, startTime, endTime, durationInSeconds, contexts = [] }: BuildPhase): object {
  return {
    ...{ 'phase-type': phaseType, 'start-time': startTime && eventTime(startTime) },
    ...(endTime && { 'phase-status': phaseStatus, 'end-time': eventTime(endTime), 'duration-in-seconds': durationInSeconds }),
    ...(endTime && { 'phase-context': contexts.map(({ statusCode = '', message = '' }) => `${statusCode}: ${message}`) }),
  };
}

/** `Mar 1, 2026, 4:12:29 PM`, UTC. */
function eventTime(at: Date): string {
  const format = { timeZone: 'UTC', month: 'short', day: 'numeric', year: 'numeric', hour: 'numeric', minute: '2-digit', second: '2-digit' } as const;
  return at.toLocaleString('en-US', format);
}
