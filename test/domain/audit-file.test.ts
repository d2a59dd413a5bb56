import type { AuditRecord } from '../../domain/audit';
import { recordHash } from '../../domain/audit-chain';
import { checkAuditLines } from '../../domain/audit-file';
import { auditLines } from '../fakes/audit-lines';

describe('checking a written-out audit file by itself', () => {
  it('finds nothing in a whole file and tells its head', () => {
    const lines = auditLines(4);
    const last = JSON.parse(lines[3] ?? '') as AuditRecord;
    expect(checkAuditLines(lines)).toEqual({ checked: 4, faults: [], head: { stream: 'inc-abcdefgh23456723', count: 4, hash: last.hash } });
  });

  it('names the record that was altered', () => {
    const lines = [...auditLines(4)];
    lines[1] = (lines[1] ?? '').replace('happened 2', 'never happened');
    expect(checkAuditLines(lines).faults[0]).toMatchObject({ kind: 'altered', seq: 2 });
  });

  it('names a rewritten record whose own hash was made to fit, by the one after it', () => {
    const records = auditLines(4).map((line) => JSON.parse(line) as AuditRecord);
    const { stream, seq, prev, hash: _h, ledger, position, ...content } = records[1]!;
    const forged = { ...content, summary: 'nothing to see' };
    records[1] = { ...forged, stream, seq, prev, position, ledger, hash: recordHash(stream, seq, forged, prev) };
    expect(checkAuditLines(records.map((r) => JSON.stringify(r))).faults).toMatchObject([{ kind: 'altered', seq: 3 }]);
  });

  it('names the gap where records were taken out', () => {
    const lines = auditLines(5);
    expect(checkAuditLines([...lines.slice(0, 1), ...lines.slice(3)]).faults).toMatchObject([{ kind: 'missing', seq: 4 }]);
  });

  it('names a missing beginning', () => {
    expect(checkAuditLines(auditLines(3).slice(1)).faults[0]).toMatchObject({ kind: 'missing', seq: 2 });
  });

  it('names records that changed places', () => {
    const [a = '', b = '', c = ''] = auditLines(3);
    expect(checkAuditLines([a, c, b]).faults.map((f) => f.kind)).toEqual(['missing', 'reordered']);
  });

  it('names a torn last line as a cut tail, and a broken line elsewhere as altered', () => {
    const [a = '', b = '', c = ''] = auditLines(3);
    expect(checkAuditLines([a, b, c.slice(0, 40)]).faults).toMatchObject([{ kind: 'cut-tail' }]);
    expect(checkAuditLines([a, '{"half":', c]).faults[0]).toMatchObject({ kind: 'altered' });
  });

  it('finds a record of another stream', () => {
    const foreign = JSON.stringify({ ...(JSON.parse(auditLines(2)[1] ?? '') as AuditRecord), stream: 'inc-other' });
    expect(checkAuditLines([...auditLines(1), foreign]).faults[0]).toMatchObject({ kind: 'file-differs' });
  });

  it('has nothing to say of an empty file', () => {
    expect(checkAuditLines([])).toEqual({ checked: 0, faults: [] });
  });
});
