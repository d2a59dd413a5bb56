import { z } from 'zod';
import { cleanText } from '../outside-text';
import type { Reading, SourceContext, WireMessage } from './source';
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

/** What an event of EventBridge is about, where it is one of this service (`aws.codebuild`). The notification rules of the developer tools write `detailType`. Calls that CloudTrail tells of have the service's name too, and are none of its events. */
export function detailTypeOf(json: unknown, service: string): string | undefined {
  const event = eventOf(json);
  return event?.source === service && !event.type.endsWith(' via CloudTrail') ? event.type : undefined;
}

/** Who tells of what in an event of EventBridge; undefined for anything else. */
export function eventOf(json: unknown): { readonly source: string; readonly type: string } | undefined {
  if (!hasMembers(json, 'source', 'detail')) return undefined;
  const { source } = json;
  const type = json['detail-type'] ?? json['detailType'];
  return typeof source === 'string' && typeof type === 'string' ? { source, type } : undefined;
}

/** The context of what is from an account of AWS: what names no environment is of the account's. */
export function inAccount(context: SourceContext, account: string | undefined): SourceContext {
  const environment = account === undefined ? undefined : context.accounts?.get(account);
  return environment === undefined ? context : { ...context, environment };
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
 * nothing and say what to do. Each part is read in the context of its account. Throws `unreadable`.
 */
export function readParts(message: WireMessage, context: SourceContext, readPart: (part: WireMessage, context: SourceContext) => Reading): Reading {
  const json = readAs(message, z.unknown());
  const read = (part: WireMessage): Reading => readPart(part, inAccount(context, accountIn(part.json)));
  const readings = (notificationsIn(json) ?? [undefined]).map((told) => (told === undefined ? read(message) : readNotification(told, read)));
  return { objects: readings.flatMap(({ objects }) => objects), passedOver: readings.flatMap(({ passedOver }) => passedOver) };
}

function accountIn(json: unknown): string | undefined {
  if (!hasMembers(json)) return undefined;
  const account = json['account'] ?? json['accountId'] ?? json['AWSAccountId'];
  return typeof account === 'string' || typeof account === 'number' ? String(account) : undefined;
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
