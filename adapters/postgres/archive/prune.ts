import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { ArchivePruner } from '../../../ports/archive';
import { int8Array } from '../binary-arrays';
import { transact } from '../database';
import type { Db, Tx } from '../database';

/** Series whose points are looked at in one part. */
const SERIES_AT_ONCE = 500;

/** Forgets what is old, in bounded statements. `forgotten` is told how many rows went once nothing more is left to delete. */
export function archivePruner(db: Db, forgotten: (rows: number) => Promise<void>): ArchivePruner {
  let dead = 0;
  return {
    prune: async (before, most) => {
      const deleted = [
        await deletePoints(db, before.points, most),
        await run(db, byTime('log_counts', 'at', before.logs, most)),
        await run(db, byTime('call_counts', 'at', before.points, most)),
        await run(db, byTime('builds', 'ended_at', before.builds, most)),
        await run(db, byTime('changes', 'at', before.changes, most)),
        await run(db, byTime('incident_relations', 'at', before.changes, most)),
        await run(db, splitsOfEnded(before.changes, most)),
        await run(db, byTime('anomalies', 'at', before.points, most)),
        await run(db, byTime('anomaly_feedback', 'at', before.points, most)),
        await run(db, byTime('measure_chunks', 'ends_at', before.measures, most)),
        await run(db, byTime('archive_deliveries', 'received_at', before.deliveries, most)),
        await run(db, empty('series', 'points', 'series', before.points, most)),
        await run(db, empty('log_templates', 'log_counts', 'template', before.logs, most)),
        await run(db, empty('call_edges', 'call_counts', 'edge', before.points, most)),
      ];
      const rows = deleted.reduce((sum, each) => sum + each, 0);
      const more = deleted.some((each) => each >= most);
      dead += rows;
      if (!more) {
        await forgotten(dead);
        dead = 0;
      }
      return { rows, more };
    },
  };
}

/** Points are found through their series, whose oldest point is known: an index by time would cost every write. The series are locked, so that nobody adds to them meanwhile. */
function deletePoints(db: Db, before: number, most: number): Promise<number> {
  const time = Math.ceil(before);
  return transact(db, async (tx) => {
    const old = await sql<{ id: number }>`
      select id from nightshift.series where first_at < ${time} order by id limit ${SERIES_AT_ONCE} for update`.execute(tx);
    const ids = int8Array(old.rows.map(({ id }) => id));
    if (old.rows.length === 0) return 0;
    const deleted = await run(
      tx,
      sql`delete from nightshift.points where ctid = any(array(
        select ctid from nightshift.points where series = any(${ids}::bigint[]) and at < ${time} limit ${most}))`,
    );
    await sql`
      update nightshift.series s set first_at = (select min(p.at) from nightshift.points p where p.series = s.id) where s.id = any(${ids}::bigint[])`.execute(
      tx,
    );
    return Math.max(deleted, old.rows.length === SERIES_AT_ONCE ? most : 0);
  });
}

function byTime(table: string, column: string, before: number, most: number): RawBuilder<unknown> {
  const [name, time] = [sql.table(`nightshift.${table}`), sql.ref(column)];
  return sql`delete from ${name} where ctid = any(array(select ctid from ${name} where ${time} < ${Math.ceil(before)} limit ${most}))`;
}

/** What was split off counts as long as its incident is open. */
function splitsOfEnded(before: number, most: number): RawBuilder<unknown> {
  return sql`delete from nightshift.incident_splits where ctid = any(array(
    select s.ctid from nightshift.incident_splits s where s.at < ${Math.ceil(before)}
      and not exists (select from nightshift.incidents i where i.incident_id = s.incident_id and i.status <> 'resolved') limit ${most}))`;
}

/** What has nothing left and got nothing new: the condition is looked at again on the row when another is just writing it. */
function empty(table: string, counts: string, column: string, before: number, most: number): RawBuilder<unknown> {
  const [name, of, reference] = [sql.table(`nightshift.${table}`), sql.table(`nightshift.${counts}`), sql.ref(`c.${column}`)];
  return sql`delete from ${name} t where t.received_at < ${Math.ceil(before)} and t.id = any(array(
    select d.id from ${name} d where d.received_at < ${Math.ceil(before)} and not exists (select from ${of} c where ${reference} = d.id) limit ${most}))`;
}

async function run(db: Db | Tx, statement: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows } = await statement.execute(db);
  return Number(numAffectedRows ?? 0);
}
