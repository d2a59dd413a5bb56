import { sql } from 'kysely';
import { canonicalJson } from '../../domain/canonical-json';
import { sha256 } from '../../domain/digest';
import type { IncidentView } from '../../domain/incident-view';
import { cardText } from '../../domain/knowledge/card';
import type { RoundOutcome } from '../../domain/knowledge/confirmed';
import type { Lesson } from '../../domain/knowledge/lesson';
import type { IncidentDocuments, Lessons } from '../../ports/knowledge';
import type { Db } from './database';
import { parsed } from './json';

/** Documents as rows; the lesson is JSON, and the digest of its card's text leads to its vectors. */
export function incidentDocuments(db: Db): IncidentDocuments & Lessons {
  return {
    async undocumented(since, form, limit, except = []) {
      const rows = await db
        .selectFrom('incidents as i')
        .leftJoin('incident_documents as d', 'd.incident_id', 'i.incident_id')
        .select(['i.incident_id', 'i.body'])
        .where('i.status', '=', 'resolved')
        .where('i.closed_at', '>=', since)
        .where((eb) => eb.or([eb('d.incident_id', 'is', null), eb('d.version', '<', eb.ref('i.version')), eb('d.form', '<', form)]))
        .where(sql<boolean>`i.incident_id <> all(${[...except]}::text[])`)
        .orderBy('i.closed_at')
        .orderBy('i.incident_id')
        .limit(limit)
        .execute();
      const outcomes = await outcomesOf(
        db,
        rows.map(({ incident_id }) => incident_id),
      );
      return rows.map(({ incident_id, body }) => ({ view: parsed<IncidentView>(body), outcomes: outcomes.get(incident_id) ?? [] }));
    },
    async write({ incidentId, version, form, closedAt, markdown, lesson }) {
      const kept = {
        ...{ version, form, closed_at: closedAt, markdown },
        lesson: lesson === undefined ? null : canonicalJson(lesson),
        card_digest: lesson === undefined ? null : sha256(cardText(lesson.card)),
      };
      await db
        .insertInto('incident_documents')
        .values({ incident_id: incidentId, ...kept })
        .onConflict((conflict) =>
          conflict.column('incident_id').doUpdateSet(kept).where('incident_documents.version', '<=', version).where('incident_documents.form', '<=', form),
        )
        .execute();
    },
    async read(incidentId) {
      const row = await db.selectFrom('incident_documents').select('markdown').where('incident_id', '=', incidentId).executeTakeFirst();
      return row?.markdown;
    },
    async newest(limit) {
      const rows = await newestLessons(db, limit).select('d.lesson').execute();
      return rows.flatMap(({ lesson }) => (lesson === null ? [] : [parsed<Lesson>(lesson)]));
    },
  };
}

/** Lessons of incidents that are still resolved, the newest first. */
export function newestLessons(db: Db, limit: number) {
  return db
    .selectFrom('incident_documents as d')
    .innerJoin('incidents as i', 'i.incident_id', 'd.incident_id')
    .where('d.lesson', 'is not', null)
    .where('i.status', '=', 'resolved')
    .orderBy('d.closed_at', 'desc')
    .orderBy('d.incident_id')
    .limit(limit);
}

async function outcomesOf(db: Db, incidents: readonly string[]): Promise<ReadonlyMap<string, readonly RoundOutcome[]>> {
  if (incidents.length === 0) return new Map();
  const rows = await db
    .selectFrom('outcomes')
    .select(['incident_id', 'round', 'runbook', 'service', 'cause', 'verdict'])
    .where('incident_id', 'in', incidents)
    .orderBy('round')
    .orderBy('at')
    .execute();
  const found = new Map<string, RoundOutcome[]>(incidents.map((id) => [id, []]));
  // The ledger's words are written by our own types only.
  for (const { incident_id, ...outcome } of rows) found.get(incident_id)?.push(outcome as RoundOutcome);
  return found;
}
