import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import pino from 'pino';
import { Registry } from 'prom-client';
import { createStreamReader } from '../../activities/streams';
import { kinesisStream } from '../../adapters/aws/stream';
import { openEmbedded } from '../../adapters/postgres/open';
import { keeper } from '../../api/keep';
import { pulledIntake } from '../../api/pulled-intake';
import type { AwsStream } from '../../domain/aws/pulled';
import { seededRandom } from '../../domain/seeded-random';
import type { Store } from '../../ports/store';
import { accessTo } from '../../test/fakes/aws/access';
import { startFakeAws } from '../../test/fakes/aws/server';
import type { FakeAws } from '../../test/fakes/aws/server';
import { putStream, putStreamRecord } from '../../test/fakes/aws/services/kinesis';
import { Closing } from '../stage/closing';

/** What one run kept. Rates are of all shards together, in the time in which records were kept. */
export interface KinesisRun {
  readonly holds: AwsStream['holds'];
  readonly shards: number;
  readonly records: number;
  /** Lines or points that the records hold. */
  readonly items: number;
  readonly seconds: number;
  readonly recordsPerSecond: number;
  readonly recordsPerSecondAndShard: number;
  readonly itemsPerSecond: number;
  /** Records for a second of this process on a core, the fake's work included: what else the machine does hardly changes it. */
  readonly recordsPerCpuSecond: number;
  /** Bytes of the records as they lie in the stream. */
  readonly megabytesPerSecond: number;
  /** Of what AWS lets be written to so many shards: the smaller of records and bytes counts, as either ends it. 1 keeps up with full shards. */
  readonly ofWritten: number;
  /** Lines or points that the store has afterwards, which must be `items`. */
  readonly kept: number;
}

/** What was measured, beside what a shard gives. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
export interface KinesisResult {
  readonly shardLimit: typeof SHARD;
  readonly runs: readonly KinesisRun[];
}

const SHARD = { writtenRecordsPerSecond: 1000, writtenMegabytesPerSecond: 1, readMegabytesPerSecond: 2, readsPerSecond: 5 } as const;
const RECORDS = 6000;
/** Lines of a record. */
const LINES = 4;
/** Of a metric of a metric stream: sum, count, and the extremes. */
const POINTS = 4;
const ITEMS = { logs: LINES, metrics: LINES * POINTS } as const;
const SERVICES = 10;
const [ACCOUNT, REGION] = ['123456789012', 'eu-central-1'] as const;
const MEGABYTE = 1024 * 1024;
const SETTINGS = {
  environment: 'production',
  inboxLimit: 100_000,
  doorTimeoutMs: 30_000,
  bodyLimitBytes: 0,
  rateLimitPerMinute: 0,
  version: '0',
  idleActionsPerDay: 0,
};

/** Reads full streams through the product's reader, from the fake of AWS in the same process into an embedded store of its own. */
export async function benchKinesis(tell: (line: string) => void): Promise<KinesisResult> {
  const runs: KinesisRun[] = [];
  for (const holds of ['logs', 'metrics'] as const) {
    for (const shards of [1, 4]) {
      const run = await measure(holds, shards);
      tell(`${holds}, ${String(shards)} shards: ${String(run.recordsPerSecondAndShard)} records/s and shard`);
      runs.push(run);
    }
  }
  return { shardLimit: SHARD, runs };
}

async function measure(holds: AwsStream['holds'], shards: number): Promise<KinesisRun> {
  const closing = new Closing();
  try {
    const home = await mkdtemp(join(tmpdir(), 'nightshift-kinesis-'));
    closing.add(() => rm(home, { recursive: true, force: true }));
    const aws = await startFakeAws();
    closing.add(() => aws.close());
    const store = await openEmbedded({ home, channels: [] });
    closing.add(() => store.close());
    const bytes = fill(aws, holds, shards);
    const cpu = process.cpuUsage();
    const seconds = await readAll(aws, store, holds);
    const { user, system } = process.cpuUsage(cpu);
    const [records, items] = [RECORDS, RECORDS * ITEMS[holds]];
    const [perSecond, megabytes] = [records / seconds, bytes / MEGABYTE / seconds];
    const ofWritten = Math.max(perSecond / SHARD.writtenRecordsPerSecond, megabytes / SHARD.writtenMegabytesPerSecond) / shards;
    return {
      ...{ holds, shards, records, items, seconds: round(seconds, 2), recordsPerSecond: Math.round(perSecond), itemsPerSecond: Math.round(items / seconds) },
      ...{ recordsPerSecondAndShard: Math.round(perSecond / shards), megabytesPerSecond: round(megabytes, 3), ofWritten: round(ofWritten, 2) },
      recordsPerCpuSecond: Math.round(records / ((user + system) / 1e6)),
      kept: await keptOf(store, holds),
    };
  } finally {
    await closing.close();
  }
}

function fill(aws: FakeAws, holds: AwsStream['holds'], shards: number): number {
  const place = aws.place(REGION, ACCOUNT);
  putStream(place, { name: 'bench', shards });
  const random = seededRandom(7);
  const now = Date.now() - 600_000;
  let bytes = 0;
  for (let i = 0; i < RECORDS; i += 1) {
    const data = holds === 'logs' ? lines(i, now, random) : points(i, now, random);
    bytes += data.length;
    putStreamRecord(place, { stream: 'bench', data, partitionKey: String(i) });
  }
  return bytes;
}

function lines(record: number, now: number, random: () => number): Buffer {
  const service = `service-${String(record % SERVICES)}`;
  const logEvents = Array.from({ length: LINES }, (_, n) => ({
    id: `${String(record)}-${String(n)}`,
    timestamp: now + record,
    message: `${random() < 0.1 ? 'ERROR' : 'INFO'} GET /orders/${String(Math.floor(random() * 1e9))} took ${String(Math.floor(random() * 900))} ms for customer ${random().toString(36).slice(2)}`,
  }));
  return gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', owner: ACCOUNT, logGroup: `/aws/lambda/${service}`, logStream: 's', logEvents }));
}

/** As a metric stream writes JSON: a line for each metric and minute. */
function points(record: number, now: number, random: () => number): Buffer {
  const told = Array.from({ length: LINES }, (_, n) => ({
    ...{
      metric_stream_name: 's',
      account_id: ACCOUNT,
      region: REGION,
      namespace: 'AWS/Lambda',
      metric_name: ['Errors', 'Duration', 'Throttles', 'Invocations'][n % 4],
    },
    dimensions: { FunctionName: `service-${String(record % SERVICES)}` },
    timestamp: now - Math.floor(record / SERVICES) * 60_000,
    value: { max: 9, min: 0, sum: Math.round(random() * 1000), count: 10 },
    unit: 'Count',
  }));
  return Buffer.from(told.map((each) => `${JSON.stringify(each)}\n`).join(''));
}

/** Seconds until the last record is kept. */
async function readAll(aws: FakeAws, store: Store, holds: AwsStream['holds']): Promise<number> {
  const clock = { now: () => Date.now() };
  const log = pino({ level: 'silent' });
  const keep = keeper({ store, settings: SETTINGS, onAccepted: () => undefined, metrics: new Registry() });
  const intake = pulledIntake({ store, settings: SETTINGS, inventory: { services: [] }, keep, sources: { mapped: [] }, log });
  const stream = kinesisStream(accessTo(aws), { name: 'bench', account: ACCOUNT, region: REGION });
  let seen = 0;
  let began = 0;
  return new Promise((resolve, reject) => {
    const record = (fate: string): void => {
      seen += 1;
      if (fate !== 'kept') reject(new Error(`A record was ${fate}.`));
      if (seen === RECORDS) void reader.stop().then(() => resolve((performance.now() - began) / 1000), reject);
    };
    began = performance.now();
    const settings = { holds, from: 'oldest', excludeLogGroups: [] } as const;
    const reader = createStreamReader({ stream, settings, intake, state: store.state, clock, log, note: { record, behind: () => undefined } });
  });
}

async function keptOf({ archive }: Store, holds: AwsStream['holds']): Promise<number> {
  if (holds === 'logs') {
    const templates = await archive.logs.templates({ from: 0, to: Date.now(), limit: 10_000 });
    return templates.flatMap(({ minutes }) => minutes).reduce((sum, { lines: count }) => sum + count, 0);
  }
  const series = await archive.points.series({ limit: 10_000 });
  return series.reduce((sum, { counts }) => sum + counts.points, 0);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
