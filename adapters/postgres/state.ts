import { canonicalJson } from '../../domain/canonical-json';
import type { StateStore } from '../../ports/store';
import type { Db } from './database';
import { parsed } from './json';

/** Small JSON values by name. */
export function stateStore(db: Db): StateStore {
  return {
    load: async (name) => {
      const row = await db.selectFrom('loop_state').select('body').where('name', '=', name).executeTakeFirst();
      return row && parsed<unknown>(row.body);
    },
    save: async (name, value) => {
      const body = canonicalJson(value);
      await db
        .insertInto('loop_state')
        .values({ name, body })
        .onConflict((oc) => oc.column('name').doUpdateSet({ body }))
        .execute();
    },
  };
}
