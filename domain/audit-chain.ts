import type { AuditEntry } from './audit';
import { digestOf, sha256 } from './digest';

/** What stands before the first record of a stream and before the first of the ledger: 64 zeros. */
export const CHAIN_START = '0'.repeat(64);

/** The part of an entry that does not say where it stands. */
export type EntryContent = Omit<AuditEntry, 'seq'>;

/** Hash of a record: hex SHA-256 over its place in the stream, its content and the hash of the record before it. */
export function recordHash(stream: string, seq: number, content: EntryContent, prev: string): string {
  // The content comes first so that a forged member `seq`, `stream` or `prev` in it cannot take the place of the true one.
  return digestOf({ ...content, stream, seq, prev });
}

/** Hash of the ledger after a record: hex SHA-256 over the ledger's hash before it and the record's own hash. */
export function ledgerHash(before: string, record: string): string {
  return sha256(before + record);
}
