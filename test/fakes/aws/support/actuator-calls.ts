import type { PythonCall } from './calls';
import { NOW } from './facts';
import { revision, SCALABLE } from './actuator-facts';

type Table = Readonly<Record<string, Omit<PythonCall, 'service' | 'operation'>>>;

function of(service: string, calls: Table): PythonCall[] {
  return Object.entries(calls).map(([operation, call]) => ({ service, operation, ...call }));
}

/** Lets time pass on the fake's clock. */
function later(advanceMs: number): PythonCall {
  return { service: 'fake', operation: 'clock', given: { advanceMs } };
}

const has = (fields: object): unknown => expect.objectContaining(fields) as unknown;
const FLEET = { applicationName: 'store', deploymentGroupName: 'fleet' };
const TOKEN = 'a8a3c5d2-6f2e-5b1c-9a44-0f5d3c1b2a10';
const START = { DocumentName: 'Restart-Service', Parameters: { Service: ['web'] }, ClientToken: TOKEN, Tags: [{ Key: 'action', Value: TOKEN }] };
const INSTANCE = 'i-00000000000000001';
const COMMAND = { CommandId: '$send_command.Command.CommandId' };

const SYSTEMS: readonly PythonCall[] = [
  ...of('ssm', {
    start_automation_execution: { given: START, expected: { AutomationExecutionId: expect.any(String) } },
    describe_automation_executions: {
      given: { Filters: [{ Key: 'TagKey', Values: ['action'] }], MaxResults: 50 },
      expected: { AutomationExecutionMetadataList: [has({ DocumentName: 'Restart-Service', AutomationExecutionStatus: 'InProgress' })] },
    },
    get_automation_execution: {
      given: { AutomationExecutionId: '$start_automation_execution.AutomationExecutionId' },
      expected: { AutomationExecution: has({ Parameters: { Service: ['web'] }, StepExecutions: [has({ StepStatus: 'InProgress' })] }) },
    },
    list_tags_for_resource: {
      given: { ResourceType: 'Automation', ResourceId: '$start_automation_execution.AutomationExecutionId' },
      expected: { TagList: [{ Key: 'action', Value: TOKEN }] },
    },
    stop_automation_execution: { given: { AutomationExecutionId: '$start_automation_execution.AutomationExecutionId' }, expected: {} },
    describe_document: {
      given: { Name: 'Restart-Service' },
      expected: { Document: has({ DocumentType: 'Automation', Status: 'Active', DocumentVersion: '1', Parameters: [{ Name: 'Service', Type: 'String' }] }) },
    },
    describe_instance_information: { expected: { InstanceInformationList: [has({ InstanceId: INSTANCE, PingStatus: 'Online' }), expect.anything()] } },
    send_command: {
      given: { DocumentName: 'AWS-RunShellScript', InstanceIds: [INSTANCE], Parameters: { commands: ['true'] }, Comment: 'restart' },
      expected: { Command: has({ Comment: 'restart', Status: 'Pending' }) },
    },
    list_commands: { given: COMMAND, expected: { Commands: [has({ Comment: 'restart', TargetCount: 1 })] } },
  }),
  later(10_000),
  ...of('ssm', {
    get_command_invocation: {
      given: { ...COMMAND, InstanceId: INSTANCE },
      expected: { Status: 'Success', StandardOutputContent: 'done', ResponseCode: 0 },
    },
    list_command_invocations: {
      given: { ...COMMAND, Details: true },
      expected: { CommandInvocations: [has({ Status: 'Success', CommandPlugins: [has({ Output: 'done' })] })] },
    },
    cancel_command: { given: COMMAND, expected: {} },
    start_automation_execution: { given: { DocumentName: 'Ask-First' } },
    send_automation_signal: {
      given: { AutomationExecutionId: '$start_automation_execution.AutomationExecutionId', SignalType: 'Approve' },
      expected: {},
    },
  }),
];

const RELEASES: readonly PythonCall[] = [
  ...of('codedeploy', {
    get_deployment_group: { given: FLEET, expected: { deploymentGroupInfo: has({ deploymentGroupName: 'fleet' }) } },
    create_deployment: {
      given: { ...FLEET, revision: revision('v2.zip'), description: 'token', overrideAlarmConfiguration: { enabled: false } },
      expected: { deploymentId: expect.stringMatching(/^d-/) },
    },
    stop_deployment: {
      given: { deploymentId: '$create_deployment.deploymentId', autoRollbackEnabled: true },
      expected: { status: 'Succeeded' },
    },
    get_deployment: {
      given: { deploymentId: '$create_deployment.deploymentId' },
      expected: { deploymentInfo: has({ status: 'Stopped', rollbackInfo: has({ rollbackDeploymentId: expect.any(String) }) }) },
    },
  }),
  ...of('codedeploy', {
    create_deployment: { given: { ...FLEET, deploymentGroupName: 'green', revision: revision('v2.zip') }, expected: { deploymentId: expect.any(String) } },
  }),
  later(60_000),
  ...of('codedeploy', { continue_deployment: { given: { deploymentId: '$create_deployment.deploymentId', deploymentWaitType: 'READY_WAIT' } } }),
  ...of('codebuild', {
    start_build: {
      given: {
        ...{ projectName: 'web', idempotencyToken: TOKEN, cacheOverride: { type: 'NO_CACHE' } },
        environmentVariablesOverride: [{ name: 'TOKEN', value: TOKEN, type: 'PLAINTEXT' }],
      },
      expected: { build: has({ buildStatus: 'IN_PROGRESS', cache: { type: 'NO_CACHE' } }) },
    },
    stop_build: { given: { id: '$start_build.build.id' }, expected: { build: has({ buildStatus: 'STOPPED' }) } },
    retry_build: { given: { id: '$start_build.build.id' }, expected: { build: has({ buildNumber: 2 }) } },
  }),
];

const RELEASE = { pipelineName: 'release' };
const RUN = { ...RELEASE, pipelineExecutionId: '$start_pipeline_execution.pipelineExecutionId' };

const PIPELINES: readonly PythonCall[] = [
  ...of('codepipeline', { start_pipeline_execution: { given: { name: 'release', clientRequestToken: TOKEN } } }),
  later(30_000),
  ...of('codepipeline', {
    get_pipeline_state: { given: { name: 'release' }, expected: { stageStates: expect.any(Array) } },
    put_approval_result: {
      given: {
        ...{ ...RELEASE, stageName: 'Gate', actionName: 'ask', result: { summary: 'fine', status: 'Approved' } },
        token: '$get_pipeline_state.stageStates.1.actionStates.0.latestExecution.token',
      },
      expected: { approvedAt: expect.anything() },
    },
  }),
  later(30_000),
  ...of('codepipeline', { retry_stage_execution: { given: { ...RUN, stageName: 'Deploy', retryMode: 'FAILED_ACTIONS' } } }),
  later(30_000),
  ...of('codepipeline', {
    list_pipeline_executions: {
      given: { ...RELEASE, filter: { succeededInStage: { stageName: 'Deploy' } } },
      expected: { pipelineExecutionSummaries: [has({ status: 'Succeeded', executionType: 'STANDARD' })] },
    },
    rollback_stage: { given: { ...RELEASE, stageName: 'Deploy', targetPipelineExecutionId: RUN.pipelineExecutionId } },
    get_pipeline_execution: {
      given: { ...RELEASE, pipelineExecutionId: '$rollback_stage.pipelineExecutionId' },
      expected: { pipelineExecution: has({ executionType: 'ROLLBACK', rollbackMetadata: expect.anything() }) },
    },
    stop_pipeline_execution: { given: { ...RELEASE, pipelineExecutionId: '$rollback_stage.pipelineExecutionId', abandon: true, reason: 'enough' } },
  }),
];

const SCHEDULED = { ServiceNamespace: 'ecs', ResourceId: SCALABLE.ResourceId, ScalableDimension: SCALABLE.ScalableDimension, ScheduledActionName: 'rush' };
/** After all the time that passes in these calls. */
const TOMORROW = new Date(NOW + 86_400_000).toISOString().slice(0, 19);
const GROUP = { AutoScalingGroupName: 'web' };
const GROUP_RUSH = { ...GROUP, ScheduledActionName: 'rush' };

const CAPACITY: readonly PythonCall[] = [
  ...of('application-autoscaling', {
    register_scalable_target: { given: { ...SCALABLE, MinCapacity: 3 }, expected: { ScalableTargetARN: expect.any(String) } },
    describe_scalable_targets: { given: { ServiceNamespace: 'ecs' }, expected: { ScalableTargets: [has({ MinCapacity: 3, MaxCapacity: 10 })] } },
    put_scheduled_action: { given: { ...SCHEDULED, Schedule: `at(${TOMORROW})`, ScalableTargetAction: { MinCapacity: 6 } }, expected: {} },
    describe_scheduled_actions: {
      given: { ServiceNamespace: 'ecs' },
      expected: { ScheduledActions: [has({ ScheduledActionName: 'rush', ScalableTargetAction: { MinCapacity: 6 } })] },
    },
    delete_scheduled_action: { given: SCHEDULED, expected: {} },
  }),
  ...of('autoscaling', {
    set_desired_capacity: { given: { ...GROUP, DesiredCapacity: 3, HonorCooldown: false } },
    update_auto_scaling_group: { given: { ...GROUP, MinSize: 2, MaxSize: 6 } },
    describe_auto_scaling_groups: {
      given: { AutoScalingGroupNames: ['web'] },
      expected: { AutoScalingGroups: [has({ MinSize: 2, MaxSize: 6, DesiredCapacity: 3, AvailabilityZones: ['eu-west-1a', 'eu-west-1b'] })] },
    },
    describe_policies: {
      given: { ...GROUP, PolicyTypes: ['TargetTrackingScaling', 'SimpleScaling'] },
      expected: { ScalingPolicies: [has({ PolicyName: 'cpu', Enabled: true }), has({ PolicyName: 'rush', PolicyType: 'SimpleScaling', Enabled: false })] },
    },
    put_scheduled_update_group_action: { given: { ...GROUP_RUSH, StartTime: `${TOMORROW}Z`, MinSize: 4 } },
    describe_scheduled_actions: {
      given: GROUP,
      expected: { ScheduledUpdateGroupActions: [has({ ScheduledActionName: 'rush', MinSize: 4 })] },
    },
    delete_scheduled_action: { given: GROUP_RUSH },
  }),
];

const PAUSE = { lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }] };
const WEB = { cluster: 'fleet', service: 'web' };
const ROLLOUT = '$update_service.service.currentServiceDeployment';

const SERVICES: readonly PythonCall[] = [
  ...of('ecs', {
    update_service: {
      given: { ...WEB, forceNewDeployment: true, deploymentConfiguration: PAUSE },
      expected: { service: has({ deployments: [has({ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }), has({ status: 'ACTIVE' })] }) },
    },
  }),
  later(60_000),
  ...of('ecs', {
    describe_service_deployments: {
      given: { serviceDeploymentArns: [ROLLOUT] },
      expected: { serviceDeployments: [has({ status: 'IN_PROGRESS', lifecycleHookDetails: [has({ status: 'AWAITING_ACTION' })] })] },
    },
    continue_service_deployment: {
      given: { serviceDeploymentArn: ROLLOUT, hookId: '$describe_service_deployments.serviceDeployments.0.lifecycleHookDetails.0.hookId' },
      expected: { serviceDeploymentArn: expect.any(String) },
    },
    describe_services: {
      given: { cluster: 'fleet', services: ['web'] },
      expected: { services: [has({ deployments: [has({ rolloutState: 'COMPLETED' })] })] },
    },
    update_service: { given: { ...WEB, taskDefinition: 'web:2' } },
    stop_service_deployment: { given: { serviceDeploymentArn: ROLLOUT, stopType: 'ROLLBACK' } },
  }),
  ...of('lambda', {
    list_versions_by_function: {
      given: { FunctionName: 'checkout' },
      expected: { Versions: [expect.anything(), has({ Version: '1' }), has({ Version: '2' })] },
    },
    get_function_configuration: { given: { FunctionName: 'checkout', Qualifier: '2' }, expected: { Version: '2' } },
    get_alias: { given: { FunctionName: 'checkout', Name: 'live' } },
    update_alias: {
      given: { FunctionName: 'checkout', Name: 'live', FunctionVersion: '1', RoutingConfig: {}, RevisionId: '$get_alias.RevisionId' },
      expected: { FunctionVersion: '1', RevisionId: expect.any(String) },
    },
  }),
];

/** What was left of all this in the world. */
const LEFT: PythonCall = {
  service: 'fake',
  operation: 'effects',
  expected: {
    kinds: expect.arrayContaining(['ssm.automation', 'service.restart', 'instance.restart', 'codedeploy.deployment', 'codebuild.build', 'lambda.alias']),
  },
};

const NO_UUID = '00000000-0000-4000-8000-00000000dead';

const REFUSED: readonly (readonly [service: string, operation: string, given: Readonly<Record<string, unknown>>, error: string])[] = [
  ['ssm', 'start_automation_execution', { DocumentName: 'None' }, 'AutomationDefinitionNotFoundException'],
  ['ssm', 'start_automation_execution', { DocumentName: 'Restart-Service' }, 'InvalidAutomationExecutionParametersException'],
  ['ssm', 'start_automation_execution', { ...START, DocumentVersion: '9' }, 'IdempotentParameterMismatch'],
  ['ssm', 'start_automation_execution', { DocumentName: 'Ask-First', DocumentVersion: '9' }, 'AutomationDefinitionVersionNotFoundException'],
  ['ssm', 'get_automation_execution', { AutomationExecutionId: NO_UUID }, 'AutomationExecutionNotFoundException'],
  ['ssm', 'describe_automation_executions', { Filters: [{ Key: 'StartTimeAfter', Values: ['soon'] }] }, 'InvalidFilterValue'],
  ['ssm', 'describe_document', { Name: 'None' }, 'InvalidDocument'],
  ['ssm', 'describe_document', { Name: 'Restart-Service', DocumentVersion: '9' }, 'InvalidDocumentVersion'],
  ['ssm', 'list_tags_for_resource', { ResourceType: 'Automation', ResourceId: NO_UUID }, 'InvalidResourceId'],
  ['ssm', 'send_command', { DocumentName: 'None', InstanceIds: [INSTANCE] }, 'InvalidDocument'],
  ['ssm', 'get_command_invocation', { CommandId: NO_UUID, InstanceId: INSTANCE }, 'InvocationDoesNotExist'],
  ['codedeploy', 'create_deployment', FLEET, 'RevisionRequiredException'],
  ['codedeploy', 'stop_deployment', { deploymentId: 'd-GOOD' }, 'DeploymentAlreadyCompletedException'],
  ['codedeploy', 'continue_deployment', { deploymentId: 'd-NONE' }, 'DeploymentDoesNotExistException'],
  ['codebuild', 'start_build', { projectName: 'none' }, 'ResourceNotFoundException'],
  [
    'codepipeline',
    'retry_stage_execution',
    { ...RELEASE, stageName: 'Deploy', pipelineExecutionId: NO_UUID, retryMode: 'ALL_ACTIONS' },
    'NotLatestPipelineExecutionException',
  ],
  ['codepipeline', 'rollback_stage', { ...RELEASE, stageName: 'None', targetPipelineExecutionId: NO_UUID }, 'StageNotFoundException'],
  [
    'application-autoscaling',
    'put_scheduled_action',
    { ...SCHEDULED, ResourceId: 'service/none/none', Schedule: `at(${TOMORROW})` },
    'ObjectNotFoundException',
  ],
  ['autoscaling', 'set_desired_capacity', { ...GROUP, DesiredCapacity: 9 }, 'ValidationError'],
  ['autoscaling', 'delete_scheduled_action', GROUP_RUSH, 'ValidationError'],
  ['autoscaling', 'describe_policies', { AutoScalingGroupName: 'none' }, 'ValidationError'],
  ['ecs', 'update_service', { cluster: 'fleet', service: 'none' }, 'ServiceNotFoundException'],
  [
    'ecs',
    'stop_service_deployment',
    { serviceDeploymentArn: 'arn:aws:ecs:eu-west-1:111122223333:service-deployment/a/b/c' },
    'ServiceDeploymentNotFoundException',
  ],
  ['lambda', 'update_alias', { FunctionName: 'checkout', Name: 'live', FunctionVersion: '1', RevisionId: 'stale' }, 'PreconditionFailedException'],
];

/** Calls of actuators in this order, as time passes between them: those that are answered, and those that are refused with an error. */
export const ACTUATORS: readonly (PythonCall & { readonly error?: string })[] = [
  ...[...SYSTEMS, ...RELEASES, ...PIPELINES, ...CAPACITY, ...SERVICES, LEFT],
  ...REFUSED.map(([service, operation, given, error]) => ({ service, operation, given, error })),
];
