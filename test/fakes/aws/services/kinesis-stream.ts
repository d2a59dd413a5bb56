import { createHash } from 'node:crypto';

/** A record in a shard. */
export interface ShardRecord {
  readonly sequence: bigint;
  readonly data: Uint8Array;
  readonly partitionKey: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A shard, open until it was split or merged. */
export interface Shard {
  readonly id: string;
  readonly from: bigint;
  readonly to: bigint;
  readonly parents: readonly string[];
  readonly startSequence: bigint;
  readonly createdAt: number;
  readonly records: ShardRecord[];
  endSequence: bigint | undefined;
}

/** A stream. */
export interface FakeStream {
  readonly name: string;
  readonly createdAt: number;
  readonly shards: Shard[];
  /** The last sequence number given. */
  sequence: bigint;
}

const KEYS = 1n << 128n;
/** Sequence numbers of AWS have 56 digits; these are as wide, so that nobody takes them for safe integers. */
const FIRST = 49_600_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000n;

/** A stream with its keys shared out evenly. */
export function makeStream(name: string, shards: number, now: number): FakeStream {
  const stream: FakeStream = { name, createdAt: now, shards: [], sequence: FIRST };
  for (let i = 0n; i < BigInt(shards); i++) addShard(stream, (KEYS * i) / BigInt(shards), (KEYS * (i + 1n)) / BigInt(shards) - 1n, [], now);
  return stream;
}

function addShard(stream: FakeStream, from: bigint, to: bigint, parents: readonly string[], now: number): void {
  const id = `shardId-${String(stream.shards.length).padStart(12, '0')}`;
  stream.shards.push({ id, from, to, parents, startSequence: ++stream.sequence, createdAt: now, records: [], endSequence: undefined });
}

/** Shards that still take records. */
export function openShards(stream: FakeStream): Shard[] {
  return stream.shards.filter(({ endSequence }) => endSequence === undefined);
}

/** The open shard that a partition key's MD5, or the hash key itself, falls into. */
export function shardFor(stream: FakeStream, partitionKey: string, explicitHashKey?: string): Shard {
  const hash = explicitHashKey === undefined ? BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`) : BigInt(explicitHashKey);
  const shard = openShards(stream).find(({ from, to }) => from <= hash && hash <= to);
  if (!shard) throw new Error(`No open shard of ${stream.name} has the key ${String(hash)}.`);
  return shard;
}

/** Adds a record and returns it. */
export function addRecord(stream: FakeStream, shard: Shard, data: Uint8Array, partitionKey: string, now: number): ShardRecord {
  const record = { sequence: ++stream.sequence, data, partitionKey, at: now };
  shard.records.push(record);
  return record;
}

/** Closes shards and opens their children, with the keys shared out at `borders`. */
export function reshard(stream: FakeStream, parents: readonly Shard[], borders: readonly bigint[], now: number): void {
  for (const parent of parents) parent.endSequence = ++stream.sequence;
  const from = parents.map((parent) => parent.from).reduce((a, b) => (a < b ? a : b));
  const to = parents.map((parent) => parent.to).reduce((a, b) => (a > b ? a : b));
  const starts = [from, ...borders];
  const ids = parents.map(({ id }) => id);
  starts.forEach((start, i) => addShard(stream, start, (starts[i + 1] ?? to + 1n) - 1n, ids, now));
}

/** Shards that came of one. */
export function childrenOf(stream: FakeStream, shard: Shard): Shard[] {
  return stream.shards.filter(({ parents }) => parents.includes(shard.id));
}
