/**
 * What a look back asks, and US dollars of one call. Almost none is billed: CloudTrail's event history is free for management events of 90 days
 * (https://aws.amazon.com/cloudtrail/pricing/), CloudWatch bills the reading of metrics ($0.01 for 1,000 metrics of GetMetricData) and not of alarms, their history or mute rules
 * (https://aws.amazon.com/cloudwatch/pricing/), AWS Health comes with the support plan, and the others take no money for lists and descriptions. X-Ray bills traces that are scanned
 * ($0.50 a million, https://aws.amazon.com/xray/pricing/): a graph is counted as a thousand. As of November 2026.
 */
const USD = {
  'cloudwatch:DescribeAlarms': 0,
  'cloudwatch:DescribeAlarmHistory': 0,
  'cloudwatch:ListAlarmMuteRules': 0,
  'cloudwatch:GetAlarmMuteRule': 0,
  'codedeploy:ListApplications': 0,
  'codedeploy:ListDeployments': 0,
  'codedeploy:BatchGetDeployments': 0,
  'codedeploy:BatchGetDeploymentGroups': 0,
  'codepipeline:ListPipelines': 0,
  'codepipeline:ListPipelineExecutions': 0,
  'codepipeline:ListActionExecutions': 0,
  'codebuild:ListBuilds': 0,
  'codebuild:BatchGetBuilds': 0,
  'cloudtrail:LookupEvents': 0,
  'health:DescribeEvents': 0,
  'health:DescribeAffectedEntities': 0,
  'tag:GetResources': 0,
  'ecs:ListClusters': 0,
  'ecs:ListServices': 0,
  'ecs:DescribeServices': 0,
  'lambda:ListFunctions': 0,
  'sts:GetCallerIdentity': 0,
  'xray:GetServiceGraph': 0.000_5,
} as const;

/** What finding services and reading their numbers asks besides. Listing metrics is billed as other requests of CloudWatch are, $0.01 for 1,000, and reading them by the metric. */
const SERVICE_USD = { 'cloudwatch:GetMetricData': 0.01 / 1000, 'cloudwatch:ListMetrics': 0.01 / 1000, 'codedeploy:ListDeploymentGroups': 0 } as const;

/** A call that a look back makes, as IAM names it. */
export type LookbackAction = keyof typeof USD;
/** All of them. */
export const LOOKBACK_ACTIONS = Object.keys(USD) as readonly LookbackAction[];

/** A call of a look back, or of finding services and reading their numbers. */
export type ReadAction = LookbackAction | keyof typeof SERVICE_USD;
/** All of them. */
export const READ_ACTIONS = [...LOOKBACK_ACTIONS, ...Object.keys(SERVICE_USD)] as readonly ReadAction[];

/** US dollars of so many calls; an upper bound. */
export function usdOf(action: ReadAction, calls: number): number {
  return { ...USD, ...SERVICE_USD }[action] * calls;
}
