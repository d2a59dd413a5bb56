import { sql } from 'kysely';
import type { Alert } from '../../domain/alert';
import { placeOf } from '../../domain/routing';
import { errorCode, NightshiftError } from '../../domain/errors';
import type { Inbox, InboxGauge, InboxReader, KeptAlert, KeptFilter } from '../../ports/store';
import { sqlState, transact, type Db, type Tx } from './database';
import { parsed } from './json';
import { together } from './together';

/** The inbox as a table: an alert is undelivered until a workflow's id stands beside it, and its id is remembered afterwards. */
export function inbox(db: Db): Inbox & InboxGauge & InboxReader {
  const accept = acceptor(db);
  return {
    accept: (alerts, receivedAt, limit) => accept({ alerts, receivedAt, limit }),
    undelivered: async (limit, except = []) => {
      let query = db.selectFrom('inbox').select(['position', 'body', 'received_at']).where('workflow_id', 'is', null).orderBy('position').limit(limit);
      if (except.length > 0) query = query.where(sql<boolean>`(place is null or place <> all(${[...except]}::text[]))`);
      const rows = await query.execute();
      return rows.map((row) => ({ position: row.position, alert: parsed<Alert>(row.body), receivedAt: row.received_at }));
    },
    markDelivered: async (positions, workflowId) => {
      if (positions.length === 0) return;
      await sql`update nightshift.inbox set workflow_id = ${workflowId} where position = any(${[...positions]}::bigint[]) and workflow_id is null`.execute(db);
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

interface Accepted {
  readonly accepted: number;
  readonly duplicates: number;
}

/** Rows of one insert: enough that a transaction's own cost does not count, and few enough that nobody waits long for it. */
const GROUP_ROWS = 1000;

/** Commits the alerts of many callers in one transaction, each caller's all or none. */
function acceptor(db: Db): (call: Acceptance) => Promise<Accepted> {
  const room = new Room();
  return together({ most: GROUP_ROWS, size: ({ alerts }) => alerts.length, ofOne, run: (calls) => transact(db, (tx) => acceptAll(tx, room, calls)) });
}

// Too many, or a text that cannot be stored.
const BAD_DATA = /^2[23]/;

function ofOne(error: unknown): boolean {
  return errorCode(error) !== undefined || BAD_DATA.test(sqlState(error) ?? '');
}

async function acceptAll(tx: Tx, room: Room, calls: readonly Acceptance[]): Promise<Accepted[]> {
  const rows = calls.flatMap(({ alerts, receivedAt }) => alerts.map((alert) => ({ alert, receivedAt })));
  if (rows.length === 0) return calls.map(() => ({ accepted: 0, duplicates: 0 }));
  const limit = Math.min(...calls.map((call) => call.limit));
  const { waiting, full } = await room.look(tx, rows.length, limit);
  // The inbox may not hold them all: each caller is told alone.
  if (calls.length > 1 && waiting + rows.length > limit) throw overloaded(waiting);
  const added = await insert(tx, rows);
  // Alerts that are there already take no room: a sender that tries again is told yes even while the inbox is full.
  if (added.size > 0 && full) throw overloaded(waiting);
  room.taken(added.size);
  return calls.map(({ alerts }) => ({ accepted: alerts.length, duplicates: alerts.filter((alert) => !added.delete(alert.id)).length }));
}

/** Ids that were not there before; each is counted for the first caller that brought it. */
async function insert(tx: Tx, rows: readonly { readonly alert: Alert; readonly receivedAt: number }[]): Promise<Set<string>> {
  const ids = rows.map(({ alert }) => alert.id);
  const bodies = rows.map(({ alert }) => JSON.stringify(alert));
  const added = await sql<{ alert_id: string }>`
    insert into nightshift.inbox (alert_id, body, received_at, place)
    select id, body, at, place from unnest(${ids}::text[], ${bodies}::text[], ${rows.map((row) => row.receivedAt)}::bigint[], ${rows.map((row) => placeOf(row.alert))}::text[])
      with ordinality as given (id, body, at, place, turn) order by turn
    on conflict (alert_id) do nothing returning alert_id`.execute(tx);
  return new Set(added.rows.map((row) => row.alert_id));
}

function overloaded(waiting: number): NightshiftError {
  return new NightshiftError(
    'overloaded',
    `The inbox holds ${waiting} alerts that no workflow has taken yet, which is its limit. Nothing was stored; send the alerts again in a while.`,
  );
}

/** Counting a long backlog for every group would make intake slow, so that it is counted again only after so many alerts. */
const COUNT_EVERY = 2000;

/** How many alerts wait at most: a count, and what this process has added since. Other processes on the same database may add as much between two counts. */
class Room {
  private waiting = Infinity;
  private since = Infinity;

  /** At most so many wait; whether that is too many is said by a count. */
  async look(tx: Tx, coming: number, limit: number): Promise<{ readonly waiting: number; readonly full: boolean }> {
    if (this.since + coming > COUNT_EVERY || this.waiting + coming > limit) {
      this.waiting = await countWaiting(tx, limit);
      this.since = 0;
    }
    return { waiting: this.waiting, full: this.waiting >= limit };
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
