import type { AuditHead } from '../../domain/audit';
import type { LedgerReader } from '../../ports/audit';
import type { Db } from './database';
import { toRecord } from './ledger';

/** Reads the one sequence over all audit records. */
export function ledgerReader(db: Db): LedgerReader {
  return {
    page: async (after, limit) => {
      const rows = await db.selectFrom('audit').selectAll().where('position', '>', after).orderBy('position').limit(limit).execute();
      return rows.map(toRecord);
    },
    end: async (since) => {
      const { position: count, hash: ledger } = await db.selectFrom('audit_ledger').select(['position', 'hash']).where('id', '=', 1).executeTakeFirstOrThrow();
      // Whoever appends holds the ledger's row, so that every record up to there is committed, and none changes.
      return { count, ledger, streams: since < count ? await headsOf(db, since, count) : {} };
    },
  };
}

async function headsOf(db: Db, after: number, to: number): Promise<Readonly<Record<string, AuditHead>>> {
  const rows = await db
    .selectFrom('audit')
    .distinctOn('stream')
    .select(['stream', 'seq', 'hash'])
    .where('position', '>', after)
    .where('position', '<=', to)
    .orderBy('stream')
    .orderBy('seq', 'desc')
    .execute();
  return Object.fromEntries(rows.map(({ stream, seq, hash }) => [stream, { count: seq, hash }]));
}
