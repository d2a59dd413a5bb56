import { awsPast } from '../../../../adapters/aws/lookback/reader';
import type { PartRead } from '../../../../ports/lookback';
import { testClock } from '../../../fakes/aws/clock';
import { accessTo } from '../../../fakes/aws/access';
import { startFakeAws } from '../../../fakes/aws/server';
import type { FakeAws } from '../../../fakes/aws/server';
import { putTrailEvent } from '../../../fakes/aws/services/cloudtrail';
import { putAlarm, putAlarmHistory, putCompositeAlarm } from '../../../fakes/aws/services/cloudwatch';
import { putBuild } from '../../../fakes/aws/services/codebuild';
import { putDeployment, putDeploymentGroup } from '../../../fakes/aws/services/codedeploy';
import { putActionExecution, putPipeline, putPipelineExecution } from '../../../fakes/aws/services/codepipeline';
import { putEcsService } from '../../../fakes/aws/services/ecs';
import { putAffectedEntity, putHealthEvent, setSupportPlan } from '../../../fakes/aws/services/health';
import { putFunction } from '../../../fakes/aws/services/lambda';
import { putTagged } from '../../../fakes/aws/services/tagging';
import { putGraphService } from '../../../fakes/aws/services/xray';
import type { Place } from '../../../fakes/aws/world';
import { totalEstimate } from '../../../../domain/lookback/estimate';
import { ACCOUNT, callsOf, NOW, of, quickClock, readPast, SPAN } from './read-past';

const REGION = 'eu-west-1';
const HOUR = 3_600_000;
const arn = (rest: string): string => `arn:aws:${rest.replace(':', `:${REGION}:${ACCOUNT}:`)}`;
const at = (hours: number): Date => new Date(SPAN.from + hours * HOUR);

let aws: FakeAws;
let place: Place;
const clock = testClock(NOW);
const read = () => readPast(accessTo(aws, [{ id: ACCOUNT, regions: [REGION], environment: 'production' }]), quickClock(clock));
beforeEach(async () => {
  aws = await startFakeAws({ clock });
  place = aws.place(REGION, ACCOUNT);
});
afterEach(() => aws.close());

function changed(name: string, hours: number, from: string, to: string, more: object = {}, AlarmType: 'MetricAlarm' | 'CompositeAlarm' = 'MetricAlarm'): void {
  const HistoryData = JSON.stringify({
    version: '1.0',
    oldState: { stateValue: from },
    newState: { stateValue: to, stateReason: 'Threshold Crossed', ...more },
  });
  putAlarmHistory(place, { AlarmName: name, AlarmType, Timestamp: at(hours), HistoryData, HistorySummary: `Alarm updated from ${from} to ${to}` });
}

test('an alarm that fired is a page with what it watches, its value, and since when it held; over many small pages', async () => {
  const Dimensions = [{ Name: 'ServiceName', Value: 'checkout' }];
  putAlarm(place, { AlarmName: 'slow', MetricName: 'Latency', Namespace: 'AWS/ECS', Dimensions, Threshold: 2, Period: 60, EvaluationPeriods: 3 });
  const data = { stateReasonData: JSON.stringify({ startDate: '2026-03-01T00:57:00.000+0000', recentDatapoints: [3, 7.5], threshold: 2 }) };
  for (let hour = 1; hour < 41; hour += 4) {
    changed('slow', hour, 'OK', 'ALARM', hour === 1 ? data : {});
    changed('slow', hour + 1, 'ALARM', 'OK');
  }
  const { facts, errors } = await read();
  const [first, ...others] = of(facts, 'page').sort((a, b) => a.begin - b.begin);
  expect(errors).toEqual([]);
  expect(first).toMatchObject({ name: 'slow', signal: 'Latency', value: 7.5, threshold: 2, begin: at(1).getTime(), since: at(1).getTime() - 180_000 });
  expect(first?.where).toMatchObject({ account: ACCOUNT, region: REGION, names: expect.arrayContaining(['checkout']) as string[] });
  expect(others).toHaveLength(9);
  expect(of(facts, 'page-end')).toHaveLength(10);
});

test('a composite alarm watches what the alarms in its rule do, and one that is deleted by now still has its pages', async () => {
  putAlarm(place, { AlarmName: 'errors', MetricName: 'Errors', Namespace: 'AWS/Lambda', Dimensions: [{ Name: 'FunctionName', Value: 'mailer' }] });
  putCompositeAlarm(place, { AlarmName: 'any', AlarmRule: 'ALARM("errors") AND NOT ALARM(deploying)' });
  changed('any', 3, 'OK', 'ALARM', {}, 'CompositeAlarm');
  changed('gone', 4, 'OK', 'ALARM');
  const pages = of((await read()).facts, 'page');
  expect(pages.find(({ name }) => name === 'any')?.where).toMatchObject({ resources: ['mailer'], products: ['lambda'] });
  expect(pages.find(({ name }) => name === 'gone')).toMatchObject({ condition: `cloudwatch:${arn('cloudwatch:alarm')}:gone` });
});

test('a deployment has its revisions and what it deploys to; one of CodeDeploy that rolls back is a rollback', async () => {
  const group = { applicationName: 'shop', deploymentGroupName: 'shop-prod' };
  putDeploymentGroup(place, { ...group, computePlatform: 'ECS', ecsServices: [{ clusterName: 'main', serviceName: 'shop' }] });
  const revision = (commitId: string) => ({ revisionType: 'GitHub' as const, gitHubLocation: { commitId } });
  for (let i = 1; i <= 30; i++) {
    const who = i === 30 ? { creator: 'codeDeployRollback' as const } : { creator: 'user' as const };
    const revisions = { revision: revision(`r${String(i)}`), previousRevision: revision(`r${String(i - 1)}`) };
    putDeployment(place, {
      deploymentId: `d-${String(100 + i)}`,
      ...group,
      ...who,
      ...revisions,
      status: 'Succeeded',
      createTime: at(i),
      completeTime: at(i + 0.1),
    });
  }
  const changes = of((await read()).facts, 'change').sort((a, b) => a.at - b.at);
  expect(changes.map(({ what }) => what)).toEqual([...Array.from({ length: 29 }, () => 'deployment'), 'rollback']);
  expect(changes[4]).toMatchObject({ id: `codedeploy:${ACCOUNT}:${REGION}:d-105`, from: 'r4', to: 'r5', at: at(5).getTime() });
  expect(changes[4]?.where.resources).toEqual([arn('ecs:service/main/shop')]);
});

test('runs of pipelines and builds are told, with the stage and action in which one failed, and nothing of what is older', async () => {
  putPipeline(place, { name: 'shop', roleArn: 'x', stages: [] });
  for (let i = -20; i < 40; i += 10) {
    const execution = {
      pipelineExecutionId: `run${String(i)}`,
      startTime: at(i),
      lastUpdateTime: at(i + 1),
      status: i === 10 ? ('Failed' as const) : ('Succeeded' as const),
    };
    putPipelineExecution(place, { pipeline: 'shop', execution });
    putBuild(place, { id: `shop-build:${String(i)}`, startTime: at(i), endTime: at(i + 0.5), buildStatus: 'SUCCEEDED', initiator: 'codepipeline/shop' });
  }
  for (const [stageName, status] of [
    ['Build', 'Succeeded'],
    ['Deploy', 'Failed'],
  ] as const) {
    const action = {
      pipelineExecutionId: 'run10',
      actionExecutionId: stageName,
      stageName,
      actionName: 'go',
      status,
      startTime: at(10),
      lastUpdateTime: at(10.5),
    };
    putActionExecution(place, { pipeline: 'shop', action });
  }
  const runs = of((await read()).facts, 'change');
  expect(runs.map(({ id }) => id.split(':').at(-1)).sort()).toEqual(['0', '10', '20', '30', 'run0', 'run10', 'run20', 'run30']);
  expect(runs.find(({ id }) => id.endsWith('run10'))?.summary).toContain('(failed in deploy/go)');
});

test('a write in CloudTrail says who changed what, and reads are not asked for', async () => {
  const record = { sessionCredentialFromConsole: 'true', recipientAccountId: ACCOUNT, awsRegion: REGION, userIdentity: { type: 'AssumedRole' } };
  const event = {
    EventName: 'RevokeSecurityGroupIngress',
    EventSource: 'ec2.amazonaws.com',
    EventTime: at(5),
    Username: 'ana',
    Resources: [{ ResourceName: 'sg-0a1b' }],
  };
  putTrailEvent(place, { EventId: 'e1', ...event, CloudTrailEvent: JSON.stringify(record) });
  putTrailEvent(place, { EventId: 'e2', EventName: 'DescribeInstances', EventSource: 'ec2.amazonaws.com', EventTime: at(5), ReadOnly: 'true' });
  const changes = of((await read()).facts, 'change');
  expect(changes).toEqual([expect.objectContaining({ id: 'cloudtrail:e1', by: 'person', author: 'ana', what: 'infrastructure', at: at(5).getTime() })]);
  expect(changes[0]?.where.resources).toContain('sg-0a1b');
  expect(aws.ledger.of('cloudtrail').map(({ input }) => (input as { LookupAttributes: unknown }).LookupAttributes)).toContainEqual([
    { AttributeKey: 'ReadOnly', AttributeValue: 'false' },
  ]);
});

test('trouble of AWS itself is told with what it affects, from the one region that Health answers in', async () => {
  const event = {
    arn: 'arn:aws:health:eu-west-1::event/RDS/X/1',
    service: 'RDS',
    eventTypeCode: 'AWS_RDS_ISSUE',
    eventTypeCategory: 'issue' as const,
    region: REGION,
  };
  putHealthEvent(place, { event: { ...event, startTime: at(-5), endTime: at(3) } });
  for (let i = 0; i < 7; i++) putAffectedEntity(place, { eventArn: event.arn, entityValue: `db-${String(i)}` });
  const [change] = of((await read()).facts, 'change');
  expect(change).toMatchObject({ what: 'provider-event', by: 'provider', at: at(-5).getTime(), until: at(3).getTime() });
  expect(change?.where.resources).toHaveLength(7);
  expect(new Set(aws.ledger.of('health').map(({ region }) => region))).toEqual(new Set(['us-east-1']));
});

test('without a support plan that has its API, AWS Health is a note and no error', async () => {
  setSupportPlan(place, { has: false });
  const { facts, errors } = await read();
  expect(errors).toEqual([]);
  expect(of(facts, 'note').map(({ text }) => text)).toContainEqual(expect.stringContaining('needs a support plan'));
});

test('tags, ECS and Lambda say which service a resource belongs to; a tag outweighs the rest', async () => {
  const group = (id: string): string => arn(`ec2:security-group/${id}`);
  putTagged(place, { ResourceARN: group('sg-tagged'), Tags: [{ Key: 'Service', Value: 'shop' }] });
  putTagged(place, { ResourceARN: arn('ecs:service/main/svc-1'), Tags: [{ Key: 'app', Value: 'checkout' }] });
  const awsvpcConfiguration = { subnets: [], securityGroups: ['sg-tagged', 'sg-own'] };
  putEcsService(place, { cluster: 'main', service: { serviceName: 'svc-1', networkConfiguration: { awsvpcConfiguration } } });
  putFunction(place, { configuration: { FunctionName: 'mailer', VpcConfig: { SecurityGroupIds: ['sg-mail'] } } });
  const owners = of((await read()).facts, 'owner').map(({ resource, service }) => `${resource.split(':').slice(5).join(':')} ${service}`);
  expect(owners.sort()).toEqual([
    'function:mailer mailer',
    'security-group/sg-mail mailer',
    'security-group/sg-own checkout',
    'security-group/sg-tagged shop',
    'service/main/svc-1 checkout',
  ]);
});

test('the service graph says who calls whom', async () => {
  putGraphService(place, { ReferenceId: 0, Name: 'browser', Type: 'client', Edges: [{ ReferenceId: 1 }] });
  putGraphService(place, { ReferenceId: 1, Name: 'Shop', Edges: [{ ReferenceId: 2 }] });
  putGraphService(place, { ReferenceId: 2, Name: 'payments', Edges: [] });
  expect(of((await read()).facts, 'dependency')).toEqual([{ kind: 'dependency', service: 'shop', on: 'payments' }]);
});

test('no more is asked than was estimated, operation by operation, with pages of any size', async () => {
  for (let hour = 0; hour < 48; hour += 0.5) {
    putTrailEvent(place, { EventId: `e${String(hour)}`, EventName: 'UpdateService', EventSource: 'ecs.amazonaws.com', EventTime: at(hour) });
    changed('slow', hour, hour % 1 === 0 ? 'OK' : 'ALARM', hour % 1 === 0 ? 'ALARM' : 'OK');
    putBuild(place, { id: `b:${String(hour)}`, startTime: at(hour), endTime: at(hour + 0.1), buildStatus: 'FAILED' });
    putDeployment(place, { deploymentId: `d-${String(hour * 2)}`, applicationName: 'a', deploymentGroupName: 'g', createTime: at(hour), status: 'Failed' });
  }
  const { estimate, parts, facts } = await read();
  const estimated = new Map(totalEstimate(estimate.parts, new Set()).operations.map(({ operation, calls }) => [operation, calls]));
  const made = callsOf(parts);
  expect(of(facts, 'change')).toHaveLength(3 * 96);
  expect(Object.entries(made).filter(([operation, calls]) => calls > (estimated.get(operation) ?? 0))).toEqual([]);
  expect(Object.values(made).reduce((sum, each) => sum + each, 0)).toBe(aws.ledger.entries.length);
});

test('over a long span only the newest days are looked at before, and every day is read within the estimate', async () => {
  const from = SPAN.to - 40 * 24 * HOUR;
  for (let day = 0; day < 40; day++) {
    const told = { EventName: 'UpdateService', EventSource: 'ecs.amazonaws.com', EventTime: new Date(from + day * 24 * HOUR) };
    for (let i = 0; i < 4; i++) putTrailEvent(place, { EventId: `${String(day)}-${String(i)}`, ...told });
  }
  const reader = awsPast(accessTo(aws, [{ id: ACCOUNT, regions: [REGION], environment: 'production' }]), quickClock(clock));
  const span = { from, to: SPAN.to };
  const { parts } = await reader.estimate(span);
  expect(aws.ledger.of('cloudtrail')).toHaveLength(15);
  const read: PartRead[] = [];
  for await (const part of reader.read(span, { done: new Set(), signal: new AbortController().signal })) read.push(part);
  expect(
    of(
      read.flatMap(({ facts }) => facts),
      'change',
    ),
  ).toHaveLength(160);
  const estimated = totalEstimate(parts, new Set()).operations.find(({ operation }) => operation === 'cloudtrail:LookupEvents')?.calls;
  expect(aws.ledger.of('cloudtrail').length).toBeLessThanOrEqual(estimated ?? 0);
});
