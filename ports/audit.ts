import type { AuditHead, AuditRecord } from '../domain/audit';
import type { Anchor } from '../domain/audit-anchor';
import type { IntentRow } from './store';

/** Reads the one sequence over all audit records. */
export interface LedgerReader {
  /** Records behind a position, in their order. */
  page(after: number, limit: number): Promise<readonly AuditRecord[]>;
  /** Where the ledger ends, with the heads of the streams that got records behind `since`. */
  end(since: number): Promise<{ readonly count: number; readonly ledger: string; readonly streams: Readonly<Record<string, AuditHead>> }>;
}

/** The key that signs heads of the ledger, made at first use. */
export interface AnchorKey {
  /** PEM (PKCS #8). */
  privateKey(): Promise<string>;
}

/** Reads intents of a time. */
export interface IntentHistory {
  /** Intended from `from` to `to` (epoch milliseconds, both inclusive), oldest first; behind the one with the given time and token where there are more than `limit`. */
  between(from: number, to: number, limit: number, after?: { readonly intendedAt: number; readonly token: string }): Promise<readonly IntentRow[]>;
}

/** Signed heads of the ledger. */
export interface Anchors {
  /** PEM (SPKI), for auditors. */
  publicKey(): Promise<string>;
  /** Signs where the ledger ends now, with the heads of streams that got records behind `since` (none, when absent). Nothing is kept. */
  sign(since?: number): Promise<Anchor>;
  /** Signs it and keeps it in the configured place. Throws `not_found` where none is configured. */
  keep(): Promise<{ readonly anchor: Anchor; readonly name: string }>;
}
