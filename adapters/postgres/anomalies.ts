import { sql } from 'kysely';
import type { Feedback } from '../../domain/anomaly/threshold';
import { canonicalJson } from '../../domain/canonical-json';
import { anomaliesOf } from '../../domain/detection/anomaly-ids';
import type { AnomalyRecord } from '../../domain/detection/anomaly-record';
import { feedbackOfEnd } from '../../domain/detection/anomaly-feedback';
import type { IncidentView } from '../../domain/incident-view';
import { OWN_AUTHOR } from '../../domain/own-changes';
import type { AnomalyFeedback, AnomalyStore, FeedbackStore, ToldFeedback } from '../../ports/anomalies';
import type { AuditSink } from './audit-sink';
import { transact, type Db, type Tx } from './database';
import { millis, parsed } from './json';
import { appendSystem, SYSTEM_STREAM } from './ledger';

// Any number does, as long as nothing else in the database takes it.
const FEEDBACK_LOCK = 7_203_418_811;

/** Anomalies as JSON by id. */
export function anomalyStore(db: Db): AnomalyStore {
  return {
    put: async (record) => {
      const { id, environment, service, series, anomaly } = record;
      await db
        .insertInto('anomalies')
        .values({ id, environment, service, series, at: anomaly.at, score: anomaly.score, body: canonicalJson(record) })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    get: async (id) => {
      const row = await db.selectFrom('anomalies').select('body').where('id', '=', id).executeTakeFirst();
      return row && parsed<AnomalyRecord>(row.body);
    },
    list: async ({ environment, service, from, to, limit }) => {
      let query = db.selectFrom('anomalies').select('body').where('at', '>=', Math.ceil(from)).where('at', '<=', Math.floor(to));
      if (environment !== undefined) query = query.where('environment', '=', environment);
      if (service !== undefined) query = query.where('service', '=', service);
      const rows = await query.orderBy('at', 'desc').orderBy('id').limit(limit).execute();
      return rows.map((row) => parsed<AnomalyRecord>(row.body));
    },
  };
}

/** What became of anomalies. Writers take turns, so that no number becomes visible before a lower one. */
export function feedbackStore(db: Db, sink: AuditSink): FeedbackStore {
  return {
    tell: (told) => sink.write(SYSTEM_STREAM, (anywhere) => transact(anywhere, (tx) => tell(tx, told))),
    since: async (id, limit) => {
      const rows = await db.selectFrom('anomaly_feedback').selectAll().where('id', '>', id).orderBy('id').limit(limit).execute();
      return rows.map(({ told_by: by, ...row }): AnomalyFeedback => ({ ...row, by }));
    },
  };
}

async function tell(tx: Tx, { what, by, at, anomalies, incidentId }: ToldFeedback) {
  const actor = `person:${by}`;
  await lockFeedback(tx);
  const fresh = await insert(tx, { what, by: actor, at: millis(at, 'at'), anomalies });
  if (fresh.length === 0) return { value: fresh };
  const of = incidentId ?? `${fresh.length} ${fresh.length === 1 ? 'anomaly' : 'anomalies'}`;
  const data = { what, anomalies: fresh, ...(incidentId === undefined ? {} : { incidentId }) };
  return { value: fresh, appended: await appendSystem(tx, { at, actor, kind: 'feedback', summary: `said of ${of}: ${what}`, data }) };
}

/** Whether the end of an incident may say something of anomalies. */
export function mayTeach(view: IncidentView): boolean {
  return view.status === 'resolved' && anomaliesOf(view.alerts).length > 0;
}

/** Must be taken before anything of the audit is written: all who write both take them in this order. */
export async function lockFeedback(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${FEEDBACK_LOCK})`.execute(tx);
}

/** Records what the end of an incident says of its anomalies, in the transaction of its last transition, after its records were written. */
export async function learnFromEnd(tx: Tx, view: IncidentView): Promise<void> {
  // The actor stands first in canonical JSON. A body that somebody broke must not keep an incident from ending.
  const { rows } = await sql<{ actor: string }>`
    select distinct substring(body from '^\\{"actor":"([^"]*)"') as actor from nightshift.audit
    where stream = ${view.incidentId} and (body like '{"actor":"person:%' or body like '{"actor":"unverified:%')`.execute(tx);
  const what = feedbackOfEnd(
    view,
    rows.map(({ actor }) => actor),
  );
  if (what !== undefined) await insert(tx, { what, by: OWN_AUTHOR, at: millis(view.updatedAt, 'view.updatedAt'), anomalies: anomaliesOf(view.alerts) });
}

interface Said {
  readonly what: Feedback;
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly anomalies: readonly string[];
}

async function insert(tx: Tx, { what, by, at, anomalies }: Said): Promise<readonly string[]> {
  const added = await sql<{ anomaly: string }>`
    insert into nightshift.anomaly_feedback (anomaly, series, score, what, told_by, at)
    select a.id, a.series, a.score, ${what}, ${by}, ${at}::bigint from nightshift.anomalies a where a.id = any(${[...anomalies]}::text[]) order by a.at, a.id
    on conflict (anomaly, what) do nothing returning anomaly`.execute(tx);
  return added.rows.map(({ anomaly }) => anomaly);
}
