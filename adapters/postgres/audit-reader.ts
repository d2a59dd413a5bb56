import type { AuditHead } from '../../domain/audit';
import { checkFile, checkStream, inOrder, LedgerCheck, rememberedHeads, type PlacedFault, type StoredRecord } from '../../domain/audit-check';
import type { AuditReader, SystemAudit } from '../../ports/store';
import { lineOf } from './audit-files';
import type { AuditSink } from './audit-sink';
import type { Db } from './database';
import { appendSystem, SYSTEM_STREAM, toRecord } from './ledger';

const PAGE = 2000;

/** Reads, checks and, for the system's own stream, writes the audit. */
export function auditLog(db: Db, sink: AuditSink): AuditReader & SystemAudit {
  return {
    read: async (stream) => (await rowsOf(db, stream)).map(toRecord),
    streams: () => tableStreams(db),
    verify: async ({ stream, heads = {} }) => {
      if (stream !== undefined) {
        const { checked, faults } = await verifyStream(db, sink, stream, heads[stream]);
        return { checked, faults: inOrder(faults) };
      }
      return verifyAll(db, sink, heads);
    },
    append: ({ at, actor, kind, summary, data }) =>
      sink.write(SYSTEM_STREAM, async (anywhere) => {
        const content = { at, actor, kind, summary, ...(data === undefined ? {} : { data }) };
        return { value: undefined, appended: await appendSystem(anywhere, content) };
      }),
  };
}

async function verifyAll(db: Db, sink: AuditSink, heads: Readonly<Record<string, AuditHead>>) {
  const known = await db.selectFrom('incidents').select('incident_id').orderBy('opened_at').execute();
  const streams = new Set([
    ...(await tableStreams(db)),
    ...((await sink.fileStreams?.()) ?? []),
    ...Object.keys(heads),
    ...known.map((row) => row.incident_id),
  ]);
  const faults: PlacedFault[] = [];
  let checked = 0;
  for (const stream of streams) {
    const result = await verifyStream(db, sink, stream, heads[stream]);
    checked += result.checked;
    faults.push(...result.faults);
  }
  faults.push(...(await verifyLedger(db)));
  return { checked, faults: inOrder(faults) };
}

async function verifyStream(db: Db, sink: AuditSink, stream: string, head: AuditHead | undefined): Promise<{ checked: number; faults: PlacedFault[] }> {
  return sink.quiet(async () => {
    // The projection first: records that come between the two readings make the history longer, never shorter.
    const view = await db.selectFrom('incidents').select('version').where('incident_id', '=', stream).executeTakeFirst();
    const rows = await rowsOf(db, stream);
    const faults = checkStream(stream, rows, rememberedHeads(head, view?.version));
    if (sink.lines) faults.push(...checkFile(stream, rows, await sink.lines(stream), writeLine));
    return { checked: rows.length, faults };
  });
}

/** A record whose JSON was broken has no line that its file could hold. */
function writeLine(row: StoredRecord): string {
  try {
    return lineOf(toRecord(row));
  } catch {
    return '';
  }
}

async function verifyLedger(db: Db): Promise<PlacedFault[]> {
  const check = new LedgerCheck();
  // Counter and end in one statement: what is appended later belongs to the next check.
  const end = await db
    .selectFrom('audit_ledger')
    .select((eb) => [
      'position',
      'hash',
      eb
        .selectFrom('audit')
        .select((e) => e.fn.max('position').as('last'))
        .as('last'),
    ])
    .executeTakeFirst();
  const last = end?.last ?? 0;
  for (let after = 0; after < last;) {
    const page = await db
      .selectFrom('audit')
      .select(['stream', 'seq', 'position', 'hash', 'ledger'])
      .where('position', '>', after)
      .where('position', '<=', last)
      .orderBy('position')
      .limit(PAGE)
      .execute();
    check.add(page);
    after = page.at(-1)?.position ?? last;
  }
  check.end(end ?? { position: 0, hash: '' });
  return check.faults;
}

async function tableStreams(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('audit')
    .select('stream')
    .groupBy('stream')
    .orderBy((eb) => eb.fn.min('position'))
    .execute();
  return rows.map((row) => row.stream);
}

async function rowsOf(db: Db, stream: string): Promise<StoredRecord[]> {
  return db.selectFrom('audit').selectAll().where('stream', '=', stream).orderBy('seq').execute();
}
