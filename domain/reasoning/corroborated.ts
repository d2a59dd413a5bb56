import type { EvidenceBundle } from '../evidence';
import { witnessOf } from './trust';

/**
 * Whether a cause is supported by two sources that do not depend on each other and that no outsider can write: a line of a log is no second one, as whoever sends requests can have
 * it written.
 */
export function corroborated(supporting: readonly string[], { items }: Pick<EvidenceBundle, 'items'>): boolean {
  const witnesses = items.filter(({ id }) => supporting.includes(id)).map(witnessOf);
  const speaking = witnesses.filter(({ source, trust }) => source !== undefined && trust !== 'outside');
  return new Set(speaking.map(({ source }) => source)).size >= 2;
}
