import type { EvidenceBundle } from '../evidence';
import { witnessOf } from './trust';

/**
 * Whether a cause is supported by two sources that do not depend on each other, of which at least one is nothing that an outsider can write. Log lines alone never are, however many
 * services write them.
 */
export function corroborated(supporting: readonly string[], { items }: Pick<EvidenceBundle, 'items'>): boolean {
  const witnesses = items.filter(({ id }) => supporting.includes(id)).map(witnessOf);
  const speaking = witnesses.filter(({ source }) => source !== undefined);
  return new Set(speaking.map(({ source }) => source)).size >= 2 && speaking.some(({ trust }) => trust !== 'outside');
}
