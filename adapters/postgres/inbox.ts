import { sql } from 'kysely';
import type { Alert } from '../../domain/alert';
import { parseWorkflowId, UNROUTED } from '../../domain/identity';
import { placeOf } from '../../domain/routing';
import { errorCode, NightshiftError } from '../../domain/errors';
import type { Inbox, InboxGauge, InboxReader, KeptAlert, KeptFilter } from '../../ports/store';
import { int8Array, textArray } from './binary-arrays';
import { again, sqlState, transact, type Db, type Tx } from './database';
import { parsed } from './json';
import { together } from './together';

/** The inbox as a table: an alert is undelivered until a workflow's id stands beside it, and its id is remembered afterwards. */
export function inbox(db: Db): Inbox & InboxGauge & InboxReader {
  const accept = acceptor(db);
  return {
    accept: (alerts, receivedAt, limit) => accept({ alerts, receivedAt, limit }),
    undelivered: async (limit, except = []) => {
      let query = db.selectFrom('inbox').select(['position', 'body', 'received_at']).where('workflow_id', 'is', null).orderBy('position').limit(limit);
      // As a subquery it is hashed; a list of many is compared one by one with each row that waits.
      if (except.length > 0) query = query.where(sql<boolean>`(place is null or place not in (select unnest(${textArray(except)}::text[])))`);
      const rows = await query.execute();
      return rows.map((row) => ({ position: row.position, alert: parsed<Alert>(row.body), receivedAt: row.received_at }));
    },
    markDelivered: async (positions, workflowId) => {
      if (positions.length > 0) await markDelivered(db, positions, workflowId);
    },
    kept: (filter) => kept(db, filter),
    backlog: async (now) => {
      const row = await db
        .selectFrom('inbox')
        .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.min('received_at').as('oldest')])
        .where('workflow_id', 'is', null)
        .executeTakeFirstOrThrow();
      return { count: Number(row.count), oldestMs: Number(row.count) === 0 ? 0 : Math.max(0, now - Number(row.oldest)) };
    },
  };
}

/** Where the incident is open nothing is left to watch, as `settleDelivered` would find: said here it does not take another version of every row. */
async function markDelivered(db: Db, positions: readonly number[], workflowId: string): Promise<void> {
  const name = parseWorkflowId(workflowId);
  const [environment, service] = name?.kind === 'incident' && name.service !== UNROUTED ? [name.environment, name.service] : [null, null];
  await sql`update nightshift.inbox set workflow_id = ${workflowId}, watched_at = coalesce(watched_at, case when exists (
      select from nightshift.incidents where environment = ${environment} and service = ${service} and closed_at is null) then received_at end)
    where position = any(${int8Array(positions)}::bigint[]) and workflow_id is null`.execute(db);
}

async function kept(db: Db, { workflowId, since, until, after, limit }: KeptFilter): Promise<KeptAlert[]> {
  let query = db.selectFrom('inbox').select(['position', 'body', 'received_at', 'workflow_id']).orderBy('position').limit(limit);
  if (workflowId !== undefined) query = query.where('workflow_id', '=', workflowId);
  if (since !== undefined) query = query.where('received_at', '>', since);
  if (until !== undefined) query = query.where('received_at', '<=', until);
  if (after !== undefined) query = query.where('position', '>', after);
  return (await query.execute()).map((row) => ({
    ...{ position: row.position, alert: parsed<Alert>(row.body), receivedAt: row.received_at },
    ...(row.workflow_id === null ? {} : { workflowId: row.workflow_id }),
  }));
}

/** One call of `accept`. */
interface Acceptance {
  readonly alerts: readonly Alert[];
  readonly receivedAt: number;
  readonly limit: number;
}

interface Row {
  readonly alert: Alert;
  readonly receivedAt: number;
}

interface Accepted {
  readonly accepted: number;
  readonly duplicates: number;
}

/** Rows of one insert: enough that a transaction's own cost does not count, and few enough that nobody waits long for it. */
const GROUP_ROWS = 1000;

/** Commits the alerts of many callers in one transaction, each caller's all or none. */
function acceptor(db: Db): (call: Acceptance) => Promise<Accepted> {
  const room = new Room();
  return together({ most: GROUP_ROWS, size: ({ alerts }) => alerts.length, ofOne, run: (calls) => acceptAll(db, room, calls) });
}

// Too many, or a text that cannot be stored.
const BAD_DATA = /^2[23]/;

function ofOne(error: unknown): boolean {
  return errorCode(error) !== undefined || BAD_DATA.test(sqlState(error) ?? '');
}

async function acceptAll(db: Db, room: Room, calls: readonly Acceptance[]): Promise<Accepted[]> {
  const rows = calls.flatMap(({ alerts, receivedAt }) => alerts.map((alert) => ({ alert, receivedAt })));
  if (rows.length === 0) return calls.map(() => ({ accepted: 0, duplicates: 0 }));
  const limit = Math.min(...calls.map((call) => call.limit));
  // One statement is a transaction by itself.
  const added = room.surelyFits(rows.length, limit)
    ? await again(() => insert(db, rows))
    : await transact(db, (tx) => insertCounted(tx, room, { rows, limit, alone: calls.length === 1 }));
  room.taken(added.size);
  return calls.map(({ alerts }) => ({ accepted: alerts.length, duplicates: alerts.filter((alert) => !added.delete(alert.id)).length }));
}

async function insertCounted(
  tx: Tx,
  room: Room,
  { rows, limit, alone }: { readonly rows: readonly Row[]; readonly limit: number; readonly alone: boolean },
): Promise<Set<string>> {
  const waiting = await room.count(tx, limit);
  // The inbox may not hold them all: each caller is told alone.
  if (!alone && waiting + rows.length > limit) throw overloaded(waiting);
  const added = await insert(tx, rows);
  // Alerts that are there already take no room: a sender that tries again is told yes even while the inbox is full.
  if (added.size > 0 && waiting >= limit) throw overloaded(waiting);
  return added;
}

/** Ids that were not there before; each is counted for the first caller that brought it. */
async function insert(db: Db | Tx, rows: readonly Row[]): Promise<Set<string>> {
  const ids = textArray(rows.map(({ alert }) => alert.id));
  const bodies = textArray(rows.map(({ alert }) => JSON.stringify(alert)));
  const times = int8Array(rows.map(({ receivedAt }) => receivedAt));
  const places = textArray(rows.map(({ alert }) => placeOf(alert)));
  const added = await sql<{ alert_id: string }>`
    insert into nightshift.inbox (alert_id, body, received_at, place)
    select id, body, at, place from unnest(${ids}::text[], ${bodies}::text[], ${times}::bigint[], ${places}::text[])
      with ordinality as given (id, body, at, place, turn) order by turn
    on conflict (alert_id) do nothing returning alert_id`.execute(db);
  return new Set(added.rows.map((row) => row.alert_id));
}

function overloaded(waiting: number): NightshiftError {
  return new NightshiftError(
    'overloaded',
    `The inbox holds ${waiting} alerts that no workflow has taken yet, which is its limit. Nothing was stored; send the alerts again in a while.`,
  );
}

/** Counting a long backlog for every group would make intake slow, so that it is counted again only after so many alerts, or this share of the room there was, if that is more. */
const COUNT_EVERY = 2000;
const COUNT_SHARE = 1 / 8;

/** How many alerts wait at most: a count, and what this process has added since. Other processes on the same database may add as much between two counts. */
class Room {
  private waiting = Infinity;
  private since = Infinity;
  private every = 0;

  /** Whether there is room for so many by the last count. */
  surelyFits(coming: number, limit: number): boolean {
    return this.since + coming <= this.every && this.waiting + coming <= limit;
  }

  /** At most so many wait. */
  async count(tx: Tx, limit: number): Promise<number> {
    this.waiting = await countWaiting(tx, limit);
    this.since = 0;
    this.every = Math.max(COUNT_EVERY, (limit - this.waiting) * COUNT_SHARE);
    return this.waiting;
  }

  taken(count: number): void {
    this.waiting += count;
    this.since += count;
  }
}

/** Stops counting at the limit, so that a long backlog does not make intake slower. */
async function countWaiting(tx: Tx, limit: number): Promise<number> {
  const counted = await sql<{ waiting: number }>`
    select count(*)::integer as waiting from (select 1 from nightshift.inbox where workflow_id is null limit ${limit}) as undelivered`.execute(tx);
  return counted.rows[0]?.waiting ?? 0;
}
