import type { PastAlarm, PastTransition } from '../../../domain/lookback/aws/alarms';
import { partitionOf } from '../../../domain/aws/place';
import type { FakeAws } from '../aws/server';
import { putTrailEvent } from '../aws/services/cloudtrail';
import { putAlarm, putAlarmHistory } from '../aws/services/cloudwatch';
import { putBuild } from '../aws/services/codebuild';
import { putDeployment, putDeploymentGroup } from '../aws/services/codedeploy';
import { putPipeline, putPipelineExecution } from '../aws/services/codepipeline';
import { putAffectedEntity, putHealthEvent } from '../aws/services/health';
import { putTagged } from '../aws/services/tagging';
import { putGraphService } from '../aws/services/xray';
import type { Place } from '../aws/world';
import type { Fortnight } from './world';

/** Puts a fortnight into the fake of AWS, as its services would have it. */
export function fillAws(aws: FakeAws, world: Fortnight): void {
  for (const alarm of world.alarms) fillAlarm(aws.place(regionOf(alarm.arn), world.account), alarm, world.history.get(alarm.arn) ?? []);
  for (const { resource, service } of world.tagged)
    putTagged(aws.place(regionOf(resource), world.account), { ResourceARN: resource, Tags: [{ Key: 'service', Value: service }] });
  fillDeployments(aws, world);
  fillRuns(aws, world);
  for (const { id, name, source, at, user, resources, record } of world.trail) {
    const told = { EventId: id, EventName: name, EventSource: source, EventTime: new Date(at), Username: user, CloudTrailEvent: record };
    const { awsRegion } = JSON.parse(record) as { awsRegion: string };
    putTrailEvent(aws.place(awsRegion, world.account), { ...told, Resources: resources.map((ResourceName) => ({ ResourceName })) });
  }
  fillHealth(aws, world);
  fillGraph(aws, world);
}

function fillAlarm(place: Place, { arn, name, metrics, threshold, looksAtMs, tags }: PastAlarm, history: readonly PastTransition[]): void {
  const [metric] = metrics;
  const Dimensions = Object.entries(metric?.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value }));
  const watched = { MetricName: metric?.name, Namespace: metric?.namespace, Statistic: 'Sum' as const, Dimensions, Threshold: threshold };
  putAlarm(place, { AlarmName: name, AlarmArn: arn, ...watched, Period: 60, EvaluationPeriods: (looksAtMs ?? 60_000) / 60_000 });
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if (Tags.length > 0) putTagged(place, { ResourceARN: arn, Tags });
  for (const { at, from, to, reason, value, startedAt } of history) {
    const stateReasonData = {
      ...(value !== undefined && { recentDatapoints: [value] }),
      ...(startedAt !== undefined && { startDate: new Date(startedAt).toISOString().replace('Z', '+0000') }),
    };
    const HistoryData = JSON.stringify({ version: '1.0', oldState: { stateValue: from }, newState: { stateValue: to, stateReason: reason, stateReasonData } });
    putAlarmHistory(place, { AlarmName: name, Timestamp: new Date(at), HistoryData, HistorySummary: `Alarm updated from ${from} to ${to}` });
  }
}

function fillDeployments(aws: FakeAws, { deployments }: Fortnight): void {
  for (const told of deployments) {
    const place = aws.place(told.region, told.account);
    const [clusterName, serviceName] = (told.resources?.[0] ?? '').split('/').slice(-2);
    const of = { applicationName: told.application, deploymentGroupName: told.group };
    putDeploymentGroup(place, { ...of, computePlatform: 'ECS', ecsServices: [{ clusterName, serviceName }] });
    const times = {
      createTime: new Date(told.startedAt),
      startTime: new Date(told.startedAt),
      ...(told.endedAt !== undefined && { completeTime: new Date(told.endedAt) }),
    };
    const who = { creator: told.creator as 'user', status: told.status as 'Succeeded' };
    putDeployment(place, { deploymentId: told.id, ...of, ...times, ...who, revision: github(told.revision), previousRevision: github(told.previousRevision) });
  }
}

function github(commitId: string | undefined): { revisionType: 'GitHub'; gitHubLocation: { commitId: string | undefined } } {
  return { revisionType: 'GitHub', gitHubLocation: { commitId } };
}

function fillRuns(aws: FakeAws, { runs }: Fortnight): void {
  for (const { kind, id, name, account, region, startedAt, endedAt, status, author } of runs) {
    const place = aws.place(region, account);
    const [startTime, endTime] = [new Date(startedAt), new Date(endedAt ?? startedAt)];
    if (kind === 'codebuild') {
      putBuild(place, { id: `${name}:${id}`, projectName: name, startTime, endTime, buildStatus: status as 'SUCCEEDED', initiator: author });
      continue;
    }
    putPipeline(place, { name, roleArn: `arn:${partitionOf(region)}:iam::${account}:role/pipeline`, stages: [] });
    const execution = {
      pipelineExecutionId: id,
      startTime,
      lastUpdateTime: endTime,
      status: status as 'Succeeded',
      trigger: { triggerType: 'Webhook' as const },
    };
    putPipelineExecution(place, { pipeline: name, execution });
  }
}

function fillHealth(aws: FakeAws, { health, account, regions }: Fortnight): void {
  const place = aws.place(regions[0] ?? 'us-east-1', account);
  for (const { arn, service, code, category, region, startedAt, endedAt, entities } of health) {
    const times = { startTime: new Date(startedAt), ...(endedAt !== undefined && { endTime: new Date(endedAt) }) };
    putHealthEvent(place, { event: { arn, service, eventTypeCode: code, eventTypeCategory: category as 'issue', region, ...times } });
    for (const entityValue of entities) putAffectedEntity(place, { eventArn: arn, entityValue });
  }
}

function fillGraph(aws: FakeAws, { calls, regions, account }: Fortnight): void {
  const names = [...new Set(calls.flatMap(({ service, on }) => [service, on]))];
  const place = aws.place(regions[0] ?? 'us-east-1', account);
  names.forEach((name, i) => {
    const Edges = calls.filter(({ service }) => service === name).map(({ on }) => ({ ReferenceId: names.indexOf(on) }));
    putGraphService(place, { ReferenceId: i, Name: name, Type: 'AWS::ECS::Container', Edges });
  });
}

function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}
