import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Logger } from 'pino';
import { createMetricPuller } from '../activities/metric-pull';
import { createQueueReader } from '../activities/queue-messages';
import type { MessageFate } from '../activities/queue-messages';
import type { Repeated } from '../activities/repeat';
import type { StreamNotes } from '../activities/stream-shard';
import { createStreamReader } from '../activities/streams';
import { awsAccess } from '../adapters/aws/access';
import { cloudWatchQueries } from '../adapters/aws/metric-queries';
import { sqsQueue } from '../adapters/aws/queue';
import { kinesisStream } from '../adapters/aws/stream';
import type { AwsConfig } from '../config/types';
import type { ArchiveWriter } from '../ports/archive';
import type { Clock } from '../ports/clock';
import type { MessageIntake } from '../ports/intake';
import type { StateStore } from '../ports/store';

/** What fetching from AWS works with. */
export interface PulledOptions {
  readonly aws: AwsConfig;
  readonly intake: MessageIntake;
  readonly writer: ArchiveWriter;
  readonly state: StateStore;
  readonly metrics: Registry;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What is fetched from AWS. */
export interface Pulled {
  /** Begins to read every queue; several processes share their messages. */
  queues(): Repeated;
  /** Begins to read every stream and every metric; one process at a time should. */
  streams(): Repeated;
}

/** Registers the numbers; nothing is read yet. */
export function pulledFrom({ aws, intake, writer, state, metrics, clock, log }: PulledOptions): Pulled {
  const access = awsAccess(aws);
  const read = new Gauge({
    name: 'nightshift_pull_last_read_timestamp_seconds',
    help: 'When a queue, a stream or a metric was last read.',
    labelNames: ['source'],
    registers: [metrics],
  });
  const onRead = (source: string): void => read.set({ source }, clock.now() / 1000);
  const ofQueue = queueMeter(metrics);
  const ofStream = streamMeter(metrics, onRead);
  return {
    queues: () =>
      together(
        aws.queues.map((each) => {
          const queue = sqsQueue(access, each);
          return createQueueReader({ queue, intake, clock, log, note: (fate, ageMs) => ofQueue(queue.name, fate, ageMs), onRead: () => onRead(queue.name) });
        }),
      ),
    streams: () =>
      together([
        ...aws.streams.map((each) => {
          const stream = kinesisStream(access, each);
          return createStreamReader({ stream, settings: each, intake, state, clock, log, note: ofStream(stream.name) });
        }),
        createMetricPuller({ metrics: aws.metrics, queries: cloudWatchQueries(access), writer, state, clock, log, onRead }),
      ]),
  };
}

function together(all: readonly Repeated[]): Repeated {
  return {
    async stop() {
      await Promise.all(all.map((each) => each.stop()));
    },
  };
}

function queueMeter(registry: Registry): (queue: string, fate: MessageFate, ageMs: number) => void {
  const registers = [registry];
  const messages = new Counter({
    name: 'nightshift_queue_messages_total',
    help: 'Messages taken from queues, by what became of them.',
    labelNames: ['queue', 'outcome'],
    registers,
  });
  const age = new Gauge({ name: 'nightshift_queue_age_seconds', help: 'How old the newest message was when it was taken.', labelNames: ['queue'], registers });
  return (queue, outcome, ageMs) => {
    messages.inc({ queue, outcome });
    age.set({ queue }, ageMs / 1000);
  };
}

function streamMeter(registry: Registry, onRead: (stream: string) => void): (stream: string) => StreamNotes {
  const registers = [registry];
  const records = new Counter({
    name: 'nightshift_stream_records_total',
    help: 'Records read from streams, by what became of them.',
    labelNames: ['stream', 'outcome'],
    registers,
  });
  const behind = new Gauge({
    name: 'nightshift_stream_behind_seconds',
    help: 'How far what was read last is behind the newest record.',
    labelNames: ['stream', 'shard'],
    registers,
  });
  return (stream) => ({
    record: (outcome) => records.inc({ stream, outcome }),
    behind(shard, ms) {
      onRead(stream);
      if (ms === undefined) behind.remove({ stream, shard });
      else behind.set({ stream, shard }, ms / 1000);
    },
  });
}
