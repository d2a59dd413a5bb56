import type { FastifyRequest } from 'fastify';
import type { WireMessage } from '../domain/sources/source';
import { gunzipped, wireMessage } from '../domain/sources/wire';

/** A message exactly as it was sent. */
export interface SentMessage {
  readonly bytes: Uint8Array;
  /** Under lower-case names; those that came more than once are left out. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Headers that say what a message is; all others are about who sent it, or how. */
const TELLING = /^(?:content-type|x-github-event|ce-[a-z0-9]+)$/;

/** The message of a request whose body was not parsed. */
export function sentMessage({ body, headers }: Pick<FastifyRequest, 'body' | 'headers'>): SentMessage {
  const single = Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []));
  return { bytes: Buffer.isBuffer(body) ? body : new Uint8Array(), headers: Object.fromEntries(single) };
}

/** The message as sources read it. Throws `unreadable` for a broken gzip, `too_large` for one that holds too much. */
export function opened({ bytes, headers }: SentMessage): WireMessage {
  return wireMessage(gunzipped(bytes), headers);
}

/** Those headers that reading the message again needs; no key and no signature is among them. */
export function tellingHeaders(headers: SentMessage['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => TELLING.test(name)));
}
