import type {
  BatchResultErrorEntry,
  ChangeMessageVisibilityBatchRequest,
  ChangeMessageVisibilityBatchResult,
  ChangeMessageVisibilityRequest,
  CreateQueueRequest,
  CreateQueueResult,
  DeleteMessageBatchRequest,
  DeleteMessageBatchResult,
  DeleteMessageRequest,
  GetQueueAttributesRequest,
  GetQueueAttributesResult,
  GetQueueUrlRequest,
  GetQueueUrlResult,
  Message,
  ReceiveMessageRequest,
  ReceiveMessageResult,
  SendMessageBatchRequest,
  SendMessageBatchResult,
  SendMessageRequest,
  SendMessageResult,
} from '@aws-sdk/client-sqs';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { md5Of, md5OfAttributes } from './sqs-digest';
import { byReceipt, enqueue, makeQueue, numberOf, take, tidy } from './sqs-queue';
import type { FakeQueue, QueuedMessage } from './sqs-queue';
import { idOf, stateKey } from './support';

const QUEUES = stateKey('queues', () => new Map<string, FakeQueue>());
const BATCH = 10;
const VISIBILITY_MOST = 43_200;
const WAIT_MOST = 20;

/** Makes a queue; attributes are those of `CreateQueue`, such as `VisibilityTimeout` in seconds. */
export function putQueue(place: Place, { name, attributes }: { readonly name: string; readonly attributes?: Readonly<Record<string, string>> }): FakeQueue {
  const queue = makeQueue(name, place.world.clock.now(), attributes);
  place.state(QUEUES).set(name, queue);
  return queue;
}

/** Puts a message into a queue that is there, as EventBridge would, and returns its id. */
export function putMessage(place: Place, { queue: name, body }: { readonly queue: string; readonly body: string }): string {
  const queue = place.state(QUEUES).get(name);
  if (!queue) throw new Error(`There is no queue ${name} in ${place.region} of ${place.account}.`);
  const now = place.world.clock.now();
  const id = idOf(place);
  enqueue(queue, { id, body, attributes: undefined, sentAt: now, sender: 'events.amazonaws.com', group: undefined, visibleAt: now });
  return id;
}

/** What a queue holds, visible or not, in the order in which it was sent. */
export function messagesIn(place: Place, queue: string): QueuedMessage[] {
  return [...(place.state(QUEUES).get(queue)?.messages.values() ?? [])];
}

/** The URL of a queue of a fake at `endpoint`. */
export function queueUrl(endpoint: string, { account }: Pick<Place, 'account'>, name: string): string {
  return `${endpoint}/${account}/${name}`;
}

function queueAt({ place }: Call, url: string | undefined): FakeQueue {
  const [name = '', account = ''] = (url ?? '').split('/').reverse();
  const queue = place.world
    .place(/^\d{12}$/.test(account) ? account : place.account, place.region)
    .state(QUEUES)
    .get(name);
  if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  tidy(queue, place.world.clock.now(), (arn) => place.state(QUEUES).get(arn.slice(arn.lastIndexOf(':') + 1)));
  return queue;
}

function createQueue({ QueueName = '', Attributes = {} }: CreateQueueRequest, call: Call): CreateQueueResult {
  if (!/^[\w-]{1,80}(\.fifo)?$/.test(QueueName))
    throw new AwsError('InvalidParameterValue', 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length', 400);
  const there = call.place.state(QUEUES).get(QueueName);
  const other = Object.entries(Attributes).find(([name, value]) => there && there.attributes.get(name) !== value);
  if (other) throw new AwsError('QueueNameExists', `A queue already exists with the same name and a different value for attribute ${other[0]}`);
  if (!there) putQueue(call.place, { name: QueueName, attributes: Attributes });
  return { QueueUrl: queueUrl(call.endpoint, call.place, QueueName) };
}

function getQueueUrl({ QueueName = '', QueueOwnerAWSAccountId }: GetQueueUrlRequest, call: Call): GetQueueUrlResult {
  const account = QueueOwnerAWSAccountId ?? call.place.account;
  queueAt(call, `/${account}/${QueueName}`);
  return { QueueUrl: queueUrl(call.endpoint, { account }, QueueName) };
}

function getQueueAttributes({ QueueUrl, AttributeNames = [] }: GetQueueAttributesRequest, call: Call): GetQueueAttributesResult {
  const queue = queueAt(call, QueueUrl);
  const messages = [...queue.messages.values()];
  const out = (received: boolean): number => messages.filter(({ visibleAt, receives }) => visibleAt > call.now && receives > 0 === received).length;
  const all: Record<string, string> = {
    ...Object.fromEntries(queue.attributes),
    QueueArn: call.place.arn('sqs', queue.name),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    ApproximateNumberOfMessages: String(messages.filter(({ visibleAt }) => visibleAt <= call.now).length),
    ApproximateNumberOfMessagesNotVisible: String(out(true)),
    ApproximateNumberOfMessagesDelayed: String(out(false)),
  };
  const asked = new Set<string>(AttributeNames);
  const chosen = Object.entries(all).filter(([name]) => asked.has('All') || asked.has(name));
  return chosen.length > 0 ? { Attributes: Object.fromEntries(chosen) } : {};
}

type Sent = Pick<SendMessageRequest, 'MessageBody' | 'DelaySeconds' | 'MessageAttributes' | 'MessageGroupId'>;

function send(
  queue: FakeQueue,
  { MessageBody: body = '', DelaySeconds, MessageAttributes, MessageGroupId }: Sent,
  { place, now, principal }: Call,
): SendMessageResult {
  if (body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.', 400);
  if (Buffer.byteLength(body) > numberOf(queue, 'MaximumMessageSize'))
    throw new AwsError('InvalidParameterValue', 'One or more parameters are invalid. Reason: Message must be shorter.', 400);
  const id = idOf(place);
  const delay = (DelaySeconds ?? numberOf(queue, 'DelaySeconds')) * 1000;
  enqueue(queue, { id, body, attributes: MessageAttributes, sentAt: now, sender: principal.userId, group: MessageGroupId, visibleAt: now + delay });
  return { MessageId: id, MD5OfMessageBody: md5Of(body), MD5OfMessageAttributes: md5OfAttributes(MessageAttributes) };
}

function sendMessage(input: SendMessageRequest, call: Call): SendMessageResult {
  return send(queueAt(call, input.QueueUrl), input, call);
}

function sendMessageBatch({ QueueUrl, Entries = [] }: SendMessageBatchRequest, call: Call): SendMessageBatchResult {
  const queue = queueAt(call, QueueUrl);
  return batch(Entries, ({ Id, ...entry }) => ({ Id, ...send(queue, entry, call) }) as NonNullable<SendMessageBatchResult['Successful']>[number]);
}

async function receiveMessage(input: ReceiveMessageRequest, call: Call): Promise<ReceiveMessageResult> {
  const queue = queueAt(call, input.QueueUrl);
  const { clock } = call.place.world;
  const wait = input.WaitTimeSeconds ?? numberOf(queue, 'ReceiveMessageWaitTimeSeconds');
  const most = input.MaxNumberOfMessages ?? 1;
  if (wait < 0 || wait > WAIT_MOST)
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${String(wait)} for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.`,
      400,
    );
  if (most < 1 || most > BATCH)
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${String(most)} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
      400,
    );
  const until = call.now + wait * 1000;
  for (;;) {
    const taken = call.signal.aborted ? [] : take(queue, clock.now(), most, (input.VisibilityTimeout ?? numberOf(queue, 'VisibilityTimeout')) * 1000);
    if (taken.length > 0) return { Messages: taken.map((message) => received(message, input)) };
    if (clock.now() >= until || call.signal.aborted) return {};
    await waitForMore(queue, call, until);
  }
}

/** Waits until a message may be there: one was sent, or one comes into sight again. */
async function waitForMore(queue: FakeQueue, { place: { world }, signal }: Call, until: number): Promise<void> {
  const now = world.clock.now();
  const next = Math.min(until, ...[...queue.messages.values()].map(({ visibleAt }) => visibleAt).filter((at) => at > now));
  const woken = new AbortController();
  const wake = (): void => woken.abort();
  queue.waiters.add(wake);
  signal.addEventListener('abort', wake);
  await world.clock.wait(next - now, woken.signal);
  queue.waiters.delete(wake);
  signal.removeEventListener('abort', wake);
}

function received(
  message: QueuedMessage,
  { AttributeNames = [], MessageSystemAttributeNames = [], MessageAttributeNames = [] }: ReceiveMessageRequest,
): Message {
  const system: Record<string, string> = {
    SenderId: message.sender,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  };
  const asked = new Set<string>([...AttributeNames, ...MessageSystemAttributeNames]);
  const Attributes = Object.fromEntries(Object.entries(system).filter(([name]) => asked.has('All') || asked.has(name)));
  const named = (name: string): boolean =>
    MessageAttributeNames.some((each) => each === 'All' || each === '.*' || each === name || (each.endsWith('.*') && name.startsWith(each.slice(0, -2))));
  const chosen = Object.fromEntries(Object.entries(message.attributes ?? {}).filter(([name]) => named(name)));
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    MD5OfBody: md5Of(message.body),
    Body: message.body,
    ...(Object.keys(Attributes).length > 0 && { Attributes }),
    ...(Object.keys(chosen).length > 0 && { MessageAttributes: chosen, MD5OfMessageAttributes: md5OfAttributes(chosen) }),
  };
}

function remove(queue: FakeQueue, receipt: string | undefined): void {
  const message = byReceipt(queue, receipt ?? '');
  if (message === 'invalid') throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
  if (message) queue.messages.delete(message.id);
}

function change(queue: FakeQueue, receipt: string | undefined, seconds: number | undefined, now: number): void {
  const message = byReceipt(queue, receipt ?? '');
  if (message === 'invalid') throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
  if (seconds === undefined || seconds < 0 || seconds > VISIBILITY_MOST)
    throw new AwsError('InvalidParameterValue', 'VisibilityTimeout must be between 0 and 43200.', 400);
  if (!message || message.receives === 0 || message.visibleAt <= now) throw new AwsError('MessageNotInflight', '');
  message.visibleAt = now + seconds * 1000;
  for (const wake of queue.waiters) wake();
}

function deleteMessage({ QueueUrl, ReceiptHandle }: DeleteMessageRequest, call: Call): object {
  remove(queueAt(call, QueueUrl), ReceiptHandle);
  return {};
}

function deleteMessageBatch({ QueueUrl, Entries = [] }: DeleteMessageBatchRequest, call: Call): DeleteMessageBatchResult {
  const queue = queueAt(call, QueueUrl);
  return batch(Entries, ({ Id, ReceiptHandle }) => {
    remove(queue, ReceiptHandle);
    return { Id };
  });
}

function changeVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout }: ChangeMessageVisibilityRequest, call: Call): object {
  change(queueAt(call, QueueUrl), ReceiptHandle, VisibilityTimeout, call.now);
  return {};
}

function changeVisibilityBatch({ QueueUrl, Entries = [] }: ChangeMessageVisibilityBatchRequest, call: Call): ChangeMessageVisibilityBatchResult {
  const queue = queueAt(call, QueueUrl);
  return batch(Entries, ({ Id, ReceiptHandle, VisibilityTimeout }) => {
    change(queue, ReceiptHandle, VisibilityTimeout, call.now);
    return { Id };
  });
}

/** Does each entry by itself: some may fail in a batch that succeeds. */
function batch<E extends { Id: string | undefined }, R>(entries: readonly E[], each: (entry: E) => R): { Successful: R[]; Failed: BatchResultErrorEntry[] } {
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > BATCH)
    throw new AwsError('TooManyEntriesInBatchRequest', `Maximum number of entries per request are 10. You have sent ${String(entries.length)}.`);
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  const [Successful, Failed]: [R[], BatchResultErrorEntry[]] = [[], []];
  for (const entry of entries) {
    try {
      Successful.push(each(entry));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.name, Message: error.message });
    }
  }
  return { Successful, Failed };
}

/** Simple Queue Service. */
export const SQS: FakeService = {
  signedAs: 'sqs',
  target: 'AmazonSQS',
  queryCompatible: true,
  load: () => import('@aws-sdk/client-sqs'),
  throttled: { name: 'RequestThrottled' },
  operations: {
    CreateQueue: createQueue,
    GetQueueUrl: getQueueUrl,
    GetQueueAttributes: getQueueAttributes,
    SendMessage: sendMessage,
    SendMessageBatch: sendMessageBatch,
    ReceiveMessage: receiveMessage,
    DeleteMessage: deleteMessage,
    DeleteMessageBatch: deleteMessageBatch,
    ChangeMessageVisibility: changeVisibility,
    ChangeMessageVisibilityBatch: changeVisibilityBatch,
  },
  facts: { queue: { put: putQueue }, message: { put: putMessage } },
};
