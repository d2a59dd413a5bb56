import type { AuditFault, AuditRecord } from './audit';
import type { Anchor } from './audit-anchor';
import { CHAIN_START } from './audit-chain';
import { LEDGER_STREAM } from './audit-check';

/** What the records that were looked at ought to reach, by which it is judged what is missing. */
export interface AnchorScope {
  /** Position of the last record of the ledger that was looked at. */
  readonly end: number;
  /** When the ledger ended there, ISO 8601; heads that were signed later tell of more, and are left out. Now, when absent. */
  readonly at?: string;
  /** Streams that were looked at from their first record to that end: all of them, or these. None when absent. */
  readonly whole?: 'all' | ReadonlySet<string>;
}

interface Signed {
  readonly count: number;
  readonly hash: string;
  readonly anchor: Anchor;
}

/** Compares a ledger with its signed heads, record by record, whoever made its hashes anew. Anchors are given with the shortest ledger first. */
export class AnchorCheck {
  private readonly faults: AuditFault[] = [];
  private readonly byCount = new Map<number, Anchor[]>();
  private readonly byStream = new Map<string, readonly Signed[]>();
  private readonly last = new Map<string, number>();
  private readonly rewritten = new Set<string>();
  private agrees: Anchor | undefined;

  constructor(private readonly anchors: readonly Anchor[]) {
    for (const anchor of anchors) {
      this.byCount.set(anchor.count, [...(this.byCount.get(anchor.count) ?? []), anchor]);
      for (const [stream, head] of Object.entries(anchor.streams)) this.byStream.set(stream, [...(this.byStream.get(stream) ?? []), { ...head, anchor }]);
    }
    this.ledger(0, CHAIN_START);
  }

  /** Takes the ledger's hash after the record at a position. */
  ledger(position: number, hash: string): void {
    for (const anchor of this.byCount.get(position) ?? []) {
      if (anchor.ledger === hash) this.agrees = anchor;
      else if (!this.rewritten.has(LEDGER_STREAM)) this.ledgerRewritten(anchor);
    }
  }

  /** Takes the next record of a stream. Of one that does not match its own hash nothing more is said. */
  record({ stream, seq, hash, position }: Pick<AuditRecord, 'stream' | 'seq' | 'hash' | 'position'>, sound: boolean): void {
    this.last.set(stream, seq);
    const signed = this.byStream.get(stream)?.find((each) => each.count === seq && each.hash !== hash);
    if (!signed || !sound || this.rewritten.has(stream)) return;
    this.rewritten.add(stream);
    const message = `Record ${seq} of ${stream} is not what was signed on ${signed.anchor.at}: it, or one before it, was changed, and the hashes made anew.`;
    this.faults.push({ kind: 'rewritten', stream, seq, position, message });
  }

  /** Every fault, once all records were given. */
  end(scope: AnchorScope): readonly AuditFault[] {
    const { at } = scope;
    const said = this.anchors.filter((anchor) => at === undefined || anchor.at <= at);
    const longest = said.at(-1);
    if (longest && longest.count > scope.end) {
      const message = `The ledger ends at position ${scope.end}, but ${longest.count} records were signed on ${longest.at}.`;
      this.faults.push({ kind: 'cut-tail', stream: LEDGER_STREAM, position: scope.end + 1, message });
    }
    const { whole } = scope;
    if (whole !== undefined) for (const stream of whole === 'all' ? this.byStream.keys() : whole) this.streamEnd(stream, at);
    return this.faults;
  }

  private streamEnd(stream: string, at: string | undefined): void {
    const longest = (this.byStream.get(stream) ?? []).filter(({ anchor }) => at === undefined || anchor.at <= at).at(-1);
    const last = this.last.get(stream) ?? 0;
    if (!longest || longest.count <= last) return;
    const signed = `${longest.count} were signed on ${longest.anchor.at}`;
    if (last === 0) this.faults.push({ kind: 'deleted', stream, seq: 1, message: `All records of ${stream} are gone; ${signed}.` });
    else this.faults.push({ kind: 'cut-tail', stream, seq: last + 1, message: `The history of ${stream} ends at record ${last}; ${signed}.` });
  }

  private ledgerRewritten({ count, at }: Anchor): void {
    this.rewritten.add(LEDGER_STREAM);
    const since = this.agrees ? `, after position ${this.agrees.count}, up to which it still is as signed on ${this.agrees.at}` : '';
    const message = `The ledger up to position ${count} is not what was signed on ${at}: it was written anew${since}.`;
    this.faults.push({ kind: 'rewritten', stream: LEDGER_STREAM, position: count, message });
  }
}
