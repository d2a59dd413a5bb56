import { z } from 'zod';
import { maybe } from './aws-envelope';
import { eventReader, eventSource, text } from './aws-event';
import type { ToldEvent } from './aws-event';
import { awsEnvironment, consoleLink, isEnvironment } from './aws-names';
import { awsTime } from './aws-times';
import { words } from './cloudwatch-names';
import { serviceOf } from './names';
import type { Normalised, SourceContext } from './source';
import { toAlert } from './to-alert';
import { toBuild } from './to-build';
import { toChange } from './to-change';

const deployment = z.looseObject({ eventName: z.string(), deploymentId: z.string(), updatedAt: text, reason: text });
const action = z.looseObject({ eventType: z.string(), eventName: z.string(), createdAt: text, reason: text });
const container = z.looseObject({ name: text, exitCode: maybe(z.number()), reason: text });
const task = z.looseObject({
  ...{ taskArn: z.string(), clusterArn: z.string(), lastStatus: z.string(), group: text, stopCode: text, stoppedReason: text, stoppedAt: text },
  containers: maybe(z.array(container)),
});
type Deployment = ToldEvent<z.output<typeof deployment>>;
type Action = ToldEvent<z.output<typeof action>>;
type Task = ToldEvent<z.output<typeof task>>;

/** A service of ECS: `cluster` is empty for names in the old form of ARNs. */
interface EcsService {
  readonly cluster: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
}

/** Why a task stopped that nobody stopped. */
const BROKEN = ['TaskFailedToStart', 'EssentialContainerExited'];

/**
 * Services of ECS: a deployment that ended is a build (the run, with its result) and a change; what keeps a service from its desired state, and a task of it that broke, is an alert
 * that ends when the service is steady. Tasks that were stopped on purpose, or that belong to no service, are left aside.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
 */
export const ecs = eventSource({
  ...{ name: 'ecs', title: 'Amazon ECS, deployments, actions and tasks of services by EventBridge', gives: ['alert', 'change', 'build'], service: 'aws.ecs' },
  readers: {
    'ECS Deployment State Change': eventReader(deployment, ofDeployment),
    'ECS Service Action': eventReader(action, ofAction),
    'ECS Task State Change': eventReader(task, ofTask),
  },
  otherwise: 'as only deployments, actions and tasks of services are kept',
});

function ofDeployment(event: Deployment, context: SourceContext): Normalised[] | string {
  const { eventName, deploymentId, updatedAt, reason } = event.detail;
  const service = serviceIn(event);
  if (!/_(?:COMPLETED|FAILED)$/.test(eventName)) return `the deployment ${deploymentId} that has not ended (${eventName})`;
  const failed = eventName.endsWith('_FAILED');
  const at = awsTime(updatedAt) ?? event.at;
  const id = `${keyOf(service)}:${deploymentId}`;
  const place = placeOf(service, context);
  const summary = `Deployment ${deploymentId} of ${service.name} ${failed ? 'failed' : 'was completed'}${reason ? `: ${reason}` : ''}`;
  const run = { source: 'ecs', name: service.name, run: deploymentId, result: failed ? 'failed' : 'succeeded', author: 'ecs' } as const;
  const link = linkOf(service);
  return [
    toChange({ kind: 'deployment', id, ...place, at, author: 'ecs', summary, link }, context),
    toBuild({ id, ...run, ...place, endedAt: at, link }, context),
  ];
}

function ofAction(event: Action, context: SourceContext): Normalised[] | string {
  const { eventType, eventName, createdAt, reason } = event.detail;
  const service = serviceIn(event);
  const steady = eventName.endsWith('_STEADY_STATE');
  if (eventType === 'INFO' && !steady) return `the action ${eventName} of ${service.name}, which is as it should be`;
  const summary = steady ? `${service.name} is steady` : `${eventName} of ${service.name}${reason ? `: ${reason}` : ''}`;
  const severity = eventType === 'ERROR' ? 'sev2' : 'sev3';
  return [alertOf(service, { steady, summary, severity, at: awsTime(createdAt) ?? event.at }, context)];
}

function ofTask(event: Task, context: SourceContext): Normalised[] | string {
  const { taskArn, clusterArn, lastStatus, group, stopCode, stoppedReason, stoppedAt, containers = [] } = event.detail;
  const name = group?.startsWith('service:') === true ? group.slice('service:'.length) : '';
  const task = taskArn.split('/').at(-1) ?? taskArn;
  if (lastStatus !== 'STOPPED') return `the task ${task} that has not stopped (${lastStatus})`;
  if (name === '') return `the task ${task}, which belongs to no service`;
  const broken = containers.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0);
  const failed = BROKEN.includes(stopCode ?? '') && (stopCode !== 'EssentialContainerExited' || broken !== undefined || containers.length === 0);
  if (!failed) return `the task ${task} that was stopped on purpose or ended well (${stopCode ?? 'no reason is told'})`;
  const service = { cluster: clusterArn.split('/').at(-1) ?? '', name, account: event.account, region: event.region };
  const exit = broken ? ` (${broken.name ?? 'a container'} exited with ${String(broken.exitCode)}${broken.reason ? `, ${broken.reason}` : ''})` : '';
  const summary = `A task of ${name} stopped: ${stoppedReason ?? stopCode ?? ''}${exit}`;
  return [alertOf(service, { steady: false, summary, severity: 'sev3', at: awsTime(stoppedAt) ?? event.at }, context)];
}

function alertOf(
  service: EcsService,
  { steady, summary, severity, at }: { readonly steady: boolean; readonly summary: string; readonly severity: string; readonly at: number | undefined },
  context: SourceContext,
): Normalised {
  const { cluster, name, account, region } = service;
  return toAlert(
    {
      ...{ source: 'ecs', status: steady ? 'resolved' : 'firing', name: 'ServiceUnsteady', severity, summary, fingerprint: keyOf(service) },
      ...{ ...placeOf(service, context), startsAt: at, endsAt: steady ? at : undefined, link: linkOf(service) },
      labels: { ecsService: name, ...(cluster && { cluster }), ...(account && { account }), ...(region && { region }) },
    },
    context,
  );
}

/** `arn:aws:ecs:eu-central-1:123456789012:service/cluster/name`, or without the cluster. */
function serviceIn({ resources, account, region }: Pick<ToldEvent<unknown>, 'resources' | 'account' | 'region'>): EcsService {
  const path = resources.find((arn) => /:service\//.test(arn))?.split('/') ?? [];
  return { cluster: path.length > 2 ? (path[1] ?? '') : '', name: path.at(-1) ?? 'unknown', account, region };
}

function keyOf({ cluster, name, account, region }: EcsService): string {
  return ['ecs', account, region, cluster, name].filter((part) => part !== '').join(':');
}

function placeOf({ cluster, name }: EcsService, context: SourceContext): { readonly environment: string; readonly service: string } {
  const named = [name, cluster].map((each) => each.split(/[-_./]/).findLast(isEnvironment));
  return { environment: awsEnvironment(named, context), service: serviceOf([name, ...words(name)], context) };
}

function linkOf({ cluster, name, region }: EcsService): string | undefined {
  return /^[\w-]+$/.test(cluster) && /^[\w-]+$/.test(name) ? consoleLink(region, `ecs/v2/clusters/${cluster}/services/${name}`) : undefined;
}
