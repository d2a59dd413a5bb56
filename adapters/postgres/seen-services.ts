import { sql } from 'kysely';
import type { SeenServices } from '../../ports/services';
import type { Db } from './database';

/** Most that are kept: names from outside may be anything, and many. */
export const MOST_SEEN_SERVICES = 5_000;

/** Services that were told of as rows; the first and the last time stay right in whatever order they are noted. */
export function seenServices(db: Db): SeenServices {
  return {
    note: async (places, kind, at) => {
      if (places.length === 0) return;
      const unique = [...new Map(places.map((place) => [JSON.stringify([place.environment, place.service]), place])).values()];
      await sql`
        insert into nightshift.services_seen (environment, service, first_seen, last_seen, alerts, changes)
        select environment, service, ${at}::bigint, ${at}::bigint, ${kind === 'alert'}::boolean, ${kind === 'change'}::boolean
        from unnest(${unique.map((each) => each.environment)}::text[], ${unique.map((each) => each.service)}::text[]) as told (environment, service)
        order by environment, service
        on conflict (environment, service) do update set
          first_seen = least(services_seen.first_seen, excluded.first_seen), last_seen = greatest(services_seen.last_seen, excluded.last_seen),
          alerts = services_seen.alerts or excluded.alerts, changes = services_seen.changes or excluded.changes`.execute(db);
      await sql`
        delete from nightshift.services_seen where (environment, service) in (
          select environment, service from nightshift.services_seen order by last_seen desc, environment, service offset ${MOST_SEEN_SERVICES})`.execute(db);
    },
    list: async () => {
      const rows = await db.selectFrom('services_seen').selectAll().orderBy('environment').orderBy('service').execute();
      return rows.map(({ first_seen, last_seen, ...rest }) => ({ ...rest, firstSeen: Number(first_seen), lastSeen: Number(last_seen) }));
    },
  };
}
