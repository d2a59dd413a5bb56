import { AT, EVENT_ARN, NOW, REPORT, ROLE, TOPIC } from './facts';

/** A call as botocore names it; the AWS CLI's name follows from it. */
export interface PythonCall {
  readonly service: string;
  readonly operation: string;
  readonly given?: Readonly<Record<string, unknown>>;
  /** What the answer has, among other things. */
  readonly expected?: Readonly<Record<string, unknown>>;
  readonly only?: 'boto3' | 'cli';
}

const WINDOW = { StartTime: new Date(NOW - 600_000).toISOString(), EndTime: new Date(NOW).toISOString() };
const SECURITY_GROUP = { resourceType: 'AWS::EC2::SecurityGroup', resourceId: 'sg-1' };

function of(service: string, calls: Readonly<Record<string, Omit<PythonCall, 'service' | 'operation'>>>): PythonCall[] {
  return Object.entries(calls).map(([operation, call]) => ({ service, operation, ...call }));
}

const WATCH: readonly PythonCall[] = [
  ...of('cloudwatch', {
    describe_alarms: { expected: { MetricAlarms: [expect.objectContaining({ AlarmName: 'errors <&> é', Threshold: 0.5 })] } },
    describe_alarm_history: { expected: { AlarmHistoryItems: [expect.objectContaining({ HistoryItemType: 'StateUpdate' })] } },
    list_alarm_mute_rules: { expected: { AlarmMuteRuleSummaries: [expect.objectContaining({ Status: 'ACTIVE' })] } },
    get_alarm_mute_rule: { given: { AlarmMuteRuleName: 'night' }, expected: { Name: 'night' } },
    list_metrics: { expected: { Metrics: [{ Namespace: 'Shop', MetricName: 'Errors', Dimensions: [{ Name: 'Service', Value: 'cart' }] }] } },
    get_metric_data: {
      given: { ...WINDOW, MetricDataQueries: [{ Id: 'a', Period: 300, Expression: 'SELECT MAX(Errors) FROM "Shop" GROUP BY Service' }] },
      expected: { MetricDataResults: [expect.objectContaining({ Label: 'cart', Values: [1.5] })] },
    },
  }),
  ...of('logs', {
    describe_log_groups: { expected: { logGroups: [expect.objectContaining({ logGroupName: '/app' })] } },
    filter_log_events: { given: { logGroupName: '/app', filterPattern: 'ERROR' }, expected: { events: [expect.objectContaining({ message: 'ERROR disk' })] } },
    start_query: {
      given: { logGroupName: '/app', startTime: NOW / 1000 - 60, endTime: NOW / 1000, queryString: 'fields @message' },
      expected: { queryId: expect.any(String) },
    },
  }),
  ...of('logs', {
    get_query_results: {
      given: { queryId: '$start_query.queryId' },
      expected: { status: 'Complete', results: [expect.arrayContaining([{ field: '@message', value: 'ERROR disk' }])] },
    },
  }),
  ...of('cloudtrail', { lookup_events: { expected: { Events: [expect.objectContaining({ Username: 'ana' })] } } }),
  ...of('health', {
    describe_events: { expected: { events: [expect.objectContaining({ arn: EVENT_ARN })] } },
    describe_event_details: {
      given: { eventArns: [EVENT_ARN] },
      expected: { successfulSet: [expect.objectContaining({ eventDescription: { latestDescription: 'd' } })] },
    },
    describe_affected_entities: { given: { filter: { eventArns: [EVENT_ARN] } }, expected: { entities: [expect.objectContaining({ entityValue: 'i-1' })] } },
  }),
  ...of('resourcegroupstaggingapi', {
    get_resources: {
      given: { TagFilters: [{ Key: 'app' }] },
      expected: { ResourceTagMappingList: [expect.objectContaining({ Tags: [{ Key: 'app', Value: 'shop' }] })] },
    },
  }),
  ...of('xray', { get_service_graph: { given: WINDOW, expected: { Services: [expect.objectContaining({ Name: 'cart' })] } } }),
  ...of('config', {
    get_resource_config_history: {
      given: SECURITY_GROUP,
      expected: { configurationItems: [expect.objectContaining({ configuration: '{"groupName":"web"}' })] },
    },
    select_resource_config: {
      given: { Expression: "SELECT resourceId WHERE configuration.groupName LIKE 'w%'" },
      expected: { Results: ['{"resourceId":"sg-1"}'] },
    },
  }),
];

const PIPELINE = { pipelineName: 'shop' };

const DELIVERY: readonly PythonCall[] = [
  ...of('codedeploy', {
    list_applications: { expected: { applications: ['shop'] } },
    batch_get_applications: { given: { applicationNames: ['shop'] }, expected: { applicationsInfo: [expect.anything()] } },
    list_deployment_groups: { given: { applicationName: 'shop' }, expected: { deploymentGroups: ['live'] } },
    batch_get_deployment_groups: {
      given: { applicationName: 'shop', deploymentGroupNames: ['live'] },
      expected: { deploymentGroupsInfo: [expect.anything()] },
    },
    list_deployments: { given: { createTimeRange: { start: AT.toISOString() } }, expected: { deployments: ['d-AAA'] } },
    get_deployment: { given: { deploymentId: 'd-AAA' }, expected: { deploymentInfo: expect.objectContaining({ status: 'Succeeded' }) as unknown } },
    batch_get_deployments: {
      given: { deploymentIds: ['d-AAA'] },
      expected: { deploymentsInfo: [expect.objectContaining({ deploymentOverview: { Succeeded: 2 } })] },
    },
  }),
  ...of('codepipeline', {
    list_pipelines: { expected: { pipelines: [expect.objectContaining({ name: 'shop' })] } },
    get_pipeline: { given: { name: 'shop' }, expected: { pipeline: expect.objectContaining({ name: 'shop' }) as unknown } },
    get_pipeline_state: {
      given: { name: 'shop' },
      expected: { stageStates: [expect.objectContaining({ latestExecution: { pipelineExecutionId: 'e-1', status: 'Failed' } })] },
    },
    list_pipeline_executions: { given: PIPELINE, expected: { pipelineExecutionSummaries: [expect.objectContaining({ status: 'Failed' })] } },
    get_pipeline_execution: {
      given: { ...PIPELINE, pipelineExecutionId: 'e-1' },
      expected: { pipelineExecution: expect.objectContaining({ status: 'Failed' }) as unknown },
    },
    list_action_executions: { given: PIPELINE, expected: { actionExecutionDetails: [expect.objectContaining({ actionName: 'make' })] } },
    put_job_success_result: { given: { jobId: 'j-1' }, expected: {} },
    put_job_failure_result: { given: { jobId: 'j-2', failureDetails: { type: 'JobFailed', message: 'm' } }, expected: {} },
  }),
  ...of('codebuild', {
    list_projects: { expected: { projects: ['shop'] } },
    batch_get_projects: { given: { names: ['shop'] }, expected: { projectsNotFound: [] } },
    list_builds: { expected: { ids: ['shop:1'] } },
    list_builds_for_project: { given: { projectName: 'shop' }, expected: { ids: ['shop:1'] } },
    batch_get_builds: { given: { ids: ['shop:1'] }, expected: { builds: [expect.objectContaining({ buildStatus: 'FAILED' })] } },
    batch_get_reports: { given: { reportArns: [REPORT] }, expected: { reports: [expect.objectContaining({ type: 'TEST' })] } },
  }),
  ...of('ecs', {
    list_clusters: { expected: { clusterArns: ['arn:aws:ecs:eu-west-1:111122223333:cluster/main'] } },
    list_services: { given: { cluster: 'main' }, expected: { serviceArns: ['arn:aws:ecs:eu-west-1:111122223333:service/main/cart'] } },
    describe_services: { given: { cluster: 'main', services: ['cart', 'none'] }, expected: { failures: [expect.objectContaining({ reason: 'MISSING' })] } },
    list_service_deployments: {
      given: { cluster: 'main', service: 'cart' },
      expected: { serviceDeployments: [expect.objectContaining({ status: 'SUCCESSFUL' })] },
    },
  }),
  ...of('lambda', {
    list_functions: { expected: { Functions: [expect.objectContaining({ FunctionName: 'mail' })] } },
    get_function: { given: { FunctionName: 'mail' }, expected: { Tags: { app: 'shop' } } },
    list_tags: { given: { Resource: 'arn:aws:lambda:eu-west-1:111122223333:function:mail' }, expected: { Tags: { app: 'shop' } } },
    list_aliases: { given: { FunctionName: 'mail' }, expected: { Aliases: [expect.objectContaining({ Name: 'live' })] } },
    get_alias: { given: { FunctionName: 'mail', Name: 'live' }, expected: { RoutingConfig: { AdditionalVersionWeights: { '4': 0.1 } } } },
  }),
];

const SHARD = { StreamName: 'logs', ShardId: 'shardId-000000000000' };
const HALF = String(1n << 127n);

const STREAMS: readonly PythonCall[] = [
  ...of('sts', {
    get_caller_identity: { expected: { Account: '111122223333' } },
    assume_role: {
      given: { RoleArn: ROLE, RoleSessionName: 'look', ExternalId: 'ours' },
      expected: { Credentials: expect.objectContaining({ SessionToken: expect.any(String) }) as unknown },
    },
  }),
  ...of('iam', {
    simulate_principal_policy: {
      given: { PolicySourceArn: ROLE, ActionNames: ['ssm:SendCommand'], ResourceArns: ['*'] },
      expected: { EvaluationResults: [expect.objectContaining({ EvalActionName: 'ssm:SendCommand', EvalDecision: 'allowed' })] },
    },
  }),
  ...of('sns', { confirm_subscription: { given: { TopicArn: TOPIC, Token: 't' }, expected: { SubscriptionArn: `${TOPIC}:00000001` } } }),
  ...of('kinesis', {
    list_shards: { given: { StreamName: 'logs' }, expected: { Shards: [expect.objectContaining({ ShardId: SHARD.ShardId })] } },
    describe_stream_summary: {
      given: { StreamName: 'logs' },
      expected: { StreamDescriptionSummary: expect.objectContaining({ OpenShardCount: 1 }) as unknown },
    },
    get_shard_iterator: { given: { ...SHARD, ShardIteratorType: 'TRIM_HORIZON' }, expected: { ShardIterator: expect.any(String) } },
    get_records: { given: { ShardIterator: '$get_shard_iterator.ShardIterator' }, expected: { Records: [expect.objectContaining({ PartitionKey: 'k' })] } },
    put_record: { given: { StreamName: 'logs', Data: 'dHdv', PartitionKey: 'k' }, expected: { ShardId: SHARD.ShardId } },
    put_records: { given: { StreamName: 'logs', Records: [{ Data: 'dHdv', PartitionKey: 'k' }] }, expected: { FailedRecordCount: 0 } },
    split_shard: { given: { StreamName: 'logs', ShardToSplit: SHARD.ShardId, NewStartingHashKey: HALF } },
    merge_shards: { given: { StreamName: 'logs', ShardToMerge: 'shardId-000000000001', AdjacentShardToMerge: 'shardId-000000000002' } },
    create_stream: { given: { StreamName: 'more', ShardCount: 2 } },
  }),
  ...of('bedrock-runtime', {
    converse: {
      given: { modelId: 'vendor.model-v1', system: [{ text: 'Be brief.' }], messages: [{ role: 'user', content: [{ text: 'Well?' }] }] },
      expected: {
        output: { message: { role: 'assistant', content: [{ text: '{"ok":true}' }] } },
        stopReason: 'end_turn',
        usage: { inputTokens: 4, outputTokens: 3, totalTokens: 7, cacheReadInputTokens: 0, cacheWriteInputTokens: 0 },
      },
    },
    invoke_model: {
      given: { modelId: 'amazon.titan-embed-text-v2:0', body: '{"inputText":"one","dimensions":256}' },
      expected: { contentType: 'application/json' },
      only: 'boto3' as const,
    },
  }),
  ...of('sagemaker-runtime', {
    invoke_endpoint: {
      given: { EndpointName: 'forest', ContentType: 'text/csv', Body: '1,2' },
      expected: { Body: '{"scores":[{"score":1.5}]}' },
      only: 'boto3' as const,
    },
  }),
];

const OBJECT = { Bucket: 'archive', Key: 'a/ü +.csv' };
const UPLOAD = { ...OBJECT, UploadId: '$create_multipart_upload.UploadId' };
const WITH_FILES = { only: 'boto3' as const };

const SEALED = { Bucket: 'sealed', Key: 'anchor' };
const LOCK = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: '2099-01-01T00:00:00Z' };

/** A bucket with Object Lock. */
const LOCKED: readonly PythonCall[] = of('s3', {
  head_object: { given: SEALED, expected: { ObjectLockMode: 'COMPLIANCE', VersionId: 'v1' } },
  put_object: { given: { ...SEALED, ...LOCK, Body: '{"forged": true}' }, expected: { VersionId: expect.any(String) }, ...WITH_FILES },
  delete_object: { given: SEALED, expected: { DeleteMarker: true } },
  get_object: { given: { ...SEALED, VersionId: 'v1' }, expected: { Body: '{}' }, ...WITH_FILES },
  list_object_versions: {
    given: { Bucket: 'sealed' },
    expected: {
      Versions: expect.arrayContaining([expect.objectContaining({ VersionId: 'v1', IsLatest: false })]),
      DeleteMarkers: [expect.objectContaining({ IsLatest: true })],
    },
  },
});

const OBJECTS: readonly PythonCall[] = of('s3', {
  list_objects_v2: { given: { Bucket: 'archive' }, expected: { Contents: [expect.objectContaining({ Key: OBJECT.Key, Size: 4 })] } },
  head_object: { given: OBJECT, expected: { ContentLength: 4 } },
  get_object: { given: OBJECT, expected: { Body: '1,2\n' }, ...WITH_FILES },
  delete_object: { given: OBJECT },
  put_object: { given: { ...OBJECT, Body: '1' }, expected: { ETag: expect.any(String) }, ...WITH_FILES },
  create_multipart_upload: { given: OBJECT, expected: { UploadId: expect.any(String) } },
  upload_part: { given: { ...UPLOAD, PartNumber: 1, Body: '2' }, expected: { ETag: expect.any(String) }, ...WITH_FILES },
  complete_multipart_upload: {
    given: { ...UPLOAD, MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '$upload_part.ETag' }] } },
    expected: { Key: OBJECT.Key },
    ...WITH_FILES,
  },
  create_bucket: { given: { Bucket: 'another', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }, expected: { Location: '/another' } },
  head_bucket: { given: { Bucket: 'another' }, expected: { BucketRegion: 'eu-west-1' } },
  list_buckets: {
    expected: {
      Buckets: [expect.objectContaining({ Name: 'archive' }), expect.objectContaining({ Name: 'sealed' }), expect.objectContaining({ Name: 'another' })],
    },
  },
});

function queueCalls(QueueUrl: string): PythonCall[] {
  const ReceiptHandle = '$receive_message.Messages.0.ReceiptHandle';
  return of('sqs', {
    get_queue_url: { given: { QueueName: 'alarms' }, expected: { QueueUrl } },
    get_queue_attributes: {
      given: { QueueUrl, AttributeNames: ['All'] },
      expected: { Attributes: expect.objectContaining({ ApproximateNumberOfMessages: '1' }) as unknown },
    },
    receive_message: { given: { QueueUrl, AttributeNames: ['All'] }, expected: { Messages: [expect.objectContaining({ Body: 'é' })] } },
    change_message_visibility: { given: { QueueUrl, ReceiptHandle, VisibilityTimeout: 60 } },
    change_message_visibility_batch: {
      given: { QueueUrl, Entries: [{ Id: 'a', ReceiptHandle, VisibilityTimeout: 90 }] },
      expected: { Successful: [{ Id: 'a' }] },
    },
    delete_message: { given: { QueueUrl, ReceiptHandle } },
    send_message: {
      given: { QueueUrl, MessageBody: 'é', MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } },
      expected: { MessageId: expect.any(String) },
    },
    send_message_batch: { given: { QueueUrl, Entries: [{ Id: 'a', MessageBody: 'x' }] }, expected: { Successful: [expect.objectContaining({ Id: 'a' })] } },
    delete_message_batch: {
      given: { QueueUrl, Entries: [{ Id: 'a', ReceiptHandle: 'none' }] },
      expected: { Failed: [expect.objectContaining({ Code: 'ReceiptHandleIsInvalid' })] },
    },
    create_queue: { given: { QueueName: 'more', Attributes: { VisibilityTimeout: '5' } }, expected: { QueueUrl: QueueUrl.replace('alarms', 'more') } },
  });
}

/** Calls that are answered, in this order. */
export function CALLS(endpoint: string): PythonCall[] {
  return [...WATCH, ...DELIVERY, ...STREAMS, ...OBJECTS, ...LOCKED, ...queueCalls(`${endpoint}/111122223333/alarms`)];
}

/** Calls that are refused, with the code that each client is told. */
export function REFUSED(endpoint: string): (PythonCall & { readonly error: string })[] {
  const table: readonly (readonly [service: string, operation: string, given: Readonly<Record<string, unknown>>, error: string])[] = [
    ['sts', 'assume_role', { RoleArn: ROLE, RoleSessionName: 'look' }, 'AccessDenied'],
    ['sns', 'confirm_subscription', { TopicArn: TOPIC, Token: 'none' }, 'InvalidParameter'],
    ['cloudwatch', 'get_alarm_mute_rule', { AlarmMuteRuleName: 'none' }, 'ResourceNotFoundException'],
    ['codedeploy', 'get_deployment', { deploymentId: 'd-NONE' }, 'DeploymentDoesNotExistException'],
    ['codepipeline', 'get_pipeline', { name: 'none' }, 'PipelineNotFoundException'],
    ['codepipeline', 'put_job_success_result', { jobId: 'none' }, 'JobNotFoundException'],
    ['codebuild', 'list_builds_for_project', { projectName: 'none' }, 'ResourceNotFoundException'],
    ['cloudtrail', 'lookup_events', { StartTime: WINDOW.EndTime, EndTime: WINDOW.StartTime }, 'InvalidTimeRangeException'],
    ['ecs', 'list_services', { cluster: 'none' }, 'ClusterNotFoundException'],
    ['lambda', 'get_function', { FunctionName: 'none' }, 'ResourceNotFoundException'],
    ['sqs', 'get_queue_url', { QueueName: 'none' }, 'AWS.SimpleQueueService.NonExistentQueue'],
    ['sqs', 'delete_message', { QueueUrl: `${endpoint}/111122223333/alarms`, ReceiptHandle: 'none' }, 'ReceiptHandleIsInvalid'],
    ['kinesis', 'get_records', { ShardIterator: 'none' }, 'InvalidArgumentException'],
    ['logs', 'stop_query', { queryId: 'none' }, 'ResourceNotFoundException'],
    ['logs', 'filter_log_events', { logGroupName: 'none' }, 'ResourceNotFoundException'],
    ['xray', 'get_service_graph', { StartTime: WINDOW.EndTime, EndTime: WINDOW.StartTime }, 'InvalidRequestException'],
    ['config', 'get_resource_config_history', { ...SECURITY_GROUP, resourceId: 'none' }, 'ResourceNotDiscoveredException'],
    ['s3', 'abort_multipart_upload', { Bucket: 'archive', Key: 'a', UploadId: 'none' }, 'NoSuchUpload'],
    ['s3', 'delete_object', { Bucket: 'sealed', Key: 'anchor', VersionId: 'v1' }, 'AccessDenied'],
    ['s3', 'list_objects_v2', { Bucket: 'no-such' }, 'NoSuchBucket'],
    ['s3', 'head_object', { Bucket: 'archive', Key: 'none' }, '404'],
  ];
  return table.map(([service, operation, given, error]) => ({ service, operation, given, error }));
}
