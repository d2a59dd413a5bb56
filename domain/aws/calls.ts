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
  { client: 'sqs', operation: 'ReceiveMessage', actions: ['sqs:ReceiveMessage'], roles: ['observer'], writes: false },
  { client: 'sqs', operation: 'DeleteMessageBatch', actions: ['sqs:DeleteMessage'], roles: ['observer'], writes: true },
  { client: 'sqs', operation: 'ChangeMessageVisibilityBatch', actions: ['sqs:ChangeMessageVisibility'], roles: ['observer'], writes: true },
  { client: 'cloudwatch', operation: 'GetMetricData', actions: ['cloudwatch:GetMetricData'], roles: ['observer'], writes: false },
  { client: 'kinesis', operation: 'ListShards', actions: ['kinesis:ListShards'], roles: ['observer'], writes: false },
  { client: 'kinesis', operation: 'GetShardIterator', actions: ['kinesis:GetShardIterator'], roles: ['observer'], writes: false },
  { client: 'kinesis', operation: 'GetRecords', actions: ['kinesis:GetRecords'], roles: ['observer'], writes: false },
  { client: 'sns', operation: 'ConfirmSubscription', actions: ['sns:ConfirmSubscription'], roles: ['subscriber'], writes: true },
];
