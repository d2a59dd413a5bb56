import { sql } from 'kysely';
import type { ArchiveSettings } from '../../../domain/archive-settings';
import type { SeriesGroup } from '../../../domain/series-batch';
import { placePoints } from '../../../domain/series-place';
import type { Placed, StoredPoint } from '../../../domain/series-place';
import { float8Array, int8Array } from '../binary-arrays';
import type { Tx } from '../database';
import { RowIsGone } from './known-ids';

/** The points of one series of a message, under the series' number. */
interface Numbered {
  readonly id: number;
  readonly group: SeriesGroup;
}

interface Row extends StoredPoint {
  readonly series: number;
}

/** What became of the points of a message. */
export type PutPoints = Readonly<Record<'added' | 'duplicates' | 'corrected' | 'late', number>>;

type StoredBySeries = ReadonlyMap<number, ReadonlyMap<number, Omit<StoredPoint, 'at'>>>;

/**
 * Writes points and the counters of their series. The rows of the series are locked first, in the order of their numbers: two that write the same series come one after the
 * other, each sees what the other wrote, and what is newer than the newest can be inserted without a look. Throws RowIsGone when a series has been forgotten.
 */
export async function putPoints(
  tx: Tx,
  series: readonly Numbered[],
  receivedAt: number,
  { lateAfterMs }: Pick<ArchiveSettings, 'lateAfterMs'>,
): Promise<PutPoints> {
  if (series.length === 0) return { added: 0, duplicates: 0, corrected: 0, late: 0 };
  const newest = await lock(tx, series);
  const stored = await storedAt(tx, series, newest);
  const placed = series.map(({ id, group }) => ({
    ...{ id, group },
    ...placePoints(group, stored.get(id) ?? new Map(), { last: newest.get(id) ?? null, receivedAt, lateAfterMs }),
  }));
  await insert(
    tx,
    placed.flatMap(({ id, added }) => added.map((point) => ({ series: id, ...point }))),
  );
  await correct(
    tx,
    placed.flatMap(({ id, corrected }) => corrected.map((point) => ({ series: id, ...point }))),
  );
  await count(tx, placed, receivedAt);
  const sum = (of: (each: Placed) => number): number => placed.reduce((all, each) => all + of(each), 0);
  return {
    added: sum(({ added }) => added.length),
    corrected: sum(({ corrected }) => corrected.length),
    duplicates: sum(({ duplicates }) => duplicates),
    late: sum(({ late }) => late),
  };
}

/** Times of the newest points by series. */
async function lock(tx: Tx, series: readonly Numbered[]): Promise<ReadonlyMap<number, number | null>> {
  const { rows } = await sql<{ id: number; last: number | null }>`
    select id, last_at as last from nightshift.series where id = any(${int8Array(series.map(({ id }) => id))}::bigint[]) order by id for update`.execute(tx);
  if (rows.length !== series.length) throw new RowIsGone();
  return new Map(rows.map(({ id, last }) => [id, last]));
}

/** What stands at the times of the points that are not newer than the newest. */
async function storedAt(tx: Tx, series: readonly Numbered[], newest: ReadonlyMap<number, number | null>): Promise<StoredBySeries> {
  const asked = series.flatMap(({ id, group }) => {
    const last = newest.get(id) ?? -Infinity;
    return [...group.points.keys()].filter((at) => at <= last).map((at) => ({ id, at }));
  });
  const found = new Map<number, Map<number, Omit<StoredPoint, 'at'>>>();
  if (asked.length === 0) return found;
  const { rows } = await sql<Row>`
    select p.series, p.at, p.value, p.histogram from nightshift.points p
    join unnest(${int8Array(asked.map(({ id }) => id))}::bigint[], ${int8Array(asked.map(({ at }) => at))}::bigint[]) as g (series, at)
      on p.series = g.series and p.at = g.at`.execute(tx);
  for (const { series: id, at, ...rest } of rows) found.set(id, (found.get(id) ?? new Map<number, Omit<StoredPoint, 'at'>>()).set(at, rest));
  return found;
}

async function insert(tx: Tx, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into nightshift.points (series, at, value, histogram)
    select unnest(${int8Array(rows.map((row) => row.series))}::bigint[]), unnest(${int8Array(rows.map((row) => row.at))}::bigint[]),
      unnest(${float8Array(rows.map((row) => row.value))}::double precision[]), ${histograms(rows)}`.execute(tx);
}

async function correct(tx: Tx, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update nightshift.points p set value = g.value, histogram = g.histogram from (
      select unnest(${int8Array(rows.map((row) => row.series))}::bigint[]) as series, unnest(${int8Array(rows.map((row) => row.at))}::bigint[]) as at,
        unnest(${float8Array(rows.map((row) => row.value))}::double precision[]) as value, ${histograms(rows)} as histogram) g
    where p.series = g.series and p.at = g.at`.execute(tx);
}

/** Most messages have none, and an array of nulls would take as long as one of numbers. */
function histograms(rows: readonly Row[]): ReturnType<typeof sql> {
  return rows.some(({ histogram }) => histogram !== null) ? sql`unnest(${rows.map(({ histogram }) => histogram)}::text[])` : sql`null::text`;
}

async function count(tx: Tx, placed: readonly (Numbered & Placed)[], receivedAt: number): Promise<void> {
  const column = (of: (each: Numbered & Placed) => number): Buffer => int8Array(placed.map(of));
  // Where nothing was added both bounds stay as they are.
  const oldest = ({ added }: Placed): number => added.reduce((least, { at }) => Math.min(least, at), Number.MAX_SAFE_INTEGER);
  const newest = ({ added }: Placed): number => added.reduce((most, { at }) => Math.max(most, at), Number.MIN_SAFE_INTEGER);
  await sql`
    update nightshift.series s set
      points = s.points + g.added, corrected = s.corrected + g.corrected, late = s.late + g.late, duplicates = s.duplicates + g.duplicates, ahead = s.ahead + g.ahead,
      first_at = case when g.added > 0 then least(s.first_at, g.first_at) else s.first_at end, last_at = case when g.added > 0 then greatest(s.last_at, g.last_at) else s.last_at end,
      received_at = greatest(s.received_at, ${receivedAt}::bigint), lag_ms = ${receivedAt}::bigint - g.newest
    from (select unnest(${column(({ id }) => id)}::bigint[]) as id, unnest(${column(({ added }) => added.length)}::bigint[]) as added,
      unnest(${column(({ corrected }) => corrected.length)}::bigint[]) as corrected, unnest(${column(({ late }) => late)}::bigint[]) as late,
      unnest(${column(({ duplicates }) => duplicates)}::bigint[]) as duplicates, unnest(${column(({ group }) => group.ahead)}::bigint[]) as ahead,
      unnest(${column(oldest)}::bigint[]) as first_at, unnest(${column(newest)}::bigint[]) as last_at, unnest(${column(({ group }) => group.newest)}::bigint[]) as newest) g
    where s.id = g.id`.execute(tx);
}
