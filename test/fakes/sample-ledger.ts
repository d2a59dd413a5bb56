import { generateKeyPairSync } from 'node:crypto';
import type { AuditHead, AuditKind, AuditRecord } from '../../domain/audit';
import { signAnchor } from '../../domain/audit-anchor';
import type { Anchor } from '../../domain/audit-anchor';
import { CHAIN_START, ledgerHash, recordHash } from '../../domain/audit-chain';

/** A record before it has its place and its hashes. */
export interface Written {
  readonly stream: string;
  readonly summary?: string;
  readonly actor?: string;
  readonly kind?: AuditKind;
  readonly at?: string;
}

/** Minute `n` of some day, ISO 8601. */
export function minute(n: number): string {
  return new Date(Date.UTC(2026, 2, 1, 12, n)).toISOString();
}

/** Records in one ledger, as a store would write them: the first one in minute 1. A history that was made anew is one of other records. */
export function ledgerOf(written: readonly Written[]): AuditRecord[] {
  const heads = new Map<string, AuditHead>();
  let ledger = CHAIN_START;
  return written.map(({ stream, summary = 'happened', actor = 'nightshift', kind = 'note', at }, i) => {
    const position = i + 1;
    const { count, hash: prev } = heads.get(stream) ?? { count: 0, hash: CHAIN_START };
    const content = { at: at ?? minute(position), actor, kind, summary };
    const hash = recordHash(stream, count + 1, content, prev);
    ledger = ledgerHash(ledger, hash);
    heads.set(stream, { count: count + 1, hash });
    return { ...content, stream, seq: count + 1, position, prev, hash, ledger };
  });
}

/** A pair of keys as the store keeps them. */
export function keyPair(): { readonly privateKey: string; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** Signs the first `count` records, with the heads of all their streams, a minute after the last one. */
export function anchorAfter(records: readonly AuditRecord[], count: number, privateKey: string): Anchor {
  const signed = records.slice(0, count);
  const streams = Object.fromEntries(signed.map(({ stream, seq, hash }) => [stream, { count: seq, hash }]));
  return signAnchor({ count, ledger: signed.at(-1)?.ledger ?? CHAIN_START, at: minute(count), since: 0, streams }, privateKey);
}
