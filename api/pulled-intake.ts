import type { FastifyBaseLogger } from 'fastify';
import type { SourcesConfig } from '../config/types';
import type { MessageIntake } from '../ports/intake';
import { keepAside, MOST_ASIDE } from './aside';
import type { IntakeDeps, ReadingDeps } from './intake-message';
import { readMessage } from './intake-message';
import { knownSources } from './known-sources';

/** What messages that are fetched are taken in with. */
export type PulledDeps = ReadingDeps &
  Pick<IntakeDeps, 'keep' | 'store'> & { readonly sources: Pick<SourcesConfig, 'mapped'>; readonly log: Pick<FastifyBaseLogger, 'error'> };

/** Takes in what is fetched exactly as what is sent to `POST /v1/sources/<name>`. */
export function pulledIntake(deps: PulledDeps): MessageIntake {
  const sources = knownSources(deps.sources);
  return {
    async take({ source, bytes, receivedAt, identity }) {
      const read = readMessage(deps, sources.named(source), { bytes, headers: {} }, receivedAt, deps.log);
      await deps.keep(read.reading, identity === undefined ? read.bytes : new TextEncoder().encode(identity), receivedAt);
    },
    async setAside({ source, bytes, receivedAt }, error) {
      return (await keepAside(deps, { source, bytes, headers: {}, receivedAt, by: 'pull', error }, MOST_ASIDE)) !== undefined;
    },
  };
}
