import { sql } from 'kysely';
import { sha256 } from '../../domain/digest';
import { cardText } from '../../domain/knowledge/card';
import type { Lesson } from '../../domain/knowledge/lesson';
import { cosine } from '../../domain/knowledge/vector';
import { NEWEST_LESSONS } from '../../domain/knowledge/similar';
import type { CardVectors, EmbeddingKind } from '../../ports/knowledge';
import type { Db } from './database';
import { parsed } from './json';
import { newestLessons } from './knowledge';
import { readRealArray, realArrayText } from './real-array';

/** Vectors that are read at once where the database does not compare them itself: about 16 MB of a thousand numbers each. */
const PAGE = 1_000;

/** Vectors as arrays of `real`. Where pgvector is installed the database compares them, else they are read and compared here; the answer is the same. */
export function cardVectors(db: Db): CardVectors {
  return {
    async missing(kind, limit) {
      // Only the newest are ever compared: the limit stands before the join, else each that has its vector would let an older one in, which is paid for and never read.
      const newest = newestLessons(db, NEWEST_LESSONS).select(['d.card_digest', 'd.lesson', 'd.closed_at', 'd.incident_id']);
      const rows = await db
        .selectFrom(newest.as('l'))
        .leftJoin('card_vectors as v', (join) =>
          join.onRef('v.digest', '=', 'l.card_digest').on('v.model', '=', kind.model).on('v.dimension', '=', kind.dimension),
        )
        .where('v.digest', 'is', null)
        .select(['l.card_digest', 'l.lesson'])
        .orderBy('l.closed_at', 'desc')
        .orderBy('l.incident_id')
        .execute();
      const texts = new Map(rows.map(({ card_digest, lesson }) => [card_digest, cardText(parsed<Lesson>(lesson ?? '').card)]));
      return [...texts.values()].slice(0, limit);
    },
    async of(text, kind) {
      const { rows } = await sql<{ sent: Buffer }>`select array_send(vector) as sent from nightshift.card_vectors
        where digest = ${sha256(text)} and model = ${kind.model} and dimension = ${kind.dimension}`.execute(db);
      return rows[0] && readRealArray(rows[0].sent);
    },
    async keep(vectors, { model, dimension }) {
      for (const { text, vector } of vectors)
        await sql`insert into nightshift.card_vectors (digest, model, dimension, vector)
          values (${sha256(text)}, ${model}, ${dimension}, ${realArrayText(vector)}::real[]) on conflict do nothing`.execute(db);
    },
    nearness: async (vector, kind, limit) => {
      const type = await vectorType(db);
      return type === undefined ? scan(db, vector, kind, limit) : compareThere(db, type, vector, { kind, limit });
    },
  };
}

/** Name of pgvector's type, with the schema that it was installed in; undefined where it is not. */
async function vectorType(db: Db): Promise<string | undefined> {
  const { rows } = await sql<{ schema: string }>`select quote_ident(n.nspname) as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname = 'vector'`.execute(db);
  return rows[0] && `${rows[0].schema}.vector`;
}

async function compareThere(db: Db, type: string, vector: Float32Array, { kind, limit }: { readonly kind: EmbeddingKind; readonly limit: number }) {
  // The operator stands in the schema of the extension too, which need not be on the search path.
  const operator = sql.raw(`operator(${type.slice(0, -'vector'.length)}<=>)`);
  const cast = sql.raw(`::${type}`);
  const { rows } = await sql<{ incident_id: string; nearness: number }>`
    select l.incident_id, 1 - (v.vector${cast} ${operator} ${realArrayText(vector)}::real[]${cast}) as nearness
    from ${newestLessons(db, limit).select(['d.incident_id', 'd.card_digest'])} as l
    join nightshift.card_vectors v on v.digest = l.card_digest and v.model = ${kind.model} and v.dimension = ${kind.dimension}`.execute(db);
  // Of a vector of zeros the distance is no number.
  return new Map(rows.map(({ incident_id, nearness }) => [incident_id, Number.isFinite(nearness) ? nearness : 0]));
}

async function scan(db: Db, vector: Float32Array, kind: EmbeddingKind, limit: number): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  const lessons = await newestLessons(db, limit).select(['d.incident_id', 'd.card_digest']).execute();
  for (let from = 0; from < lessons.length; from += PAGE) {
    const page = lessons.slice(from, from + PAGE);
    const { rows } = await sql<{ digest: string; sent: Buffer }>`select digest, array_send(vector) as sent from nightshift.card_vectors
      where digest = any(${page.map(({ card_digest }) => card_digest)}::text[]) and model = ${kind.model} and dimension = ${kind.dimension}`.execute(db);
    const nearness = new Map(rows.map(({ digest, sent }) => [digest, cosine(vector, readRealArray(sent))]));
    for (const { incident_id, card_digest } of page) {
      const near = nearness.get(card_digest ?? '');
      if (near !== undefined) found.set(incident_id, near);
    }
  }
  return found;
}
