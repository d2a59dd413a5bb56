import type { AuditFault, AuditRecord } from '../../domain/audit';
import type { Anchor } from '../../domain/audit-anchor';
import { checkAuditLines } from '../../domain/audit-file';
import { LEDGER_START, LedgerWalk } from '../../domain/ledger-walk';
import { anchorAfter, keyPair, ledgerOf, minute } from '../fakes/sample-ledger';
import type { Written } from '../fakes/sample-ledger';

const { privateKey } = keyPair();
// Ledger: inc-a 1, inc-b 1, inc-a 2, inc-b 2, system 1, inc-a 3.
const WRITTEN: readonly Written[] = ['inc-a', 'inc-b', 'inc-a', 'inc-b', 'system', 'inc-a'].map((stream, i) => ({ stream, summary: `entry ${i + 1}` }));
const RECORDS = ledgerOf(WRITTEN);
const ANCHORS = [2, 4, 6].map((count) => anchorAfter(RECORDS, count, privateKey));

function walk(records: readonly AuditRecord[], anchors: readonly Anchor[] = ANCHORS): readonly AuditFault[] {
  const walked = new LedgerWalk(LEDGER_START, anchors);
  for (const record of records) walked.record(record);
  return walked.finish({ whole: 'all' });
}
/** The history as somebody writes it anew who has the store, all hashes right. */
const anew = (change: (written: Written, i: number) => Written | undefined): AuditRecord[] =>
  ledgerOf(
    WRITTEN.flatMap((each, i) => {
      const changed = change({ at: minute(i + 1), ...each }, i);
      return changed ? [changed] : [];
    }),
  );

test('a whole history agrees with every signed head, and may have grown since', () => {
  expect(walk(RECORDS)).toEqual([]);
  expect(walk(RECORDS, ANCHORS.slice(0, 1))).toEqual([]);
  expect(walk([], [anchorAfter([], 0, privateKey)])).toEqual([]);
});

test('a record that was changed is named, without a signed head too', () => {
  const changed = RECORDS.map((record) => (record.position === 4 ? { ...record, summary: 'nothing' } : record));
  expect(walk(changed, [])).toMatchObject([{ kind: 'altered', stream: 'inc-b', seq: 2, position: 4 }]);
  expect(walk(changed)).toMatchObject([{ kind: 'altered', stream: 'inc-b', seq: 2, position: 4 }]);
});

test('a tail that was cut is named only by the signed heads, of the ledger and of the incidents', () => {
  expect(walk(RECORDS.slice(0, 4), [])).toEqual([]);
  expect(walk(RECORDS.slice(0, 5))).toMatchObject([
    { kind: 'cut-tail', stream: 'ledger', position: 6, message: expect.stringContaining(`6 records were signed on ${minute(6)}`) as string },
    { kind: 'cut-tail', stream: 'inc-a', seq: 3 },
  ]);
});

test('an incident that was deleted is named, with its gaps left or all hashes made anew', () => {
  const gaps = RECORDS.filter(({ stream }) => stream !== 'inc-b');
  expect(walk(gaps).map(({ kind, stream }) => [kind, stream])).toEqual([
    ['missing', 'ledger'],
    ['missing', 'ledger'],
    ['deleted', 'inc-b'],
  ]);
  const without = anew((each) => (each.stream === 'inc-b' ? undefined : each));
  expect(walk(without, [])).toEqual([]);
  expect(walk(without)).toMatchObject([
    { kind: 'rewritten', stream: 'ledger', position: 2 },
    { kind: 'cut-tail', stream: 'ledger' },
    { kind: 'deleted', stream: 'inc-b', message: expect.stringContaining('All records of inc-b are gone; 2 were signed') as string },
  ]);
});

test('a history that was written anew is named, with the record of the incident and up to where it still agrees', () => {
  const rewritten = anew((each, i) => (i === 3 ? { ...each, summary: 'approved by ana' } : each));
  expect(walk(rewritten, [])).toEqual([]);
  expect(walk(rewritten)).toMatchObject([
    {
      kind: 'rewritten',
      stream: 'ledger',
      position: 4,
      message: expect.stringContaining(`after position 2, up to which it still is as signed on ${minute(2)}`) as string,
    },
    { kind: 'rewritten', stream: 'inc-b', seq: 2, position: 4 },
  ]);
});

test('records that changed places, are missing, or do not follow each other are named', () => {
  expect(walk([...RECORDS.slice(0, 2), ...RECORDS.slice(3)], []).map(({ kind, stream }) => [kind, stream])).toEqual([
    ['missing', 'ledger'],
    ['missing', 'inc-a'],
  ]);
  const [a, b, ...rest] = RECORDS as [AuditRecord, AuditRecord, ...AuditRecord[]];
  expect(walk([b, a, ...rest], []).map(({ kind }) => kind)).toContain('reordered');
  expect(
    walk(
      RECORDS.map((record) => (record.position === 5 ? { ...record, ledger: '1'.repeat(64) } : record)),
      [],
    )[0],
  ).toMatchObject({ kind: 'ledger-broken', position: 5 });
});

describe('the file of one incident beside signed heads', () => {
  const lines = (records: readonly AuditRecord[]) => records.filter(({ stream }) => stream === 'inc-a').map((record) => JSON.stringify(record));

  test('whole, it agrees; a tail that was cut at the end of a line is named', () => {
    expect(checkAuditLines(lines(RECORDS), ANCHORS).faults).toEqual([]);
    expect(checkAuditLines(lines(RECORDS).slice(0, 2)).faults).toEqual([]);
    expect(checkAuditLines(lines(RECORDS).slice(0, 2), ANCHORS).faults).toMatchObject([{ kind: 'cut-tail', stream: 'inc-a', seq: 3 }]);
  });

  test('written anew, it is named', () => {
    const rewritten = lines(anew((each, i) => (i === 0 ? { ...each, actor: 'person:ben' } : each)));
    expect(checkAuditLines(rewritten).faults).toEqual([]);
    expect(checkAuditLines(rewritten, ANCHORS).faults).toMatchObject([{ kind: 'rewritten', stream: 'inc-a', seq: 1 }]);
  });
});
