import { sql } from 'kysely';
import { NightshiftError } from '../../domain/errors';
import type { MeasureRow } from '../../domain/detection/measure-row';
import type { MeasuredServices, MeasureHistory, ServiceRows } from '../../ports/measures';
import { int8Array, textArray } from './binary-arrays';
import { transact } from './database';
import type { Db, Tx } from './database';
import { addRows, CHUNK_ROWS, chunkEnd, pack, rowsOf, unpack } from './measure-chunk';

/** Chunks of one transaction: some tens of milliseconds on the embedded database, which does nothing else meanwhile. */
const CHUNKS_AT_ONCE = 200;

interface Part {
  readonly environment: string;
  readonly service: string;
  readonly endsAt: number;
  readonly rows: MeasureRow[];
}

/** Judged rows in chunks of 60, one row of the table each. Whoever adds to a chunk holds it meanwhile, so that of two nobody overwrites the other's rows. */
export function measureHistory(db: Db): MeasureHistory & MeasuredServices {
  return {
    async append(rowMs, services) {
      const parts = partsOf(rowMs, services);
      for (let from = 0; from < parts.length; from += CHUNKS_AT_ONCE) {
        const some = parts.slice(from, from + CHUNKS_AT_ONCE);
        await transact(db, (tx) => merge(tx, rowMs, some));
      }
    },
    async read({ environment, service, rowMs }, from, to) {
      const found = await db
        .selectFrom('measure_chunks')
        .select(['ends_at', 'body'])
        .where('environment', '=', environment)
        .where('service', '=', service)
        .where('row_ms', '=', rowMs)
        .where('ends_at', '>', Math.floor(from))
        .where('ends_at', '<', Math.ceil(to) + CHUNK_ROWS * rowMs)
        .orderBy('ends_at')
        .execute();
      return found.flatMap(({ ends_at: endsAt, body }) => rowsOf(unpack(body), endsAt, rowMs)).filter(({ at }) => at > from && at <= to);
    },
    async span({ environment, service, rowMs }) {
      const edge = (order: 'asc' | 'desc') =>
        db
          .selectFrom('measure_chunks')
          .select(['ends_at', 'body'])
          .where('environment', '=', environment)
          .where('service', '=', service)
          .where('row_ms', '=', rowMs)
          .orderBy('ends_at', order)
          .limit(1)
          .executeTakeFirst();
      const [oldest, newest] = [await edge('asc'), await edge('desc')];
      const first = oldest && rowsOf(unpack(oldest.body), oldest.ends_at, rowMs)[0];
      const last = newest && rowsOf(unpack(newest.body), newest.ends_at, rowMs).at(-1);
      return first && last && { first: first.at, last: last.at };
    },
    async services(from, to, after, limit) {
      const { environment = '', service = '', rowMs = -1 } = after ?? {};
      const { rows } = await sql<{ environment: string; service: string; row_ms: number }>`
        select distinct environment, service, row_ms from nightshift.measure_chunks
        where ends_at > ${Math.floor(from)}::bigint and ends_at < ${Math.ceil(to)}::bigint + ${CHUNK_ROWS} * row_ms
          and (environment, service, row_ms) > (${environment}, ${service}, ${rowMs}::bigint)
        order by environment, service, row_ms limit ${limit}`.execute(db);
      return rows.map((row) => ({ environment: row.environment, service: row.service, rowMs: Number(row.row_ms) }));
    },
  };
}

/** The rows by chunk, in an order that is the same for all who write, so that none waits for another in a circle. */
function partsOf(rowMs: number, services: readonly ServiceRows[]): readonly Part[] {
  const parts = new Map<string, Part>();
  for (const { environment, service, rows } of services) {
    for (const row of rows) {
      if (row.at % rowMs !== 0) throw new NightshiftError('invalid_input', `A row of ${String(rowMs)} ms cannot end at ${String(row.at)}.`);
      const endsAt = chunkEnd(row.at, rowMs);
      const key = keyOf(environment, service, endsAt);
      const part = parts.get(key) ?? { environment, service, endsAt, rows: [] };
      parts.set(key, part);
      part.rows.push(row);
    }
  }
  return [...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
}

function keyOf(environment: string, service: string, endsAt: number): string {
  return JSON.stringify([environment, service, endsAt]);
}

async function merge(tx: Tx, rowMs: number, parts: readonly Part[]): Promise<void> {
  const places = placesOf(parts);
  let there = await hold(tx, rowMs, places);
  if (there.size < parts.length) {
    // Empty at first, so that each is there to be held: another may be making the same one.
    await sql`
      insert into nightshift.measure_chunks (environment, service, row_ms, ends_at, body) select p.environment, p.service, ${rowMs}::bigint, p.ends_at, ''::bytea
      from ${places} order by 1, 2, 4 on conflict do nothing`.execute(tx);
    there = await hold(tx, rowMs, places);
  }
  const bodies: string[] = [];
  const changed = parts.filter(({ environment, service, endsAt, rows }) => {
    const chunk = unpack(there.get(keyOf(environment, service, endsAt)) ?? Buffer.alloc(0));
    if (!addRows(chunk, rows, endsAt, rowMs)) return false;
    bodies.push(pack(chunk).toString('base64'));
    return true;
  });
  if (changed.length === 0) return;
  await sql`
    update nightshift.measure_chunks m set body = decode(b.body, 'base64')
    from ${placesOf(changed)} join unnest(${textArray(bodies)}::text[]) with ordinality as b (body, i) on b.i = p.i
    where m.environment = p.environment and m.service = p.service and m.row_ms = ${rowMs}::bigint and m.ends_at = p.ends_at`.execute(tx);
}

type Places = ReturnType<typeof sql>;

/** A table `p` with the number `i`, environment, service and end of each chunk. */
function placesOf(parts: readonly Part[]): Places {
  return sql`unnest(${textArray(parts.map((part) => part.environment))}::text[], ${textArray(parts.map((part) => part.service))}::text[],
    ${int8Array(parts.map((part) => part.endsAt))}::bigint[]) with ordinality as p (environment, service, ends_at, i)`;
}

/** The bodies of those that are there, held until the transaction ends. */
async function hold(tx: Tx, rowMs: number, places: Places): Promise<ReadonlyMap<string, Buffer>> {
  const { rows } = await sql<{ environment: string; service: string; ends_at: number; body: Buffer }>`
    select m.environment, m.service, m.ends_at, m.body from ${places} join nightshift.measure_chunks m
      on m.environment = p.environment and m.service = p.service and m.row_ms = ${rowMs}::bigint and m.ends_at = p.ends_at
    order by 1, 2, 3 for update of m`.execute(tx);
  return new Map(rows.map(({ environment, service, ends_at: endsAt, body }) => [keyOf(environment, service, endsAt), body]));
}
