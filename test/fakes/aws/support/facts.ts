import { putAlarm, putAlarmHistory, putCompositeAlarm, putMuteRule } from '../services/cloudwatch';
import { putSeries } from '../services/cloudwatch-series';
import { putTrailEvent } from '../services/cloudtrail';
import { putBuild, putReport } from '../services/codebuild';
import { putDeployment } from '../services/codedeploy';
import { putActionExecution, putPipeline, putPipelineExecution, putPipelineJob } from '../services/codepipeline';
import { putConfigItem } from '../services/config';
import { putEcsService, putServiceDeployment } from '../services/ecs';
import { putAffectedEntity, putHealthEvent } from '../services/health';
import { putStream, putStreamRecord } from '../services/kinesis';
import { putAlias, putFunction } from '../services/lambda';
import { putLogEvents } from '../services/logs';
import { putBucket, putObject } from '../services/s3-store';
import { putModel } from '../services/bedrock';
import { putEndpoint } from '../services/sagemaker';
import { putSubscriptionToken } from '../services/sns';
import { putMessage, putQueue } from '../services/sqs';
import { putRolePolicy } from '../services/iam';
import { putRole } from '../services/sts';
import { putTagged } from '../services/tagging';
import { putGraphService } from '../services/xray';
import type { Place } from '../world';

/** When it all is, in milliseconds since the epoch. */
export const NOW = Date.parse('2026-03-01T12:00:00Z');
/** A moment before it. */
export const AT = new Date(NOW - 600_000);
export const EVENT_ARN = 'arn:aws:health:eu-west-1::event/EC2/AWS_EC2_OPERATIONAL_ISSUE/1';
export const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:alarms';
export const REPORT = 'arn:aws:codebuild:eu-west-1:111122223333:report/shop-tests:1';
export const ROLE = 'arn:aws:iam::444455556666:role/observer';

/** Puts a little of everything into a place. */
export function fill(place: Place): void {
  fillWatch(place);
  fillDelivery(place);
  fillStreams(place);
}

function fillWatch(place: Place): void {
  putAlarm(place, {
    AlarmName: 'errors <&> é',
    Threshold: 0.5,
    StateValue: 'ALARM',
    StateUpdatedTimestamp: AT,
    Dimensions: [{ Name: 'Service', Value: 'cart' }],
  });
  putCompositeAlarm(place, { AlarmName: 'all', AlarmRule: 'ALARM("errors <&> é")', StateValue: 'OK' });
  putAlarmHistory(place, { AlarmName: 'errors <&> é', Timestamp: AT, HistorySummary: 'Alarm updated from OK to ALARM', HistoryData: '{"version":"1.0"}' });
  putMuteRule(place, {
    Name: 'night',
    Rule: { Schedule: { Expression: 'cron(0 2 * * *)', Duration: 'PT1H' } },
    MuteTargets: { AlarmNames: ['all'] },
    ExpireDate: AT,
  });
  putSeries(place, { namespace: 'Shop', metric: 'Errors', dimensions: { Service: 'cart' }, samples: [[NOW - 300_000, 1.5]] });
  putTrailEvent(place, { EventName: 'AuthorizeSecurityGroupIngress', EventTime: AT, EventSource: 'ec2.amazonaws.com', Username: 'ana' });
  putHealthEvent(place, {
    event: { arn: EVENT_ARN, service: 'EC2', region: 'eu-west-1', startTime: AT, statusCode: 'open' },
    eventDescription: { latestDescription: 'd' },
  });
  putAffectedEntity(place, { eventArn: EVENT_ARN, entityValue: 'i-1', statusCode: 'IMPAIRED' });
  putTagged(place, { ResourceARN: 'arn:aws:ecs:eu-west-1:111122223333:service/main/cart', Tags: [{ Key: 'app', Value: 'shop' }] });
  putGraphService(place, {
    ReferenceId: 0,
    Name: 'cart',
    Edges: [{ ReferenceId: 1, StartTime: AT, SummaryStatistics: { OkCount: 3, TotalResponseTime: 0.25 } }],
  });
  putConfigItem(place, { resourceType: 'AWS::EC2::SecurityGroup', resourceId: 'sg-1', configurationItemCaptureTime: AT, configuration: '{"groupName":"web"}' });
  putLogEvents(place, { group: '/app', stream: 's', events: [{ timestamp: NOW - 1_000, message: 'ERROR disk' }] });
}

function fillDelivery(place: Place): void {
  putDeployment(place, {
    applicationName: 'shop',
    deploymentGroupName: 'live',
    deploymentId: 'd-AAA',
    status: 'Succeeded',
    createTime: AT,
    deploymentOverview: { Succeeded: 2 },
  });
  putPipeline(place, { name: 'shop', roleArn: ROLE, stages: [{ name: 'Build', actions: [{ name: 'make', actionTypeId: undefined }] }] });
  putPipelineExecution(place, { pipeline: 'shop', execution: { pipelineExecutionId: 'e-1', status: 'Failed', startTime: AT } });
  putActionExecution(place, {
    pipeline: 'shop',
    action: { pipelineExecutionId: 'e-1', actionExecutionId: 'a-1', stageName: 'Build', actionName: 'make', status: 'Failed', startTime: AT },
  });
  putPipelineJob(place, { jobId: 'j-1' });
  putPipelineJob(place, { jobId: 'j-2' });
  putBuild(place, { id: 'shop:1', buildStatus: 'FAILED', startTime: AT, phases: [{ phaseType: 'BUILD', durationInSeconds: 3 }] });
  putReport(place, { arn: REPORT, type: 'TEST', testSummary: { total: 1, statusCounts: { SUCCEEDED: 1 }, durationInNanoSeconds: 1 } });
  putEcsService(place, { cluster: 'main', service: { serviceName: 'cart', desiredCount: 2, createdAt: AT } });
  const serviceArn = place.arn('ecs', 'service/main/cart');
  putServiceDeployment(place, { serviceDeploymentArn: place.arn('ecs', 'service-deployment/main/cart/1'), serviceArn, createdAt: AT, status: 'SUCCESSFUL' });
  putFunction(place, { configuration: { FunctionName: 'mail', Runtime: 'nodejs22.x' }, tags: { app: 'shop' } });
  putAlias(place, { functionName: 'mail', alias: { Name: 'live', FunctionVersion: '3', RoutingConfig: { AdditionalVersionWeights: { '4': 0.1 } } } });
}

function fillStreams(place: Place): void {
  putRole(place, { arn: ROLE, externalId: 'ours' });
  const Statement = [{ Effect: 'Allow', Action: 'ssm:SendCommand', Resource: '*' }];
  putRolePolicy(place, { arn: ROLE, policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
  putSubscriptionToken(place, { topic: TOPIC, token: 't' });
  putQueue(place, { name: 'alarms' });
  putMessage(place, { queue: 'alarms', body: 'é' });
  putStream(place, { name: 'logs' });
  putStreamRecord(place, { stream: 'logs', data: 'one', partitionKey: 'k' });
  putBucket(place, { name: 'archive' });
  putBucket(place, { name: 'sealed', objectLock: true });
  putObject(place, { bucket: 'sealed', key: 'anchor', body: '{}', versionId: 'v1', lockedUntil: NOW + 86_400_000 });
  putObject(place, { bucket: 'archive', key: 'a/ü +.csv', body: '1,2\n' });
  putEndpoint(place, { name: 'forest' });
  putModel(place, { modelId: 'vendor.model-v1', answers: ['{"ok":true}'] });
}
