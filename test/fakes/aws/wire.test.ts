import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CodeDeployClient, GetDeploymentCommand, paginateListDeployments } from '@aws-sdk/client-codedeploy';
import { DescribeStreamSummaryCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor';
import { testClock } from './clock';
import { keysOf } from './identity';
import { startFakeAws } from './server';
import type { FakeAws } from './server';
import { putAlarm } from './services/cloudwatch';
import { putSeries } from './services/cloudwatch-series';
import { putDeployment } from './services/codedeploy';
import { putStream } from './services/kinesis';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const ACCOUNT = '111122223333';

describe('clients of the SDK', () => {
  let aws: FakeAws;
  const config = () => ({ endpoint: aws.endpoint, region: 'eu-west-1', credentials: keysOf(ACCOUNT), maxAttempts: 1 });
  beforeEach(async () => {
    aws = await startFakeAws({ clock: testClock(NOW) });
  });
  afterEach(() => aws.close());

  test('speak HTTP/2 and HTTP/1.1 on one port, as each does by itself', async () => {
    putStream(aws.place('eu-west-1', ACCOUNT), { name: 'logs' });
    const kinesis = new KinesisClient(config());
    await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 'logs' }));
    kinesis.destroy();
    await new STSClient(config()).send(new GetCallerIdentityCommand({}));
    expect(aws.ledger.entries.map(({ service, http, outcome }) => [service, http, outcome])).toEqual([
      ['kinesis', '2.0', 'ok'],
      ['sts', '1.1', 'ok'],
    ]);
  });

  test('read moments, numbers and text as they were put, in JSON and in CBOR', async () => {
    const alarm = { AlarmName: 'überlast <&>', Threshold: 0.25, StateUpdatedTimestamp: new Date(NOW - 1_234) };
    putAlarm(aws.place('eu-west-1', ACCOUNT), alarm);
    const json = new CloudWatchClient(config());
    const cbor = new CloudWatchClient({ ...config(), protocol: SmithyRpcV2CborProtocol });
    for (const client of [json, cbor]) {
      const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [alarm.AlarmName] }));
      expect(MetricAlarms).toEqual([expect.objectContaining(alarm)]);
    }
    expect(aws.ledger.entries.map(({ protocol }) => protocol)).toEqual(['json', 'cbor']);
  });

  test('get errors as the classes of their packages, with the id of the request', async () => {
    await expect(new CodeDeployClient(config()).send(new GetDeploymentCommand({ deploymentId: 'd-NONE' }))).rejects.toMatchObject({
      name: 'DeploymentDoesNotExistException',
      $fault: 'client',
      $metadata: { httpStatusCode: 400, requestId: expect.any(String) as string },
    });
    await expect(new SQSClient(config()).send(new GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  test('page through lists with tokens that another place does not take', async () => {
    const place = aws.place('eu-west-1', ACCOUNT);
    for (let i = 0; i < 7; i++)
      putDeployment(place, { applicationName: 'shop', deploymentGroupName: 'live', deploymentId: `d-${String(i)}`, createTime: new Date(NOW + i) });
    const sizes = [];
    const pages = paginateListDeployments({ client: new CodeDeployClient(config()) }, { applicationName: 'shop', deploymentGroupName: 'live' });
    let token: string | undefined;
    for await (const page of pages) {
      sizes.push(page.deployments?.length);
      token ??= page.nextToken;
    }
    expect(sizes).toEqual([3, 3, 1]);
    const elsewhere = paginateListDeployments({ client: new CodeDeployClient({ ...config(), region: 'us-east-1' }), startingToken: token }, {});
    await expect(elsewhere.next()).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
  });

  test('see only what is in the account of their key and in their region', async () => {
    putAlarm(aws.place('eu-west-1', ACCOUNT), { AlarmName: 'here' });
    const names = async (account: string, region: string): Promise<unknown> =>
      (await new CloudWatchClient({ ...config(), region, credentials: keysOf(account) }).send(new DescribeAlarmsCommand({}))).MetricAlarms?.map(
        ({ AlarmName }) => AlarmName,
      );
    expect([await names(ACCOUNT, 'eu-west-1'), await names(ACCOUNT, 'us-east-1'), await names('444455556666', 'eu-west-1')]).toEqual([['here'], [], []]);
  });

  test('get statistics of periods and the answers of Metrics Insights', async () => {
    const place = aws.place('eu-west-1', ACCOUNT);
    const samples = (value: number) => [0, 60_000, 120_000].map((ms) => [NOW - 300_000 + ms, value] as const);
    putSeries(place, { namespace: 'Shop', metric: 'Errors', dimensions: { Service: 'cart' }, samples: samples(2) });
    putSeries(place, { namespace: 'Shop', metric: 'Errors', dimensions: { Service: 'search' }, samples: samples(5) });
    const { MetricDataResults } = await new CloudWatchClient(config()).send(
      new GetMetricDataCommand({
        StartTime: new Date(NOW - 300_000),
        EndTime: new Date(NOW),
        MetricDataQueries: [
          {
            Id: 'a',
            MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Errors', Dimensions: [{ Name: 'Service', Value: 'cart' }] }, Period: 300, Stat: 'Sum' },
          },
          { Id: 'b', Expression: 'SELECT SUM(Errors) FROM SCHEMA("Shop", Service) GROUP BY Service ORDER BY SUM() DESC LIMIT 1', Period: 300 },
        ],
      }),
    );
    expect(MetricDataResults?.map(({ Id, Label, Values }) => [Id, Label, Values])).toEqual([
      ['a', 'Errors', [6]],
      ['b', 'search', [15]],
    ]);
  });
});
