import { canonicalJson } from '../../domain/canonical-json';
import type { AuditEntry, AuditFault, AuditHead, AuditRecord } from '../../domain/audit';
import { CHAIN_START, ledgerHash, recordHash } from '../../domain/audit-chain';
import { NightshiftError } from '../../domain/errors';
import type { LedgerReader } from '../../ports/audit';
import type { AuditReader, SystemAudit } from '../../ports/store';

/** An audit in memory with hash chains by stream; `records` may be altered by a test that wants to see faults. */
export class MemoryAudit implements AuditReader, SystemAudit, LedgerReader {
  readonly records: AuditRecord[] = [];

  /** Adds entries of a stream: those that are there already are skipped, one with another content throws `conflict`. */
  write(stream: string, entries: readonly AuditEntry[]): AuditHead {
    for (const entry of entries) {
      const there = this.of(stream).find((record) => record.seq === entry.seq);
      if (!there) this.records.push(this.chained(stream, entry));
      else if (canonicalJson(contentOf(there)) !== canonicalJson(entry))
        throw new NightshiftError('conflict', `record ${String(entry.seq)} of ${stream} is there with another content`);
    }
    const records = this.of(stream);
    return { count: records.length, hash: records.at(-1)?.hash ?? '' };
  }

  append(entry: Omit<AuditEntry, 'seq'>): Promise<void> {
    this.write('system', [{ ...entry, seq: this.of('system').length + 1 }]);
    return Promise.resolve();
  }

  read(stream: string): Promise<readonly AuditRecord[]> {
    return Promise.resolve(this.of(stream));
  }

  streams(): Promise<readonly string[]> {
    return Promise.resolve([...new Set(this.records.map((record) => record.stream))]);
  }

  verify(options: { readonly stream?: string }): Promise<{ readonly checked: number; readonly faults: readonly AuditFault[] }> {
    const streams = new Set(this.records.map((record) => record.stream));
    const faults: AuditFault[] = [];
    let checked = 0;
    for (const stream of options.stream === undefined ? streams : [options.stream]) {
      let prev = CHAIN_START;
      for (const record of this.of(stream)) {
        checked += 1;
        if (record.prev !== prev || record.hash !== recordHash(stream, record.seq, contentOf(record), prev)) {
          faults.push({ kind: 'altered', stream, seq: record.seq, position: record.position, message: `record ${String(record.seq)} was altered` });
          break;
        }
        prev = record.hash;
      }
    }
    return Promise.resolve({ checked, faults });
  }

  async page(after: number, limit: number): Promise<readonly AuditRecord[]> {
    return this.records.filter(({ position }) => position > after).slice(0, limit);
  }

  async end(since: number): ReturnType<LedgerReader['end']> {
    const heads = this.records.filter(({ position }) => position > since).map(({ stream, seq, hash }) => [stream, { count: seq, hash }] as const);
    const last = this.records.at(-1);
    return { count: last?.position ?? 0, ledger: last?.ledger ?? CHAIN_START, streams: Object.fromEntries(heads) };
  }

  private of(stream: string): AuditRecord[] {
    return this.records.filter((record) => record.stream === stream);
  }

  private chained(stream: string, entry: AuditEntry): AuditRecord {
    const prev = this.of(stream).at(-1)?.hash ?? CHAIN_START;
    const hash = recordHash(stream, entry.seq, entry, prev);
    const ledger = ledgerHash(this.records.at(-1)?.ledger ?? CHAIN_START, hash);
    return { ...entry, stream, position: this.records.length + 1, prev, hash, ledger };
  }
}

function contentOf(record: AuditRecord): AuditEntry {
  const { seq, at, actor, kind, summary, data } = record;
  return { seq, at, actor, kind, summary, ...(data && { data }) };
}
