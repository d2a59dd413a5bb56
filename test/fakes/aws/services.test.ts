import { CodePipelineClient, PutJobFailureResultCommand } from '@aws-sdk/client-codepipeline';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient, ListShardsCommand, PutRecordCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { CloudWatchLogsClient, GetQueryResultsCommand, StartQueryCommand, StopQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { testClock } from './clock';
import type { TestClock } from './clock';
import { keysOf } from './identity';
import { startFakeAws } from './server';
import type { FakeAws } from './server';
import { jobResult, putPipelineJob } from './services/codepipeline';
import { putStream } from './services/kinesis';
import { putLogEvents, setInsights } from './services/logs';
import { keysIn, objectIn, putBucket } from './services/s3-store';
import { putEndpoint } from './services/sagemaker';
import { messagesIn } from './services/sqs';
import { putRole } from './services/sts';
import type { Place } from './world';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const ACCOUNT = '111122223333';
const MIB = 1024 * 1024;

describe('a service keeps its promises to unmodified clients:', () => {
  let aws: FakeAws;
  let clock: TestClock;
  let place: Place;
  const config = () => ({ endpoint: aws.endpoint, region: 'eu-west-1', credentials: keysOf(ACCOUNT), maxAttempts: 1 });
  beforeEach(async () => {
    clock = testClock(NOW);
    aws = await startFakeAws({ clock });
    place = aws.place('eu-west-1', ACCOUNT);
  });
  afterEach(() => aws.close());

  test('a role is assumed with its external id only, and its session ends on the clock', async () => {
    const RoleArn = 'arn:aws:iam::444455556666:role/observer';
    putRole(place, { arn: RoleArn, externalId: 'ours' });
    const assume = async (ExternalId: string) =>
      (await new STSClient(config()).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'look', ExternalId }))).Credentials;
    await expect(assume('theirs')).rejects.toMatchObject({ name: 'AccessDenied' });
    const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '', SessionToken: sessionToken = '', Expiration } = (await assume('ours')) ?? {};
    expect(Expiration).toEqual(new Date(NOW + 3_600_000));
    const client = new STSClient({ ...config(), credentials: { accessKeyId, secretAccessKey, sessionToken } });
    await expect(client.send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({ Arn: 'arn:aws:sts::444455556666:assumed-role/observer/look' });
    clock.advance(3_600_000);
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'ExpiredToken' });
  });

  test('a session does no more than its policy says, which is short and has nothing but actions and resources', async () => {
    const RoleArn = 'arn:aws:iam::444455556666:role/observer';
    putRole(place, { arn: RoleArn });
    const assume = (Policy: object) =>
      new STSClient(config()).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'look', Policy: JSON.stringify(Policy) }));
    const statement = { Effect: 'Allow', Action: 'kinesis:*', Resource: ['*'] };
    const given = async (...more: readonly object[]) => {
      const { Credentials } = await assume({ Version: '2012-10-17', Statement: [statement, ...more] });
      const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '', SessionToken: sessionToken = '' } = Credentials ?? {};
      return { ...config(), credentials: { accessKeyId, secretAccessKey, sessionToken } };
    };
    putStream(aws.place('eu-west-1', '444455556666'), { name: 'logs' });
    const shards = new ListShardsCommand({ StreamName: 'logs' });
    await new KinesisClient(await given()).send(shards);
    const denied = { name: 'AccessDeniedException' };
    await expect(new CodePipelineClient(await given()).send(new PutJobFailureResultCommand({ jobId: 'a' } as never))).rejects.toMatchObject(denied);
    await expect(new KinesisClient(await given({ ...statement, Effect: 'Deny' })).send(shards)).rejects.toMatchObject(denied);
    const conditions = { Version: '2012-10-17', Statement: [{ ...statement, Condition: {} }] };
    await expect(assume(conditions)).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
    await expect(assume({ Version: 'x'.repeat(2048) })).rejects.toMatchObject({ name: 'ValidationError' });
  });

  describe('SQS', () => {
    let sqs: SQSClient;
    let QueueUrl: string;
    beforeEach(async () => {
      sqs = new SQSClient(config());
      QueueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'alarms' }))).QueueUrl ?? '';
    });
    const receive = async (WaitTimeSeconds = 0) => (await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds }))).Messages?.[0];

    test('a message that is not deleted is seen again after its visibility time-out', async () => {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'é', MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } }));
      expect(await receive()).toMatchObject({ Body: 'é' });
      expect(await receive()).toBeUndefined();
      clock.advance(30_000);
      expect(await receive()).toMatchObject({ Body: 'é' });
    });

    test('a long poll gets a message that is sent while it waits, and ends empty on the clock', async () => {
      const first = receive(20);
      await waitUntil(() => clock.waiting === 1);
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'now' }));
      const message = await first;
      expect(message?.Body).toBe('now');
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
      const second = receive(20);
      await waitUntil(() => clock.waiting === 1);
      clock.advance(20_000);
      expect(await second).toBeUndefined();
      expect(messagesIn(place, 'alarms')).toEqual([]);
    });

    test('the visibility of a message that is not in flight cannot be changed', async () => {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
      const { ReceiptHandle } = (await receive()) ?? {};
      await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
      await expect(sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 5 }))).rejects.toMatchObject({
        name: 'MessageNotInflight',
      });
    });
  });

  describe('Kinesis', () => {
    const ShardId = 'shardId-000000000000';
    let kinesis: KinesisClient;
    beforeEach(() => {
      putStream(place, { name: 'logs' });
      kinesis = new KinesisClient(config());
    });
    afterEach(() => kinesis.destroy());
    const iterator = async () =>
      (await kinesis.send(new GetShardIteratorCommand({ StreamName: 'logs', ShardId, ShardIteratorType: 'TRIM_HORIZON' }))).ShardIterator;

    test('a shard that was split is read to its end, and then names its children', async () => {
      await kinesis.send(new PutRecordCommand({ StreamName: 'logs', Data: Buffer.from('one'), PartitionKey: 'k' }));
      await kinesis.send(new SplitShardCommand({ StreamName: 'logs', ShardToSplit: ShardId, NewStartingHashKey: String(1n << 127n) }));
      const { Records, NextShardIterator, ChildShards } = await kinesis.send(new GetRecordsCommand({ ShardIterator: await iterator() }));
      expect(Records?.map(({ Data }) => Buffer.from(Data ?? []).toString())).toEqual(['one']);
      expect(NextShardIterator).toBeUndefined();
      expect(ChildShards?.map((child) => child.ParentShards)).toEqual([[ShardId], [ShardId]]);
      const { Shards } = await kinesis.send(new ListShardsCommand({ StreamName: 'logs', ShardFilter: { Type: 'AT_LATEST' } }));
      expect(Shards?.map((shard) => shard.ParentShardId)).toEqual([ShardId, ShardId]);
    });

    test('an iterator ends after five minutes, and a shard gives five reads a second', async () => {
      const ShardIterator = await iterator();
      for (let i = 0; i < 5; i++) await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      await expect(kinesis.send(new GetRecordsCommand({ ShardIterator }))).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
      clock.advance(300_000);
      await expect(kinesis.send(new GetRecordsCommand({ ShardIterator }))).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
    });
  });

  test('Logs Insights runs so many queries at once, takes its time, and can be stopped', async () => {
    putLogEvents(place, { group: '/app', stream: 's', events: [{ timestamp: NOW - 1_000, message: 'ERROR disk' }] });
    setInsights(place, { durationMs: 2_000, concurrent: 1 });
    const logs = new CloudWatchLogsClient(config());
    const query = { logGroupName: '/app', startTime: NOW / 1000 - 60, endTime: NOW / 1000, queryString: 'fields @message | filter @message like /ERROR/' };
    const { queryId } = await logs.send(new StartQueryCommand(query));
    await expect(logs.send(new StartQueryCommand(query))).rejects.toMatchObject({ name: 'LimitExceededException' });
    await expect(logs.send(new GetQueryResultsCommand({ queryId }))).resolves.toMatchObject({ status: 'Running', results: [] });
    clock.advance(2_000);
    const { status, results } = await logs.send(new GetQueryResultsCommand({ queryId }));
    expect([status, results?.[0]?.[0]]).toEqual(['Complete', { field: '@message', value: 'ERROR disk' }]);
    const { queryId: another } = await logs.send(new StartQueryCommand(query));
    await expect(logs.send(new StopQueryCommand({ queryId: another }))).resolves.toMatchObject({ success: true });
  });

  test('S3 keeps objects with what belongs to them, in one piece or in parts', async () => {
    putBucket(place, { name: 'archive' });
    const s3 = new S3Client(config());
    const named = { Bucket: 'archive', Key: 'day=1/ü +.csv' };
    await s3.send(new PutObjectCommand({ ...named, Body: 'a,b\n', ContentType: 'text/csv', Metadata: { run: '1' } }));
    const got = await s3.send(new GetObjectCommand(named));
    expect(objectIn(place, 'archive', named.Key)?.toString()).toBe('a,b\n');
    expect([await got.Body?.transformToString(), got.ContentType, got.Metadata]).toEqual(['a,b\n', 'text/csv', { run: '1' }]);
    const big = { Bucket: 'archive', Key: 'big' };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(big));
    const parts = [];
    for (const [i, size] of [5 * MIB, MIB].entries()) {
      const { ETag } = await s3.send(new UploadPartCommand({ ...big, UploadId, PartNumber: i + 1, Body: Buffer.alloc(size, i) }));
      parts.push({ ETag, PartNumber: i + 1 });
    }
    await s3.send(new CompleteMultipartUploadCommand({ ...big, UploadId, MultipartUpload: { Parts: parts } }));
    await expect(s3.send(new HeadObjectCommand(big))).resolves.toMatchObject({ ContentLength: 6 * MIB, ETag: expect.stringMatching(/-2"$/) as string });
    await s3.send(new DeleteObjectCommand(big));
    await expect(s3.send(new GetObjectCommand(big))).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(keysIn(place, 'archive')).toEqual([named.Key]);
  });

  test('S3 keeps every version in a bucket with Object Lock, and deletes none that is locked', async () => {
    putBucket(place, { name: 'sealed', objectLock: true });
    const s3 = new S3Client(config());
    const named = { Bucket: 'sealed', Key: 'a' };
    const until = new Date(place.world.clock.now() + 1000);
    const { VersionId } = await s3.send(new PutObjectCommand({ ...named, Body: '1', ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: until }));
    await s3.send(new PutObjectCommand({ ...named, Body: '2' }));
    await expect(s3.send(new DeleteObjectCommand({ ...named, VersionId }))).rejects.toMatchObject({ name: 'AccessDenied' });
    const { VersionId: marker } = await s3.send(new DeleteObjectCommand(named));
    await expect(s3.send(new GetObjectCommand(named))).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(s3.send(new HeadObjectCommand({ ...named, VersionId }))).resolves.toMatchObject({
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: until,
    });
    await s3.send(new DeleteObjectCommand({ ...named, VersionId: marker }));
    expect(await (await s3.send(new GetObjectCommand(named))).Body?.transformToString()).toBe('2');
    const first = await s3.send(new ListObjectVersionsCommand({ Bucket: 'sealed', MaxKeys: 1 }));
    const rest = { KeyMarker: first.NextKeyMarker, VersionIdMarker: first.NextVersionIdMarker };
    const second = await s3.send(new ListObjectVersionsCommand({ Bucket: 'sealed', ...rest }));
    const seen = [...(first.Versions ?? []), ...(second.Versions ?? [])];
    expect(seen.map(({ Size, IsLatest, VersionId: id }) => [Size, IsLatest, id === VersionId])).toEqual([
      [1, true, false],
      [1, false, true],
    ]);
    await expect(s3.send(new GetObjectCommand({ ...named, VersionId: 'none' }))).rejects.toMatchObject({ name: 'NoSuchVersion' });
  });

  test('S3 takes a lock only where the bucket has Object Lock, whole, and for a time to come', async () => {
    putBucket(place, { name: 'open' });
    putBucket(place, { name: 'sealed', objectLock: true });
    const s3 = new S3Client(config());
    const put = (Bucket: string, lock: object) => s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '1', ...lock }));
    const lock = (ms: number) => ({ ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(place.world.clock.now() + ms) });
    await expect(put('open', lock(1000))).rejects.toMatchObject({ name: 'InvalidRequest', message: expect.stringContaining('Object Lock') as string });
    await expect(put('sealed', { ObjectLockMode: 'COMPLIANCE' })).rejects.toMatchObject({ name: 'InvalidRequest' });
    await expect(put('sealed', lock(-1000))).rejects.toMatchObject({ name: 'InvalidArgument' });
  });

  test('S3 lists keys in pages, with those below a delimiter rolled up', async () => {
    putBucket(place, { name: 'archive' });
    const s3 = new S3Client(config());
    for (const Key of ['a', 'b/1', 'b/2', 'c', 'd']) await s3.send(new PutObjectCommand({ Bucket: 'archive', Key, Body: 'x' }));
    const seen = [];
    for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: 'archive', Delimiter: '/' })) {
      seen.push([page.Contents?.map(({ Key }) => Key), page.CommonPrefixes?.map(({ Prefix }) => Prefix)]);
    }
    expect(seen).toEqual([
      [['a', 'c'], ['b/']],
      [['d'], undefined],
    ]);
  });

  test('a job of CodePipeline takes one result', async () => {
    putPipelineJob(place, { jobId: 'j-1' });
    const pipelines = new CodePipelineClient(config());
    const fail = () => pipelines.send(new PutJobFailureResultCommand({ jobId: 'j-1', failureDetails: { type: 'JobFailed', message: 'slower than before' } }));
    await fail();
    expect(jobResult(place, 'j-1')).toMatchObject({ succeeded: false, failureDetails: { message: 'slower than before' } });
    await expect(fail()).rejects.toMatchObject({ name: 'InvalidJobStateException' });
  });

  test('an endpoint scores rows of CSV, and what its container refuses is a ModelError', async () => {
    putEndpoint(place, { name: 'forest', features: 2, score: ([a = 0, b = 0]) => a + b });
    const runtime = new SageMakerRuntimeClient(config());
    const invoke = (Body: string) =>
      runtime.send(new InvokeEndpointCommand({ EndpointName: 'forest', ContentType: 'text/csv', Accept: 'application/json', Body: Buffer.from(Body) }));
    expect(JSON.parse((await invoke('1,2\n3,4\n')).Body.transformToString())).toEqual({ scores: [{ score: 3 }, { score: 7 }] });
    await expect(invoke('1,2,3')).rejects.toMatchObject({ name: 'ModelError', OriginalStatusCode: 400 });
  });
});

async function waitUntil(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setImmediate(resolve));
}
