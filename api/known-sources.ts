import type { SourcesConfig } from '../config/types';
import { mappedSource } from '../domain/sources/mapping';
import { sourceNamed, SOURCES } from '../domain/sources/recognise';
import type { Source } from '../domain/sources/source';

/** Sources that are built in, and those that the configuration maps. */
export interface KnownSources {
  readonly names: readonly string[];
  /** Throws `not_found` for one that is unknown, with the name it resembles. */
  named(name: string): Source;
}

/** The sources of a configuration. */
export function knownSources({ mapped }: Pick<SourcesConfig, 'mapped'>): KnownSources {
  const all = [...SOURCES, ...mapped.map(mappedSource)];
  return { names: all.map(({ name }) => name), named: (name) => sourceNamed(name, all) };
}
