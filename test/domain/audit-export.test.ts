import type { AuditRecord } from '../../domain/audit';
import { signAnchor } from '../../domain/audit-anchor';
import { CHAIN_START } from '../../domain/audit-chain';
import { ExportPlanner, isAnswerOf } from '../../domain/audit-export';
import type { ExportChoice } from '../../domain/audit-export';
import { checkExport } from '../../domain/audit-export-check';
import { canonicalJson } from '../../domain/canonical-json';
import { anchorAfter, keyPair, ledgerOf, minute } from '../fakes/sample-ledger';

const keys = keyPair();
const ANA = { actor: 'person:ana', kind: 'decision' } as const;
// inc-a 1, inc-b 1, inc-a 2 (ana), inc-b 2 (ben), inc-c 1, inc-a 3, inc-c 2
const RECORDS = ledgerOf([
  { stream: 'inc-a' },
  { stream: 'inc-b' },
  { stream: 'inc-a', ...ANA },
  { stream: 'inc-b', actor: 'unverified:ben', kind: 'decision' },
  { stream: 'inc-c' },
  { stream: 'inc-a' },
  { stream: 'inc-c', actor: 'person:ana', kind: 'note' },
]);

/** The lines of an export, as the command writes them. */
function exported(choice: ExportChoice, records: readonly AuditRecord[] = RECORDS, privateKey = keys.privateKey): string[] {
  const planner = new ExportPlanner(choice);
  for (const record of records) planner.see(record);
  const { header, whole } = planner.plan();
  const behind = records.filter(({ position }) => position > header.start.position);
  const body = behind.map((record) => (whole(record) ? record : { position: record.position, hash: record.hash }));
  const { count, ledger } = { count: records.length, ledger: records.at(-1)?.ledger ?? CHAIN_START };
  const anchor = signAnchor({ count, ledger, at: minute(count), since: count, streams: {} }, privateKey);
  return [header, ...body, { anchor }].map(canonicalJson);
}
const all = { from: minute(0), to: minute(60) };
const middle = { from: minute(3), to: minute(5) };
const check = (lines: readonly string[], anchors = [] as Parameters<typeof checkExport>[2]) => checkExport(lines, [keys.publicKey], anchors);
const kinds = async (lines: readonly string[], anchors = [] as Parameters<typeof checkExport>[2]) =>
  (await check(lines, anchors)).faults.map(({ kind }) => kind);

test('a time is one run of the ledger, framed by the records before and behind, with the hashes that lead to the signed head', async () => {
  const lines = exported(middle);
  const streams = lines.slice(1, -1).map((line) => (JSON.parse(line) as { stream?: string }).stream ?? 'link');
  expect(streams).toEqual(['inc-b', 'inc-a', 'inc-b', 'inc-c', 'link', 'link']);
  expect(await check(lines)).toEqual({ checked: 4, faults: [], head: { count: 7, at: minute(7), signed: true } });
  expect(await check(exported(all))).toMatchObject({ checked: 7, faults: [] });
});

test('by approver it is every record of the incidents in which the person answered, whatever else they wrote', async () => {
  const lines = exported({ ...all, approver: 'Ana' });
  expect(lines.filter((line) => line.includes('"stream":"inc-a"'))).toHaveLength(3);
  expect(lines.filter((line) => /"stream":"inc-[bc]"/.test(line))).toEqual([]);
  expect(await check(lines)).toMatchObject({ checked: 3, faults: [] });
  expect(exported({ ...middle, approver: 'ben' }).filter((line) => line.includes('"stream":"inc-b"'))).toHaveLength(2);
});

test.each([
  ['a time in which nothing happened', { from: minute(3).replace('00.000', '10.000'), to: minute(4) }, 2],
  ['one before everything', { from: minute(-9), to: minute(-5) }, 1],
  ['one behind everything', { from: minute(30), to: minute(40) }, 1],
  ['a person who never answered', { ...all, approver: 'nobody' }, 0],
])('%s is a whole export of the records that frame it', async (_what, choice, checked) => {
  expect(await check(exported(choice))).toMatchObject({ checked, faults: [], head: { count: 7 } });
});

test('a store without records gives a whole export of nothing', async () => {
  expect(await check(exported(all, []))).toMatchObject({ checked: 0, faults: [] });
});

test('a record that was left out at either end shows, although all hashes fit', async () => {
  const [header = '', ...rest] = exported(middle);
  const cut = { ...(JSON.parse(header) as object), start: { position: 2, ledger: RECORDS[1]?.ledger }, records: 3 };
  expect(await kinds([canonicalJson(cut), ...rest.slice(1)])).toEqual(['missing']);
  const asLinks = rest.map((line, i) => (i < 2 || i > 3 ? line : canonicalJson({ position: i + 2, hash: RECORDS[i + 1]?.hash })));
  expect(await kinds([header.replace('"records":4', '"records":2'), ...asLinks])).toEqual(['missing']);
});

test('whatever is changed in an export shows', async () => {
  const lines = exported(middle);
  const without = (i: number): string[] => lines.filter((_, at) => at !== i);
  const changed = (i: number, change: object): string[] =>
    lines.map((line, at) => (at === i ? canonicalJson({ ...(JSON.parse(line) as object), ...change }) : line));
  expect(await kinds(changed(1, { summary: 'something else' }))).toContain('altered');
  expect(await kinds(changed(5, { hash: '0'.repeat(64) }))).toContain('rewritten');
  expect(await kinds(without(2))).toContain('missing');
  expect(await kinds(without(6))).toContain('rewritten');
  expect(await kinds(without(7))).toContain('cut-tail');
  expect(await kinds([...lines, lines[1] ?? ''])).toEqual(['file-differs']);
  expect(await kinds([...lines.slice(0, 3), lines[3]?.slice(0, 10) ?? '', ...lines.slice(4)])).toContain('altered');
  expect(await kinds(changed(1, { stream: undefined }))).toContain('altered');
  expect(await kinds(['{}'])).toEqual(['altered']);
});

test('a record that is held back as a mere hash shows', async () => {
  const lines = exported(middle);
  const { position, hash } = JSON.parse(lines[2] ?? '') as AuditRecord;
  expect(await kinds([...lines.slice(0, 2), canonicalJson({ position, hash }), ...lines.slice(3)])).toEqual(['missing', 'missing']);
  const told = (lines[0] ?? '').replace('"records":4', '"records":3');
  expect(await kinds([told, lines[1] ?? '', canonicalJson({ position, hash }), ...lines.slice(3)])).toEqual(['missing']);
});

test('one of a history that was written anew is signed by nobody, or disagrees with the heads that were kept', async () => {
  const anew = ledgerOf(RECORDS.map(({ stream, actor, kind, at, position }) => ({ stream, actor, kind, at, ...(position === 3 && { actor: 'person:ben' }) })));
  expect(await kinds(exported(all, anew, keyPair().privateKey))).toEqual(['forged-anchor']);
  expect(await kinds(exported(all, anew), [anchorAfter(RECORDS, 4, keys.privateKey)])).toEqual(['rewritten', 'rewritten']);
});

test('heads that were signed later tell nothing against it; one from before that was longer shows a cut', async () => {
  const early = exported(all, RECORDS.slice(0, 5));
  expect(await kinds(early, [anchorAfter(RECORDS, 7, keys.privateKey)])).toEqual([]);
  const longer = signAnchor({ count: 6, ledger: RECORDS[5]?.ledger ?? '', at: minute(4), since: 0, streams: {} }, keys.privateKey);
  expect(await kinds(early, [longer])).toEqual(['cut-tail']);
});

test('an answer is one that a person gave, signed or not', () => {
  expect(isAnswerOf({ kind: 'decision', actor: 'person:ana' }, ' ANA')).toBe(true);
  expect(isAnswerOf({ kind: 'decision-refused', actor: 'unverified:ana' }, 'ana')).toBe(true);
  expect(isAnswerOf({ kind: 'note', actor: 'person:ana' }, 'ana')).toBe(false);
  expect(isAnswerOf({ kind: 'decision', actor: 'ana' }, 'ana')).toBe(false);
});
