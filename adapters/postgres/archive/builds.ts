import { sql } from 'kysely';
import type { Build } from '../../../domain/build';
import { completedBuild } from '../../../domain/build-merge';
import { canonicalJson } from '../../../domain/canonical-json';
import type { BuildReader, Kept } from '../../../ports/archive';
import type { Db, Tx } from '../database';
import { millis, parsed } from '../json';

/** Builds as they were told. */
export function buildReader(db: Db): BuildReader {
  return {
    get: async (id) => {
      const row = await db.selectFrom('builds').select('body').where('id', '=', id).executeTakeFirst();
      return row && parsed<Build>(row.body);
    },
    list: async ({ environment, service, name, results, after, from, to, limit }) => {
      const last = after && { at: millis(after.endedAt, 'after'), id: after.id };
      const rows = await db
        .selectFrom('builds')
        .select('body')
        .where('ended_at', '>=', Math.ceil(from))
        .where('ended_at', '<=', Math.floor(to))
        .$if(environment !== undefined, (query) => query.where('environment', '=', environment ?? ''))
        .$if(service !== undefined, (query) => query.where('service', '=', service ?? ''))
        .$if(name !== undefined, (query) => query.where('name', '=', name ?? ''))
        .$if(results !== undefined, (query) => query.where(sql<boolean>`body::json ->> 'result' = any(${results ?? []}::text[])`))
        .$if(last !== undefined, (query) =>
          query.where(sql<boolean>`(ended_at < ${last?.at ?? 0} or (ended_at = ${last?.at ?? 0} and id > ${last?.id ?? ''}))`),
        )
        .orderBy('ended_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map((row) => parsed<Build>(row.body));
    },
  };
}

/** Writes builds; one that is there is completed by what is new. */
export async function putBuilds(tx: Tx, builds: readonly Build[]): Promise<Kept['builds']> {
  if (builds.length === 0) return { added: 0, completed: 0, duplicates: 0 };
  const told = new Map<string, Build>();
  for (const build of builds) {
    const before = told.get(build.id);
    told.set(build.id, before ? completedBuild(before, build) : build);
  }
  const rows = [...told.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const added = new Set(await add(tx, rows));
  const there = rows.filter(({ id }) => !added.has(id));
  const completed = there.length === 0 ? 0 : await complete(tx, there);
  return { added: added.size, completed, duplicates: builds.length - added.size - completed };
}

async function add(tx: Tx, builds: readonly Build[]): Promise<readonly string[]> {
  const column = (of: (build: Build) => string): string[] => builds.map(of);
  const { rows } = await sql<{ id: string }>`
    insert into nightshift.builds (id, environment, service, name, ended_at, body)
    select * from unnest(${column((b) => b.id)}::text[], ${column((b) => b.environment)}::text[], ${column((b) => b.service)}::text[], ${column((b) => b.name)}::text[],
      ${builds.map((b) => millis(b.endedAt, 'endedAt'))}::bigint[], ${column(canonicalJson)}::text[])
    on conflict (id) do nothing returning id`.execute(tx);
  return rows.map(({ id }) => id);
}

async function complete(tx: Tx, builds: readonly Build[]): Promise<number> {
  const ids = builds.map(({ id }) => id);
  const { rows } = await sql<{ id: string; body: string }>`
    select id, body from nightshift.builds where id = any(${ids}::text[]) order by id for update`.execute(tx);
  const before = new Map(rows.map(({ id, body }) => [id, body]));
  let completed = 0;
  for (const build of builds) {
    const old = before.get(build.id);
    const body = canonicalJson(old === undefined ? build : completedBuild(parsed<Build>(old), build));
    if (body === old) continue;
    await sql`update nightshift.builds set body = ${body} where id = ${build.id}`.execute(tx);
    completed += 1;
  }
  return completed;
}
