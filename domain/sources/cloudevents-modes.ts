import { z } from 'zod';
import type { WireMessage } from './source';
import { hasMembers, readAs, unreadable, wireMessage } from './wire';

const attribute = z.string().min(1);

const structured = z.looseObject({
  specversion: z.literal('1.0'),
  ...{ id: attribute, source: attribute, type: attribute },
  ...{ time: z.string().nullish(), datacontenttype: z.string().nullish(), data_base64: z.string().nullish() },
  data: z.unknown().optional(),
});

/** One event in whatever mode it came. */
export interface CloudEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string | undefined;
  /** The data as a message of its own. Throws `unreadable` where it is no base64. */
  readonly content: () => WireMessage;
}

const STRUCTURED = /^application\/cloudevents/i;
const BATCHED = /^application\/cloudevents-batch/i;
const JSON_TYPE = /^[^/;\s]+\/(?:[^;\s]+\+)?json\s*(?:;|$)/i;
const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;

/** Whether the body is the data alone, with the attributes in headers. */
export function isBinary({ headers }: WireMessage): boolean {
  return 'ce-specversion' in headers && !STRUCTURED.test(headers['content-type'] ?? '');
}

/** Whether the body is a list of events. */
export function isBatch(message: WireMessage): boolean {
  return !isBinary(message) && (BATCHED.test(message.headers['content-type'] ?? '') || (Array.isArray(message.json) && message.json.length > 0));
}

/** Whether a message is surely of CloudEvents: by its headers, or by events that tell their version. */
export function isCloudEvents(message: WireMessage): boolean {
  const { json, headers } = message;
  if (isBinary(message) || STRUCTURED.test(headers['content-type'] ?? '')) return true;
  return Array.isArray(json) ? json.length > 0 && json.every(isEvent) : isEvent(json);
}

/** The event of a message that is no batch. Throws `unreadable` where a needed attribute is missing. */
export function eventOf(message: WireMessage): CloudEvent {
  if (isBinary(message)) return binary(message);
  const { id, source, type, time, datacontenttype, data, data_base64: base64 } = readAs(message, structured);
  const contentType = datacontenttype ?? 'application/json';
  return { id, source, type, time: time ?? undefined, content: () => contentOf(data, base64, contentType) };
}

function binary(message: WireMessage): CloudEvent {
  const told = Object.entries(message.headers).flatMap(([name, value]) => (name.startsWith('ce-') ? [[name.slice(3), unescaped(value)] as const] : []));
  const { id, source, type, time } = readAs({ ...message, json: Object.fromEntries(told) }, structured);
  const headers = Object.fromEntries(Object.entries(message.headers).filter(([name]) => !name.startsWith('ce-')));
  return { id, source, type, time: time ?? undefined, content: () => ({ ...message, headers }) };
}

function contentOf(data: unknown, base64: string | null | undefined, contentType: string): WireMessage {
  const headers = { 'content-type': contentType };
  if (base64 !== undefined && base64 !== null) {
    if (!BASE64.test(base64)) throw unreadable('`data_base64` must hold base64.');
    return wireMessage(new Uint8Array(Buffer.from(base64, 'base64')), headers);
  }
  // Data of another content type stands as text; what is JSON must not be parsed once more.
  if (typeof data === 'string' && !JSON_TYPE.test(contentType)) return wireMessage(new TextEncoder().encode(data), headers);
  return { bytes: new TextEncoder().encode(data === undefined ? '' : JSON.stringify(data)), json: data, headers };
}

function isEvent(json: unknown): boolean {
  return hasMembers(json, 'specversion', 'id', 'source', 'type') && json['specversion'] === '1.0';
}

/** Header values are percent-encoded; one that is not well so is taken as it is. */
function unescaped(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
