import type { ReadAction } from '../../domain/aws/prices';
import { partitionOf } from '../../domain/aws/place';
import type { ReadSettings } from './access';
import { HEALTH_HOME } from './lookback/health';

/** A cheap call by which a permission shows. */
export interface Probe {
  readonly action: ReadAction;
  readonly send: () => Promise<unknown>;
}

/** Probes with what lets go of their connections. */
export interface Probes {
  readonly probes: readonly Probe[];
  readonly close: () => void;
}

/** A name that nothing has. */
const NOTHING = 'nightshift-permission-check';
const HOUR_MS = 3_600_000;

/** Alarms, CloudTrail, AWS Health, X-Ray. */
export async function watchProbes(settings: ReadSettings): Promise<Probes> {
  const { CloudTrailClient, LookupEventsCommand } = await import('@aws-sdk/client-cloudtrail');
  const sdk = await import('@aws-sdk/client-cloudwatch');
  const { CloudWatchClient, DescribeAlarmHistoryCommand, DescribeAlarmsCommand, GetMetricDataCommand, ListMetricsCommand } = sdk;
  const { GetAlarmMuteRuleCommand, ListAlarmMuteRulesCommand } = sdk;
  const { DescribeAffectedEntitiesCommand, DescribeEventsCommand, HealthClient } = await import('@aws-sdk/client-health');
  const { GetServiceGraphCommand, XRayClient } = await import('@aws-sdk/client-xray');
  const [watch, trail, graph] = [new CloudWatchClient(settings), new CloudTrailClient(settings), new XRayClient(settings)];
  const partition = partitionOf(settings.region);
  const health = new HealthClient({ ...settings, region: HEALTH_HOME[partition] ?? settings.region });
  const now = Date.now();
  const range = { StartTime: new Date(now - HOUR_MS), EndTime: new Date(now) };
  const nothing = { Id: 'q', MetricStat: { Metric: { Namespace: NOTHING, MetricName: NOTHING }, Period: HOUR_MS / 1000, Stat: 'Sum' } };
  const eventArns = [`arn:${partition}:health:${settings.region}::event/EC2/${NOTHING}/${NOTHING}`];
  return {
    probes: [
      { action: 'cloudwatch:DescribeAlarms', send: () => watch.send(new DescribeAlarmsCommand({ MaxRecords: 1 })) },
      { action: 'cloudwatch:DescribeAlarmHistory', send: () => watch.send(new DescribeAlarmHistoryCommand({ MaxRecords: 1 })) },
      { action: 'cloudwatch:GetMetricData', send: () => watch.send(new GetMetricDataCommand({ ...range, MetricDataQueries: [nothing] })) },
      { action: 'cloudwatch:ListMetrics', send: () => watch.send(new ListMetricsCommand({ Namespace: NOTHING })) },
      { action: 'cloudwatch:ListAlarmMuteRules', send: () => watch.send(new ListAlarmMuteRulesCommand({ MaxRecords: 1 })) },
      { action: 'cloudwatch:GetAlarmMuteRule', send: () => watch.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: NOTHING })) },
      { action: 'cloudtrail:LookupEvents', send: () => trail.send(new LookupEventsCommand({ MaxResults: 1 })) },
      { action: 'health:DescribeEvents', send: () => health.send(new DescribeEventsCommand({ maxResults: 10 })) },
      { action: 'health:DescribeAffectedEntities', send: () => health.send(new DescribeAffectedEntitiesCommand({ filter: { eventArns } })) },
      { action: 'xray:GetServiceGraph', send: () => graph.send(new GetServiceGraphCommand(range)) },
    ],
    close: () => [watch, trail, graph, health].forEach((client) => client.destroy()),
  };
}

/** CodeDeploy. */
export async function deliveryProbes(settings: ReadSettings): Promise<Probes> {
  const sdk = await import('@aws-sdk/client-codedeploy');
  const { BatchGetDeploymentGroupsCommand, BatchGetDeploymentsCommand, CodeDeployClient, ListApplicationsCommand } = sdk;
  const { ListDeploymentGroupsCommand, ListDeploymentsCommand } = sdk;
  const deploy = new CodeDeployClient(settings);
  const group = { applicationName: NOTHING, deploymentGroupNames: [NOTHING] };
  return {
    probes: [
      { action: 'codedeploy:ListApplications', send: () => deploy.send(new ListApplicationsCommand({})) },
      { action: 'codedeploy:ListDeploymentGroups', send: () => deploy.send(new ListDeploymentGroupsCommand({ applicationName: NOTHING })) },
      { action: 'codedeploy:ListDeployments', send: () => deploy.send(new ListDeploymentsCommand({})) },
      { action: 'codedeploy:BatchGetDeployments', send: () => deploy.send(new BatchGetDeploymentsCommand({ deploymentIds: ['d-000000000'] })) },
      { action: 'codedeploy:BatchGetDeploymentGroups', send: () => deploy.send(new BatchGetDeploymentGroupsCommand(group)) },
    ],
    close: () => deploy.destroy(),
  };
}

/** CodePipeline and CodeBuild. */
export async function buildProbes(settings: ReadSettings): Promise<Probes> {
  const { BatchGetBuildsCommand, CodeBuildClient, ListBuildsCommand } = await import('@aws-sdk/client-codebuild');
  const sdk = await import('@aws-sdk/client-codepipeline');
  const { CodePipelineClient, ListActionExecutionsCommand, ListPipelineExecutionsCommand, ListPipelinesCommand } = sdk;
  const [build, pipeline] = [new CodeBuildClient(settings), new CodePipelineClient(settings)];
  const one = { pipelineName: NOTHING, maxResults: 1 };
  return {
    probes: [
      { action: 'codebuild:ListBuilds', send: () => build.send(new ListBuildsCommand({})) },
      { action: 'codebuild:BatchGetBuilds', send: () => build.send(new BatchGetBuildsCommand({ ids: [`${NOTHING}:00000000-0000-4000-8000-000000000000`] })) },
      { action: 'codepipeline:ListPipelines', send: () => pipeline.send(new ListPipelinesCommand({ maxResults: 1 })) },
      { action: 'codepipeline:ListPipelineExecutions', send: () => pipeline.send(new ListPipelineExecutionsCommand(one)) },
      { action: 'codepipeline:ListActionExecutions', send: () => pipeline.send(new ListActionExecutionsCommand(one)) },
    ],
    close: () => [build, pipeline].forEach((client) => client.destroy()),
  };
}

/** ECS, Lambda and tags. */
export async function workProbes(settings: ReadSettings): Promise<Probes> {
  const { DescribeServicesCommand, ECSClient, ListClustersCommand, ListServicesCommand } = await import('@aws-sdk/client-ecs');
  const { LambdaClient, ListFunctionsCommand } = await import('@aws-sdk/client-lambda');
  const { GetResourcesCommand, ResourceGroupsTaggingAPIClient } = await import('@aws-sdk/client-resource-groups-tagging-api');
  const [ecs, lambda, tags] = [new ECSClient(settings), new LambdaClient(settings), new ResourceGroupsTaggingAPIClient(settings)];
  return {
    probes: [
      { action: 'ecs:ListClusters', send: () => ecs.send(new ListClustersCommand({ maxResults: 1 })) },
      { action: 'ecs:ListServices', send: () => ecs.send(new ListServicesCommand({ cluster: NOTHING })) },
      { action: 'ecs:DescribeServices', send: () => ecs.send(new DescribeServicesCommand({ cluster: NOTHING, services: [NOTHING] })) },
      { action: 'lambda:ListFunctions', send: () => lambda.send(new ListFunctionsCommand({ MaxItems: 1 })) },
      { action: 'tag:GetResources', send: () => tags.send(new GetResourcesCommand({ ResourcesPerPage: 1 })) },
    ],
    close: () => [ecs, lambda, tags].forEach((client) => client.destroy()),
  };
}
