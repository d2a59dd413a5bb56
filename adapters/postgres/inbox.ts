import { sql } from 'kysely';
import type { Alert } from '../../domain/alert';
import { canonicalJson } from '../../domain/canonical-json';
import { NightshiftError } from '../../domain/errors';
import type { Inbox, InboxGauge } from '../../ports/store';
import { transact, type Db, type Tx } from './database';
import { parsed } from './json';

/** The inbox as a table: an alert is undelivered until a workflow's id stands beside it, and its id is remembered afterwards. */
export function inbox(db: Db): Inbox & InboxGauge {
  return {
    accept: (alerts, receivedAt, limit) => transact(db, (tx) => accept(tx, alerts, receivedAt, limit)),
    undelivered: async (limit) => {
      const rows = await db
        .selectFrom('inbox')
        .select(['position', 'body', 'received_at'])
        .where('workflow_id', 'is', null)
        .orderBy('position')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ position: row.position, alert: parsed<Alert>(row.body), receivedAt: row.received_at }));
    },
    markDelivered: async (positions, workflowId) => {
      if (positions.length === 0) return;
      await sql`update nightshift.inbox set workflow_id = ${workflowId} where position = any(${[...positions]}::bigint[]) and workflow_id is null`.execute(db);
    },
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

async function accept(tx: Tx, alerts: readonly Alert[], receivedAt: number, limit: number): Promise<{ accepted: number; duplicates: number }> {
  if (alerts.length === 0) return { accepted: 0, duplicates: 0 };
  const waiting = await countWaiting(tx, limit);
  const ids = alerts.map((alert) => alert.id);
  const bodies = alerts.map((alert) => canonicalJson(alert));
  const added = await sql`
    insert into nightshift.inbox (alert_id, body, received_at)
    select id, body, ${receivedAt}::bigint from unnest(${ids}::text[], ${bodies}::text[]) with ordinality as given (id, body, place) order by place
    on conflict (alert_id) do nothing returning position`.execute(tx);
  // Alerts that are there already take no room: a sender that tries again is told yes even while the inbox is full.
  if (added.rows.length > 0 && waiting >= limit) {
    throw new NightshiftError(
      'overloaded',
      `The inbox holds ${waiting} alerts that no workflow has taken yet, which is its limit. Nothing was stored; send the alerts again in a while.`,
    );
  }
  return { accepted: alerts.length, duplicates: alerts.length - added.rows.length };
}

/** Stops counting at the limit, so that a long backlog does not make intake slower. */
async function countWaiting(tx: Tx, limit: number): Promise<number> {
  const counted = await sql<{ waiting: number }>`
    select count(*)::integer as waiting from (select 1 from nightshift.inbox where workflow_id is null limit ${limit}) as undelivered`.execute(tx);
  return counted.rows[0]?.waiting ?? 0;
}
