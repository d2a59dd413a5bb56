import type { MessageAttributeValue } from '@aws-sdk/client-sqs';

/** A message in a queue. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: Record<string, MessageAttributeValue> | undefined;
  readonly sentAt: number;
  readonly sender: string;
  readonly group: string | undefined;
  /** When it may be received, in milliseconds since the epoch. */
  visibleAt: number;
  receives: number;
  firstReceivedAt: number | undefined;
  /** The last one given; older ones still delete, as in AWS they may. */
  receipt: string | undefined;
}

/** A queue. */
export interface FakeQueue {
  readonly name: string;
  readonly createdAt: number;
  readonly attributes: Map<string, string>;
  readonly messages: Map<string, QueuedMessage>;
  /** Wakes those who wait for a message. */
  readonly waiters: Set<() => void>;
}

/** Attributes of a queue that nobody set. */
export const QUEUE_DEFAULTS: Readonly<Record<string, string>> = {
  VisibilityTimeout: '30',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  DelaySeconds: '0',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
};

/** An empty queue. */
export function makeQueue(name: string, createdAt: number, attributes: Readonly<Record<string, string>> = {}): FakeQueue {
  return { name, createdAt, attributes: new Map(Object.entries({ ...QUEUE_DEFAULTS, ...attributes })), messages: new Map(), waiters: new Set() };
}

/** A number among a queue's attributes, in seconds or as it is named. */
export function numberOf(queue: FakeQueue, attribute: string): number {
  return Number(queue.attributes.get(attribute) ?? 0);
}

/** Puts a message into a queue and wakes who waits. */
export function enqueue(queue: FakeQueue, message: Pick<QueuedMessage, 'id' | 'body' | 'attributes' | 'sentAt' | 'sender' | 'group' | 'visibleAt'>): void {
  queue.messages.set(message.id, { ...message, receives: 0, firstReceivedAt: undefined, receipt: undefined });
  for (const wake of queue.waiters) wake();
}

/** Takes up to `most` visible messages out of sight for `hiddenMs`; a group of a FIFO queue gives nothing while one of its messages is out. */
export function take(queue: FakeQueue, now: number, most: number, hiddenMs: number): QueuedMessage[] {
  const taken: QueuedMessage[] = [];
  const busy = new Set([...queue.messages.values()].filter(({ visibleAt, group }) => group !== undefined && visibleAt > now).map(({ group }) => group));
  for (const message of queue.messages.values()) {
    if (taken.length === most) break;
    if (message.visibleAt > now || busy.has(message.group)) continue;
    message.receives++;
    message.firstReceivedAt ??= now;
    message.visibleAt = now + hiddenMs;
    message.receipt = `${message.id}#${String(message.receives)}`;
    taken.push(message);
  }
  return taken;
}

/** The message that a receipt was given for, whichever time it was; undefined when it is gone, `invalid` for what is no receipt. */
export function byReceipt(queue: FakeQueue, receipt: string): QueuedMessage | 'invalid' | undefined {
  const [id = '', times] = receipt.split('#');
  if (times === undefined) return 'invalid';
  return queue.messages.get(id);
}

/** Drops what is older than the queue keeps, and moves what was received too often to `dead`. */
export function tidy(queue: FakeQueue, now: number, dead: (arn: string) => FakeQueue | undefined): void {
  const policy = JSON.parse(queue.attributes.get('RedrivePolicy') ?? '{}') as { deadLetterTargetArn?: string; maxReceiveCount?: number | string };
  const target = policy.deadLetterTargetArn === undefined ? undefined : dead(policy.deadLetterTargetArn);
  for (const [id, message] of queue.messages) {
    const tooOld = now - message.sentAt > numberOf(queue, 'MessageRetentionPeriod') * 1000;
    const tooOften = target !== undefined && message.visibleAt <= now && message.receives >= Number(policy.maxReceiveCount);
    if (tooOld || tooOften) queue.messages.delete(id);
    if (!tooOld && tooOften) enqueue(target, message);
  }
}
