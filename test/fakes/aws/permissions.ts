import type { Tag } from '@aws-sdk/client-ssm';
import { AWS_OPERATIONS } from '../../../domain/aws/calls';
import { AwsError, denied } from './errors';
import type { Principal } from './identity';
import { scalingChecks } from './scaling-checks';
import type { FakeService } from './service';
import { targetArn } from './services/application-autoscaling';
import { DEPLOYMENTS } from './services/codedeploy-store';
import { allows } from './session-policy';
import type { Permission } from './session-policy';
import { partitionOf } from './world';
import type { Place } from './world';

type Input = Readonly<Record<string, unknown>>;
type Asks = (input: Input, place: Place, action: string) => readonly Permission[];

/** Everyone may ask who they are. */
const FREE = 'sts:GetCallerIdentity';

/** Throws where the session of the caller does not allow the call. Long-lived keys may do everything, and what the role itself may is not looked at. */
export function checkSession({ session, arn }: Principal, service: FakeService, operation: string, input: object, place: Place): void {
  if (!session?.policy) return;
  for (const permission of permissionsOf(service, operation, input as Input, place)) {
    if (permission.action === FREE || allows(session.policy, permission)) continue;
    const { action, resource, refusedAs } = permission;
    throw refusedAs === undefined
      ? denied(arn, action, resource)
      : new AwsError(refusedAs, `User is missing the following permissions: [${action}] on ${resource ?? '*'}`);
  }
}

function permissionsOf({ signedAs, actions = signedAs }: FakeService, operation: string, input: Input, place: Place): readonly Permission[] {
  const row = AWS_OPERATIONS.find((one) => one.operation === operation && one.actions.some((action) => action.startsWith(`${actions}:`)));
  const action = row?.actions[0] ?? `${actions}:${operation}`;
  return ASKS[action]?.(input, place, action) ?? [{ action }];
}

/** A call that asks for one action on these. */
function on(arns: (input: Input, place: Place) => string | readonly string[]): Asks {
  return (input, place, action) => [arns(input, place)].flat().map((resource) => ({ action, resource }));
}

const GROUP = on(({ AutoScalingGroupName: name }, place) => place.arn('autoscaling', `autoScalingGroup:${text(name)}:autoScalingGroupName/${text(name)}`));
const SCALABLE: Asks = (input, place, action) => [
  { action, resource: targetArn(place, input) },
  ...scalingChecks(text(input['ServiceNamespace']), text(input['ResourceId']), place),
];
const PROJECT_OF_BUILD = on(({ id }, place) => place.arn('codebuild', `project/${text(id).split(':')[0] ?? ''}`));
const DEPLOYMENT = on(({ deploymentId }, place) => {
  const { applicationName = '', deploymentGroupName = '' } = place.state(DEPLOYMENTS).get(text(deploymentId)) ?? {};
  return place.arn('codedeploy', `deploymentgroup:${applicationName}/${deploymentGroupName}`);
});
const ROLLOUT = on(({ serviceDeploymentArn }) => text(serviceDeploymentArn));
const STAGE = on(({ pipelineName, stageName }, place) => place.arn('codepipeline', `${text(pipelineName)}/${text(stageName)}`));

/** What calls that change something ask for, by their actions: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
const ASKS: Readonly<Record<string, Asks>> = {
  'application-autoscaling:DeleteScheduledAction': SCALABLE,
  'application-autoscaling:PutScheduledAction': SCALABLE,
  'application-autoscaling:RegisterScalableTarget': SCALABLE,
  'autoscaling:DeleteScheduledAction': GROUP,
  'autoscaling:PutScheduledUpdateGroupAction': GROUP,
  'autoscaling:SetDesiredCapacity': GROUP,
  'autoscaling:UpdateAutoScalingGroup': GROUP,
  'codebuild:RetryBuild': PROJECT_OF_BUILD,
  'codebuild:StartBuild': on(({ projectName }, place) => place.arn('codebuild', `project/${text(projectName)}`)),
  'codebuild:StopBuild': PROJECT_OF_BUILD,
  'codedeploy:ContinueDeployment': DEPLOYMENT,
  // As the reference of `overrideAlarmConfiguration` says.
  'codedeploy:CreateDeployment': ({ applicationName, deploymentGroupName, overrideAlarmConfiguration: override }, place, action) => {
    const resource = place.arn('codedeploy', `deploymentgroup:${text(applicationName)}/${text(deploymentGroupName)}`);
    return [action, ...(override === undefined ? [] : ['codedeploy:UpdateDeploymentGroup'])].map((each) => ({ action: each, resource }));
  },
  'codedeploy:StopDeployment': DEPLOYMENT,
  'codepipeline:RetryStageExecution': STAGE,
  'codepipeline:RollbackStage': STAGE,
  'codepipeline:StopPipelineExecution': on(({ pipelineName }, place) => place.arn('codepipeline', text(pipelineName))),
  'ecs:ContinueServiceDeployment': ROLLOUT,
  'ecs:StopServiceDeployment': ROLLOUT,
  'ecs:UpdateService': on(({ cluster, service }, place) => {
    const named = text(service).replace(/^arn:.*:service\//, '');
    return place.arn('ecs', `service/${named.includes('/') ? named : `${nameIn(cluster, 'default')}/${named}`}`);
  }),
  'lambda:UpdateAlias': on(({ FunctionName }, place) => place.arn('lambda', `function:${text(FunctionName).replace(/^.*function:/, '')}`)),
  'ssm:SendCommand': (input, place, action) => [
    ...documentArns(place, text(input['DocumentName']), 'document').map((resource) => ({ action, resource })),
    ...instances(input, place).map((resource) => ({ action, resource })),
  ],
  'ssm:StartAutomationExecution': startAutomation,
  'ssm:StopAutomationExecution': on(({ AutomationExecutionId }, place) => place.arn('ssm', `automation-execution/${text(AutomationExecutionId)}`)),
};

/** Which of the two ARNs of a document is asked for has changed, so that both must be allowed; what it runs as must be allowed to be given. */
function startAutomation({ DocumentName, DocumentVersion, Parameters = {}, Tags = [] }: Input, place: Place, action: string): readonly Permission[] {
  const [role] = (Parameters as Readonly<Record<string, readonly string[]>>)['AutomationAssumeRole'] ?? [];
  const version = text(DocumentVersion ?? '$DEFAULT');
  const documents = [
    ...documentArns(place, text(DocumentName), 'document'),
    ...documentArns(place, text(DocumentName), 'automation-definition').map((arn) => `${arn}:${version}`),
  ];
  return [
    ...documents.map((resource) => ({ action, resource })),
    ...((Tags as readonly Tag[]).length > 0 ? [{ action: 'ssm:AddTagsToResource', resource: place.arn('ssm', 'automation-execution/new') }] : []),
    ...(role === undefined ? [] : [{ action: 'iam:PassRole', resource: role }]),
  ];
}

/** Documents of Amazon belong to no account. */
function documentArns({ account, region }: Place, given: string, kind: 'automation-definition' | 'document'): readonly string[] {
  const [, owner, name = given] = /^arn:[^:]+:ssm:[^:]*:([^:]*):[^/]+\/([^:]+)/.exec(given) ?? [];
  return [`arn:${partitionOf(region)}:ssm:${region}:${owner ?? (name.startsWith('AWS') ? '' : account)}:${kind}/${name}`];
}

function instances({ InstanceIds, Targets }: Input, place: Place): readonly string[] {
  if (Targets !== undefined) return [place.arn('ec2', 'instance/any'), place.arn('ssm', 'managed-instance/any')];
  const ids = (InstanceIds ?? []) as readonly string[];
  return ids.map((id) => (id.startsWith('mi-') ? place.arn('ssm', `managed-instance/${id}`) : place.arn('ec2', `instance/${id}`)));
}

function nameIn(arnOrName: unknown, usual: string): string {
  return text(arnOrName ?? usual).replace(/^.*\//, '');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
