import { sql } from 'kysely';
import { brakeNotification, brakeReason, countedSince } from '../../domain/brake';
import type { IncidentView } from '../../domain/incident-view';
import { OWN_AUTHOR } from '../../domain/own-changes';
import type { KillSwitch } from '../../ports/store';
import type { AuditSink } from './audit-sink';
import { transact, type Db, type Tx } from './database';
import { parsed } from './json';
import { appendSystem, SYSTEM_STREAM, type Appended } from './ledger';
import { putIntoOutbox } from './outbox';
import type { OutboxChannel } from './transitions';

// Any number does, as long as nothing else in the database takes it.
const ACTION_LOCK = 7_203_418_802;

/** The kill switch. Turning it waits for a `prepare` that is under way: once `set` has answered, no later one finds it unturned. */
export function killSwitch(db: Db, sink: AuditSink, channels: readonly OutboxChannel[]): KillSwitch {
  return {
    halted: async () => {
      const row = await readHalt(db);
      return {
        on: row.is_on,
        ...(row.set_by === null ? {} : { by: row.set_by }),
        ...(row.set_at === null ? {} : { at: row.set_at }),
        ...(row.reason === null ? {} : { reason: row.reason }),
      };
    },
    set: (on, by, reason, at) =>
      sink.write(SYSTEM_STREAM, (anywhere) =>
        transact(anywhere, async (tx) => {
          await lockActions(tx);
          return { value: undefined, appended: await turn(tx, on, { by, actor: `person:${by}`, reason, at }) };
        }),
      ),
    brake: (rule, now) =>
      sink.write<boolean>(SYSTEM_STREAM, (anywhere) =>
        transact(anywhere, async (tx) => {
          await lockActions(tx);
          const { is_on: on, set_at: releasedAt } = await readHalt(tx);
          const newest = on ? undefined : await openedSince(tx, countedSince(rule, now, releasedAt ?? undefined));
          const reason = newest && brakeReason(rule, newest.count);
          if (!newest || reason === undefined) return { value: false };
          const at = new Date(now).toISOString();
          const appended = await turn(tx, true, { by: OWN_AUTHOR, actor: OWN_AUTHOR, reason, at });
          await putIntoOutbox(tx, brakeNotification(newest.view, reason, at), channels);
          return { value: true, appended };
        }),
      ),
  };
}

async function turn(
  tx: Tx,
  on: boolean,
  { by, actor, reason, at }: { readonly by: string; readonly actor: string; readonly reason: string; readonly at: string },
): Promise<Appended> {
  await tx.updateTable('kill_switch').set({ is_on: on, set_by: by, set_at: at, reason }).where('id', '=', 1).execute();
  const summary = `Kill switch turned ${on ? 'on' : 'off'}${reason === '' ? '' : `: ${reason}`}`;
  return appendSystem(tx, { at, actor, kind: 'halt', summary, data: { on, reason } });
}

/** How many incidents opened since then, and the newest of them; undefined without any. */
async function openedSince(tx: Tx, since: number): Promise<{ readonly count: number; readonly view: IncidentView } | undefined> {
  const found = await tx
    .selectFrom('incidents')
    .select((eb) => ['body', eb.fn.countAll<number>().over().as('count')])
    .where('opened_at', '>', since)
    .orderBy('opened_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return found && { count: Number(found.count), view: parsed<IncidentView>(found.body) };
}

/** The row of the kill switch, in or outside of a transaction. */
export async function readHalt(db: Db): Promise<{ is_on: boolean; set_by: string | null; set_at: string | null; reason: string | null }> {
  return db.selectFrom('kill_switch').select(['is_on', 'set_by', 'set_at', 'reason']).where('id', '=', 1).executeTakeFirstOrThrow();
}

/** Lets one transaction at a time decide on actions, until it ends. */
export async function lockActions(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${ACTION_LOCK})`.execute(tx);
}
