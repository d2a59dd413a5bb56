import { AnchorCheck } from './anchor-check';
import type { AnchorScope } from './anchor-check';
import type { AuditFault, AuditRecord } from './audit';
import type { Anchor } from './audit-anchor';
import { CHAIN_START, ledgerHash, recordHash } from './audit-chain';
import { LEDGER_STREAM } from './audit-check';

/** The place of a record in the ledger without its content: enough to carry the ledger's hash on. */
export interface LedgerLink {
  readonly position: number;
  /** The record's own hash. */
  readonly hash: string;
}

/** Where a walk along the ledger begins: behind this position, at which the ledger had this hash. */
export interface LedgerStart {
  readonly position: number;
  readonly ledger: string;
}

/** Before the first record. */
export const LEDGER_START: LedgerStart = { position: 0, ledger: CHAIN_START };

/** Checks records by themselves as they are given by ascending position: each against its own hash, the one before it in its stream, the ledger, and signed heads. */
export class LedgerWalk {
  /** Records that were given whole. */
  checked = 0;
  private readonly faults: AuditFault[] = [];
  private readonly streams = new Map<string, { readonly seq: number; readonly hash: string }>();
  private readonly anchors: AnchorCheck;
  private position: number;
  private ledger: string;

  constructor(start: LedgerStart, anchors: readonly Anchor[]) {
    this.position = start.position;
    this.ledger = start.ledger;
    this.fromFirst = start.position === 0;
    this.anchors = new AnchorCheck(anchors);
    if (start.position > 0) this.anchors.ledger(start.position, start.ledger);
  }
  private readonly fromFirst: boolean;

  /** Streams that were given records. */
  get seen(): ReadonlySet<string> {
    return new Set(this.streams.keys());
  }

  /** Where the walk is, and the ledger's hash there. */
  get end(): LedgerStart {
    return { position: this.position, ledger: this.ledger };
  }

  /** Takes a whole record. */
  record(record: AuditRecord): void {
    this.checked += 1;
    const sound = ownHash(record) === record.hash;
    const faulty = this.streamFaults(record, sound);
    this.faults.push(...faulty);
    const told = this.step(record, record.ledger);
    if (!told && faulty.length === 0) this.faults.push(fault('ledger-broken', record, 'the ledger does not hold it as it stands'));
    this.anchors.record(record, sound);
    this.streams.set(record.stream, record);
  }

  /** Takes the place of a record that is not given. */
  link(link: LedgerLink): void {
    this.step(link, undefined);
  }

  /** Every fault, as they were met; those that only signed heads tell of come last. */
  finish(scope: Omit<AnchorScope, 'end'>): readonly AuditFault[] {
    return [...this.faults, ...this.anchors.end({ ...scope, end: this.position })];
  }

  /** False where the record's own word on the ledger's hash is wrong. */
  private step({ position, hash }: LedgerLink, said: string | undefined): boolean {
    const next = this.position + 1;
    const gap = position !== next;
    if (position > next) this.faults.push(missing(next, position - 1));
    else if (gap)
      this.faults.push({ kind: 'reordered', stream: LEDGER_STREAM, position, message: `Position ${position} comes after position ${this.position}.` });
    const made = ledgerHash(this.ledger, hash);
    // After a gap the hash before is unknown: the gap was named, and the chain is taken up again behind it.
    const after = gap && said !== undefined ? said : made;
    const right = said === undefined || said === after;
    this.position = position;
    this.ledger = said ?? after;
    this.anchors.ledger(position, this.ledger);
    return right;
  }

  private streamFaults(record: AuditRecord, sound: boolean): AuditFault[] {
    const { stream, seq, prev } = record;
    const before = this.streams.get(stream);
    if (!sound) return [fault('altered', record, 'its content does not match its hash')];
    if (!before && !this.fromFirst && seq > 1) return [];
    const expected = (before?.seq ?? 0) + 1;
    if (seq > expected) {
      const message = `Of ${stream} ${seq - 1 > expected ? `records ${expected} to ${seq - 1} are` : `record ${expected} is`} missing.`;
      return [{ kind: 'missing', stream, seq: expected, message }];
    }
    if (seq < expected) return [fault('reordered', record, `it stands after record ${expected - 1}`)];
    return prev === (before?.hash ?? CHAIN_START) ? [] : [fault('altered', record, 'it does not continue the record before it')];
  }
}

function ownHash({ stream, seq, prev, at, actor, kind, summary, data }: AuditRecord): string {
  return recordHash(stream, seq, { at, actor, kind, summary, ...(data === undefined ? {} : { data }) }, prev);
}

function fault(kind: AuditFault['kind'], { stream, seq, position }: AuditRecord, why: string): AuditFault {
  return { kind, stream, seq, position, message: `Record ${seq} of ${stream}: ${why}.` };
}

function missing(first: number, last: number): AuditFault {
  const which = last > first ? `Positions ${first} to ${last} of the ledger are` : `Position ${first} of the ledger is`;
  return { kind: 'missing', stream: LEDGER_STREAM, position: first, message: `${which} missing.` };
}
