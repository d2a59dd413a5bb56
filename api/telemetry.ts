import type { FastifyBaseLogger } from 'fastify';
import type { Reading, Source } from '../domain/sources/source';
import { MOST_TELEMETRY_ASIDE, orSetAside } from './aside';
import type { IntakeDeps } from './intake-message';
import { readMessage } from './intake-message';
import type { Taken } from './keep';
import type { SentMessage } from './sent-message';

/** What became of a message of telemetry, and what was read in it. */
export interface TakenTelemetry {
  readonly taken: Taken;
  readonly reading: Reading;
}

/** Reads telemetry and commits what can be kept. What cannot be read at all is set aside while there is room, and `unreadable` goes on to its sender. */
export function takeTelemetry(deps: IntakeDeps, source: Source, sent: SentMessage, log: FastifyBaseLogger): Promise<TakenTelemetry> {
  const receivedAt = deps.clock.now();
  return orSetAside(deps, { ...sent, source: source.name, receivedAt, most: MOST_TELEMETRY_ASIDE }, async () => {
    const { reading, bytes } = readMessage(deps, source, sent, receivedAt, log);
    return { reading, taken: await deps.keep(reading, bytes, receivedAt) };
  });
}
