import { sql } from 'kysely';
import { canonicalJson } from '../../../domain/canonical-json';
import type { SeriesGroup } from '../../../domain/series-batch';
import type { Tx } from '../database';
import { keyOf } from './known-ids';
import type { KnownIds } from './known-ids';

/** The series of a message: their numbers by identity, and those for which their service has no room. */
export interface FoundSeries {
  readonly ids: ReadonlyMap<string, number>;
  /** Found or made just now. */
  readonly learned: ReadonlyMap<string, number>;
  readonly refused: readonly SeriesGroup[];
}

/** Finds the series of a message, and begins those that are not there, up to the limit of each service. */
export async function seriesIds(tx: Tx, groups: readonly SeriesGroup[], known: KnownIds, limit: number, receivedAt: number): Promise<FoundSeries> {
  const ids = new Map<string, number>();
  const learned = new Map<string, number>();
  const unknown: SeriesGroup[] = [];
  for (const group of groups) {
    const id = known.get(group.identity);
    if (id === undefined) unknown.push(group);
    else ids.set(group.identity, id);
  }
  const note = async (those: readonly SeriesGroup[]): Promise<readonly SeriesGroup[]> => {
    const there = await idsByKey(tx, those);
    for (const { identity } of those) {
      const id = there.get(keyOf(identity));
      if (id !== undefined) learned.set(identity, id);
    }
    return those.filter(({ identity }) => !learned.has(identity));
  };
  const missing = unknown.length === 0 ? [] : await note(unknown);
  const { fitting, refused } = missing.length === 0 ? { fitting: [], refused: [] } : await withinLimit(tx, missing, limit);
  if (fitting.length > 0) {
    await begin(tx, fitting, receivedAt);
    await note(fitting);
  }
  for (const [identity, id] of learned) ids.set(identity, id);
  return { ids, learned, refused };
}

async function idsByKey(tx: Tx, groups: readonly SeriesGroup[]): Promise<ReadonlyMap<string, number>> {
  const keys = groups.map(({ identity }) => keyOf(identity));
  const { rows } = await sql<{ id: number; key: string }>`select id, key from nightshift.series where key = any(${keys}::text[])`.execute(tx);
  return new Map(rows.map(({ id, key }) => [key, id]));
}

/** Those told first fit. Two processes at once may go over the limit by what each of them was sent. */
async function withinLimit(tx: Tx, groups: readonly SeriesGroup[], limit: number): Promise<{ fitting: SeriesGroup[]; refused: SeriesGroup[] }> {
  const room = new Map<string, number>();
  const fitting: SeriesGroup[] = [];
  const refused: SeriesGroup[] = [];
  for (const group of groups) {
    const { environment, service } = group.first;
    const of = JSON.stringify([environment, service]);
    const left = room.get(of) ?? limit - (await countOf(tx, environment, service));
    room.set(of, left - 1);
    (left > 0 ? fitting : refused).push(group);
  }
  return { fitting, refused };
}

async function countOf(tx: Tx, environment: string, service: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from nightshift.series where environment = ${environment} and service = ${service}`.execute(tx);
  return rows[0]?.count ?? 0;
}

async function begin(tx: Tx, groups: readonly SeriesGroup[], receivedAt: number): Promise<void> {
  const column = <T>(of: (group: SeriesGroup) => T): T[] => groups.map(of);
  // In the order of their keys, so that two processes that begin the same ones wait for each other and not in a circle.
  await sql`
    insert into nightshift.series (key, source, environment, service, metric, kind, unit, labels, created_at, received_at, unit_changes)
    select g.key, g.source, g.environment, g.service, g.metric, g.kind, g.unit, g.labels, ${receivedAt}::bigint, ${receivedAt}::bigint, (
      select count(*)::integer from nightshift.series o
      where o.environment = g.environment and o.service = g.service and o.metric = g.metric and o.kind = g.kind and o.labels = g.labels and o.unit <> g.unit)
    from unnest(${column((g) => keyOf(g.identity))}::text[], ${column((g) => g.first.source)}::text[], ${column((g) => g.first.environment)}::text[],
      ${column((g) => g.first.service)}::text[], ${column((g) => g.first.metric)}::text[], ${column((g) => g.first.kind)}::text[],
      ${column((g) => g.first.unit ?? '')}::text[], ${column((g) => canonicalJson(g.first.labels))}::text[])
      as g (key, source, environment, service, metric, kind, unit, labels)
    order by g.key
    on conflict (key) do nothing`.execute(tx);
}
