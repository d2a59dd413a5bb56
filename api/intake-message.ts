import type { FastifyBaseLogger } from 'fastify';
import { errorCode, NightshiftError } from '../domain/errors';
import { knownServices } from '../domain/sources/names';
import type { Reading, Source, SourceContext, WireMessage } from '../domain/sources/source';
import type { Keep, Taken } from './keep';
import type { SentMessage } from './sent-message';
import { opened } from './sent-message';
import type { ApiDeps } from './types';

/** What messages are read and kept with. */
export type IntakeDeps = ApiDeps & { readonly keep: Keep };

/** What messages are read with. */
export type ReadingDeps = Pick<ApiDeps, 'inventory' | 'settings'>;

/** What a message holds, and the bytes that were read. */
export interface ReadMessage {
  readonly reading: Reading;
  readonly bytes: Uint8Array;
}

/** Reads a message and commits everything in it, or nothing. Throws `unreadable` with what is wrong, and what the store throws. */
export async function takeIn(
  deps: ReadingDeps & Pick<IntakeDeps, 'keep'>,
  source: Source,
  sent: SentMessage,
  receivedAt: number,
  log: FastifyBaseLogger,
): Promise<Taken> {
  const { reading, bytes } = readMessage(deps, source, sent, receivedAt, log);
  return deps.keep(reading, bytes, receivedAt);
}

/** Reads a message as its source sends it. Throws `unreadable` and `too_large`. */
export function readMessage(deps: ReadingDeps, source: Source, sent: SentMessage, receivedAt: number, log: Pick<FastifyBaseLogger, 'error'>): ReadMessage {
  const message = opened(sent);
  return { reading: read(source, message, contextOf(deps, receivedAt), log), bytes: message.bytes };
}

/** A mistake of ours in a reader must not lose the message, nor tell the sender to send it again: it cannot be read by this version. */
function read(source: Source, message: WireMessage, context: SourceContext, log: Pick<FastifyBaseLogger, 'error'>): Reading {
  try {
    return source.read(message, context);
  } catch (error) {
    if (errorCode(error) !== undefined) throw error;
    log.error({ err: error, source: source.name }, 'a reader failed');
    throw new NightshiftError('unreadable', 'Reading the message failed inside of Nightshift; its log has the reason.', [], { cause: error });
  }
}

/** What a message is read with: the configured environment and services. */
export function contextOf({ inventory, settings }: ReadingDeps, receivedAt: number): SourceContext {
  const { environment, accounts } = settings;
  return { environment, receivedAt, services: knownServices(inventory.services), ...(accounts && { accounts }) };
}
