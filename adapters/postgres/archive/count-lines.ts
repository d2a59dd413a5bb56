import { sql } from 'kysely';
import type { LogCount } from '../../../domain/log-counts';
import type { Tx } from '../database';
import { dimensionIds } from './dimensions';
import type { Dimension } from './dimensions';
import type { KnownIds } from './known-ids';

/** Template of the lines of a service that has too many templates. */
const OTHER = '<other>';

const TEMPLATES: Dimension<LogCount> = {
  table: 'log_templates',
  identity: ({ environment, service, level, template }) => JSON.stringify([environment, service, level, template]),
  owner: ({ environment, service }) => [environment, service],
  countOwned: ([environment, service]) =>
    sql`select count(*)::integer as count from nightshift.log_templates where environment = ${environment} and service = ${service}`,
  other: (count) => ({ ...count, template: OTHER, sample: '' }),
  begin: (rows, keys, receivedAt) => {
    const column = (of: (count: LogCount) => string): string[] => rows.map(of);
    return sql`
      insert into nightshift.log_templates (key, source, environment, service, level, template, sample, created_at, received_at)
      select g.*, ${receivedAt}::bigint, ${receivedAt}::bigint
      from unnest(${keys}::text[], ${column((c) => c.source)}::text[], ${column((c) => c.environment)}::text[], ${column((c) => c.service)}::text[],
        ${column((c) => c.level)}::text[], ${column((c) => c.template)}::text[], ${column((c) => c.sample)}::text[]) as g
      order by 1 on conflict (key) do nothing`;
  },
};

/** Adds counts of lines to what is there. Returns the numbers of templates that were found or made. Throws RowIsGone when one has been forgotten. */
export async function countLines(
  tx: Tx,
  counts: readonly LogCount[],
  known: KnownIds,
  limit: number,
  receivedAt: number,
): Promise<ReadonlyMap<string, number>> {
  const { ids, learned } = await dimensionIds(tx, TEMPLATES, counts, { known, limit, receivedAt });
  const sums = new Map<string, { readonly id: number; readonly at: number; lines: number }>();
  for (const [i, { at, lines }] of counts.entries()) {
    const id = ids[i] ?? 0;
    const key = `${String(id)}/${String(at)}`;
    const sum = sums.get(key);
    if (sum) sum.lines += lines;
    else sums.set(key, { id, at, lines });
  }
  const rows = [...sums.values()].sort((a, b) => a.id - b.id || a.at - b.at);
  await sql`
    insert into nightshift.log_counts as c (template, at, lines)
    select * from unnest(${rows.map((row) => row.id)}::bigint[], ${rows.map((row) => row.at)}::bigint[], ${rows.map((row) => row.lines)}::bigint[])
    on conflict (template, at) do update set lines = c.lines + excluded.lines`.execute(tx);
  return learned;
}
