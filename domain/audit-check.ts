import type { AuditFault, AuditHead } from './audit';
import { CHAIN_START, ledgerHash, recordHash, type EntryContent } from './audit-chain';

/** A record as it is stored: `body` is the JSON of everything but its place. */
export interface StoredRecord {
  readonly stream: string;
  readonly seq: number;
  readonly position: number;
  readonly body: string;
  readonly prev: string;
  readonly hash: string;
  readonly ledger: string;
}

/** A fault with the place by which faults are sorted: the position in the ledger, or the gap behind it. */
export type PlacedFault = AuditFault & { readonly order: number };

/** Stream name of faults that concern the sequence over all streams. */
export const LEDGER_STREAM = 'ledger';

// A gap sorts behind the record before it, and what is derived from a record behind the record itself.
const GAP = 0.5;
const DERIVED = 0.2;
const MAX_REORDER_TRIES = 1000;

/** Faults of one stream whose records are given by ascending `seq`; `heads` are what others remember of its end. */
export function checkStream(
  stream: string,
  records: readonly StoredRecord[],
  heads: readonly { readonly count: number; readonly hash?: string }[],
): PlacedFault[] {
  const faults: PlacedFault[] = [];
  let before: StoredRecord | undefined;
  for (const record of records) {
    faults.push(...checkRecord(record, before, records, faults));
    before = record;
  }
  for (const head of heads) faults.push(...checkHead(stream, records, head, faults));
  return faults;
}

function checkRecord(record: StoredRecord, before: StoredRecord | undefined, all: readonly StoredRecord[], known: readonly PlacedFault[]): PlacedFault[] {
  const faults: PlacedFault[] = [];
  const expected = (before?.seq ?? 0) + 1;
  const gap = record.seq !== expected;
  if (gap) faults.push(missing(record, before, expected));
  if (!holds(record, record.seq)) {
    const home = all.slice(0, MAX_REORDER_TRIES).find((other) => other.seq !== record.seq && holds(record, other.seq));
    faults.push(home ? misplaced(record, `it was written as record ${home.seq}`) : altered(record, 'its content does not match its hash'));
  } else if (!gap && record.prev !== (before?.hash ?? CHAIN_START)) {
    const blamed = before ?? record;
    if (!known.some((f) => f.seq === blamed.seq))
      faults.push(altered(blamed, before ? `record ${record.seq} was chained to another content` : 'it is not the first record'));
  } else if (before && record.position <= before.position) {
    faults.push(misplaced(record, `it stands before record ${before.seq} in the ledger`));
  }
  return faults;
}

function missing(record: StoredRecord, before: StoredRecord | undefined, expected: number): PlacedFault {
  const last = record.seq - 1;
  const which = last > expected ? `Records ${expected} to ${last} of ${record.stream} are` : `Record ${expected} of ${record.stream} is`;
  return { kind: 'missing', stream: record.stream, seq: expected, message: `${which} missing.`, order: (before?.position ?? record.position - 1) + GAP };
}

function altered(record: StoredRecord, why: string): PlacedFault {
  const { stream, seq, position } = record;
  return { kind: 'altered', stream, seq, position, message: `Record ${seq} of ${stream} was altered: ${why}.`, order: position };
}

function misplaced(record: StoredRecord, why: string): PlacedFault {
  const { stream, seq, position } = record;
  return { kind: 'reordered', stream, seq, position, message: `Record ${seq} of ${stream} is out of place: ${why}.`, order: position };
}

function holds(record: StoredRecord, seq: number): boolean {
  try {
    return recordHash(record.stream, seq, JSON.parse(record.body) as EntryContent, record.prev) === record.hash;
  } catch {
    return false;
  }
}

function checkHead(
  stream: string,
  records: readonly StoredRecord[],
  head: { readonly count: number; readonly hash?: string },
  known: readonly PlacedFault[],
): PlacedFault[] {
  const last = records.at(-1);
  const count = last?.seq ?? 0;
  if (head.count > count) {
    if (known.some((f) => f.kind === 'cut-tail' || (f.kind === 'missing' && count === 0))) return [];
    if (!last) return [{ kind: 'missing', stream, seq: 1, message: `All ${head.count} records of ${stream} are missing.`, order: 0 }];
    return [
      {
        kind: 'cut-tail',
        stream,
        seq: count + 1,
        message: `The history of ${stream} ends at record ${count} but had ${head.count}.`,
        order: last.position + GAP,
      },
    ];
  }
  const record = records.find((r) => r.seq === head.count);
  if (!record || head.hash === undefined || record.hash === head.hash || known.some((f) => f.seq === record.seq)) return [];
  return [altered(record, 'the incident remembers another hash')];
}

/** Checks one page after the other of the sequence over all streams. */
export class LedgerCheck {
  readonly faults: PlacedFault[] = [];
  private position = 0;
  private hash: string = CHAIN_START;

  /** Takes the next records by ascending position. */
  add(records: readonly Omit<StoredRecord, 'body' | 'prev'>[]): void {
    for (const record of records) {
      if (record.position !== this.position + 1) this.gap(this.position + 1, record.position - 1);
      // After a gap the hash before is unknown: the gap was named, and the chain is taken up again behind it.
      else if (ledgerHash(this.hash, record.hash) !== record.ledger) this.broken(record);
      this.position = record.position;
      this.hash = record.ledger;
    }
  }

  /** Compares the end with the counter that stood in the store when the check began. */
  end(counter: { readonly position: number; readonly hash: string }): void {
    if (counter.position > this.position) {
      const message = `The ledger ends at position ${this.position} but had ${counter.position}.`;
      this.faults.push({ kind: 'cut-tail', stream: LEDGER_STREAM, position: this.position + 1, message, order: this.position + GAP });
    } else if (counter.position < this.position || counter.hash !== this.hash) {
      const message = `The ledger's counter does not match the record at position ${this.position}.`;
      this.faults.push({ kind: 'ledger-broken', stream: LEDGER_STREAM, position: this.position, message, order: this.position + GAP });
    }
  }

  private gap(first: number, last: number): void {
    const which = last > first ? `Positions ${first} to ${last} of the ledger are` : `Position ${first} of the ledger is`;
    this.faults.push({ kind: 'missing', stream: LEDGER_STREAM, position: first, message: `${which} missing.`, order: first });
  }

  private broken(record: Omit<StoredRecord, 'body' | 'prev'>): void {
    const { stream, seq, position } = record;
    this.faults.push({
      kind: 'ledger-broken',
      stream,
      seq,
      position,
      message: `The ledger does not hold record ${seq} of ${stream} as it stands.`,
      order: position + DERIVED,
    });
  }
}

/** Compares the written-out lines of a stream with its records; `lines` is undefined when there is no file. */
export function checkFile(
  stream: string,
  records: readonly StoredRecord[],
  lines: readonly string[] | undefined,
  write: (record: StoredRecord) => string,
): PlacedFault[] {
  const last = records.at(-1);
  if (!lines) {
    const message = `The file of ${stream} is missing.`;
    return last ? [{ kind: 'file-missing', stream, message, order: last.position + DERIVED }] : [];
  }
  const bySeq = new Map(records.map((r) => [r.seq, r]));
  for (const [index, line] of lines.entries()) {
    const seq = index + 1;
    const record = bySeq.get(seq);
    if (!record && seq > (last?.seq ?? 0)) return [onlyInFile(stream, seq, lines.length, last)];
    if (record && write(record) !== line) {
      const { position } = record;
      return [
        { kind: 'file-differs', stream, seq, position, message: `Line ${seq} of the file of ${stream} differs from the record.`, order: position + DERIVED },
      ];
    }
  }
  if (!last || lines.length >= last.seq) return [];
  const message = `The file of ${stream} ends at line ${lines.length} but there are ${last.seq} records.`;
  return [{ kind: 'cut-tail', stream, seq: lines.length + 1, message, order: (bySeq.get(lines.length + 1)?.position ?? last.position) + DERIVED }];
}

function onlyInFile(stream: string, seq: number, count: number, last: StoredRecord | undefined): PlacedFault {
  if (!last) return { kind: 'missing', stream, seq, message: `All records of ${stream} are missing; its file has ${count}.`, order: 0 };
  return {
    kind: 'cut-tail',
    stream,
    seq,
    message: `The history of ${stream} ends at record ${seq - 1} but its file has ${count}.`,
    order: last.position + GAP,
  };
}

/** Faults in the order of the ledger, without the place that they were sorted by. */
export function inOrder(faults: readonly PlacedFault[]): AuditFault[] {
  return [...faults].sort((a, b) => a.order - b.order).map(({ order: _, ...fault }) => fault);
}

/** The remembered end of a stream as a head to check against. */
export function rememberedHeads(head: AuditHead | undefined, version: number | undefined): { readonly count: number; readonly hash?: string }[] {
  return [...(head ? [head] : []), ...(version === undefined ? [] : [{ count: version }])];
}
