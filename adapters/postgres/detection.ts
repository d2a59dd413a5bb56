import { gunzipSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { z } from 'zod';
import { defined } from '../../domain/defined';
import { NightshiftError } from '../../domain/errors';
import type { Checkpoint, DetectionBook } from '../../ports/detection';
import { transact } from './database';
import type { Db, Tx } from './database';

const state = z.object({
  measure: z.string(),
  condition: z.object({ firingSince: z.number().nullable(), rows: z.number(), rowsSince: z.number() }),
  watch: z.string(),
  silentMs: z.number().optional(),
});

const saved = z.object({ measures: z.array(state), feedback: z.number() });

/** Groups and checkpoints as tables. A checkpoint is JSON, compressed: about 60 KB for each measure with a full window. */
export function detectionBook(db: Db): DetectionBook {
  return {
    async take(group) {
      const { rows } = await sql<{ epoch: number; judged_to: number | null }>`
        insert into nightshift.detection_groups (name, epoch, judged_to) values (${group}, 1, (select max(judged_to) from nightshift.detection_groups))
        on conflict (name) do update set epoch = detection_groups.epoch + 1 returning epoch, judged_to`.execute(db);
      const [row] = rows;
      if (!row) throw new NightshiftError('internal', 'The group was not written.');
      return { epoch: Number(row.epoch), ...(row.judged_to !== null && { judgedTo: Number(row.judged_to) }) };
    },
    advance: (group, epoch, judgedTo) => transact(db, (tx) => own(tx, group, epoch, judgedTo)),
    async judgedTo(groups) {
      const rows = await db
        .selectFrom('detection_groups')
        .select('judged_to')
        .where('name', 'in', [...groups])
        .execute();
      const ends = rows.flatMap(({ judged_to: end }) => (end === null ? [] : [Number(end)]));
      return ends.length === 0 || ends.length < groups.length ? undefined : Math.min(...ends);
    },
    checkpoint: (group, epoch, service, { judgedTo, ...known }) => {
      const body = pack(known);
      return transact(db, async (tx) => {
        await own(tx, group, epoch, judgedTo);
        await tx
          .insertInto('detection_checkpoints')
          .values({ service, judged_to: judgedTo, body })
          .onConflict((oc) => oc.column('service').doUpdateSet({ judged_to: judgedTo, body }))
          .execute();
      });
    },
    async restore(service) {
      const row = await db.selectFrom('detection_checkpoints').select(['judged_to', 'body']).where('service', '=', service).executeTakeFirst();
      const known = row && unpack(row.body);
      return row && known && { judgedTo: Number(row.judged_to), ...known };
    },
  };
}

/** Says how far the group is judged, as its owner; the row stays locked until the transaction ends. */
async function own(tx: Tx, group: string, epoch: number, judgedTo: number): Promise<void> {
  const done = await sql`
    update nightshift.detection_groups set judged_to = greatest(judged_to, ${judgedTo}::bigint) where name = ${group} and epoch = ${epoch}::bigint`.execute(tx);
  if (done.numAffectedRows !== 1n) throw new NightshiftError('conflict', `Another worker judges the group ${group} by now.`);
}

type Known = Omit<Checkpoint, 'judgedTo'>;

function pack({ measures, feedback }: Known): string {
  const plain = measures.map(({ watch, ...rest }) => ({ ...rest, watch: Buffer.from(watch).toString('base64') }));
  return gzipSync(JSON.stringify({ measures: plain, feedback })).toString('base64');
}

/** Undefined for what is no checkpoint of this version: everything is learnt from the archive then. */
function unpack(body: string): Known | undefined {
  try {
    const { measures, feedback } = saved.parse(JSON.parse(gunzipSync(Buffer.from(body, 'base64')).toString()));
    return { feedback, measures: measures.map(({ watch, ...rest }) => defined({ ...rest, watch: new Uint8Array(Buffer.from(watch, 'base64')) })) };
  } catch {
    return undefined;
  }
}
