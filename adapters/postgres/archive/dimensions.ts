import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Tx } from '../database';
import { keyOf, RowIsGone } from './known-ids';
import type { KnownIds } from './known-ids';

/** A table of what is counted by minute: templates of lines, edges of calls. */
export interface Dimension<T> {
  readonly table: 'log_templates' | 'call_edges';
  readonly identity: (row: T) => string;
  /** Whose number is limited. */
  readonly owner: (row: T) => readonly [string, string, string?];
  readonly countOwned: (owner: readonly [string, string, string?]) => RawBuilder<unknown>;
  /** What a row counts as when its owner has no room for it. */
  readonly other: (row: T) => T;
  readonly begin: (rows: readonly T[], keys: readonly string[], receivedAt: number) => RawBuilder<unknown>;
}

/** What to look with. */
export interface DimensionOptions {
  readonly known: KnownIds;
  readonly limit: number;
  readonly receivedAt: number;
}

/** Numbers of the rows in their order; what is not there is begun, or counts as `other` beyond the limit. Throws RowIsGone when a known one has been forgotten. */
export async function dimensionIds<T>(
  tx: Tx,
  dimension: Dimension<T>,
  rows: readonly T[],
  { known, limit, receivedAt }: DimensionOptions,
): Promise<{ ids: readonly number[]; learned: ReadonlyMap<string, number> }> {
  const learned = new Map<string, number>();
  const idOf = (row: T): number | undefined => learned.get(dimension.identity(row)) ?? known.get(dimension.identity(row));
  const find = async (those: readonly T[]): Promise<readonly T[]> => {
    const missing = those.filter((row) => idOf(row) === undefined);
    if (missing.length > 0) for (const [identity, id] of await lookUp(tx, dimension, missing)) learned.set(identity, id);
    return missing.filter((row) => idOf(row) === undefined);
  };
  const missing = await find(rows);
  const others = missing.length === 0 ? new Map<T, T>() : await overLimit(tx, dimension, missing, limit);
  const counted = rows.map((row) => others.get(row) ?? row);
  const toBegin = await find(counted);
  if (toBegin.length > 0) {
    const unique = [...new Map(toBegin.map((row) => [keyOf(dimension.identity(row)), row])).entries()];
    await dimension
      .begin(
        unique.map(([, row]) => row),
        unique.map(([key]) => key),
        receivedAt,
      )
      .execute(tx);
    await find(toBegin);
  }
  const ids = counted.map((row) => idOf(row) ?? 0);
  await touch(tx, dimension.table, [...new Set(ids)], receivedAt);
  return { ids, learned };
}

async function lookUp<T>(tx: Tx, { table, identity }: Dimension<T>, rows: readonly T[]): Promise<ReadonlyMap<string, number>> {
  const byKey = new Map(rows.map((row) => [keyOf(identity(row)), identity(row)]));
  const found = await sql<{ id: number; key: string }>`
    select id, key from ${sql.table(`nightshift.${table}`)} where key = any(${[...byKey.keys()]}::text[])`.execute(tx);
  return new Map(found.rows.map(({ id, key }) => [byKey.get(key) ?? '', id]));
}

/** Of rows that are not there: those for which there is no room, each with what it counts as. */
async function overLimit<T>(tx: Tx, dimension: Dimension<T>, rows: readonly T[], limit: number): Promise<ReadonlyMap<T, T>> {
  const room = new Map<string, number>();
  const over = new Map<T, T>();
  const verdicts = new Map<string, boolean>();
  for (const row of rows) {
    const owner = dimension.owner(row);
    const name = JSON.stringify(owner);
    const identity = dimension.identity(row);
    let fits = verdicts.get(identity);
    if (fits === undefined) {
      const left = room.get(name) ?? limit - (await countOf(tx, dimension, owner));
      fits = left > 0;
      room.set(name, left - 1);
      verdicts.set(identity, fits);
    }
    if (!fits) over.set(row, dimension.other(row));
  }
  return over;
}

async function countOf<T>(tx: Tx, dimension: Dimension<T>, owner: readonly [string, string, string?]): Promise<number> {
  const { rows } = await dimension.countOwned(owner).execute(tx);
  const [row] = rows as readonly { readonly count: number }[];
  return row?.count ?? 0;
}

/** Locks the rows in the order of their numbers and says that they are in use, so that they are not forgotten meanwhile. */
async function touch(tx: Tx, table: Dimension<unknown>['table'], ids: readonly number[], receivedAt: number): Promise<void> {
  if (ids.length === 0) return;
  const touched = await sql`
    with locked as materialized (select id from ${sql.table(`nightshift.${table}`)} where id = any(${ids}::bigint[]) order by id for update)
    update ${sql.table(`nightshift.${table}`)} t set received_at = greatest(t.received_at, ${receivedAt}::bigint) from locked l where t.id = l.id returning t.id`.execute(
    tx,
  );
  if (touched.rows.length !== ids.length) throw new RowIsGone();
}
