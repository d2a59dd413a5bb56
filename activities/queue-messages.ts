import { errorCode, errorMessage, NightshiftError } from '../domain/errors';
import type { Clock } from '../ports/clock';
import type { MessageIntake, PulledMessage } from '../ports/intake';
import type { MessageQueue, QueuedMessage } from '../ports/queues';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What became of a message. */
export type MessageFate = 'kept' | 'aside' | 'later';

/** What taking from a queue works with. */
export interface QueueDeps {
  readonly queue: MessageQueue;
  readonly intake: MessageIntake;
  readonly clock: Clock;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** Counts: what became of a message, and how old it was when it came, milliseconds. */
  readonly note: (fate: MessageFate, ageMs: number) => void;
  /** Called whenever the queue has answered. */
  readonly onRead?: () => void;
}

/** Source that reads the messages of queues. */
export const QUEUE_SOURCE = 'eventbridge';
/** What was handed out more often was never kept, whatever the reason: it is set aside untried. About three hours of tries. */
export const MOST_RECEIVES = 20;
const RETRY = { firstSeconds: 5, mostSeconds: 900 } as const;
/** After a look that failed. */
const PAUSE = { firstMs: 1000, mostMs: 60_000 } as const;

/** Reads messages until it is stopped: a wait for some is cut short, those under way are finished. */
export function createQueueReader(deps: QueueDeps): Repeated {
  const stopping = new AbortController();
  let failures = 0;
  const loop = repeat(async () => {
    try {
      await takeSome(deps, stopping.signal);
      deps.onRead?.();
      if (failures > 0) deps.log.info({ queue: deps.queue.name }, 'the queue is read again');
      failures = 0;
      return 0;
    } catch (error) {
      failures += 1;
      if (failures === 1) deps.log.warn({ queue: deps.queue.name, error: errorMessage(error) }, 'a queue could not be read; it is tried again');
      return Math.min(PAUSE.mostMs, PAUSE.firstMs * 2 ** Math.min(failures - 1, 10));
    }
  });
  return {
    stop() {
      stopping.abort();
      return loop.stop();
    },
  };
}

/** Takes what the queue hands out once. A message leaves it only when it is committed, or set aside; anything else comes again, later each time. Throws what the queue throws. */
export async function takeSome({ queue, intake, clock, log, note }: QueueDeps, signal: AbortSignal): Promise<void> {
  const messages = await queue.receive(signal);
  const fates: { message: QueuedMessage; fate: MessageFate }[] = [];
  for (const message of messages) {
    const fate = await fateOf(message, { queue, intake, clock, log });
    note(fate, Math.max(0, clock.now() - message.sentAt));
    fates.push({ message, fate });
  }
  const gone = fates.filter(({ fate }) => fate !== 'later').map(({ message }) => message);
  const kept = fates.filter(({ fate }) => fate === 'later').map(({ message }) => ({ message, seconds: retrySeconds(message.receives) }));
  if (gone.length > 0) await queue.done(gone);
  if (kept.length > 0) await queue.later(kept);
}

async function fateOf(message: QueuedMessage, { queue, intake, clock, log }: Omit<QueueDeps, 'note'>): Promise<MessageFate> {
  const pulled: PulledMessage = { source: QUEUE_SOURCE, bytes: new TextEncoder().encode(message.body), receivedAt: clock.now() };
  try {
    // One that ends the process each time it is tried would do so for ever.
    if (message.receives > MOST_RECEIVES) throw new NightshiftError('unreadable', `It was handed out ${String(message.receives)} times and never kept.`);
    await intake.take(pulled);
    return 'kept';
  } catch (error) {
    const told = { queue: queue.name, id: message.id, error: errorMessage(error) };
    if (!isHopeless(error)) {
      if (message.receives === 1) log.warn(told, 'a message of a queue could not be kept now; it stays there');
      return 'later';
    }
    return (await isAside(intake, pulled, error, () => log.warn(told, 'a message that cannot be read was set aside'))) ? 'aside' : 'later';
  }
}

async function isAside(intake: MessageIntake, message: PulledMessage, why: unknown, tell: () => void): Promise<boolean> {
  try {
    const aside = await intake.setAside(message, why);
    if (aside) tell();
    return aside;
  } catch {
    return false;
  }
}

/** Whether this version will never take the message. */
export function isHopeless(error: unknown): boolean {
  return ['unreadable', 'too_large', 'invalid_input'].includes(errorCode(error) ?? '');
}

/** Seconds until a message that was handed out so often comes again. */
export function retrySeconds(receives: number): number {
  return Math.min(RETRY.mostSeconds, RETRY.firstSeconds * 2 ** Math.min(Math.max(0, receives - 1), 20));
}
