import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { snapshotOfProposal } from '../../../activities/snapshots';
import { AuditFiles } from '../../../adapters/postgres/audit-files';
import type { Db } from '../../../adapters/postgres/database';
import { migrate } from '../../../adapters/postgres/migrate';
import { soleProcess } from '../../../adapters/postgres/sole-process';
import { createStore } from '../../../adapters/postgres/store';
import { ledgerHash, recordHash } from '../../../domain/audit-chain';
import type { AuditHead } from '../../../domain/audit';
import { parseRunbook, snapshotOf } from '../../../domain/runbook-schema';
import type { Store } from '../../../ports/store';
import { runbookText } from '../../fakes/runbook-texts';
import { sampleProposal } from '../../fakes/sample-incident';
import { memoryDatabase } from './memory-database';
import { entry, transition } from './samples-of-data';

const TABLES = ['audit', 'audit_ledger', 'incidents'] as const;

describe('audit verify', () => {
  const root = mkdtempSync(join(tmpdir(), 'nightshift-audit-'));
  let db: Db;
  let folder: string;
  let store: Store;
  let heads: Record<string, AuditHead>;
  let round = 0;

  const open = async () => {
    const sink = await AuditFiles.open(db, folder);
    return createStore({ db, sink, channels: [], coordination: soleProcess(), where: 'in memory', release: () => Promise.resolve() });
  };
  const run = (text: string) => sql.raw(text).execute(db);
  const file = (stream: string) => join(folder, `${stream}.jsonl`);
  const faults = async (given?: Record<string, AuditHead>) => (await store.audit.verify(given ? { heads: given } : {})).faults;

  beforeAll(async () => {
    db = await memoryDatabase();
    await migrate(db);
  }, 120_000);
  afterAll(async () => {
    await db.destroy();
    rmSync(root, { recursive: true });
  });

  // Ledger: inc-a 1, inc-a 2, inc-b 1, inc-b 2, inc-b 3, inc-a 3, inc-a 4, system 1.
  beforeEach(async () => {
    for (const table of TABLES.filter((t) => t !== 'audit_ledger')) await run(`delete from nightshift.${table}`);
    await run(`update nightshift.audit_ledger set position = 0, exported_position = 0, hash = repeat('0', 64)`);
    folder = join(root, String((round += 1)));
    store = await open();
    await store.transitions.apply(transition('inc-a', 1, 2));
    const b = await store.transitions.apply(transition('inc-b', 1, 3));
    const a = await store.transitions.apply(transition('inc-a', 3, 4));
    await store.audit.append({ at: entry(1).at, actor: 'person:ana', kind: 'key', summary: 'made a key' });
    heads = { 'inc-a': a, 'inc-b': b };
  });

  test('finds nothing wrong in what was written, one stream or all', async () => {
    expect(await store.audit.verify({ heads })).toEqual({ checked: 8, faults: [] });
    expect(await store.audit.verify({ stream: 'inc-b', heads })).toEqual({ checked: 3, faults: [] });
  });

  test('names an altered record', async () => {
    await run(`update nightshift.audit set body = replace(body, 'entry 2', 'entry x') where stream = 'inc-b' and seq = 2`);
    expect(await faults()).toMatchObject([
      { kind: 'altered', stream: 'inc-b', seq: 2, position: 4 },
      { kind: 'file-differs', stream: 'inc-b', seq: 2 },
    ]);
  });

  test('names a record that was altered and hashed anew, by the record after it and by the ledger', async () => {
    const { seq: _, ...content } = entry(2, { summary: 'never happened' });
    const [first] = await store.audit.read('inc-b');
    const hash = recordHash('inc-b', 2, content, first?.hash ?? '');
    await run(`update nightshift.audit set body = replace(body, 'entry 2', 'never happened'), hash = '${hash}' where stream = 'inc-b' and seq = 2`);
    const found = await faults();
    expect(found[0]).toMatchObject({ kind: 'altered', stream: 'inc-b', seq: 2 });
    expect(found.map((f) => f.kind)).toContain('ledger-broken');
  });

  test('the head that an incident remembers finds a history that was written anew as a whole', async () => {
    const records = await store.audit.read('inc-b');
    let prev = '0'.repeat(64);
    for (const { seq } of records) {
      const { seq: _, ...content } = entry(seq, { actor: 'person:eve' });
      const hash = recordHash('inc-b', seq, content, prev);
      await run(
        `update nightshift.audit set body = replace(body, '"actor":"nightshift"', '"actor":"person:eve"'), prev = '${prev}', hash = '${hash}' where stream = 'inc-b' and seq = ${seq}`,
      );
      prev = hash;
    }
    let ledger = '0'.repeat(64);
    const all = await sql<{ position: number; hash: string }>`select position, hash from nightshift.audit order by position`.execute(db);
    for (const row of all.rows) {
      ledger = ledgerHash(ledger, row.hash);
      await run(`update nightshift.audit set ledger = '${ledger}' where position = ${row.position}`);
    }
    await run(`update nightshift.audit_ledger set hash = '${ledger}'`);
    for (const stream of await store.audit.streams()) rmSync(file(stream));
    expect((await faults()).map((f) => f.kind)).toEqual(['file-missing', 'file-missing', 'file-missing']);
    expect(await faults(heads)).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'altered', stream: 'inc-b', seq: 3 })]));
  });

  test('names a missing record, in its stream and in the ledger', async () => {
    await run(`delete from nightshift.audit where stream = 'inc-b' and seq = 2`);
    expect(await faults()).toMatchObject([
      { kind: 'missing', stream: 'inc-b', seq: 2 },
      { kind: 'missing', stream: 'ledger', position: 4 },
    ]);
  });

  test('names an incident that was removed whole, with its projection and its file', async () => {
    await run(`delete from nightshift.audit where stream = 'inc-b'`);
    expect((await faults())[0]).toMatchObject({ kind: 'missing', stream: 'inc-b', seq: 1 });
    await run(`delete from nightshift.incidents where incident_id = 'inc-b'`);
    expect((await faults())[0]).toMatchObject({ kind: 'missing', stream: 'inc-b' });
    rmSync(file('inc-b'));
    expect(await faults()).toMatchObject([{ kind: 'missing', stream: 'ledger', position: 3, message: expect.stringContaining('3 to 5') as string }]);
    expect((await faults(heads))[0]).toMatchObject({ kind: 'missing', stream: 'inc-b' });
  });

  test('names records that changed places', async () => {
    await run(`update nightshift.audit set seq = 99 where stream = 'inc-b' and seq = 1`);
    await run(`update nightshift.audit set seq = 1 where stream = 'inc-b' and seq = 2`);
    await run(`update nightshift.audit set seq = 2 where stream = 'inc-b' and seq = 99`);
    expect((await faults())[0]).toMatchObject({ kind: 'reordered', stream: 'inc-b' });
  });

  test('names a cut tail, also of the last stream and where only the head tells', async () => {
    await run(`delete from nightshift.audit where stream = 'inc-a' and seq = 4`);
    expect((await faults())[0]).toMatchObject({ kind: 'cut-tail', stream: 'inc-a', seq: 4 });
    await run(`delete from nightshift.audit where stream = 'system'`);
    await run(`update nightshift.audit_ledger set position = 6, hash = (select ledger from nightshift.audit where position = 6)`);
    await run(`update nightshift.incidents set version = 3 where incident_id = 'inc-a'`);
    writeFileSync(file('inc-a'), readFileSync(file('inc-a'), 'utf8').split('\n').slice(0, 3).join('\n') + '\n');
    rmSync(file('system'));
    expect(await faults()).toEqual([]);
    expect(await faults(heads)).toMatchObject([{ kind: 'cut-tail', stream: 'inc-a', seq: 4 }]);
  });

  test('names a ledger that does not hold its records', async () => {
    await run(`update nightshift.audit set ledger = repeat('1', 64) where position = 5`);
    expect((await faults())[0]).toMatchObject({ kind: 'file-differs', stream: 'inc-b', seq: 3 });
    expect((await faults())[1]).toMatchObject({ kind: 'ledger-broken', stream: 'inc-b', seq: 3, position: 5 });
    await run(`update nightshift.audit_ledger set position = 7`);
    expect((await faults()).at(-1)).toMatchObject({ kind: 'ledger-broken', stream: 'ledger' });
  });

  test('names a file that was rewritten, cut, made longer or removed', async () => {
    const text = readFileSync(file('inc-b'), 'utf8');
    writeFileSync(file('inc-b'), text.replace('entry 2', 'entry x'));
    expect(await faults()).toMatchObject([{ kind: 'file-differs', stream: 'inc-b', seq: 2 }]);
    writeFileSync(file('inc-b'), text.split('\n').slice(0, 2).join('\n') + '\n');
    expect(await faults()).toMatchObject([{ kind: 'cut-tail', stream: 'inc-b', seq: 3 }]);
    writeFileSync(file('inc-b'), `${text}{"seq":4}\n`);
    expect(await faults()).toMatchObject([{ kind: 'cut-tail', stream: 'inc-b', seq: 4 }]);
    rmSync(file('inc-b'));
    expect(await faults()).toMatchObject([{ kind: 'file-missing', stream: 'inc-b' }]);
  });

  test('names the first broken record first', async () => {
    await run(`update nightshift.audit set body = replace(body, 'entry 4', 'entry x') where stream = 'inc-a' and seq = 4`);
    await run(`update nightshift.audit set body = replace(body, 'entry 1', 'entry x') where stream = 'inc-b' and seq = 1`);
    const altered = (await faults()).filter((f) => f.kind === 'altered');
    expect(altered.map((f) => [f.stream, f.seq])).toEqual([
      ['inc-b', 1],
      ['inc-a', 4],
    ]);
  });

  describe('the written-out lines', () => {
    const tear = () => writeFileSync(file('inc-b'), readFileSync(file('inc-b'), 'utf8').slice(0, -40));

    test('one that a killed process left torn or unwritten is written again at the next start', async () => {
      const whole = readFileSync(file('inc-b'), 'utf8');
      tear();
      rmSync(file('inc-a'));
      store = await open();
      expect(readFileSync(file('inc-b'), 'utf8')).toBe(whole);
      expect(await faults(heads)).toEqual([]);
    });

    test('one that was on disk for certain is not quietly mended', async () => {
      await store.close();
      tear();
      store = await open();
      expect((await faults())[0]).toMatchObject({ stream: 'inc-b', seq: 3 });
      await store.transitions.apply(transition('inc-b', 4, 4));
      expect((await faults())[0]).toMatchObject({ kind: 'file-differs', stream: 'inc-b', seq: 3 });
    });

    test('one that could not be written fails the call, which can be sent again', async () => {
      rmSync(folder, { recursive: true });
      writeFileSync(folder, 'in the way');
      await expect(store.transitions.apply(transition('inc-c', 1, 1))).rejects.toMatchObject({
        code: 'internal',
        message: expect.stringContaining('safe') as string,
      });
      rmSync(folder);
      store = await open();
      expect(await store.transitions.apply(transition('inc-c', 1, 1))).toMatchObject({ count: 1 });
      expect(readFileSync(file('inc-c'), 'utf8').split('\n')).toHaveLength(2);
    });

    test('a fragment that is none of ours stays visible', async () => {
      appendFileSync(file('inc-b'), 'scribble');
      store = await open();
      await store.transitions.apply(transition('inc-b', 4, 4));
      expect((await faults())[0]).toMatchObject({ kind: 'file-differs', stream: 'inc-b', seq: 4 });
    });
  });

  test('does not cover runbooks: their hash is computed whenever one is read, so that an altered row is not what was proposed', async () => {
    const { runbook } = parseRunbook(runbookText('flush', 'Ünïcode “quotes”'));
    if (!runbook) throw new Error('the sample is not good');
    const snapshot = snapshotOf(runbook);
    await store.proposals.saveRunbook({ ...snapshot, origin: 'acme/ops@x:y' });
    const proposal = sampleProposal('inc-a', { runbook: { id: 'flush', version: 1, hash: snapshot.hash, title: runbook.title } });
    expect(await snapshotOfProposal(store.proposals, proposal)).toEqual({ snapshot });
    await run(`update nightshift.runbooks set body = replace(body, 'release/deploy', 'service/restart')`);
    expect(await snapshotOfProposal(store.proposals, proposal)).toEqual({ fault: expect.stringContaining('its content gives another hash') as string });
  });
});
