import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { placeText } from '../../domain/aws/place';
import type { AwsPlace } from '../../domain/aws/place';
import { NightshiftError } from '../../domain/errors';
import type { MessageQueue, QueuedMessage } from '../../ports/queues';
import type { AwsAccess } from './access';
import { awsError } from './errors';

/** A queue of SQS. */
export interface SqsQueue extends AwsPlace {
  readonly url: string;
}

/** The longest that SQS lets a request wait, and most messages that it hands out, or takes back, at once. */
const WAIT_SECONDS = 20;
const BATCH = 10;
/** So long nobody else gets a message: it takes the store far less to keep ten. */
const HIDDEN_SECONDS = 120;

/** A queue of SQS by its API, with one client that is made when it is needed first. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html */
export function sqsQueue(access: AwsAccess, queue: SqsQueue): MessageQueue {
  const { url } = queue;
  let made: Promise<SQSClient> | undefined;
  const client = (): Promise<SQSClient> => (made ??= clientOf(access, queue));
  const asked = async <T>(operation: string, send: (client: SQSClient) => Promise<T>): Promise<T> => {
    try {
      return await send(await client());
    } catch (error) {
      throw awsError(error, `sqs:${operation} of ${nameOf(url)} in ${placeText(queue)}`);
    }
  };
  return {
    name: nameOf(url),
    receive: (signal) => receive(url, asked, signal),
    async done(messages) {
      const { DeleteMessageBatchCommand } = await import('@aws-sdk/client-sqs');
      for (const Entries of batches(messages.map(({ receipt }, i) => ({ Id: String(i), ReceiptHandle: receipt })))) {
        const { Failed } = await asked('DeleteMessageBatch', (sqs) => sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries })));
        checkAll('DeleteMessageBatch', Failed);
      }
    },
    async later(messages) {
      const { ChangeMessageVisibilityBatchCommand } = await import('@aws-sdk/client-sqs');
      const entries = messages.map(({ message, seconds }, i) => ({ Id: String(i), ReceiptHandle: message.receipt, VisibilityTimeout: seconds }));
      for (const Entries of batches(entries)) {
        // One that is in sight again already, as this took too long, needs nothing.
        await asked('ChangeMessageVisibilityBatch', (sqs) => sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries })));
      }
    },
  };
}

async function receive(
  url: string,
  asked: <T>(operation: string, send: (client: SQSClient) => Promise<T>) => Promise<T>,
  signal: AbortSignal,
): Promise<readonly QueuedMessage[]> {
  const { ReceiveMessageCommand } = await import('@aws-sdk/client-sqs');
  const command = new ReceiveMessageCommand({
    ...{ QueueUrl: url, MaxNumberOfMessages: BATCH, WaitTimeSeconds: WAIT_SECONDS, VisibilityTimeout: HIDDEN_SECONDS },
    MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
  });
  try {
    const { Messages = [] } = await asked('ReceiveMessage', (sqs) => sqs.send(command, { abortSignal: signal }));
    return Messages.flatMap(messageOf);
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  }
}

/** Its requests may wait as long as SQS does, and then for the answer. */
async function clientOf(access: AwsAccess, place: AwsPlace): Promise<SQSClient> {
  // Loaded when it is needed first: most teams never need it.
  const { SQSClient } = await import('@aws-sdk/client-sqs');
  const { requestHandler, ...settings } = await access.reading(place);
  const requestTimeout = requestHandler.requestTimeout + WAIT_SECONDS * 1000;
  return new SQSClient({ ...settings, requestHandler: { ...requestHandler, requestTimeout } });
}

function messageOf({ MessageId, Body, ReceiptHandle, Attributes }: Message): QueuedMessage[] {
  if (MessageId === undefined || ReceiptHandle === undefined) return [];
  return [
    {
      ...{ id: MessageId, body: Body ?? '', receipt: ReceiptHandle },
      receives: Number(Attributes?.ApproximateReceiveCount ?? 1),
      sentAt: Number(Attributes?.SentTimestamp ?? Date.now()),
    },
  ];
}

function checkAll(operation: string, failed: readonly { readonly Code: string | undefined; readonly Message?: string | undefined }[] = []): void {
  const [first] = failed;
  if (first) throw new NightshiftError('unreachable', `AWS refused ${String(failed.length)} of sqs:${operation}: ${first.Code ?? ''} ${first.Message ?? ''}`);
}

function nameOf(url: string): string {
  return url.split('/').at(-1) ?? url;
}

function batches<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / BATCH) }, (_none, i) => all.slice(i * BATCH, (i + 1) * BATCH));
}
