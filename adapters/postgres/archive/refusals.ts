import { sql } from 'kysely';
import type { ArchiveMarks, Refusal, RefusalReason } from '../../../ports/archive';
import type { Db, Tx } from '../database';

/** One thing that was refused. */
export interface Refused {
  readonly of: { readonly environment: string; readonly service: string };
  readonly reason: RefusalReason;
  readonly count: number;
}

/** Adds what was refused to the marks of its services. */
export async function markRefused(tx: Tx, refused: readonly Refused[], receivedAt: number): Promise<void> {
  if (refused.length === 0) return;
  const sums = new Map<string, Refused>();
  for (const each of refused) {
    const key = JSON.stringify([each.of.environment, each.of.service, each.reason]);
    sums.set(key, { ...each, count: each.count + (sums.get(key)?.count ?? 0) });
  }
  const rows = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  await sql`
    insert into nightshift.archive_refusals as r (environment, service, reason, refused, first_at, last_at)
    select g.*, ${receivedAt}::bigint, ${receivedAt}::bigint from unnest(${rows.map((row) => row.of.environment)}::text[], ${rows.map((row) => row.of.service)}::text[],
      ${rows.map((row) => row.reason)}::text[], ${rows.map((row) => row.count)}::bigint[]) as g
    on conflict (environment, service, reason) do update set refused = r.refused + excluded.refused, last_at = greatest(r.last_at, excluded.last_at)`.execute(
    tx,
  );
}

/** The marks of the archive, and how much it holds. */
export function archiveMarks(db: Db): ArchiveMarks {
  return {
    refusals: async () => {
      const rows = await db.selectFrom('archive_refusals').selectAll().orderBy('environment').orderBy('service').orderBy('reason').execute();
      return rows.map(({ environment, service, reason, refused, first_at: firstAt, last_at: lastAt }): Refusal => {
        return { environment, service, reason: reason as RefusalReason, count: refused, firstAt, lastAt };
      });
    },
    totals: async () => {
      const { rows } = await sql<{ series: number; templates: number; edges: number }>`
        select (select count(*) from nightshift.series)::integer as series, (select count(*) from nightshift.log_templates)::integer as templates,
          (select count(*) from nightshift.call_edges)::integer as edges`.execute(db);
      return rows[0] ?? { series: 0, templates: 0, edges: 0 };
    },
  };
}
