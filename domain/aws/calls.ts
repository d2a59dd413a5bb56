/** Roles that Nightshift has in an account, each with its own policy: it reads; confirms subscriptions of topics to its door; exports its archive; answers for a pipeline's job; asks models. */
export const AWS_ROLES = ['observer', 'subscriber', 'archive', 'hook', 'reasoner'] as const;
/** One of them; the actuator of an account acts for incidents, and its policy names what it may act on, which `infra/` writes. */
export type AwsRole = (typeof AWS_ROLES)[number] | 'actuator';

/** A call that the code can make to AWS. */
export interface AwsOperation {
  /** Package of the client, as in `@aws-sdk/client-cloudwatch`. */
  readonly client: string;
  /** Name of the operation, as in `DescribeAlarmsCommand`. */
  readonly operation: string;
  /** Actions that IAM asks for it. */
  readonly actions: readonly string[];
  readonly roles: readonly AwsRole[];
  /** Whether it changes anything: Nightshift's own parts, or by an actuator what an incident is about. */
  readonly writes: boolean;
}

/** Every call that the code can make to AWS. */
export const AWS_OPERATIONS: readonly AwsOperation[] = [
  {
    client: 'application-auto-scaling',
    operation: 'DeleteScheduledAction',
    actions: ['application-autoscaling:DeleteScheduledAction'],
    roles: ['actuator'],
    writes: true,
  },
  {
    client: 'application-auto-scaling',
    operation: 'DescribeScalableTargets',
    actions: ['application-autoscaling:DescribeScalableTargets'],
    roles: ['actuator'],
    writes: false,
  },
  {
    client: 'application-auto-scaling',
    operation: 'DescribeScheduledActions',
    actions: ['application-autoscaling:DescribeScheduledActions'],
    roles: ['actuator'],
    writes: false,
  },
  {
    client: 'application-auto-scaling',
    operation: 'PutScheduledAction',
    actions: ['application-autoscaling:PutScheduledAction'],
    roles: ['actuator'],
    writes: true,
  },
  {
    client: 'application-auto-scaling',
    operation: 'RegisterScalableTarget',
    actions: ['application-autoscaling:RegisterScalableTarget'],
    roles: ['actuator'],
    writes: true,
  },
  { client: 'auto-scaling', operation: 'DeleteScheduledAction', actions: ['autoscaling:DeleteScheduledAction'], roles: ['actuator'], writes: true },
  { client: 'auto-scaling', operation: 'DescribeAutoScalingGroups', actions: ['autoscaling:DescribeAutoScalingGroups'], roles: ['actuator'], writes: false },
  { client: 'auto-scaling', operation: 'DescribePolicies', actions: ['autoscaling:DescribePolicies'], roles: ['actuator'], writes: false },
  { client: 'auto-scaling', operation: 'DescribeScheduledActions', actions: ['autoscaling:DescribeScheduledActions'], roles: ['actuator'], writes: false },
  {
    client: 'auto-scaling',
    operation: 'PutScheduledUpdateGroupAction',
    actions: ['autoscaling:PutScheduledUpdateGroupAction'],
    roles: ['actuator'],
    writes: true,
  },
  { client: 'auto-scaling', operation: 'UpdateAutoScalingGroup', actions: ['autoscaling:UpdateAutoScalingGroup'], roles: ['actuator'], writes: true },
  // Converse is allowed by the action of InvokeModel, and a guardrail by its own.
  { client: 'bedrock-runtime', operation: 'Converse', actions: ['bedrock:InvokeModel', 'bedrock:ApplyGuardrail'], roles: ['reasoner'], writes: false },
  { client: 'bedrock-runtime', operation: 'InvokeModel', actions: ['bedrock:InvokeModel'], roles: ['observer'], writes: false },
  { client: 'cloudtrail', operation: 'LookupEvents', actions: ['cloudtrail:LookupEvents'], roles: ['observer'], writes: false },
  { client: 'cloudwatch', operation: 'DescribeAlarmHistory', actions: ['cloudwatch:DescribeAlarmHistory'], roles: ['observer'], writes: false },
  { client: 'cloudwatch', operation: 'DescribeAlarms', actions: ['cloudwatch:DescribeAlarms'], roles: ['observer'], writes: false },
  { client: 'cloudwatch', operation: 'GetAlarmMuteRule', actions: ['cloudwatch:GetAlarmMuteRule'], roles: ['observer'], writes: false },
  { client: 'cloudwatch', operation: 'GetMetricData', actions: ['cloudwatch:GetMetricData'], roles: ['observer', 'hook'], writes: false },
  { client: 'cloudwatch', operation: 'ListAlarmMuteRules', actions: ['cloudwatch:ListAlarmMuteRules'], roles: ['observer'], writes: false },
  { client: 'cloudwatch', operation: 'ListMetrics', actions: ['cloudwatch:ListMetrics'], roles: ['observer'], writes: false },
  { client: 'cloudwatch-logs', operation: 'GetQueryResults', actions: ['logs:GetQueryResults'], roles: ['observer'], writes: false },
  { client: 'cloudwatch-logs', operation: 'StartQuery', actions: ['logs:StartQuery'], roles: ['observer'], writes: false },
  { client: 'cloudwatch-logs', operation: 'StopQuery', actions: ['logs:StopQuery'], roles: ['observer'], writes: false },
  { client: 'codebuild', operation: 'BatchGetBuilds', actions: ['codebuild:BatchGetBuilds'], roles: ['observer', 'hook', 'actuator'], writes: false },
  { client: 'codebuild', operation: 'BatchGetReports', actions: ['codebuild:BatchGetReports'], roles: ['hook'], writes: false },
  { client: 'codebuild', operation: 'ListBuilds', actions: ['codebuild:ListBuilds'], roles: ['observer'], writes: false },
  { client: 'codebuild', operation: 'ListBuildsForProject', actions: ['codebuild:ListBuildsForProject'], roles: ['actuator'], writes: false },
  { client: 'codebuild', operation: 'StartBuild', actions: ['codebuild:StartBuild'], roles: ['actuator'], writes: true },
  { client: 'codebuild', operation: 'StopBuild', actions: ['codebuild:StopBuild'], roles: ['actuator'], writes: true },
  { client: 'codedeploy', operation: 'BatchGetDeploymentGroups', actions: ['codedeploy:BatchGetDeploymentGroups'], roles: ['observer'], writes: false },
  { client: 'codedeploy', operation: 'BatchGetDeployments', actions: ['codedeploy:BatchGetDeployments'], roles: ['observer', 'actuator'], writes: false },
  // Its configuration and its revision are asked for apart.
  {
    client: 'codedeploy',
    operation: 'CreateDeployment',
    actions: ['codedeploy:CreateDeployment', 'codedeploy:GetApplicationRevision', 'codedeploy:GetDeploymentConfig', 'codedeploy:RegisterApplicationRevision'],
    roles: ['actuator'],
    writes: true,
  },
  { client: 'codedeploy', operation: 'GetDeployment', actions: ['codedeploy:GetDeployment'], roles: ['actuator'], writes: false },
  { client: 'codedeploy', operation: 'GetDeploymentGroup', actions: ['codedeploy:GetDeploymentGroup'], roles: ['actuator'], writes: false },
  { client: 'codedeploy', operation: 'ListApplications', actions: ['codedeploy:ListApplications'], roles: ['observer'], writes: false },
  { client: 'codedeploy', operation: 'ListDeploymentGroups', actions: ['codedeploy:ListDeploymentGroups'], roles: ['observer'], writes: false },
  { client: 'codedeploy', operation: 'ListDeployments', actions: ['codedeploy:ListDeployments'], roles: ['observer', 'actuator'], writes: false },
  { client: 'codedeploy', operation: 'StopDeployment', actions: ['codedeploy:StopDeployment'], roles: ['actuator'], writes: true },
  { client: 'codepipeline', operation: 'GetPipelineExecution', actions: ['codepipeline:GetPipelineExecution'], roles: ['actuator'], writes: false },
  { client: 'codepipeline', operation: 'GetPipelineState', actions: ['codepipeline:GetPipelineState'], roles: ['actuator'], writes: false },
  {
    client: 'codepipeline',
    operation: 'ListActionExecutions',
    actions: ['codepipeline:ListActionExecutions'],
    roles: ['observer', 'hook', 'actuator'],
    writes: false,
  },
  {
    client: 'codepipeline',
    operation: 'ListPipelineExecutions',
    actions: ['codepipeline:ListPipelineExecutions'],
    roles: ['observer', 'actuator'],
    writes: false,
  },
  { client: 'codepipeline', operation: 'ListPipelines', actions: ['codepipeline:ListPipelines'], roles: ['observer'], writes: false },
  { client: 'codepipeline', operation: 'PutJobFailureResult', actions: ['codepipeline:PutJobFailureResult'], roles: ['hook'], writes: true },
  { client: 'codepipeline', operation: 'PutJobSuccessResult', actions: ['codepipeline:PutJobSuccessResult'], roles: ['hook'], writes: true },
  { client: 'codepipeline', operation: 'RetryStageExecution', actions: ['codepipeline:RetryStageExecution'], roles: ['actuator'], writes: true },
  { client: 'codepipeline', operation: 'RollbackStage', actions: ['codepipeline:RollbackStage'], roles: ['actuator'], writes: true },
  { client: 'codepipeline', operation: 'StopPipelineExecution', actions: ['codepipeline:StopPipelineExecution'], roles: ['actuator'], writes: true },
  { client: 'config-service', operation: 'GetResourceConfigHistory', actions: ['config:GetResourceConfigHistory'], roles: ['observer'], writes: false },
  { client: 'config-service', operation: 'SelectResourceConfig', actions: ['config:SelectResourceConfig'], roles: ['observer'], writes: false },
  { client: 'ecs', operation: 'ContinueServiceDeployment', actions: ['ecs:ContinueServiceDeployment'], roles: ['actuator'], writes: true },
  { client: 'ecs', operation: 'DescribeServiceDeployments', actions: ['ecs:DescribeServiceDeployments'], roles: ['actuator'], writes: false },
  { client: 'ecs', operation: 'DescribeServices', actions: ['ecs:DescribeServices'], roles: ['observer', 'actuator'], writes: false },
  { client: 'ecs', operation: 'ListClusters', actions: ['ecs:ListClusters'], roles: ['observer'], writes: false },
  { client: 'ecs', operation: 'ListServiceDeployments', actions: ['ecs:ListServiceDeployments'], roles: ['actuator'], writes: false },
  { client: 'ecs', operation: 'ListServices', actions: ['ecs:ListServices'], roles: ['observer'], writes: false },
  { client: 'ecs', operation: 'StopServiceDeployment', actions: ['ecs:StopServiceDeployment'], roles: ['actuator'], writes: true },
  { client: 'ecs', operation: 'UpdateService', actions: ['ecs:UpdateService'], roles: ['actuator'], writes: true },
  { client: 'health', operation: 'DescribeAffectedEntities', actions: ['health:DescribeAffectedEntities'], roles: ['observer'], writes: false },
  { client: 'health', operation: 'DescribeEvents', actions: ['health:DescribeEvents'], roles: ['observer'], writes: false },
  { client: 'iam', operation: 'SimulatePrincipalPolicy', actions: ['iam:SimulatePrincipalPolicy'], roles: ['observer'], writes: false },
  { client: 'kinesis', operation: 'GetRecords', actions: ['kinesis:GetRecords'], roles: ['observer'], writes: false },
  { client: 'kinesis', operation: 'GetShardIterator', actions: ['kinesis:GetShardIterator'], roles: ['observer'], writes: false },
  { client: 'kinesis', operation: 'ListShards', actions: ['kinesis:ListShards'], roles: ['observer'], writes: false },
  { client: 'lambda', operation: 'GetAlias', actions: ['lambda:GetAlias'], roles: ['actuator'], writes: false },
  { client: 'lambda', operation: 'ListFunctions', actions: ['lambda:ListFunctions'], roles: ['observer'], writes: false },
  { client: 'lambda', operation: 'ListVersionsByFunction', actions: ['lambda:ListVersionsByFunction'], roles: ['actuator'], writes: false },
  { client: 'lambda', operation: 'UpdateAlias', actions: ['lambda:UpdateAlias'], roles: ['actuator'], writes: true },
  { client: 'resource-groups-tagging-api', operation: 'GetResources', actions: ['tag:GetResources'], roles: ['observer'], writes: false },
  // A version by its id is another action than the newest.
  { client: 's3', operation: 'GetObject', actions: ['s3:GetObject', 's3:GetObjectVersion'], roles: ['archive'], writes: false },
  { client: 's3', operation: 'ListObjectVersions', actions: ['s3:ListBucketVersions'], roles: ['archive'], writes: false },
  { client: 's3', operation: 'ListObjectsV2', actions: ['s3:ListBucket'], roles: ['archive'], writes: false },
  // With a lock it asks for both.
  { client: 's3', operation: 'PutObject', actions: ['s3:PutObject', 's3:PutObjectRetention'], roles: ['archive'], writes: true },
  { client: 'sagemaker-runtime', operation: 'InvokeEndpoint', actions: ['sagemaker:InvokeEndpoint'], roles: ['observer'], writes: false },
  { client: 'sns', operation: 'ConfirmSubscription', actions: ['sns:ConfirmSubscription'], roles: ['subscriber'], writes: true },
  { client: 'sqs', operation: 'ChangeMessageVisibilityBatch', actions: ['sqs:ChangeMessageVisibility'], roles: ['observer'], writes: true },
  { client: 'sqs', operation: 'DeleteMessageBatch', actions: ['sqs:DeleteMessage'], roles: ['observer'], writes: true },
  { client: 'sqs', operation: 'ReceiveMessage', actions: ['sqs:ReceiveMessage'], roles: ['observer'], writes: false },
  { client: 'ssm', operation: 'CancelCommand', actions: ['ssm:CancelCommand'], roles: ['actuator'], writes: true },
  { client: 'ssm', operation: 'DescribeAutomationExecutions', actions: ['ssm:DescribeAutomationExecutions'], roles: ['actuator'], writes: false },
  { client: 'ssm', operation: 'DescribeDocument', actions: ['ssm:DescribeDocument'], roles: ['actuator'], writes: false },
  { client: 'ssm', operation: 'DescribeInstanceInformation', actions: ['ssm:DescribeInstanceInformation'], roles: ['actuator'], writes: false },
  { client: 'ssm', operation: 'GetAutomationExecution', actions: ['ssm:GetAutomationExecution'], roles: ['actuator'], writes: false },
  { client: 'ssm', operation: 'ListCommandInvocations', actions: ['ssm:ListCommandInvocations'], roles: ['actuator'], writes: false },
  { client: 'ssm', operation: 'ListCommands', actions: ['ssm:ListCommands'], roles: ['actuator'], writes: false },
  { client: 'ssm', operation: 'ListTagsForResource', actions: ['ssm:ListTagsForResource'], roles: ['actuator'], writes: false },
  { client: 'ssm', operation: 'SendCommand', actions: ['ssm:SendCommand'], roles: ['actuator'], writes: true },
  // Its tags are asked for apart, and what it runs as.
  {
    client: 'ssm',
    operation: 'StartAutomationExecution',
    actions: ['ssm:StartAutomationExecution', 'ssm:AddTagsToResource', 'iam:PassRole'],
    roles: ['actuator'],
    writes: true,
  },
  { client: 'ssm', operation: 'StopAutomationExecution', actions: ['ssm:StopAutomationExecution'], roles: ['actuator'], writes: true },
  // A session that acts is tagged, and says for whom it acts.
  {
    client: 'sts',
    operation: 'AssumeRole',
    actions: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
    roles: ['observer'],
    writes: false,
  },
  { client: 'sts', operation: 'GetCallerIdentity', actions: ['sts:GetCallerIdentity'], roles: ['observer', 'actuator'], writes: false },
  { client: 'xray', operation: 'GetServiceGraph', actions: ['xray:GetServiceGraph'], roles: ['observer'], writes: false },
];
