import type { MappingDeclaration } from '../domain/sources/mapping-schema';
import { SECRET_SOURCES, SNS_SOURCES } from '../domain/sources/signed-source';
import type { SignedSource } from '../domain/sources/signed-source';
import type { SecretRef } from './fields';
import type { SourcesSource } from './schema-sources';
import type { Secrets } from './secrets';
import type { SourcesConfig } from './types';

/** Sources with their secrets read; one whose secret is missing is noted in `secrets`, and lets nobody in. */
export function resolveSources(source: SourcesSource | undefined, secrets: Secrets): SourcesConfig {
  const told = source ?? {};
  const bySecret = SECRET_SOURCES.flatMap((name): SignedSource[] => {
    const section = told[name];
    return section ? [{ by: 'secret', name, secrets: secretsOf(section.secret, `sources.${name}.secret`, secrets) }] : [];
  });
  const bySns = SNS_SOURCES.flatMap((name): SignedSource[] => {
    const section = told[name];
    return section ? [{ by: 'sns', name, topics: section.topics }] : [];
  });
  return { signed: [...bySecret, ...bySns], mapped: mappingsOf(told) };
}

function secretsOf(refs: SecretRef | readonly SecretRef[], path: string, secrets: Secrets): readonly string[] {
  const read = isList(refs) ? refs.map((ref, i) => secrets.read(ref, `${path}.${i}`)) : [secrets.read(refs, path)];
  return read.filter((text) => text !== undefined);
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

function mappingsOf(told: SourcesSource): readonly MappingDeclaration[] {
  return Object.entries(told).flatMap(([name, section]) => (section !== undefined && 'mapping' in section ? [{ ...section.mapping, name }] : []));
}
