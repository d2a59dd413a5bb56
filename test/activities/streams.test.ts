import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Registry } from 'prom-client';
import { KinesisClient, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { createStreamReader, shardBook } from '../../activities/streams';
import { progressOf } from '../../activities/stream-shard';
import type { StreamDeps } from '../../activities/stream-shard';
import { kinesisStream } from '../../adapters/aws/stream';
import { openEmbedded } from '../../adapters/postgres/open';
import { keeper } from '../../api/keep';
import { pulledIntake } from '../../api/pulled-intake';
import type { ApiSettings } from '../../api/types';
import { NightshiftError } from '../../domain/errors';
import type { MessageIntake } from '../../ports/intake';
import type { Store } from '../../ports/store';
import { accessTo } from '../fakes/aws/access';
import { testClock } from '../fakes/aws/clock';
import { keysOf } from '../fakes/aws/identity';
import { startFakeAws } from '../fakes/aws/server';
import type { FakeAws } from '../fakes/aws/server';
import { putStream, putStreamRecord } from '../fakes/aws/services/kinesis';

const NOW = Date.UTC(2026, 2, 1, 12);
const ACCOUNT = '123456789012';
const REGION = 'eu-central-1';
/** Of no matter here. */
const REST = { bodyLimitBytes: 0, rateLimitPerMinute: 0, version: '0', idleActionsPerDay: 0 } satisfies Partial<ApiSettings>;

/** A record of a subscription; a batch of the same ids is the same batch. */
function lines(service: string, ids: readonly number[], type = 'DATA_MESSAGE', owner = ACCOUNT): Buffer {
  const logEvents = ids.map((id) => ({
    id: `${service}-${String(id)}`,
    timestamp: NOW - 60_000 + id,
    message: `ERROR cannot reach the database of ${service}`,
  }));
  return gzipSync(JSON.stringify({ messageType: type, owner, logGroup: `/aws/lambda/${service}`, logStream: 's', subscriptionFilters: ['f'], logEvents }));
}

/** As one that cannot keep several at once, so that each is taken by itself. */
function oneByOne(take: MessageIntake['take']): Pick<MessageIntake, 'take' | 'takeAll'> {
  return { take, takeAll: () => Promise.reject(new NightshiftError('unreachable', 'No.')) };
}

describe('a stream of Kinesis', () => {
  const home = mkdtempSync(join(tmpdir(), 'nightshift-'));
  const clock = testClock(NOW);
  let aws: FakeAws;
  let store: Store;
  let intake: MessageIntake;
  let streams = 0;
  beforeAll(async () => {
    [aws, store] = await Promise.all([startFakeAws({ clock }), openEmbedded({ home, channels: [] })]);
    const settings = { environment: 'production', inboxLimit: 100, doorTimeoutMs: 5000, ...REST };
    const keep = keeper({ store, settings, onAccepted: () => undefined, metrics: new Registry() });
    intake = pulledIntake({ store, settings, inventory: { services: [] }, keep, sources: { mapped: [] }, log: { error: () => undefined } });
  }, 120_000);
  afterAll(async () => {
    await aws.close();
    await store.close();
    rmSync(home, { recursive: true });
  });

  /** A stream of its own and what reads it; each call of `read` is a reader that was started anew. */
  function scene(
    shards: number,
    changed: { readonly settings?: Partial<StreamDeps['settings']>; readonly intake?: Partial<MessageIntake>; readonly clock?: StreamDeps['clock'] } = {},
  ) {
    const name = `stream-${String((streams += 1))}`;
    const place = aws.place(REGION, ACCOUNT);
    const made = putStream(place, { name, shards });
    const fates: string[] = [];
    const warnings: string[] = [];
    const deps: StreamDeps = {
      stream: kinesisStream(accessTo(aws), { name, account: ACCOUNT, region: REGION }),
      settings: { holds: 'logs', from: 'oldest', excludeLogGroups: ['*nightshift*'], ...changed.settings },
      intake: { ...intake, ...(changed.intake?.take && oneByOne(changed.intake.take)), ...changed.intake },
      state: store.state,
      clock: changed.clock ?? clock,
      log: { info: () => undefined, warn: (_: object, message: string) => void warnings.push(message) },
      note: { record: (fate) => void fates.push(fate), behind: () => undefined },
    };
    return {
      ...{ name, made, fates, warnings, deps },
      put: (data: Uint8Array | string, partitionKey = 'k') => putStreamRecord(place, { stream: name, data, partitionKey }),
      /** Reads what there is to the end, shard by shard, and looks for new shards until there are none. */
      async read(): Promise<string[]> {
        const book = shardBook(deps);
        const order: string[] = [];
        for (let fresh = await book.fresh(); fresh.length > 0; fresh = await book.fresh()) {
          for (const { shard, reader } of fresh) {
            order.push(shard);
            while ((await reader.turn()) === 250) clock.advance(250);
            clock.advance(1000);
          }
        }
        return order;
      },
    };
  }

  async function counted(service: string): Promise<number> {
    const templates = await store.archive.logs.templates({ service, from: 0, to: NOW + 7_200_000, limit: 100 });
    return templates.flatMap(({ minutes }) => minutes).reduce((sum, { lines: some }) => sum + some, 0);
  }

  test('lines of a subscription are counted, messages that only try are passed over, and so are our own lines', async () => {
    const s = scene(2);
    for (let i = 0; i < 6; i += 1) s.put(lines('plain', [i * 2, i * 2 + 1]), `key ${String(i)}`);
    s.put(lines('plain', [], 'CONTROL_MESSAGE'));
    s.put(lines('nightshift-worker', [1]));
    await s.read();
    expect([await counted('plain'), await counted('nightshift-worker')]).toEqual([12, 0]);
    expect([...s.fates].sort()).toEqual(['empty', 'empty', ...Array.from({ length: 6 }, () => 'kept')]);
  });

  test('a batch that CloudWatch Logs sends a second time is counted once', async () => {
    const s = scene(1);
    s.put(lines('again', [1, 2, 3]));
    s.put(lines('again', [1, 2, 3]));
    await s.read();
    expect(await counted('again')).toBe(3);
  });

  test('killed between keeping and saving, a reader begins again where it is known to be, and nothing is counted twice', async () => {
    const s = scene(1);
    for (let i = 0; i < 5; i += 1) s.put(lines('killed', [i]));
    const dies = { ...s.deps.state, save: () => Promise.reject(new Error('killed')) };
    const [first] = await shardBook({ ...s.deps, state: dies }).fresh();
    await first?.reader.turn();
    clock.advance(1000);
    expect(await counted('killed')).toBe(5);
    s.put(lines('killed', [9]));
    await s.read();
    await s.read();
    expect(await counted('killed')).toBe(6);
    expect(s.fates).toHaveLength(11);
  });

  test('what comes before the first look is not read from `latest`, and what comes after it is, however late the reader gets there', async () => {
    const s = scene(1, { settings: { from: 'latest' } });
    s.put(lines('latest', [1]));
    clock.advance(1000);
    await s.read();
    clock.advance(1000);
    s.put(lines('latest', [2, 3]));
    clock.advance(60_000);
    await s.read();
    expect(await counted('latest')).toBe(2);
  });

  test('the children of a shard that was split are read after it, and it is not read again', async () => {
    const s = scene(1);
    s.put(lines('split', [1]));
    const client = new KinesisClient({ endpoint: aws.endpoint, region: REGION, credentials: keysOf(ACCOUNT) });
    await client.send(new SplitShardCommand({ StreamName: s.name, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: (1n << 127n).toString() }));
    client.destroy();
    for (let i = 0; i < 4; i += 1) s.put(lines('split', [10 + i]), `key ${String(i)}`);
    expect(await s.read()).toEqual(['shardId-000000000000', 'shardId-000000000001', 'shardId-000000000002']);
    expect(await s.read()).toEqual(['shardId-000000000001', 'shardId-000000000002']);
    expect(await counted('split')).toBe(5);
  });

  test('a position that expired is made anew where the reader was', async () => {
    const s = scene(1);
    s.put(lines('expired', [1]));
    const [only] = await shardBook(s.deps).fresh();
    await only?.reader.turn();
    clock.advance(300_001);
    s.put(lines('expired', [2]));
    expect([await only?.reader.turn(), await only?.reader.turn()]).toEqual([1000, 1000]);
    expect([await counted('expired'), s.warnings]).toEqual([2, ['a shard could not be read; it is tried again']]);
  });

  test('where the shard gives no more reads the reader waits longer each time, and goes on where it was', async () => {
    const s = scene(1);
    s.put(lines('throttled', [1]));
    const [only] = await shardBook(s.deps).fresh();
    await only?.reader.turn();
    clock.advance(1000);
    const lift = aws.fault({ effect: 'throttle', service: 'kinesis', operation: 'GetRecords' });
    expect([await only?.reader.turn(), await only?.reader.turn(), await only?.reader.turn()]).toEqual([1000, 2000, 4000]);
    lift();
    s.put(lines('throttled', [2]));
    await only?.reader.turn();
    expect(await counted('throttled')).toBe(2);
  });

  test('a stream that was made anew under its name is read from its oldest record', async () => {
    const s = scene(1);
    await store.state.save(`stream:${ACCOUNT}/${REGION}/${s.name}/shardId-000000000000`, { after: 'of another stream' });
    s.put(lines('anew', [1]));
    await s.read();
    expect([await counted('anew'), s.warnings]).toEqual([1, [expect.stringContaining('from its oldest record')]]);
  });

  test('a record that cannot be read is set aside, and those behind it are kept', async () => {
    const s = scene(1);
    s.put(gzipSync(Buffer.alloc(17 * 1024 * 1024)));
    s.put('no lines at all');
    s.put(lines('behind', [1]));
    await s.read();
    expect([s.fates, await counted('behind')]).toEqual([['aside', 'aside', 'kept'], 1]);
    expect((await store.setAside.list(10)).map(({ source, by }) => `${source} ${by}`)).toEqual(['cloudwatch-logs pull', 'cloudwatch-logs pull']);
  });

  test('while the store takes nothing the reader stays where it is; a record that it never takes is set aside in the end', async () => {
    const s = scene(1, {
      intake: {
        take: (message) => (String(message.identity).includes('/') ? intake.take(message) : Promise.reject(new NightshiftError('unreachable', 'No.'))),
      },
    });
    s.put(lines('stuck', [1]));
    const [only] = await shardBook(s.deps).fresh();
    for (let i = 0; i < 9; i += 1) {
      await only?.reader.turn();
      clock.advance(1000);
    }
    expect(s.fates).toEqual([]);
    await only?.reader.turn();
    expect(s.fates).toEqual(['aside']);
  });

  test('a record that the store does not take now waits in the stream while no more can be set aside', async () => {
    let takes = false;
    const take: MessageIntake['take'] = (message) => (takes ? intake.take(message) : Promise.reject(new NightshiftError('overloaded', 'No.')));
    const s = scene(1, { intake: { take, setAside: async () => false } });
    s.put(lines('waits', [1]));
    const [only] = await shardBook(s.deps).fresh();
    for (let i = 0; i < 12; i += 1) {
      await only?.reader.turn();
      clock.advance(1000);
    }
    expect(s.fates).toEqual([]);
    takes = true;
    await only?.reader.turn();
    expect([s.fates, await counted('waits')]).toEqual([['kept'], 1]);
  });

  test('a shard is read although the progress of another could not be looked up with it', async () => {
    const s = scene(2);
    let failing = true;
    const load: typeof s.deps.state.load = (name) => (failing && name.endsWith('000001') ? Promise.reject(new Error('gone')) : s.deps.state.load(name));
    const book = shardBook({ ...s.deps, state: { ...s.deps.state, load } });
    await expect(book.fresh()).rejects.toThrow('gone');
    failing = false;
    expect((await book.fresh()).map(({ shard }) => shard)).toEqual(['shardId-000000000000', 'shardId-000000000001']);
    expect(await book.fresh()).toEqual([]);
  });

  test('a page is left when it is stopped, and read on from there', async () => {
    const stopping = new AbortController();
    const take: MessageIntake['take'] = async (message) => {
      await intake.take(message);
      stopping.abort();
    };
    const s = scene(1, { intake: { take } });
    for (let i = 0; i < 3; i += 1) s.put(lines('left', [i]));
    const [only] = await shardBook(s.deps).fresh();
    await only?.reader.turn(stopping.signal);
    expect([s.fates, await counted('left')]).toEqual([['kept'], 1]);
    clock.advance(1000);
    await s.read();
    expect([s.fates, await counted('left')]).toEqual([['kept', 'kept', 'kept'], 3]);
  });

  test('a long page is kept in portions, and how far it is read is saved after each', async () => {
    const seen: (readonly [number, string | undefined])[] = [];
    const takeAll: MessageIntake['takeAll'] = async (all) => void seen.push([all.length, (await progressOf(s.deps, 'shardId-000000000000')).after]);
    const s = scene(1, { intake: { takeAll } });
    for (let i = 0; i < 150; i += 1) s.put(lines('long', [i]));
    const [only] = await shardBook(s.deps).fresh();
    await only?.reader.turn();
    const sequence = (i: number): string => String(s.made.shards[0]?.records[i]?.sequence);
    expect(seen).toEqual([
      [100, undefined],
      [50, sequence(99)],
    ]);
    expect([s.fates.length, await progressOf(s.deps, 'shardId-000000000000')]).toEqual([150, { after: sequence(149) }]);
  });

  test('a portion is no larger than what a transaction takes in time, as its records are before gzip', async () => {
    const seen: number[] = [];
    const s = scene(1, { intake: { takeAll: async (all) => void seen.push(all.length) } });
    const large = { messageType: 'DATA_MESSAGE', owner: ACCOUNT, logGroup: 'g', logStream: 's', logEvents: [{ message: 'a'.repeat(1024 * 1024) }] };
    for (let i = 0; i < 8; i += 1) s.put(gzipSync(JSON.stringify(large)));
    const [only] = await shardBook(s.deps).fresh();
    await only?.reader.turn();
    expect(seen).toEqual([3, 3, 2]);
  });

  test('where they cannot be kept together fewer are tried for a while, and the reason is told once', async () => {
    const seen: number[] = [];
    const takeAll: MessageIntake['takeAll'] = async (all) => {
      seen.push(all.length);
      if (all.length > 30) throw new NightshiftError('unreachable', 'There was no answer within 5000 ms.');
    };
    const s = scene(1, { intake: { take: async () => undefined, takeAll } });
    for (let i = 0; i < 250; i += 1) s.put(lines('slow', [i]));
    const [only] = await shardBook(s.deps).fresh();
    await only?.reader.turn();
    expect(seen).toEqual([100, 50, 25, 25, 25, 25]);
    expect([s.fates.length, s.warnings]).toEqual([250, [expect.stringContaining('could not be kept together')]]);
  });

  test('one that cannot be read holds up none of its portion, and none is counted twice', async () => {
    const s = scene(1);
    for (let i = 0; i < 5; i += 1) s.put(lines('portion', [i]));
    s.put(lines('portion', [2]));
    s.put('no lines at all');
    s.put(lines('portion', [6]));
    await s.read();
    expect([[...s.fates].sort(), await counted('portion')]).toEqual([['aside', ...Array.from({ length: 7 }, () => 'kept')], 6]);
  });

  test('killed after a portion was kept and before that was saved, it is read again and counted once', async () => {
    const s = scene(1);
    for (let i = 0; i < 20; i += 1) s.put(lines('portions', [i]));
    let saves = true;
    const save: typeof s.deps.state.save = (...given) => (saves ? s.deps.state.save(...given) : Promise.reject(new Error('killed')));
    saves = false;
    const [first] = await shardBook({ ...s.deps, state: { ...s.deps.state, save } }).fresh();
    await first?.reader.turn();
    expect(await counted('portions')).toBe(20);
    clock.advance(1000);
    await s.read();
    expect(await counted('portions')).toBe(20);
  });

  test('metrics of a metric stream become points', async () => {
    const s = scene(1, { settings: { holds: 'metrics' } });
    s.put(readFileSync(join(__dirname, '..', 'samples', 'metric-stream', 'lines.bin')));
    await s.read();
    const series = await store.archive.points.series({ service: 'checkout', limit: 10 });
    expect(series.map(({ metric }) => metric).sort()).toEqual([
      'AWS/Lambda/Duration.count',
      'AWS/Lambda/Duration.max',
      'AWS/Lambda/Duration.min',
      'AWS/Lambda/Duration.sum',
    ]);
  });

  test('a shard that hangs holds up no other', async () => {
    let free = (): void => undefined;
    const blocked = new Promise<void>((resolve) => (free = resolve));
    let flowed = (): void => undefined;
    const flowing = new Promise<void>((resolve) => (flowed = resolve));
    const take: MessageIntake['take'] = async (message) => {
      if (Buffer.from(message.bytes).includes('hangs')) return blocked;
      await intake.take(message);
      flowed();
    };
    const s = scene(2, { intake: { take } });
    // The hashes of these keys lie in the lower and in the upper half.
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => ({ key, lower: createHash('md5').update(key).digest('hex') < '8' }));
    s.put(lines('hangs', [1]), keys.find(({ lower }) => lower)?.key);
    s.put(lines('flows', [1]), keys.find(({ lower }) => !lower)?.key);
    const reader = createStreamReader(s.deps);
    await flowing;
    free();
    await reader.stop();
    expect([s.made.shards.map(({ records }) => records.length), await counted('flows')]).toEqual([[1, 1], 1]);
  });
});
