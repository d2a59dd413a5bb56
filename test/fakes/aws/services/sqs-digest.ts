import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';

/** MD5 of a body in hexadecimal, which clients check. */
export function md5Of(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

/**
 * MD5 of a message's attributes: by name, each with its length, its type and its value; text is marked 1 and bytes 2.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttributeValue>> | undefined): string | undefined {
  const names = Object.keys(attributes ?? {}).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  for (const name of names) {
    const { DataType = '', StringValue, BinaryValue } = attributes?.[name] ?? {};
    for (const text of [name, DataType]) hash.update(sized(Buffer.from(text)));
    hash.update(Buffer.from([BinaryValue === undefined ? 1 : 2]));
    hash.update(sized(BinaryValue === undefined ? Buffer.from(StringValue ?? '') : Buffer.from(BinaryValue)));
  }
  return hash.digest('hex');
}

function sized(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
