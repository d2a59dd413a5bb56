import { arnIn } from './arn';
import { AWS_OPERATIONS } from './calls';
import { ACTING_ON } from './hands';
import type { AwsHands, AwsParts, AwsPart } from './hands';
import { NEVER } from './policy';
import type { PolicyDocument, PolicyStatement } from './policy';
import { isExact, scalingGrants } from './scaling-asks';
import { definitionArns, documentArn } from './ssm-document';

/** Something that a role must be allowed. */
export interface Permit {
  /** As IAM writes it, such as `ssm:SendCommand`. */
  readonly action: string;
  /** ARN, or `*`. */
  readonly resource: string;
  /** Conditions that a policy may ask about. */
  readonly context?: Readonly<Record<string, string>>;
  /** The configuration does not tell on what exactly, so that nobody can be asked whether it is allowed there. */
  readonly wide?: true;
}

type Writes = { readonly [P in AwsPart]: (part: NonNullable<AwsParts[P]>, hands: AwsHands) => readonly Permit[] };

/** What changing each part asks for. Stages of a pipeline, instances and their tags, and some of what Application Auto Scaling tries, are more than the configuration names. */
const WRITES: Writes = {
  automations: (automations, hands) => [
    ...automations.flatMap(({ document }) => definitionArns(document, hands).map((arn) => one('ssm:StartAutomationExecution', arn))),
    ...['ssm:AddTagsToResource', 'ssm:StopAutomationExecution'].map((action) => one(action, arnIn(hands, 'ssm', 'automation-execution/*'))),
    ...automations.flatMap(({ parameters }) =>
      (parameters['AutomationAssumeRole'] ?? []).map((role) => ({ ...one('iam:PassRole', role), context: { 'iam:PassedToService': 'ssm.amazonaws.com' } })),
    ),
  ],
  commands: (commands, hands) => [
    ...commands.map(({ document }) => one('ssm:SendCommand', documentArn('document', document, hands))),
    ...['ec2:instance/*', 'ssm:managed-instance/*'].map((name) => {
      const [service = '', resource = ''] = name.split(':');
      return { ...one('ssm:SendCommand', arnIn(hands, service, resource)), wide: true as const };
    }),
    one('ssm:CancelCommand', '*'),
  ],
  codedeploy: ({ application, group, overrideAlarms = false }, hands) => [
    ...['codedeploy:CreateDeployment', 'codedeploy:StopDeployment', ...(overrideAlarms ? ['codedeploy:UpdateDeploymentGroup'] : [])].map((action) =>
      one(action, arnIn(hands, 'codedeploy', `deploymentgroup:${application}/${group}`)),
    ),
    one('codedeploy:GetDeploymentConfig', arnIn(hands, 'codedeploy', 'deploymentconfig:*')),
    ...['codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'].map((action) =>
      one(action, arnIn(hands, 'codedeploy', `application:${application}`)),
    ),
  ],
  codebuild: ({ project }, hands) =>
    ['codebuild:StartBuild', 'codebuild:StopBuild'].map((action) => one(action, arnIn(hands, 'codebuild', `project/${project}`))),
  codepipeline: ({ pipeline }, hands) => [
    ...['codepipeline:RetryStageExecution', 'codepipeline:RollbackStage'].map((action) => ({
      ...one(action, arnIn(hands, 'codepipeline', `${pipeline}/*`)),
      wide: true as const,
    })),
    one('codepipeline:StopPipelineExecution', arnIn(hands, 'codepipeline', pipeline)),
  ],
  ecs: ({ cluster, service }, hands) => [
    one('ecs:UpdateService', arnIn(hands, 'ecs', `service/${cluster}/${service}`)),
    ...['ecs:ContinueServiceDeployment', 'ecs:StopServiceDeployment'].map((action) =>
      one(action, arnIn(hands, 'ecs', `service-deployment/${cluster}/${service}/*`)),
    ),
  ],
  lambda: ({ function: name }, hands) => [one('lambda:UpdateAlias', arnIn(hands, 'lambda', `function:${name}`))],
  autoscaling: ({ group }, hands) =>
    actionsOf('autoscaling', true).map((action) => one(action, arnIn(hands, 'autoscaling', `autoScalingGroup:*:autoScalingGroupName/${group}`))),
  scaling: (scaling, hands) => [
    ...actionsOf('application-autoscaling', true).map((action) => ({
      ...one(action, arnIn(hands, 'application-autoscaling', 'scalable-target/*')),
      context: { 'application-autoscaling:service-namespace': scaling.namespace, 'application-autoscaling:scalable-dimension': scaling.dimension },
    })),
    ...scalingGrants(hands, scaling).flatMap(({ actions, resources: [resource = '*'] }) =>
      actions.map((action) => ({ ...one(action, resource), ...(!isExact(resource) && { wide: true as const }) })),
    ),
  ],
};

/** Everything that an actuator must be allowed to act on a service, and to look at it. */
export function permitsOf(hands: AwsHands): readonly Permit[] {
  const parts = (Object.keys(WRITES) as AwsPart[]).filter((part) => hands[part] !== undefined);
  const reads = parts.flatMap((part) => readsOf(part).map((action) => one(action, '*')));
  // How much of a service of ECS runs, its scaling does not tell.
  if (hands.scaling?.namespace === 'ecs') reads.push(one('ecs:DescribeServices', '*'));
  const all = [...parts.flatMap((part) => writesOf(part, hands)), ...reads];
  return [...new Map(all.map((permit) => [`${permit.action} ${permit.resource}`, permit])).values()];
}

/** Permits that have one resource and one set of conditions, together. */
export function byResource(permits: readonly Permit[]): readonly (readonly Permit[])[] {
  const groups = new Map<string, Permit[]>();
  for (const permit of permits) {
    const key = JSON.stringify([permit.resource, permit.context]);
    groups.set(key, [...(groups.get(key) ?? []), permit]);
  }
  return [...groups.values()];
}

/** The policy of an actuator with these permits alone. */
export function actuatorPolicy(permits: readonly Permit[]): PolicyDocument {
  const statements = byResource(permits).map((group, i): PolicyStatement => ({
    ...{ Sid: `Act${String(i + 1)}`, Effect: 'Allow', Action: [...new Set(group.map(({ action }) => action))].sort(), Resource: [group[0]?.resource ?? '*'] },
    ...(group[0]?.context && { Condition: { StringEquals: group[0].context } }),
  }));
  return { Version: '2012-10-17', Statement: [...statements, NEVER] };
}

function writesOf<P extends AwsPart>(name: P, hands: AwsHands): readonly Permit[] {
  const part = hands[name];
  return part === undefined ? [] : WRITES[name](part, hands);
}

/** Reads of Systems Manager that belong to each of its parts. */
const SSM_READS: Readonly<Partial<Record<AwsPart, RegExp>>> = { automations: /Automation|Document|Tags/, commands: /Command|Instance|Document/ };

function readsOf(part: AwsPart): string[] {
  return actionsOf(prefixOf(part), false).filter((action) => SSM_READS[part]?.test(action) ?? true);
}

/** Prefix of actions on a part. */
function prefixOf(part: AwsPart): string {
  return part === 'scaling' ? 'application-autoscaling' : ACTING_ON[part];
}

function actionsOf(prefix: string, writes: boolean): string[] {
  const calls = AWS_OPERATIONS.filter((call) => call.roles.includes('actuator') && call.writes === writes);
  return [...new Set(calls.flatMap(({ actions }) => actions))].filter((action) => action.startsWith(`${prefix}:`));
}

function one(action: string, resource: string): Permit {
  return { action, resource };
}
