import { sql } from 'kysely';
import type { CallCount } from '../../../domain/call-counts';
import type { Tx } from '../database';
import { dimensionIds } from './dimensions';
import type { Dimension } from './dimensions';
import type { KnownIds } from './known-ids';

/** Called service of the calls of a service that calls too many. */
const OTHER = '<other>';

const EDGES: Dimension<CallCount> = {
  table: 'call_edges',
  identity: ({ environment, caller = '', callee }) => JSON.stringify([environment, caller, callee]),
  // What a service says of itself is limited by nothing else than the number of services.
  owner: ({ environment, caller, callee }) => (caller === undefined ? [environment, '', callee] : [environment, caller, '']),
  countOwned: ([environment, caller, callee]) =>
    sql`select count(*)::integer as count from nightshift.call_edges where environment = ${environment} and caller = ${caller} and (${callee} = '' or callee = ${callee})`,
  other: (count) => ({ ...count, callee: OTHER }),
  begin: (rows, keys, receivedAt) => {
    const column = (of: (count: CallCount) => string): string[] => rows.map(of);
    return sql`
      insert into nightshift.call_edges (key, environment, caller, callee, created_at, received_at)
      select g.*, ${receivedAt}::bigint, ${receivedAt}::bigint
      from unnest(${keys}::text[], ${column((c) => c.environment)}::text[], ${column((c) => c.caller ?? '')}::text[], ${column((c) => c.callee)}::text[]) as g
      order by 1 on conflict (key) do nothing`;
  },
};

type Sum = Omit<CallCount, 'environment' | 'caller' | 'callee'>;

/** Adds counts of calls to what is there; see `countLines`. */
export async function countCalls(
  tx: Tx,
  counts: readonly CallCount[],
  known: KnownIds,
  limit: number,
  receivedAt: number,
): Promise<ReadonlyMap<string, number>> {
  const { ids, learned } = await dimensionIds(tx, EDGES, counts, { known, limit, receivedAt });
  const sums = new Map<string, Sum & { readonly id: number }>();
  for (const [i, count] of counts.entries()) {
    const id = ids[i] ?? 0;
    const key = `${String(id)}/${String(count.at)}`;
    sums.set(key, { id, ...sumOf(sums.get(key), count) });
  }
  const rows = [...sums.values()].sort((a, b) => a.id - b.id || a.at - b.at);
  const column = (of: (row: Sum & { readonly id: number }) => number): number[] => rows.map(of);
  await sql`
    insert into nightshift.call_counts as c (edge, at, requests, failed, duration_ms, longest_ms)
    select * from unnest(${column((r) => r.id)}::bigint[], ${column((r) => r.at)}::bigint[], ${column((r) => r.requests)}::bigint[], ${column((r) => r.failed)}::bigint[],
      ${column((r) => r.durationMs)}::double precision[], ${column((r) => r.longestMs)}::double precision[])
    on conflict (edge, at) do update set requests = c.requests + excluded.requests, failed = c.failed + excluded.failed,
      duration_ms = c.duration_ms + excluded.duration_ms, longest_ms = greatest(c.longest_ms, excluded.longest_ms)`.execute(tx);
  return learned;
}

function sumOf(known: Sum | undefined, { at, requests, failed, durationMs, longestMs }: Sum): Sum {
  if (!known) return { at, requests, failed, durationMs, longestMs };
  return {
    at,
    requests: known.requests + requests,
    failed: known.failed + failed,
    durationMs: known.durationMs + durationMs,
    longestMs: Math.max(known.longestMs, longestMs),
  };
}
