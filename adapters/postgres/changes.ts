import { canonicalJson } from '../../domain/canonical-json';
import type { Change } from '../../domain/change';
import type { ChangeStore } from '../../ports/changes';
import type { Db } from './database';
import { millis, parsed } from './json';

/** Changes that were told to us; the first telling of an id is kept. */
export function changeStore(db: Db): ChangeStore {
  return {
    record: async (changes) => {
      if (changes.length === 0) return;
      const rows = changes.map((change, index) => ({
        id: change.id,
        environment: change.environment,
        service: change.service,
        at: millis(change.at, `changes.${index}.at`),
        body: canonicalJson(change),
      }));
      await db
        .insertInto('changes')
        .values(rows)
        .onConflict((oc) => oc.doNothing())
        .execute();
    },
    list: async (service, from, to) => {
      const rows = await db
        .selectFrom('changes')
        .select('body')
        .where('environment', '=', service.environment)
        .where('service', '=', service.name)
        .where('at', '>=', Math.ceil(from))
        .where('at', '<=', Math.floor(to))
        .orderBy('at')
        .orderBy('id')
        .execute();
      return rows.map((row) => parsed<Change>(row.body));
    },
    find: async ({ environment, service, from, to, limit }) => {
      const rows = await db
        .selectFrom('changes')
        .select('body')
        .where('at', '>=', Math.ceil(from))
        .where('at', '<=', Math.floor(to))
        .$if(environment !== undefined, (query) => query.where('environment', '=', environment ?? ''))
        .$if(service !== undefined, (query) => query.where('service', '=', service ?? ''))
        .orderBy('at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map((row) => parsed<Change>(row.body));
    },
  };
}
