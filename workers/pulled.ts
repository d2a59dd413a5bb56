import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Logger } from 'pino';
import { createQueueReader } from '../activities/queue-messages';
import type { MessageFate } from '../activities/queue-messages';
import type { Repeated } from '../activities/repeat';
import { awsAccess } from '../adapters/aws/access';
import { sqsQueue } from '../adapters/aws/queue';
import type { AwsConfig } from '../config/types';
import type { Clock } from '../ports/clock';
import type { MessageIntake } from '../ports/intake';

/** What fetching from AWS works with. */
export interface PulledOptions {
  readonly aws: AwsConfig;
  readonly intake: MessageIntake;
  readonly metrics: Registry;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Begins to read every queue; several processes share their messages. */
export function startQueues({ aws, intake, metrics, clock, log }: PulledOptions): Repeated {
  const access = awsAccess(aws);
  const note = queueMeter(metrics);
  const readers = aws.queues.map((queue) => {
    const reached = sqsQueue(access, queue);
    return createQueueReader({ queue: reached, intake, clock, log, note: (fate, ageMs) => note(reached.name, fate, ageMs) });
  });
  return {
    async stop() {
      await Promise.all(readers.map((reader) => reader.stop()));
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
