import { sql } from 'kysely';
import { canonicalJson } from '../../domain/canonical-json';
import type { StateStore, StateSweep } from '../../ports/store';
import type { Db } from './database';
import { parsed } from './json';

/** Small JSON values by name. */
export function stateStore(db: Db): StateStore & StateSweep {
  return {
    load: async (name) => {
      const row = await db.selectFrom('loop_state').select('body').where('name', '=', name).executeTakeFirst();
      return row && parsed<unknown>(row.body);
    },
    create: async (name, value) => {
      const made = await db
        .insertInto('loop_state')
        .values({ name, body: canonicalJson(value) })
        .onConflict((oc) => oc.doNothing())
        .executeTakeFirst();
      return made.numInsertedOrUpdatedRows === 1n;
    },
    save: (name, value) => saveState(db, name, value),
    async forgetJudged(prefix, before) {
      const gone = await sql`
        delete from nightshift.loop_state where starts_with(name, ${prefix}) and (body::json ->> 'judgedTo')::double precision < ${before}`.execute(db);
      return Number(gone.numAffectedRows ?? 0n);
    },
  };
}

/** Saves a value under a name, alone or inside a transaction. */
export async function saveState(db: Db, name: string, value: unknown): Promise<void> {
  const body = canonicalJson(value);
  await db
    .insertInto('loop_state')
    .values({ name, body })
    .onConflict((oc) => oc.column('name').doUpdateSet({ body }))
    .execute();
}
