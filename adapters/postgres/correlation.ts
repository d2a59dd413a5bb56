import { sql } from 'kysely';
import type { AlertNote } from '../../domain/alert';
import { canonicalJson } from '../../domain/canonical-json';
import type { Member } from '../../domain/correlate/types';
import type { IncidentStatus } from '../../domain/names';
import type { ConditionRoute, CorrelationStore, Episode, RelatedIncident, ServiceIncidents, ServiceRelation } from '../../ports/correlation';
import { transact, type Db, type Tx } from './database';
import { parsed } from './json';

/** Incidents that are named, and relations that are looked at for them: a storm writes many of the same. */
const MOST = { related: 20, told: 200 } as const;

/** What correlation keeps, as rows beside the projection. */
export function correlationStore(db: Db): CorrelationStore {
  return {
    routes: async () => (await db.selectFrom('condition_routes').selectAll().orderBy('at').orderBy('key').execute()).map(toRoute),
    incidentsOf: (environment, services) => incidentsOf(db, environment, services),
    save: ({ routes, forget, relations }) =>
      transact(db, async (tx) => {
        await saveRoutes(tx, routes);
        if (forget.length > 0) await sql`delete from nightshift.condition_routes where key = any(${[...forget]}::text[])`.execute(tx);
        await saveRelations(tx, relations);
      }),
    split: async (incidentId, service, by, at) => {
      const row = { incident_id: incidentId, service, split_by: by, at };
      await db
        .insertInto('incident_splits')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    related: (of) => related(db, of),
    episodes: (since, limit) => episodes(db, since, limit),
  };
}

interface FoundRow {
  readonly service: string;
  readonly incident_id: string | null;
  readonly workflow_id: string | null;
  readonly status: IncidentStatus | null;
  readonly opened_at: number | null;
  readonly acted: boolean | null;
  readonly version: number | null;
  readonly alerts: string | null;
  readonly split: readonly string[] | null;
  readonly closed_at: number | null;
}

async function incidentsOf(db: Db, environment: string, services: readonly string[]): Promise<ServiceIncidents[]> {
  if (services.length === 0) return [];
  const { rows } = await sql<FoundRow>`
    select s.service, o.incident_id, o.body::json ->> 'workflowId' as workflow_id, o.status, o.opened_at::float8 as opened_at,
      o.body::json -> 'remediation' is not null as acted, (o.body::json ->> 'workflowVersion')::integer as version, (o.body::json -> 'alerts')::text as alerts, c.closed_at::float8 as closed_at,
      array(select p.service from nightshift.incident_splits p where p.incident_id = o.incident_id order by p.service) as split
    from unnest(${[...services]}::text[]) as s (service)
    left join lateral (
      select incident_id, status, opened_at, body from nightshift.incidents i
      where i.environment = ${environment} and i.service = s.service and i.status <> 'resolved' order by opened_at desc limit 1) o on true
    left join lateral (
      select max(closed_at) as closed_at from nightshift.incidents i where i.environment = ${environment} and i.service = s.service and i.closed_at is not null) c on true
    order by s.service`.execute(db);
  return rows.map(toIncidents);
}

function toIncidents({ service, incident_id, workflow_id, status, opened_at, acted, version, alerts, split, closed_at }: FoundRow): ServiceIncidents {
  const closed = closed_at === null ? {} : { lastClosedAt: closed_at };
  if (incident_id === null || workflow_id === null || status === null || opened_at === null) return { service, ...closed };
  const open = { incidentId: incident_id, workflowId: workflow_id, status, openedAt: opened_at, acted: acted === true, split: split ?? [] };
  return {
    service,
    ...closed,
    open: { ...open, ...(version === null ? {} : { version }), alerts: alerts === null ? [] : parsed<readonly AlertNote[]>(alerts) },
  };
}

async function saveRoutes(tx: Tx, routes: readonly ConditionRoute[]): Promise<void> {
  if (routes.length === 0) return;
  const column = (of: (route: ConditionRoute) => string | null): (string | null)[] => routes.map(of);
  await sql`
    insert into nightshift.condition_routes (key, environment, workflow_id, home, joined, member, at)
    select * from unnest(${column(({ key }) => key)}::text[], ${column(({ environment }) => environment)}::text[],
      ${column(({ workflowId }) => workflowId)}::text[], ${column(({ home }) => home)}::text[], ${column(({ joined = null }) => joined)}::text[],
      ${column(({ member }) => canonicalJson(member))}::text[], ${routes.map(({ at }) => at)}::bigint[])
    on conflict (key) do update set workflow_id = excluded.workflow_id, home = excluded.home, joined = excluded.joined, member = excluded.member, at = excluded.at`.execute(
    tx,
  );
}

async function saveRelations(tx: Tx, relations: readonly ServiceRelation[]): Promise<void> {
  if (relations.length === 0) return;
  await tx
    .insertInto('incident_relations')
    .values(relations.map(({ environment, service, other, at, reason }) => ({ environment, service, other, at, reason })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * A relation is noted when an alert is routed, before its incident has an id: it is of the one of its service that was open then, or opened next. So this incident's are those after
 * the end of the one before it, until its own.
 */
async function related(db: Db, { incidentId, environment, service }: Parameters<CorrelationStore['related']>[0]): Promise<RelatedIncident[]> {
  const { rows } = await sql<{ incident_id: string; reason: string }>`
    with own as (select opened_at, closed_at from nightshift.incidents where incident_id = ${incidentId}),
    before as (
      select max(coalesce(i.closed_at, 9223372036854775807)) as ended from nightshift.incidents i
      where i.environment = ${environment} and i.service = ${service} and i.incident_id <> ${incidentId}
        and i.opened_at <= coalesce((select opened_at from own), 9223372036854775807)),
    span as (select coalesce((select ended from before), -1) as after, coalesce((select closed_at from own), 9223372036854775807) as until),
    told as (
      (select r.at, r.reason, r.other from nightshift.incident_relations r, span
        where r.environment = ${environment} and r.service = ${service} and r.at > span.after and r.at <= span.until order by r.at limit ${MOST.told})
      union all
      (select r.at, r.reason, r.service as other from nightshift.incident_relations r, span
        where r.environment = ${environment} and r.other = ${service} and r.at > span.after and r.at <= span.until order by r.at limit ${MOST.told})),
    named as (
      select distinct on (theirs.incident_id) theirs.incident_id, told.reason, told.at
      from told,
        lateral (select incident_id from nightshift.incidents i where i.environment = ${environment} and i.service = told.other
          and (i.closed_at is null or i.closed_at >= told.at) order by i.opened_at limit 1) theirs
      order by theirs.incident_id, told.at)
    select incident_id, reason from named order by at, incident_id limit ${MOST.related}`.execute(db);
  return rows.map(({ incident_id: other, reason }) => ({ incidentId: other, reason }));
}

async function episodes(db: Db, since: number, limit: number): Promise<Episode[]> {
  const rows = await db
    .selectFrom('incidents')
    .select(['incident_id', 'environment', 'service', 'opened_at', 'closed_at'])
    .where((eb) => eb.or([eb('closed_at', 'is', null), eb('closed_at', '>=', since)]))
    .orderBy('opened_at')
    .orderBy('incident_id')
    .limit(limit)
    .execute();
  return rows.map(({ incident_id: incidentId, environment, service, opened_at, closed_at }) => ({
    ...{ incidentId, environment, service, openedAt: Number(opened_at) },
    ...(closed_at === null ? {} : { closedAt: Number(closed_at) }),
  }));
}

function toRoute(row: {
  readonly key: string;
  readonly environment: string;
  readonly workflow_id: string;
  readonly home: string;
  readonly joined: string | null;
  readonly member: string;
  readonly at: number;
}): ConditionRoute {
  const { key, environment, workflow_id: workflowId, home, joined, member, at } = row;
  return { key, environment, workflowId, home, member: parsed<Member>(member), at: Number(at), ...(joined === null ? {} : { joined }) };
}
