import { sql } from 'kysely';
import type { Alert } from '../../domain/alert';
import { canonicalJson } from '../../domain/canonical-json';
import { conditionSchema, FOLDS, type Condition, type Fold } from '../../domain/quiet/condition';
import { UNSTEADY } from '../../domain/quiet/messages';
import type { GateRecord, QuietStore } from '../../ports/quiet';
import { transact, type Db, type Tx } from './database';
import { parsed } from './json';
import { putIntoOutbox } from './outbox';
import type { OutboxChannel } from './transitions';

/** In place of a workflow's id in the inbox, as long as an alert is held. */
export const HELD = 'held';
/** The same of one that was folded, before the reason. */
const FOLDED = 'quiet:';

/** What is held back, as columns of the inbox, and what the gate remembers, as JSON by condition. */
export function quietStore(db: Db, channels: readonly OutboxChannel[]): QuietStore {
  return {
    conditions: async () => toConditions(await db.selectFrom('quiet_conditions').select('body').execute()),
    conditionsOf: async (environment, service) => {
      const all = db.selectFrom('quiet_conditions').select('body').where('environment', '=', environment);
      return toConditions(await (service === undefined ? all : all.where('service', '=', service)).execute());
    },
    record: (decided, now) => transact(db, (tx) => record(tx, decided, now, channels)),
    held: async (limit) => {
      const rows = await db
        .selectFrom('inbox')
        .select(['position', 'body', 'received_at', 'held_until', 'held_why'])
        .where('workflow_id', '=', HELD)
        .orderBy('held_until')
        .limit(limit)
        .execute();
      const counted = await db
        .selectFrom('inbox')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('workflow_id', '=', HELD)
        .executeTakeFirstOrThrow();
      const held = rows.map((row) => ({
        ...{ position: row.position, alert: parsed<Alert>(row.body), receivedAt: row.received_at },
        ...{ until: row.held_until ?? 0, why: row.held_why ?? '' },
      }));
      return { held, count: Number(counted.count) };
    },
    folded: async () => {
      const rows = await sql<{ why: string; count: number }>`
        select workflow_id as why, count(*)::integer as count from nightshift.inbox where workflow_id like 'quiet:%' group by workflow_id`.execute(db);
      return Object.fromEntries(rows.rows.map(({ why, count }) => [foldOf(why), count]));
    },
  };
}

async function record(
  tx: Tx,
  { hold, fold, release, save, forget, notifications, drop }: GateRecord,
  now: number,
  channels: readonly OutboxChannel[],
): Promise<void> {
  if (hold.length > 0) {
    await sql`update nightshift.inbox i set workflow_id = ${HELD}, held_until = h.until, held_why = h.why
      from unnest(${hold.map((one) => one.position)}::bigint[], ${hold.map((one) => one.until)}::bigint[], ${hold.map((one) => one.why)}::text[]) as h (position, until, why)
      where i.position = h.position and (i.workflow_id is null or i.workflow_id = ${HELD})`.execute(tx);
  }
  for (const each of FOLDS) await foldIn(tx, each, positionsOf(fold, each), now);
  if (release.length > 0) {
    // The watcher counts from here on.
    await sql`update nightshift.inbox set workflow_id = null, watched_at = null, held_until = ${now}::bigint
      where position = any(${[...release]}::bigint[]) and (workflow_id = ${HELD} or workflow_id like 'quiet:%')`.execute(tx);
  }
  await saveConditions(tx, save);
  if (forget.length > 0) await sql`delete from nightshift.quiet_conditions where key = any(${[...forget]}::text[])`.execute(tx);
  for (const incidentId of drop) await dropMessages(tx, incidentId);
  for (const notification of notifications) await putIntoOutbox(tx, notification, channels);
}

function positionsOf(fold: GateRecord['fold'], why: Fold): number[] {
  return fold.filter((one) => one.fold === why).map((one) => one.position);
}

async function foldIn(tx: Tx, why: Fold, positions: readonly number[], now: number): Promise<void> {
  if (positions.length === 0) return;
  await sql`update nightshift.inbox set workflow_id = ${FOLDED + why}, watched_at = ${now}::bigint
    where position = any(${[...positions]}::bigint[]) and (workflow_id is null or workflow_id = ${HELD})`.execute(tx);
}

async function saveConditions(tx: Tx, save: readonly Condition[]): Promise<void> {
  if (save.length === 0) return;
  const [keys, environments, services] = [save.map((one) => one.key), save.map((one) => one.environment), save.map((one) => one.service)];
  await sql`insert into nightshift.quiet_conditions (key, environment, service, body)
    select * from unnest(${keys}::text[], ${environments}::text[], ${services}::text[], ${save.map((one) => canonicalJson(one))}::text[])
    on conflict (key) do update set body = excluded.body`.execute(tx);
}

/** News of an alert that came back are not sent any more: it flaps, and people are told that. */
async function dropMessages(tx: Tx, incidentId: string): Promise<void> {
  await sql`update nightshift.outbox set state = 'failed', last_error = 'folded into a later message'
    where state = 'waiting' and hold = ${UNSTEADY} and starts_with(id, ${`${incidentId}/`})`.execute(tx);
}

function toConditions(rows: readonly { readonly body: string }[]): readonly Condition[] {
  return rows.flatMap(({ body }) => {
    // One of another version that cannot be read is begun anew.
    const read = conditionSchema.safeParse(parsed<unknown>(body));
    return read.success ? [read.data] : [];
  });
}

function foldOf(why: string): string {
  return why.slice(FOLDED.length);
}
