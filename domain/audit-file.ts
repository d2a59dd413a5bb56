import { AnchorCheck } from './anchor-check';
import type { AuditFault, AuditRecord } from './audit';
import type { Anchor } from './audit-anchor';
import { CHAIN_START, recordHash } from './audit-chain';

/** What a check of written-out audit records found. `count` and `hash` are the chain's head as the file tells it, to compare with what the store or a person kept. */
export interface AuditFileReport {
  readonly checked: number;
  readonly faults: readonly AuditFault[];
  readonly head?: { readonly stream: string; readonly count: number; readonly hash: string };
}

/**
 * Checks one incident's audit records, one JSON object a line, by themselves: each record against its own hash and the one before.
 * A tail that was cut at a line's end cannot be seen from the file alone, but by signed heads; a torn last line can.
 */
export function checkAuditLines(lines: readonly string[], anchors: readonly Anchor[] = []): AuditFileReport {
  const faults: AuditFault[] = [];
  const signed = new AnchorCheck(anchors);
  let before: AuditRecord | undefined;
  let checked = 0;
  for (const [index, line] of lines.entries()) {
    const record = parseRecord(line);
    if (record === undefined) {
      faults.push(unreadable(before?.stream ?? 'unknown', index, index === lines.length - 1));
      continue;
    }
    checked += 1;
    faults.push(...recordFaults(record, before, index + 1));
    signed.record(record, ownHash(record) === record.hash);
    before = record;
  }
  faults.push(...signed.end({ end: Infinity, whole: new Set(before === undefined ? [] : [before.stream]) }));
  const head = before === undefined ? {} : { head: { stream: before.stream, count: checked, hash: before.hash } };
  return { checked, faults, ...head };
}

function recordFaults(record: AuditRecord, before: AuditRecord | undefined, line: number): readonly AuditFault[] {
  const fault = (kind: AuditFault['kind'], message: string): AuditFault => ({
    kind,
    stream: record.stream,
    seq: record.seq,
    message: `line ${line}: ${message}`,
  });
  if (before !== undefined && record.stream !== before.stream)
    return [fault('file-differs', `belongs to ${record.stream}, but the file is of ${before.stream}`)];
  const faults: AuditFault[] = [];
  if (ownHash(record) !== record.hash) faults.push(fault('altered', 'the record does not match its own hash'));
  if (record.prev !== (before?.hash ?? CHAIN_START)) faults.push(brokenLink(record, before, fault));
  else if (record.seq !== (before?.seq ?? 0) + 1)
    faults.push(fault('reordered', `number ${record.seq} stands where number ${String((before?.seq ?? 0) + 1)} belongs`));
  return faults;
}

function ownHash(record: AuditRecord): string {
  const { stream, seq, prev, hash: _hash, ledger: _ledger, position: _position, ...content } = record;
  return recordHash(stream, seq, content, prev);
}

function brokenLink(record: AuditRecord, before: AuditRecord | undefined, fault: (kind: AuditFault['kind'], message: string) => AuditFault): AuditFault {
  if (before === undefined) return fault('missing', 'the file does not begin with the first record');
  if (record.seq > before.seq + 1) return fault('missing', `records between number ${before.seq} and ${record.seq} are missing`);
  if (record.seq <= before.seq) return fault('reordered', `number ${record.seq} stands after number ${before.seq}`);
  return fault('altered', 'the record does not continue the one before it; one of the two was rewritten');
}

function unreadable(stream: string, index: number, last: boolean): AuditFault {
  const message = last ? 'the last line is torn or is no audit record' : 'is no audit record';
  return { kind: last ? 'cut-tail' : 'altered', stream, message: `line ${index + 1}: ${message}` };
}

const TEXTS = ['stream', 'at', 'actor', 'kind', 'summary', 'prev', 'hash'] as const;

function parseRecord(line: string): AuditRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return undefined;
    const record = value as Readonly<Record<string, unknown>>;
    const whole = TEXTS.every((name) => typeof record[name] === 'string') && Number.isInteger(record.seq);
    return whole ? (value as AuditRecord) : undefined;
  } catch {
    return undefined;
  }
}
