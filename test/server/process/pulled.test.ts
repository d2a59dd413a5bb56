import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { openEmbedded } from '../../../adapters/postgres/open';
import { realClock } from '../../fakes/aws/clock';
import { DEFAULT_ACCOUNT, keysOf } from '../../fakes/aws/identity';
import { startFakeAws } from '../../fakes/aws/server';
import { putStream, putStreamRecord } from '../../fakes/aws/services/kinesis';
import { messagesIn, putMessage, putQueue, queueUrl } from '../../fakes/aws/services/sqs';
import { until } from '../until';
import { doorsOf, MAIN, makePlace } from './support';
import type { Program } from './support';

const REGION = 'eu-central-1';
const MESSAGES = 80;
const LINES_A_RECORD = 5;
const KILLS = 2;
/** Longer than a message is hidden from others by who took it and was killed. */
const HIDDEN_MS = 125_000;

function build(i: number): string {
  const detail = {
    'build-status': 'SUCCEEDED',
    'project-name': 'checkout',
    'build-id': `arn:aws:codebuild:${REGION}:${DEFAULT_ACCOUNT}:build/checkout:${String(i)}`,
  };
  return JSON.stringify({
    source: 'aws.codebuild',
    'detail-type': 'CodeBuild Build State Change',
    account: DEFAULT_ACCOUNT,
    region: REGION,
    time: new Date().toISOString(),
    detail,
  });
}

function lines(i: number): Buffer {
  const logEvents = Array.from({ length: LINES_A_RECORD }, (_, n) => ({
    id: `${String(i)}-${String(n)}`,
    timestamp: Date.now(),
    message: 'ERROR cannot reach the database',
  }));
  return gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', owner: DEFAULT_ACCOUNT, logGroup: '/aws/lambda/checkout', logStream: 's', logEvents }));
}

test('killed at random while a queue and a stream flow, the system has each message and each record once in its archive', async () => {
  let aheadMs = 0;
  const aws = await startFakeAws({ clock: { ...realClock(), now: () => Date.now() + aheadMs } });
  const place = makePlace();
  const region = aws.place(REGION);
  putQueue(region, { name: 'events' });
  putStream(region, { name: 'lines', shards: 2 });
  const home = join(place.dir, 'home');
  mkdirSync(home, { mode: 0o700 });
  const file = join(place.dir, 'nightshift.yaml');
  const pulled = { queues: [{ url: queueUrl(aws.endpoint, region, 'events'), region: REGION }], streams: [{ name: 'lines', holds: 'logs', from: 'oldest' }] };
  const section = { accounts: [{ id: DEFAULT_ACCOUNT, regions: [REGION] }], ...pulled, endpoint: aws.endpoint };
  writeFileSync(file, stringify({ home, profile: 'fast', services: [{ name: 'checkout', environment: 'production' }], api: { port: 0 }, aws: section }));
  const keys = keysOf(DEFAULT_ACCOUNT);
  const env = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey, AWS_EC2_METADATA_DISABLED: 'true' };
  const start = async (): Promise<Program> => {
    const program = place.run(MAIN, ['start', '--json', '--config', file], env);
    await doorsOf(program);
    return program;
  };
  const killedAt: number[] = [];
  let sent = 0;
  try {
    let running = await start();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const upTo = ((kill + 1) * MESSAGES) / KILLS;
      const at = Math.floor(sent + Math.random() * (upTo - sent));
      for (; sent < upTo; sent += 1) {
        putMessage(region, { queue: 'events', body: build(sent) });
        putStreamRecord(region, { stream: 'lines', data: lines(sent), partitionKey: String(sent) });
        await new Promise((resolve) => setTimeout(resolve, 25));
        if (sent !== at) continue;
        running.signal('SIGKILL');
        killedAt.push(sent);
        await running.ended;
        aheadMs += HIDDEN_MS;
      }
      running = await start();
    }
    await until(async () => (messagesIn(region, 'events').length === 0 ? true : undefined), 'an empty queue', 30_000);
    // What comes last is read last: the last record of each shard has been asked for once nothing is behind.
    const reads = aws.ledger.of('kinesis.GetRecords').length;
    await until(async () => (aws.ledger.of('kinesis.GetRecords').length >= reads + 6 ? true : undefined), 'more reads of the stream', 30_000);
    running.signal('SIGTERM');
    await running.ended;
    const store = await openEmbedded({ home, channels: [] });
    try {
      const time = { from: 0, to: Date.now() + 60_000, limit: 1000 };
      const builds = await store.archive.builds.list(time);
      const templates = await store.archive.logs.templates({ ...time, service: 'checkout' });
      const counted = templates.flatMap(({ minutes }) => minutes).reduce((sum, each) => sum + each.lines, 0);
      expect({ killedAt, builds: builds.length, ids: new Set(builds.map(({ id }) => id)).size, counted }).toEqual({
        ...{ killedAt, builds: MESSAGES, ids: MESSAGES },
        counted: MESSAGES * LINES_A_RECORD,
      });
    } finally {
      await store.close();
    }
  } finally {
    place.remove();
    await aws.close();
  }
}, 180_000);
