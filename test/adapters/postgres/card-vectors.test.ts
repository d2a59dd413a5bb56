import { sql } from 'kysely';
import { cardVectors } from '../../../adapters/postgres/card-vectors';
import type { Db } from '../../../adapters/postgres/database';
import { migrate } from '../../../adapters/postgres/migrate';
import { cardText } from '../../../domain/knowledge/card';
import type { IncidentCard } from '../../../domain/knowledge/card';
import { NEWEST_LESSONS } from '../../../domain/knowledge/similar';
import { memoryDatabase } from './memory-database';

const KIND = { model: 'm', dimension: 1 };
const card = (service: string): IncidentCard => ({ incidentId: 'any', environment: 'prod', service, alerts: [], logs: [], changes: [], signs: [] });

let db: Db;
beforeAll(async () => {
  db = await memoryDatabase();
  await migrate(db);
}, 120_000);
afterAll(() => db.destroy());

/** Lesson `i` ended at `i`, so that the one with the highest number is the newest. */
async function lessons(count: number): Promise<void> {
  await sql`insert into nightshift.incidents (incident_id, environment, service, severity, status, opened_at, closed_at, version, body)
    select 'inc-' || i, 'prod', 's' || i, 'sev3', 'resolved', i, i, 1, '{}' from generate_series(1, ${sql.lit(count)}) i`.execute(db);
  await sql`insert into nightshift.incident_documents (incident_id, version, form, closed_at, markdown, lesson, card_digest)
    select 'inc-' || i, 1, 1, i, '', replace(${JSON.stringify({ card: card('NAME') })}::text, 'NAME', 's' || i), 'd' || i
    from generate_series(1, ${sql.lit(count)}) i`.execute(db);
}

async function embedded(digest: string): Promise<void> {
  await sql`insert into nightshift.card_vectors (digest, model, dimension, vector) values (${digest}, 'm', 1, '{1}')`.execute(db);
}

test('a lesson that is too old to be compared waits for no vector, however many of the newer ones have theirs', async () => {
  await lessons(NEWEST_LESSONS + 2);
  const vectors = cardVectors(db);
  const oldest = cardText(card('s3'));
  expect((await vectors.missing(KIND, NEWEST_LESSONS * 2)).at(-1)).toBe(oldest);
  await embedded(`d${String(NEWEST_LESSONS + 2)}`);
  await embedded(`d${String(NEWEST_LESSONS + 1)}`);
  const waiting = await vectors.missing(KIND, NEWEST_LESSONS * 2);
  expect([waiting.length, waiting[0], waiting.at(-1)]).toEqual([NEWEST_LESSONS - 2, cardText(card(`s${String(NEWEST_LESSONS)}`)), oldest]);
});
