import { z } from 'zod';
import type { AuditFault, AuditRecord } from './audit';
import { readAnchors } from './audit-anchor';
import type { Anchor } from './audit-anchor';
import { exportedRecord, exportHeader, isWithin } from './audit-export';
import type { ExportHeader } from './audit-export';
import { LedgerWalk } from './ledger-walk';

/** What a check of an export found. */
export interface ExportReport {
  /** Records that were given whole. */
  readonly checked: number;
  readonly faults: readonly AuditFault[];
  /** The signed head that the export ends with, and whether its signature was checked. */
  readonly head?: { readonly count: number; readonly at: string; readonly signed: boolean };
}

const EXPORT_STREAM = 'export';
const link = z.strictObject({ position: z.int().min(1), hash: z.string() });
const lastLine = z.strictObject({ anchor: z.unknown() });

/** The header of an export when the line is one. */
export function headerOf(line: string | undefined): ExportHeader | undefined {
  return exportHeader.safeParse(parsed(line)).data;
}

/**
 * Checks an export by itself, line by line: every record whole, one ledger from its first record to the signed head at its end, and that head against the public keys (PEM) and
 * against `anchors`, which were kept elsewhere. Without keys the signature of the head is not looked at.
 */
export async function checkExport(
  lines: AsyncIterable<string> | Iterable<string>,
  publicKeys: readonly string[],
  anchors: readonly Anchor[],
): Promise<ExportReport> {
  let check: ExportCheck | undefined;
  for await (const line of lines) {
    if (check) {
      check.take(line);
      continue;
    }
    const header = headerOf(line);
    if (!header) break;
    check = new ExportCheck(header, anchors);
  }
  return check ? check.end(publicKeys) : { checked: 0, faults: [fault('altered', 'it does not begin as an export does')] };
}

class ExportCheck {
  private readonly faults: AuditFault[] = [];
  private readonly walk: LedgerWalk;
  private number = 1;
  private head: unknown;
  private first: AuditRecord | undefined;
  private last: AuditRecord | undefined;

  constructor(
    private readonly header: ExportHeader,
    anchors: readonly Anchor[],
  ) {
    this.walk = new LedgerWalk(header.start, anchors);
  }

  take(line: string): void {
    this.number += 1;
    const value = parsed(line);
    const record = exportedRecord.safeParse(value).data;
    const linked = link.safeParse(value).data;
    if (this.head !== undefined) this.faults.push(fault('file-differs', `line ${this.number} stands behind the signed head`));
    else if (record) this.takeRecord(record);
    else if (linked) this.walk.link(linked);
    else if (lastLine.safeParse(value).success) this.head = lastLine.parse(value).anchor;
    else this.faults.push(fault('altered', `line ${this.number} is none of an export, or torn`));
  }

  end(publicKeys: readonly string[]): ExportReport {
    const { anchor, faults } = headOf(this.head, publicKeys);
    const { approver, records } = this.header;
    const found = [...this.faults, ...faults];
    if (this.head === undefined) found.push(fault('cut-tail', 'the signed head at its end is missing'));
    if (anchor) found.push(...this.beside(anchor));
    if (this.walk.checked !== records) found.push(fault('missing', `it says that it holds ${records} records, but there are ${this.walk.checked}`));
    const own = this.walk.finish({ at: anchor?.at ?? '', ...(approver === undefined ? {} : { whole: this.walk.seen }) });
    return {
      checked: this.walk.checked,
      faults: [...own, ...found],
      ...(anchor ? { head: { count: anchor.count, at: anchor.at, signed: publicKeys.length > 0 } } : {}),
    };
  }

  private takeRecord(record: AuditRecord): void {
    this.walk.record(record);
    const next = (this.last?.position ?? record.position - 1) + 1;
    if (this.header.approver === undefined && record.position !== next)
      this.faults.push(fault('missing', `of its time the records from position ${next} to ${record.position - 1} are not given`));
    this.first ??= record;
    this.last = record;
  }

  /** A time is whole when it is framed by records of other times, or reaches to an end of the ledger. */
  private beside({ count, ledger, at }: Anchor): AuditFault[] {
    const { position, ledger: reached } = this.walk.end;
    const leads = count === position && ledger === reached;
    const faults = leads
      ? []
      : [fault('rewritten', `the ledger that it holds ends at position ${position} with another hash than the ${count} records that were signed on ${at}`)];
    const { first, last, header } = this;
    if (header.approver !== undefined) return faults;
    const open = {
      begin: header.start.position > 0 && (!first || isWithin(first, header)),
      end: last ? last.position < count && isWithin(last, header) : count > 0,
    };
    if (open.begin) faults.push(fault('missing', 'records of its time may be missing at its begin: none from before that time frames it'));
    if (open.end) faults.push(fault('missing', 'records of its time may be missing at its end: none from behind that time frames it'));
    return faults;
  }
}

function headOf(head: unknown, publicKeys: readonly string[]): { readonly anchor?: Anchor; readonly faults: readonly AuditFault[] } {
  if (head === undefined) return { faults: [] };
  const { anchors, faults } = readAnchors([{ name: 'the signed head of the export', text: JSON.stringify(head) }], publicKeys);
  return { ...(anchors[0] ? { anchor: anchors[0] } : {}), faults };
}

function fault(kind: AuditFault['kind'], message: string): AuditFault {
  return { kind, stream: EXPORT_STREAM, message };
}

function parsed(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '');
  } catch {
    return undefined;
  }
}
