import { sql } from 'kysely';
import type { Alert } from '../../domain/alert';
import { incidentWorkflowId, parseWorkflowId, UNROUTED } from '../../domain/identity';
import type { AlertWatch } from '../../ports/store';
import { transact, type Db } from './database';
import { parsed } from './json';
import { putIntoOutbox } from './outbox';
import { HELD } from './quiet';
import type { OutboxChannel } from './transitions';

interface Row {
  readonly position: number;
  readonly body: string;
  readonly received_at: number;
  readonly workflow_id: string | null;
}

/** The inbox as the watcher sees it: an alert is in an incident when one of its service is open, or was closed after the alert came. */
export function alertWatch(db: Db, channels: readonly OutboxChannel[]): AlertWatch {
  return {
    unsettled: async (limit, now = -1) => {
      const rows = await unsettledRows(db, limit, now);
      const closed = await lastEnds(db, rows);
      return rows.map((row) => ({
        ...{ position: row.position, alert: parsed<Alert>(row.body), receivedAt: row.received_at },
        inWorkflow: row.workflow_id !== null && row.workflow_id !== HELD,
        inIncident: (closed.get(incidentOf(row) ?? '') ?? -Infinity) >= row.received_at,
      }));
    },
    settleDelivered: async (limit, at) => {
      const open = await db.selectFrom('incidents').select(['environment', 'service']).distinct().where('closed_at', 'is', null).execute();
      const workflows = open.filter(({ service }) => service !== UNROUTED).map(({ environment, service }) => incidentWorkflowId(environment, service));
      if (workflows.length === 0) return 0;
      const settled = await sql`
        update nightshift.inbox set watched_at = ${at} where position in (
          select position from nightshift.inbox
          where watched_at is null and workflow_id is distinct from 'held' and workflow_id = any(${workflows}::text[]) order by position limit ${limit})`.execute(
        db,
      );
      return Number(settled.numAffectedRows ?? 0);
    },
    settle: (positions, at, notification) =>
      transact(db, async (tx) => {
        await sql`update nightshift.inbox set watched_at = ${at} where position = any(${[...positions]}::bigint[])`.execute(tx);
        if (notification) await putIntoOutbox(tx, notification, channels);
      }),
  };
}

/** What is held back on purpose counts as delivered until its time; from then on it is watched as if it had come then. */
async function unsettledRows(db: Db, limit: number, now: number): Promise<readonly Row[]> {
  const found = await sql<Row>`
    select position, body, greatest(received_at, coalesce(held_until, 0))::float8 as received_at, workflow_id from (
      (select * from nightshift.inbox where watched_at is null and workflow_id is distinct from 'held' order by position limit ${limit})
      union all
      (select * from nightshift.inbox where watched_at is null and workflow_id = 'held' and held_until <= ${now}::bigint order by held_until limit ${limit})
    ) as unsettled order by position limit ${limit}`.execute(db);
  return found.rows.map((row) => ({ ...row, position: Number(row.position), received_at: Number(row.received_at) }));
}

/** When the newest incident of each service ended, of those that alerts were handed to; Infinity for one that is open. */
async function lastEnds(db: Db, rows: readonly Row[]): Promise<ReadonlyMap<string, number>> {
  const services = [...new Set(rows.map(incidentOf))].flatMap((name) => (name === undefined ? [] : [JSON.parse(name) as [string, string]]));
  if (services.length === 0) return new Map();
  const since = Math.min(...rows.map((row) => row.received_at));
  const found = await sql<{ environment: string; service: string; ended: number | null }>`
    select x.environment, x.service, case when bool_or(x.closed_at is null) then null else max(x.closed_at) end as ended
    from nightshift.incidents x
    join unnest(${services.map(([environment]) => environment)}::text[], ${services.map(([, service]) => service)}::text[]) as asked (environment, service)
      on x.environment = asked.environment and x.service = asked.service
    where x.closed_at is null or x.closed_at >= ${since}
    group by x.environment, x.service`.execute(db);
  return new Map(found.rows.map((row) => [nameOf(row.environment, row.service), row.ended ?? Infinity]));
}

/** Environment and service of the incident that an alert was handed to, as one text; undefined while it waits. */
function incidentOf({ workflow_id }: Row): string | undefined {
  const name = workflow_id === null ? undefined : parseWorkflowId(workflow_id);
  if (name?.kind === 'incident') return nameOf(name.environment, name.service);
  return name?.kind === 'unrouted' ? nameOf(name.environment, UNROUTED) : undefined;
}

function nameOf(environment: string, service: string): string {
  return JSON.stringify([environment, service]);
}
