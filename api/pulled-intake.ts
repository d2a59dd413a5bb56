import type { FastifyBaseLogger } from 'fastify';
import type { SourcesConfig } from '../config/types';
import type { MessageIntake, PulledMessage } from '../ports/intake';
import { keepAside, MOST_ASIDE } from './aside';
import type { IntakeDeps, ReadingDeps } from './intake-message';
import { readMessage } from './intake-message';
import type { Keeper, ReadPart } from './keep';
import { knownSources } from './known-sources';

/** What messages that are fetched are taken in with. */
export type PulledDeps = ReadingDeps &
  Pick<IntakeDeps, 'store'> & { readonly keep: Keeper; readonly sources: Pick<SourcesConfig, 'mapped'>; readonly log: Pick<FastifyBaseLogger, 'error'> };

/** Takes in what is fetched exactly as what is sent to `POST /v1/sources/<name>`. */
export function pulledIntake(deps: PulledDeps): MessageIntake {
  const sources = knownSources(deps.sources);
  const partOf = ({ source, bytes, receivedAt, identity }: PulledMessage): ReadPart => {
    const read = readMessage(deps, sources.named(source), { bytes, headers: {} }, receivedAt, deps.log);
    return { reading: read.reading, bytes: identity === undefined ? read.bytes : new TextEncoder().encode(identity) };
  };
  return {
    async take(message) {
      const { reading, bytes } = partOf(message);
      await deps.keep(reading, bytes, message.receivedAt);
    },
    async takeAll(messages) {
      await deps.keep.all(messages.map(partOf), messages[0]?.receivedAt ?? 0);
    },
    async setAside({ source, bytes, receivedAt }, error) {
      return (await keepAside(deps, { source, bytes, headers: {}, receivedAt, by: 'pull', error }, MOST_ASIDE)) !== undefined;
    },
  };
}
