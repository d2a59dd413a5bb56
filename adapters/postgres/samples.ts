import { sql } from 'kysely';
import { canonicalJson } from '../../domain/canonical-json';
import type { Sample } from '../../domain/metrics';
import type { SampleArchive } from '../../ports/metrics';
import type { Db } from './database';
import { parsed } from './json';

/** Samples as rows of one instance at one time; the same one again is kept once. `forgotten` is told how many rows a pruning removed. */
export function sampleArchive(db: Db, forgotten: (rows: number) => Promise<void>): SampleArchive {
  return {
    append: async (samples) => {
      if (samples.length === 0) return;
      const column = <T>(of: (sample: Sample) => T): T[] => samples.map(of);
      await sql`
        insert into nightshift.samples (environment, service, at, instance, body)
        select * from unnest(${column((s) => s.environment)}::text[], ${column((s) => s.service)}::text[], ${column((s) => Math.round(s.at))}::bigint[],
          ${column((s) => s.instance)}::text[], ${column((s) => canonicalJson(s))}::text[])
        on conflict do nothing`.execute(db);
    },
    read: async (environment, service, from, to) => {
      const rows = await db
        .selectFrom('samples')
        .select('body')
        .where('environment', '=', environment)
        .where('service', '=', service)
        .where('at', '>=', Math.floor(from))
        .where('at', '<=', Math.ceil(to))
        .orderBy('at')
        .orderBy('instance')
        .execute();
      return rows.map((row) => parsed<Sample>(row.body)).filter((sample) => sample.at >= from && sample.at <= to);
    },
    prune: async (before) => {
      const done = await db.deleteFrom('samples').where('at', '<', Math.ceil(before)).executeTakeFirst();
      await forgotten(Number(done.numDeletedRows));
    },
  };
}
