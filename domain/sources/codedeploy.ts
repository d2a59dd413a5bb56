import { z } from 'zod';
import type { BuildResult } from '../build';
import { cleanText } from '../outside-text';
import { toBuild } from './to-build';
import { toChange } from './to-change';
import { detailTypeOf, eventFields, everyPart, maybe, nothing, readParts } from './aws-envelope';
import { awsEnvironment, consoleLink, isEnvironment } from './aws-names';
import { awsTime } from './aws-times';
import { serviceOf } from './names';
import type { Normalised, Reading, Source, SourceContext, WireMessage } from './source';
import { hasMembers, readAs } from './wire';

const SERVICE = 'aws.codedeploy';
const DEPLOYMENT_CHANGE = 'CodeDeploy Deployment State-change Notification';

const text = maybe(z.string());
const event = z.looseObject({
  ...eventFields,
  detail: z.looseObject({ deploymentId: z.string(), application: z.string(), deploymentGroup: text, state: z.string(), creator: text }),
});
// Texts inside of texts, as the console of SNS shows them, or objects, as the documentation has them: what stands there is read only for whether it is.
const trigger = z.looseObject({
  ...{ deploymentId: z.string(), applicationName: z.string(), deploymentGroupName: text, status: z.string(), region: text, accountId: text },
  ...{
    createTime: z.unknown().optional(),
    completeTime: z.unknown().optional(),
    rollbackInformation: z.unknown().optional(),
    errorInformation: z.unknown().optional(),
    creator: text,
  },
});

/** A deployment, whichever way it came. Times are epoch milliseconds. */
interface Told {
  readonly deployment: string;
  readonly application: string;
  readonly group: string;
  readonly state: string;
  readonly account: string;
  readonly region: string;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly isRollback: boolean;
  readonly error: string;
}

/** Ended deployments under the words of events and of triggers. */
const RESULTS: Readonly<Record<string, BuildResult>> = {
  ...{ success: 'succeeded', succeeded: 'succeeded', failure: 'failed', failed: 'failed', stop: 'cancelled', stopped: 'cancelled' },
};
const WORDS: Readonly<Record<BuildResult, string>> = {
  succeeded: 'succeeded',
  failed: 'failed; some of its instances may have the new revision',
  cancelled: 'was stopped; some of its instances may have the new revision',
  'timed-out': 'timed out',
};

/**
 * Deployments of CodeDeploy, by EventBridge or by the SNS messages of a trigger. One that ended is a build (the run, with its result) and a change of the service: one that
 * failed or was stopped too, as it may have altered some instances. Instances are left aside.
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-sns-event-notifications-json-format.html
 */
export const codedeploy: Source = {
  name: 'codedeploy',
  title: 'AWS CodeDeploy, changes of a deployment by EventBridge or SNS triggers',
  gives: ['change', 'build'],
  recognises: (message) => everyPart(message, (json) => detailTypeOf(json, SERVICE) !== undefined || isTrigger(json)),
  read: (message, context) => readParts(message, context, readPart),
};

function isTrigger(json: unknown): boolean {
  return hasMembers(json, 'deploymentId', 'eventTriggerName') && (hasMembers(json, 'applicationName') || hasMembers(json, 'instanceId'));
}

function readPart(part: WireMessage, context: SourceContext): Reading {
  const type = detailTypeOf(part.json, SERVICE);
  if (type !== undefined && type !== DEPLOYMENT_CHANGE) return nothing(`"${cleanText(type, 100)}", as only whole deployments are kept`);
  if (hasMembers(part.json, 'deploymentId', 'instanceId')) return nothing('the state of one instance, as only whole deployments are kept');
  const told = type === undefined ? ofTrigger(part) : ofEvent(part);
  const state = told.state.toLowerCase();
  const result = Object.hasOwn(RESULTS, state) ? RESULTS[state] : undefined;
  if (result === undefined) return nothing(`the deployment ${cleanText(told.deployment, 40)} that has not ended (${cleanText(told.state, 40)})`);
  return { objects: objectsOf(told, result, context), passedOver: [] };
}

function ofEvent(part: WireMessage): Told {
  const { detail, account, region, time } = readAs(part, event);
  return {
    ...{ deployment: detail.deploymentId, application: detail.application, group: detail.deploymentGroup ?? '', state: detail.state, error: '' },
    ...{ account: account ?? '', region: region ?? '', startedAt: undefined, endedAt: awsTime(time), isRollback: detail.creator === 'codeDeployRollback' },
  };
}

function ofTrigger(part: WireMessage): Told {
  const told = readAs(part, trigger);
  return {
    ...{ deployment: told.deploymentId, application: told.applicationName, group: told.deploymentGroupName ?? '', state: told.status },
    ...{ account: told.accountId ?? '', region: told.region ?? '', startedAt: awsTime(told.createTime), endedAt: awsTime(told.completeTime) },
    // `rollbackInformation` also stands, with only a message, on a deployment that was rolled back; its trigger stands on the one that rolls back.
    isRollback: told.creator === 'codeDeployRollback' || asText(told.rollbackInformation).includes('RollbackTriggeringDeploymentId'),
    error: /"ErrorMessage\\?":\s*\\?"([^"\\]{1,300})/.exec(asText(told.errorInformation))?.[1] ?? '',
  };
}

function objectsOf(told: Told, result: BuildResult, context: SourceContext): Normalised[] {
  const { application, group, deployment, region, account, isRollback } = told;
  const service = serviceOf([application, group], context);
  const environment = awsEnvironment([group, application].map(lastEnvironment), context);
  const link = /^[\w-]+$/.test(deployment) ? consoleLink(region, `codesuite/codedeploy/deployments/${deployment}`) : undefined;
  const id = ['codedeploy', account, region, deployment].filter((part) => part !== '').join(':');
  const name = group === '' ? application : `${application} / ${group}`;
  const summary = `${isRollback ? 'Rollback' : 'Deployment'} ${deployment} of ${name} ${WORDS[result]}${told.error === '' ? '' : `: ${told.error}`}`;
  const change = { kind: isRollback ? 'rollback' : 'deployment', id, service, environment, author: 'codedeploy', summary } as const;
  const run = { source: 'codedeploy', name, run: deployment, result, startedAt: told.startedAt, endedAt: told.endedAt, author: 'codedeploy' };
  return [toChange({ ...change, at: told.endedAt, link }, context), toBuild({ ...run, id, service, environment, link }, context)];
}

/** `staging` of `checkout-staging`. */
function lastEnvironment(name: string): string | undefined {
  return name.split(/[-_./]/).findLast(isEnvironment);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
