/** Roles that Nightshift has in an account, each with its own policy: it reads; confirms subscriptions of topics to its door; exports its archive; answers for a pipeline's job. */
export const AWS_ROLES = ['observer', 'subscriber', 'archive', 'hook'] as const;
/** One of them. */
export type AwsRole = (typeof AWS_ROLES)[number];

/** A call that the code can make to AWS. */
export interface AwsOperation {
  /** Package of the client, as in `@aws-sdk/client-cloudwatch`. */
  readonly client: string;
  /** Name of the operation, as in `DescribeAlarmsCommand`. */
  readonly operation: string;
  /** Actions that IAM asks for it. */
  readonly actions: readonly string[];
  readonly roles: readonly AwsRole[];
  /** Whether it changes anything. Only Nightshift's own parts may be changed. */
  readonly writes: boolean;
}

/** Every call that the code can make to AWS. */
export const AWS_OPERATIONS: readonly AwsOperation[] = [
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
  { client: 'codebuild', operation: 'BatchGetBuilds', actions: ['codebuild:BatchGetBuilds'], roles: ['observer', 'hook'], writes: false },
  { client: 'codebuild', operation: 'BatchGetReports', actions: ['codebuild:BatchGetReports'], roles: ['hook'], writes: false },
  { client: 'codebuild', operation: 'ListBuilds', actions: ['codebuild:ListBuilds'], roles: ['observer'], writes: false },
  { client: 'codedeploy', operation: 'BatchGetDeploymentGroups', actions: ['codedeploy:BatchGetDeploymentGroups'], roles: ['observer'], writes: false },
  { client: 'codedeploy', operation: 'BatchGetDeployments', actions: ['codedeploy:BatchGetDeployments'], roles: ['observer'], writes: false },
  { client: 'codedeploy', operation: 'ListApplications', actions: ['codedeploy:ListApplications'], roles: ['observer'], writes: false },
  { client: 'codedeploy', operation: 'ListDeploymentGroups', actions: ['codedeploy:ListDeploymentGroups'], roles: ['observer'], writes: false },
  { client: 'codedeploy', operation: 'ListDeployments', actions: ['codedeploy:ListDeployments'], roles: ['observer'], writes: false },
  { client: 'codepipeline', operation: 'ListActionExecutions', actions: ['codepipeline:ListActionExecutions'], roles: ['observer', 'hook'], writes: false },
  { client: 'codepipeline', operation: 'ListPipelineExecutions', actions: ['codepipeline:ListPipelineExecutions'], roles: ['observer'], writes: false },
  { client: 'codepipeline', operation: 'ListPipelines', actions: ['codepipeline:ListPipelines'], roles: ['observer'], writes: false },
  { client: 'codepipeline', operation: 'PutJobFailureResult', actions: ['codepipeline:PutJobFailureResult'], roles: ['hook'], writes: true },
  { client: 'codepipeline', operation: 'PutJobSuccessResult', actions: ['codepipeline:PutJobSuccessResult'], roles: ['hook'], writes: true },
  { client: 'config-service', operation: 'GetResourceConfigHistory', actions: ['config:GetResourceConfigHistory'], roles: ['observer'], writes: false },
  { client: 'config-service', operation: 'SelectResourceConfig', actions: ['config:SelectResourceConfig'], roles: ['observer'], writes: false },
  { client: 'ecs', operation: 'DescribeServices', actions: ['ecs:DescribeServices'], roles: ['observer'], writes: false },
  { client: 'ecs', operation: 'ListClusters', actions: ['ecs:ListClusters'], roles: ['observer'], writes: false },
  { client: 'ecs', operation: 'ListServices', actions: ['ecs:ListServices'], roles: ['observer'], writes: false },
  { client: 'health', operation: 'DescribeAffectedEntities', actions: ['health:DescribeAffectedEntities'], roles: ['observer'], writes: false },
  { client: 'health', operation: 'DescribeEvents', actions: ['health:DescribeEvents'], roles: ['observer'], writes: false },
  { client: 'kinesis', operation: 'GetRecords', actions: ['kinesis:GetRecords'], roles: ['observer'], writes: false },
  { client: 'kinesis', operation: 'GetShardIterator', actions: ['kinesis:GetShardIterator'], roles: ['observer'], writes: false },
  { client: 'kinesis', operation: 'ListShards', actions: ['kinesis:ListShards'], roles: ['observer'], writes: false },
  { client: 'lambda', operation: 'ListFunctions', actions: ['lambda:ListFunctions'], roles: ['observer'], writes: false },
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
  // Sent by what gives credentials, where an account has a role.
  { client: 'sts', operation: 'AssumeRole', actions: ['sts:AssumeRole'], roles: ['observer'], writes: false },
  { client: 'sts', operation: 'GetCallerIdentity', actions: ['sts:GetCallerIdentity'], roles: ['observer'], writes: false },
  { client: 'xray', operation: 'GetServiceGraph', actions: ['xray:GetServiceGraph'], roles: ['observer'], writes: false },
];
