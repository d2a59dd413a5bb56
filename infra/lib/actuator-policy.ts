import { neverReadSecrets } from './own-policies';
import { arn } from './place';
import type { Place } from './place';
import { allow, deny, policyDocument } from './policy-document';
import type { PolicyDocument, Statement } from './policy-document';
import { automationRoleArn } from './automation-role';
import { commandStatements, documentArns } from './run-command';
import { scaled } from './scaling';
import type { Actuator } from './settings-schema';

/** ARNs of one thing in every region of the actuator. */
type Everywhere = (service: string, name: string) => readonly string[];

/** What may be done in an environment: each kind of target that is named, on those alone, then what is denied whatever else is allowed. */
export function actuatorPolicy(actuator: Actuator): PolicyDocument {
  const { account, regions } = actuator;
  const everywhere: Everywhere = (service, name) => regions.map((region) => arn(service, { account, region }, name));
  const changing = [
    ...automation(actuator, everywhere),
    ...command(actuator, everywhere),
    ...builds(actuator, everywhere),
    ...services(actuator, everywhere),
    ...capacity(actuator, everywhere),
  ];
  return policyDocument(...changing, ...reading(actuator), ...denied(actuator, changing));
}

/** Automations of Systems Manager, which run as a role of their own that only they are given. */
function automation(actuator: Actuator, everywhere: Everywhere): readonly Statement[] {
  if (!actuator.automation) return [];
  const { documents } = actuator.automation;
  const places = actuator.regions.map((region): Place => ({ account: actuator.account, region }));
  return [
    // A document of automation has two ARNs, and which of them is asked for has changed.
    allow(
      'StartAutomation',
      ['ssm:StartAutomationExecution'],
      places.flatMap((place) => [...documentArns(place, 'automation-definition', documents), ...documentArns(place, 'document', documents)]),
    ),
    allow('SteerAutomation', ['ssm:AddTagsToResource', 'ssm:SendAutomationSignal', 'ssm:StopAutomationExecution'], everywhere('ssm', 'automation-execution/*')),
    allow('PassAutomationRole', ['iam:PassRole'], [automationRoleArn(actuator)], { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } }),
  ];
}

function command(actuator: Actuator, everywhere: Everywhere): readonly Statement[] {
  if (!actuator.command) return [];
  // A command can be taken back only by its id, which IAM knows no resource for.
  return [...commandStatements(actuator, actuator.command.documents, everywhere), allow('CancelCommand', ['ssm:CancelCommand'], ['*'])];
}

function builds({ codebuild = [], codepipeline = [], codedeploy = [] }: Actuator, everywhere: Everywhere): readonly Statement[] {
  return some([
    allow(
      'RunBuilds',
      ['codebuild:RetryBuild', 'codebuild:StartBuild', 'codebuild:StopBuild'],
      codebuild.flatMap((name) => everywhere('codebuild', `project/${name}`)),
    ),
    allow(
      'SteerPipelines',
      ['codepipeline:RetryStageExecution', 'codepipeline:RollbackStage'],
      codepipeline.flatMap(({ pipeline, stages }) => stages.flatMap((stage) => everywhere('codepipeline', `${pipeline}/${stage}`))),
    ),
    allow(
      'StopPipelines',
      ['codepipeline:StopPipelineExecution'],
      codepipeline.flatMap(({ pipeline }) => everywhere('codepipeline', pipeline)),
    ),
    allow(
      'Deploy',
      ['codedeploy:ContinueDeployment', 'codedeploy:CreateDeployment', 'codedeploy:StopDeployment'],
      codedeploy.flatMap(({ application, group }) => everywhere('codedeploy', `deploymentgroup:${application}/${group}`)),
    ),
    // As the reference of `overrideAlarmConfiguration` says; a deployment leaves the alarms of its group aside with it alone.
    allow(
      'OverrideAlarms',
      ['codedeploy:UpdateDeploymentGroup'],
      codedeploy.flatMap(({ application, group, overrideAlarms }) =>
        overrideAlarms ? everywhere('codedeploy', `deploymentgroup:${application}/${group}`) : [],
      ),
    ),
    allow(
      'UseRevisions',
      ['codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'],
      [...new Set(codedeploy.map(({ application }) => application))].flatMap((application) => everywhere('codedeploy', `application:${application}`)),
    ),
    allow('ReadDeploymentConfigs', ['codedeploy:GetDeploymentConfig'], codedeploy.length === 0 ? [] : everywhere('codedeploy', 'deploymentconfig:*')),
  ]);
}

function services({ ecs = [], lambda = [] }: Actuator, everywhere: Everywhere): readonly Statement[] {
  return some([
    allow(
      'DeployServices',
      ['ecs:UpdateService'],
      ecs.flatMap(({ cluster, service }) => everywhere('ecs', `service/${cluster}/${service}`)),
    ),
    allow(
      'SteerServiceDeployments',
      ['ecs:ContinueServiceDeployment', 'ecs:StopServiceDeployment'],
      ecs.flatMap(({ cluster, service }) => everywhere('ecs', `service-deployment/${cluster}/${service}/*`)),
    ),
    allow(
      'ShiftTraffic',
      ['lambda:UpdateAlias'],
      lambda.flatMap((name) => everywhere('lambda', `function:${name}`)),
    ),
  ]);
}

function capacity({ autoScalingGroups = [], scalableTargets = [] }: Actuator, everywhere: Everywhere): readonly Statement[] {
  return some([
    allow(
      'ScaleGroups',
      ['autoscaling:DeleteScheduledAction', 'autoscaling:PutScheduledUpdateGroupAction', 'autoscaling:UpdateAutoScalingGroup'],
      autoScalingGroups.flatMap((name) => everywhere('autoscaling', `autoScalingGroup:*:autoScalingGroupName/${name}`)),
    ),
    ...scalableTargets.flatMap((target, i) => [
      allow(
        `ScaleTargets${String(i)}`,
        ['application-autoscaling:DeleteScheduledAction', 'application-autoscaling:PutScheduledAction', 'application-autoscaling:RegisterScalableTarget'],
        everywhere('application-autoscaling', 'scalable-target/*'),
        { StringEquals: { 'application-autoscaling:service-namespace': target.namespace, 'application-autoscaling:scalable-dimension': target.dimension } },
      ),
      ...scaled(target).map(({ actions, named }, n) =>
        allow(
          `Scaled${String(i)}x${String(n)}`,
          actions,
          named.flatMap((name) => (/^(?:\*$|arn:)/.test(name) ? [name] : everywhere(name.replace(/:.*/, ''), name.replace(/^[^:]*:/, '')))),
        ),
      ),
    ]),
  ]);
}

/** What an action looks at before and after, of the kinds that are named. */
const READS = {
  automation: [
    ...['ssm:DescribeAutomationExecutions', 'ssm:DescribeAutomationStepExecutions', 'ssm:DescribeDocument'],
    ...['ssm:GetAutomationExecution', 'ssm:ListTagsForResource'],
  ],
  command: ['ssm:DescribeDocument', 'ssm:DescribeInstanceInformation', 'ssm:GetCommandInvocation', 'ssm:ListCommandInvocations', 'ssm:ListCommands'],
  codedeploy: ['codedeploy:BatchGetDeployments', 'codedeploy:GetDeployment', 'codedeploy:GetDeploymentGroup', 'codedeploy:ListDeployments'],
  codebuild: ['codebuild:BatchGetBuilds', 'codebuild:ListBuildsForProject'],
  codepipeline: [
    ...['codepipeline:GetPipelineExecution', 'codepipeline:GetPipelineState'],
    ...['codepipeline:ListActionExecutions', 'codepipeline:ListPipelineExecutions'],
  ],
  ecs: ['ecs:DescribeServiceDeployments', 'ecs:DescribeServiceRevisions', 'ecs:DescribeServices', 'ecs:ListServiceDeployments'],
  lambda: ['lambda:GetAlias', 'lambda:ListAliases', 'lambda:ListVersionsByFunction'],
  autoScalingGroups: ['autoscaling:DescribeAutoScalingGroups', 'autoscaling:DescribePolicies', 'autoscaling:DescribeScheduledActions'],
  scalableTargets: ['application-autoscaling:DescribeScalableTargets', 'application-autoscaling:DescribeScheduledActions', 'ecs:DescribeServices'],
} as const satisfies Partial<Record<keyof Actuator, readonly string[]>>;

function reading(actuator: Actuator): readonly Statement[] {
  const kinds = (Object.keys(READS) as (keyof typeof READS)[]).filter((kind) => actuator[kind] !== undefined);
  return some([allow('Look', [...new Set(kinds.flatMap((kind): readonly string[] => READS[kind]))].sort(), ['*'])]);
}

/** What would let a role change what it may do or run: roles, documents, and the code of what it may only start or point to. */
const NEVER = [
  ...['ec2:RunInstances', 'sts:AssumeRole'],
  ...['ssm:CreateDocument', 'ssm:DeleteDocument', 'ssm:ModifyDocumentPermission', 'ssm:UpdateDocument', 'ssm:UpdateDocumentDefaultVersion'],
  ...['codebuild:CreateProject', 'codebuild:UpdateProject', 'codedeploy:UpdateDeploymentGroup', 'codepipeline:UpdatePipeline'],
  ...['ecs:RegisterTaskDefinition', 'lambda:AddPermission', 'lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'],
];

function denied(actuator: Actuator, changing: readonly Statement[]): readonly Statement[] {
  const role = automationRoleArn(actuator);
  const iam: readonly Statement[] = actuator.automation
    ? [
        { Sid: 'NeverIam', Effect: 'Deny', Action: ['iam:*'], NotResource: [role] },
        { Sid: 'OnlyPassAutomationRole', Effect: 'Deny', NotAction: ['iam:PassRole'], Resource: [role] },
      ]
    : [deny('NeverIam', ['iam:*'])];
  const acts = [...new Set(changing.flatMap(({ Action = [] }) => Action))].filter(isAct).sort();
  return [
    ...iam,
    deny(
      'NeverItsOwnRunbooks',
      NEVER.filter((action) => action !== 'codedeploy:UpdateDeploymentGroup' || !actuator.codedeploy?.some(({ overrideAlarms }) => overrideAlarms)),
    ),
    // Sizes alone: what a group launches is not changed. With a template it would need ec2:RunInstances, which is denied above.
    ...(actuator.autoScalingGroups
      ? [deny('NeverAnotherLaunch', ['autoscaling:UpdateAutoScalingGroup'], ['*'], { Null: { 'autoscaling:LaunchConfigurationName': 'false' } })]
      : []),
    // A build runs what the project says: whoever may override that may run anything as its role.
    ...(actuator.codebuild ? [deny('NeverAnotherBuildspec', ['codebuild:StartBuild'], ['*'], { Null: { 'codebuild:source.buildspec': 'false' } })] : []),
    deny('NeverElsewhere', acts, ['*'], { StringNotEquals: { 'aws:RequestedRegion': actuator.regions } }),
    ...(actuator.requireApproval ? [deny('NeverWithoutApproval', acts, ['*'], { Null: { 'aws:PrincipalTag/nightshift:approval': 'true' } })] : []),
    neverReadSecrets(),
  ];
}

/**
 * Whether it alters anything. What acting must be allowed to read is read before an approval too, in a session without one; handing a role on, which IAM counts as a call in a region of its own, has no
 * effect without the call that it is for.
 */
function isAct(action: string): boolean {
  return !/:(?:BatchGet|Describe|Get|List)/.test(action) && action !== 'iam:PassRole';
}

/** Statements that name a resource. */
function some(statements: readonly Statement[]): readonly Statement[] {
  return statements.filter(({ Action, Resource }) => Action?.length !== 0 && Resource?.length !== 0);
}
