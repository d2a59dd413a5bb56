import type { KinesisClient, Shard as KinesisShard } from '@aws-sdk/client-kinesis';
import { placeText } from '../../domain/aws/place';
import type { AwsPlace } from '../../domain/aws/place';
import type { RecordStream, Shard, ShardStart } from '../../ports/streams';
import type { AwsAccess } from './access';
import { awsError } from './errors';

/** Records of one read at most: a full shard takes so many a second. */
const MOST_RECORDS = 1000;

/** A stream of Kinesis by its API: a plain reader without leases of others, at most 2 MB a second and shard. https://docs.aws.amazon.com/kinesis/latest/APIReference/Welcome.html */
export function kinesisStream(access: AwsAccess, { name, ...place }: AwsPlace & { readonly name: string }): RecordStream {
  let made: Promise<KinesisClient> | undefined;
  const asked = async <T>(operation: string, send: (client: KinesisClient) => Promise<T>): Promise<T> => {
    try {
      return await send(await (made ??= clientOf(access, place)));
    } catch (error) {
      throw awsError(error, `kinesis:${operation} of ${name} in ${placeText(place)}`);
    }
  };
  return {
    name: `${placeText(place)}/${name}`,
    async shards() {
      const { ListShardsCommand } = await import('@aws-sdk/client-kinesis');
      const all: Shard[] = [];
      let token: string | undefined;
      do {
        const page = token === undefined ? { StreamName: name } : { NextToken: token };
        const { Shards = [], NextToken } = await asked('ListShards', (kinesis) => kinesis.send(new ListShardsCommand(page)));
        all.push(...Shards.flatMap(shardOf));
        token = NextToken;
      } while (token !== undefined);
      return all;
    },
    async open(shard, start) {
      const { GetShardIteratorCommand } = await import('@aws-sdk/client-kinesis');
      const command = new GetShardIteratorCommand({ StreamName: name, ShardId: shard, ...startOf(start) });
      const { ShardIterator = '' } = await asked('GetShardIterator', (kinesis) => kinesis.send(command));
      return ShardIterator;
    },
    async read(position) {
      const { GetRecordsCommand } = await import('@aws-sdk/client-kinesis');
      const command = new GetRecordsCommand({ ShardIterator: position, Limit: MOST_RECORDS });
      const { Records = [], NextShardIterator, MillisBehindLatest = 0 } = await asked('GetRecords', (kinesis) => kinesis.send(command));
      const records = Records.map(({ SequenceNumber = '', Data = new Uint8Array() }) => ({ sequence: SequenceNumber, data: Data }));
      return { records, behindMs: MillisBehindLatest, ...(NextShardIterator && { next: NextShardIterator }) };
    },
  };
}

/** Whoever reads a shard tries again by itself, and slower each time. */
async function clientOf(access: AwsAccess, place: AwsPlace): Promise<KinesisClient> {
  // Loaded when it is needed first: most teams never need it.
  const { KinesisClient } = await import('@aws-sdk/client-kinesis');
  return new KinesisClient({ ...(await access.reading(place)), maxAttempts: 1 });
}

function shardOf({ ShardId, ParentShardId, AdjacentParentShardId }: KinesisShard): Shard[] {
  const parents = [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined);
  return ShardId === undefined ? [] : [{ id: ShardId, parents }];
}

function startOf(start: ShardStart) {
  if (start === 'oldest') return { ShardIteratorType: 'TRIM_HORIZON' } as const;
  if ('since' in start) return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(start.since) } as const;
  return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: start.after } as const;
}
