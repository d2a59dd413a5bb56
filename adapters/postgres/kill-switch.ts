import { sql } from 'kysely';
import type { KillSwitch } from '../../ports/store';
import type { AuditSink } from './audit-sink';
import { transact, type Db, type Tx } from './database';
import { appendSystem, SYSTEM_STREAM } from './ledger';

// Any number does, as long as nothing else in the database takes it.
const ACTION_LOCK = 7_203_418_802;

/** The kill switch. Turning it waits for a `prepare` that is under way: once `set` has answered, no later one finds it unturned. */
export function killSwitch(db: Db, sink: AuditSink): KillSwitch {
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
          await tx.updateTable('kill_switch').set({ is_on: on, set_by: by, set_at: at, reason }).where('id', '=', 1).execute();
          const summary = `Kill switch turned ${on ? 'on' : 'off'}${reason === '' ? '' : `: ${reason}`}`;
          return { value: undefined, appended: await appendSystem(tx, { at, actor: by, kind: 'halt', summary, data: { on, reason } }) };
        }),
      ),
  };
}

/** The row of the kill switch, in or outside of a transaction. */
export async function readHalt(db: Db): Promise<{ is_on: boolean; set_by: string | null; set_at: string | null; reason: string | null }> {
  return db.selectFrom('kill_switch').select(['is_on', 'set_by', 'set_at', 'reason']).where('id', '=', 1).executeTakeFirstOrThrow();
}

/** Lets one transaction at a time decide on actions, until it ends. */
export async function lockActions(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${ACTION_LOCK})`.execute(tx);
}
