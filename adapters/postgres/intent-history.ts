import type { IntentHistory } from '../../ports/audit';
import type { Db } from './database';
import { toIntent } from './intents';

/** Reads intents of a time. */
export function intentHistory(db: Db): IntentHistory {
  return {
    between: async (from, to, limit, after) => {
      const rows = await db
        .selectFrom('intents')
        .selectAll()
        .where('intended_at', '>=', from)
        .where('intended_at', '<=', to)
        .$if(after !== undefined, (query) =>
          query.where((eb) =>
            eb.or([
              eb('intended_at', '>', after?.intendedAt ?? 0),
              eb.and([eb('intended_at', '=', after?.intendedAt ?? 0), eb('token', '>', after?.token ?? '')]),
            ]),
          ),
        )
        .orderBy('intended_at')
        .orderBy('token')
        .limit(limit)
        .execute();
      return rows.map(toIntent);
    },
  };
}
