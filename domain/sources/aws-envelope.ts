import { z } from 'zod';
import { cleanText } from '../outside-text';
import type { Reading, WireMessage } from './source';
import { hasMembers, readAs, unreadable, wireMessage } from './wire';

const confirmation = z.looseObject({ Type: z.enum(['SubscriptionConfirmation', 'UnsubscribeConfirmation']), TopicArn: z.string() });
const CONFIRMATIONS = {
  SubscriptionConfirmation: (topic: string) =>
    `a subscription to ${topic} that waits to be confirmed: open its \`SubscribeURL\` (or give its \`Token\` to \`aws sns confirm-subscription\`), as SNS sends nothing before`,
  UnsubscribeConfirmation: (topic: string) =>
    `the end of the subscription to ${topic}: if it was not meant, open its \`SubscribeURL\`, as SNS sends nothing more`,
} as const;

/** A field that is not needed: one that is missing, null or of another type counts as absent. */
export function maybe<T extends z.ZodType>(schema: T) {
  return schema
    .nullish()
    .transform((value): z.output<T> | undefined => value ?? undefined)
    .catch(undefined);
}

/** Fields of an event of EventBridge that are read beside its `detail`. https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export const eventFields = {
  id: maybe(z.string()),
  time: maybe(z.string()),
  region: maybe(z.string()),
  account: maybe(z.union([z.string(), z.number().transform(String)])),
};

/** What an event of EventBridge is about, where it is one of this service (`aws.codebuild`). The notification rules of the developer tools write `detailType`. */
export function detailTypeOf(json: unknown, service: string): string | undefined {
  if (!hasMembers(json, 'source', 'detail') || json['source'] !== service) return undefined;
  const type = json['detail-type'] ?? json['detailType'];
  return typeof type === 'string' ? type : undefined;
}

/** Whether a message holds something, and each of its parts (without the envelope of SNS) passes the test. */
export function everyPart({ json }: WireMessage, test: (part: unknown) => boolean): boolean {
  const parts = notificationsIn(json)?.map((told) => messageOf(told)?.json) ?? [json];
  return parts.length > 0 && parts.every(test);
}

/** Whether SNS asks for a subscription, or for the end of one, to be confirmed. */
export function isConfirmation(json: unknown): boolean {
  return confirmation.safeParse(json).success;
}

/**
 * Reads every part of a message: the message itself, or what stands in the `Message` of an envelope of SNS (over HTTP, or as Lambda functions get it). Confirmations give
 * nothing and say what to do. Throws `unreadable`.
 */
export function readParts(message: WireMessage, read: (part: WireMessage) => Reading): Reading {
  const json = readAs(message, z.unknown());
  const readings = (notificationsIn(json) ?? [undefined]).map((told) => (told === undefined ? read(message) : readNotification(told, read)));
  return { objects: readings.flatMap(({ objects }) => objects), passedOver: readings.flatMap(({ passedOver }) => passedOver) };
}

/** A reading that holds nothing, and why. */
export function nothing(why: string): Reading {
  return { objects: [], passedOver: [why] };
}

function readNotification(told: unknown, read: (part: WireMessage) => Reading): Reading {
  const asked = confirmation.safeParse(told).data;
  if (asked) return nothing(CONFIRMATIONS[asked.Type](cleanText(asked.TopicArn, 300)));
  const part = messageOf(told);
  if (part?.json === undefined) throw unreadable('`Message` of the notification must hold JSON as text.');
  return read(part);
}

/** Envelopes of SNS; undefined where there is none. https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
function notificationsIn(json: unknown): readonly unknown[] | undefined {
  if (hasMembers(json, 'Type', 'TopicArn', 'MessageId')) return [json];
  if (!hasMembers(json, 'Records') || !Array.isArray(json['Records']) || json['Records'].length === 0) return undefined;
  const records: readonly unknown[] = json['Records'];
  const told = records.map((record) => (hasMembers(record, 'Sns') ? record['Sns'] : undefined));
  return told.includes(undefined) ? undefined : told;
}

function messageOf(told: unknown): WireMessage | undefined {
  if (!hasMembers(told, 'Message') || typeof told['Message'] !== 'string') return undefined;
  return wireMessage(new TextEncoder().encode(told['Message']));
}
