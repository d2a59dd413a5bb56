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
  { client: 'sns', operation: 'ConfirmSubscription', actions: ['sns:ConfirmSubscription'], roles: ['subscriber'], writes: true },
  { client: 'cloudwatch', operation: 'ListAlarmMuteRules', actions: ['cloudwatch:ListAlarmMuteRules'], roles: ['observer'], writes: false },
  { client: 'cloudwatch', operation: 'GetAlarmMuteRule', actions: ['cloudwatch:GetAlarmMuteRule'], roles: ['observer'], writes: false },
  { client: 'xray', operation: 'GetServiceGraph', actions: ['xray:GetServiceGraph'], roles: ['observer'], writes: false },
  { client: 'config-service', operation: 'SelectResourceConfig', actions: ['config:SelectResourceConfig'], roles: ['observer'], writes: false },
  { client: 'config-service', operation: 'GetResourceConfigHistory', actions: ['config:GetResourceConfigHistory'], roles: ['observer'], writes: false },
  { client: 'cloudwatch-logs', operation: 'StartQuery', actions: ['logs:StartQuery'], roles: ['observer'], writes: false },
  { client: 'cloudwatch-logs', operation: 'GetQueryResults', actions: ['logs:GetQueryResults'], roles: ['observer'], writes: false },
  { client: 'cloudwatch-logs', operation: 'StopQuery', actions: ['logs:StopQuery'], roles: ['observer'], writes: false },
  { client: 'sagemaker-runtime', operation: 'InvokeEndpoint', actions: ['sagemaker:InvokeEndpoint'], roles: ['observer'], writes: false },
];
