import { randomUUID } from 'node:crypto';
import type {
  CreateStreamInput,
  DescribeStreamSummaryInput,
  DescribeStreamSummaryOutput,
  GetRecordsInput,
  GetRecordsOutput,
  GetShardIteratorInput,
  GetShardIteratorOutput,
  HashKeyRange,
  ListShardsInput,
  ListShardsOutput,
  MergeShardsInput,
  PutRecordInput,
  PutRecordOutput,
  PutRecordsInput,
  PutRecordsOutput,
  Shard as ShardAnswer,
  SplitShardInput,
} from '@aws-sdk/client-kinesis';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { addRecord, childrenOf, makeStream, openShards, reshard, shardFor } from './kinesis-stream';
import type { FakeStream, Shard } from './kinesis-stream';
import { found, stateKey } from './support';

interface Iterator {
  readonly stream: FakeStream;
  readonly shard: Shard;
  /** Index of the next record. */
  readonly next: number;
  readonly madeAt: number;
}

interface Kinesis {
  readonly streams: Map<string, FakeStream>;
  readonly iterators: Map<string, Iterator>;
  readonly reads: Map<Shard, number[]>;
}

const KINESIS_STATE = stateKey('kinesis', (): Kinesis => ({ streams: new Map(), iterators: new Map(), reads: new Map() }));
const ITERATOR_LIFE_MS = 300_000;
const READS_A_SECOND = 5;
const RECORDS = 10_000;
const BYTES = 10 * 1024 * 1024;
const SHARDS = 1_000;

/** Makes a stream. */
export function putStream(place: Place, { name, shards = 1 }: { readonly name: string; readonly shards?: number }): FakeStream {
  const stream = makeStream(name, shards, place.world.clock.now());
  place.state(KINESIS_STATE).streams.set(name, stream);
  return stream;
}

/** Puts a record into a stream that is there; text is taken as UTF-8. */
export function putStreamRecord(
  place: Place,
  { stream: name, data, partitionKey }: { readonly stream: string; readonly data: Uint8Array | string; readonly partitionKey: string },
): void {
  const stream = place.state(KINESIS_STATE).streams.get(name);
  if (!stream) throw new Error(`There is no stream ${name} in ${place.region} of ${place.account}.`);
  addRecord(stream, shardFor(stream, partitionKey), Buffer.from(data as Uint8Array), partitionKey, place.world.clock.now());
}

function streamOf({ place }: Call, { StreamName, StreamARN }: { StreamName?: string | undefined; StreamARN?: string | undefined }): FakeStream {
  const name = StreamName ?? StreamARN?.split('/').at(-1) ?? '';
  return found(place.state(KINESIS_STATE).streams.get(name), 'ResourceNotFoundException', `Stream ${name} under account ${place.account} not found.`);
}

function shardOf(stream: FakeStream, id: string | undefined): Shard {
  return found(
    stream.shards.find((shard) => shard.id === id),
    'ResourceNotFoundException',
    `Could not find shard ${id ?? ''} in stream ${stream.name}.`,
  );
}

function keysOf({ from, to }: Shard): HashKeyRange {
  return { StartingHashKey: String(from), EndingHashKey: String(to) };
}

function shardAnswer(shard: Shard): ShardAnswer {
  return {
    ShardId: shard.id,
    HashKeyRange: keysOf(shard),
    SequenceNumberRange: {
      StartingSequenceNumber: String(shard.startSequence),
      EndingSequenceNumber: shard.endSequence === undefined ? undefined : String(shard.endSequence),
    },
    ParentShardId: shard.parents[0],
    AdjacentParentShardId: shard.parents[1],
  };
}

function listShards(input: ListShardsInput, call: Call): ListShardsOutput {
  if (input.NextToken !== undefined && input.StreamName !== undefined)
    throw new AwsError('InvalidArgumentException', 'NextToken and StreamName cannot be provided together.');
  // A later page names no stream: its token does.
  const shards = (): readonly Shard[] =>
    streamOf(call, input)
      .shards.filter(asked(input))
      .filter(({ id }) => call.visible(id));
  const page = call.page({ items: shards, token: input.NextToken, size: input.MaxResults, max: SHARDS, badToken: 'ExpiredNextTokenException' });
  return { Shards: page.items.map(shardAnswer), NextToken: page.next };
}

function asked({ ShardFilter, ExclusiveStartShardId = '' }: ListShardsInput): (shard: Shard) => boolean {
  const { Type, ShardId = '', Timestamp } = ShardFilter ?? {};
  const after = Type === 'AFTER_SHARD_ID' ? ShardId : ExclusiveStartShardId;
  const at = Timestamp?.getTime();
  return ({ id, endSequence, createdAt }) =>
    id > after && (Type !== 'AT_LATEST' || endSequence === undefined) && (Type !== 'AT_TIMESTAMP' || at === undefined || createdAt <= at);
}

function describeStreamSummary(input: DescribeStreamSummaryInput, call: Call): DescribeStreamSummaryOutput {
  const stream = streamOf(call, input);
  return {
    StreamDescriptionSummary: {
      StreamName: stream.name,
      StreamARN: call.place.arn('kinesis', `stream/${stream.name}`),
      StreamStatus: 'ACTIVE',
      RetentionPeriodHours: 24,
      StreamCreationTimestamp: new Date(stream.createdAt),
      EnhancedMonitoring: [],
      OpenShardCount: openShards(stream).length,
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      EncryptionType: 'NONE',
      ConsumerCount: 0,
    },
  };
}

function createStream({ StreamName = '', ShardCount = 1 }: CreateStreamInput, { place }: Call): object {
  if (place.state(KINESIS_STATE).streams.has(StreamName))
    throw new AwsError('ResourceInUseException', `Stream ${StreamName} under account ${place.account} already exists.`);
  putStream(place, { name: StreamName, shards: ShardCount });
  return {};
}

function getShardIterator(input: GetShardIteratorInput, call: Call): GetShardIteratorOutput {
  const stream = streamOf(call, input);
  const shard = shardOf(stream, input.ShardId);
  return { ShardIterator: issue(call, { stream, shard, next: startOf(shard, input), madeAt: call.now }) };
}

function startOf({ records }: Shard, { ShardIteratorType, StartingSequenceNumber, Timestamp }: GetShardIteratorInput): number {
  const first = (test: (record: Shard['records'][number]) => boolean): number => {
    const index = records.findIndex(test);
    return index === -1 ? records.length : index;
  };
  if (ShardIteratorType === 'TRIM_HORIZON') return 0;
  if (ShardIteratorType === 'LATEST') return records.length;
  if (ShardIteratorType === 'AT_TIMESTAMP') return first(({ at }) => at >= (Timestamp?.getTime() ?? 0));
  if (!/^\d+$/.test(StartingSequenceNumber ?? '')) throw new AwsError('InvalidArgumentException', 'StartingSequenceNumber is invalid.');
  const from = BigInt(StartingSequenceNumber ?? '0');
  return first(({ sequence }) => (ShardIteratorType === 'AFTER_SEQUENCE_NUMBER' ? sequence > from : sequence >= from));
}

function issue({ place }: Call, iterator: Iterator): string {
  const id = randomUUID();
  place.state(KINESIS_STATE).iterators.set(id, iterator);
  return id;
}

function getRecords({ ShardIterator = '', Limit = RECORDS }: GetRecordsInput, call: Call): GetRecordsOutput {
  const state = call.place.state(KINESIS_STATE);
  const iterator = found(state.iterators.get(ShardIterator), 'InvalidArgumentException', 'Invalid ShardIterator.');
  if (call.now - iterator.madeAt >= ITERATOR_LIFE_MS)
    throw new AwsError('ExpiredIteratorException', 'Iterator expired. The iterator was created more than 300000 milliseconds ago.');
  const { stream, shard, next } = iterator;
  countRead(state, stream, shard, call.now);
  const records = fitting(shard, next, Limit);
  const at = next + records.length;
  const ended = shard.endSequence !== undefined && at >= shard.records.length;
  const oldest = shard.records[at];
  return {
    Records: records.map((record) => ({
      SequenceNumber: String(record.sequence),
      Data: record.data,
      ApproximateArrivalTimestamp: new Date(record.at),
      PartitionKey: record.partitionKey,
    })),
    NextShardIterator: ended ? undefined : issue(call, { stream, shard, next: at, madeAt: call.now }),
    MillisBehindLatest: oldest ? Math.max(0, call.now - oldest.at) : 0,
    ...(ended && {
      ChildShards: childrenOf(stream, shard).map((child) => ({ ShardId: child.id, ParentShards: [...child.parents], HashKeyRange: keysOf(child) })),
    }),
  };
}

/** As many records as were asked for and as an answer holds. */
function fitting({ records }: Shard, from: number, limit: number): Shard['records'] {
  let bytes = 0;
  const rest = records.slice(from, from + Math.min(limit, RECORDS));
  const over = rest.findIndex(({ data }, i) => (bytes += data.length) > BYTES && i > 0);
  return over === -1 ? rest : rest.slice(0, over);
}

/** Five reads a second are what a shard gives. */
function countRead({ reads }: Kinesis, stream: FakeStream, shard: Shard, now: number): void {
  const recent = (reads.get(shard) ?? []).filter((at) => at > now - 1000);
  if (recent.length >= READS_A_SECOND)
    throw new AwsError('ProvisionedThroughputExceededException', `Rate exceeded for shard ${shard.id} in stream ${stream.name}.`);
  reads.set(shard, [...recent, now]);
}

function putRecord(input: PutRecordInput, call: Call): PutRecordOutput {
  const stream = streamOf(call, input);
  const { Data = new Uint8Array(), PartitionKey = '' } = input;
  const shard = shardFor(stream, PartitionKey, input.ExplicitHashKey);
  return { ShardId: shard.id, SequenceNumber: String(addRecord(stream, shard, Data, PartitionKey, call.now).sequence), EncryptionType: 'NONE' };
}

function putRecords({ Records = [], ...named }: PutRecordsInput, call: Call): PutRecordsOutput {
  const entries = Records.map((record) => putRecord({ ...named, ...record }, call));
  return { FailedRecordCount: 0, Records: entries.map(({ ShardId, SequenceNumber }) => ({ ShardId, SequenceNumber })), EncryptionType: 'NONE' };
}

function splitShard(input: SplitShardInput, call: Call): object {
  const stream = streamOf(call, input);
  const shard = shardOf(stream, input.ShardToSplit);
  const border = BigInt(input.NewStartingHashKey ?? '0');
  if (shard.endSequence !== undefined) throw new AwsError('ResourceInUseException', `Shard ${shard.id} is not open.`);
  if (border <= shard.from || border > shard.to) throw new AwsError('InvalidArgumentException', 'NewStartingHashKey is not within the shard.');
  reshard(stream, [shard], [border], call.now);
  return {};
}

function mergeShards(input: MergeShardsInput, call: Call): object {
  const stream = streamOf(call, input);
  const both = [shardOf(stream, input.ShardToMerge), shardOf(stream, input.AdjacentShardToMerge)] as const;
  if (both[0].to + 1n !== both[1].from && both[1].to + 1n !== both[0].from) throw new AwsError('InvalidArgumentException', 'The shards are not adjacent.');
  reshard(stream, both, [], call.now);
  return {};
}

/** Kinesis Data Streams. */
export const KINESIS: FakeService = {
  signedAs: 'kinesis',
  target: 'Kinesis_20131202',
  load: () => import('@aws-sdk/client-kinesis'),
  throttled: { name: 'ProvisionedThroughputExceededException' },
  operations: {
    CreateStream: createStream,
    DescribeStreamSummary: describeStreamSummary,
    ListShards: listShards,
    GetShardIterator: getShardIterator,
    GetRecords: getRecords,
    PutRecord: putRecord,
    PutRecords: putRecords,
    SplitShard: splitShard,
    MergeShards: mergeShards,
  },
  facts: { stream: { put: putStream }, record: { put: putStreamRecord } },
};
