import type { Notification } from '../../domain/notification';
import type { Outbox } from '../../ports/store';
import type { Db } from './database';
import { parsed } from './json';

/** Notifications that wait, one row a channel; a row that was sent or given up stays, so that its id is not sent again. */
export function outbox(db: Db): Outbox {
  return {
    due: async (now, limit) => {
      const rows = await db
        .selectFrom('outbox')
        .select(['body', 'channel', 'attempts'])
        .where('state', '=', 'waiting')
        .where('next_at', '<=', now)
        .orderBy('position')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ notification: parsed<Notification>(row.body), channel: row.channel, attempts: row.attempts }));
    },
    sent: async (id, channel, at) => {
      await db.updateTable('outbox').set({ state: 'sent', sent_at: at }).where('id', '=', id).where('channel', '=', channel).execute();
    },
    failed: async (id, channel, error, nextAt) => {
      await db
        .updateTable('outbox')
        .set((eb) => ({
          attempts: eb('attempts', '+', 1),
          last_error: error.replaceAll('\0', ''),
          ...(nextAt === null ? { state: 'failed' as const } : { next_at: nextAt }),
        }))
        .where('id', '=', id)
        .where('channel', '=', channel)
        .where('state', '=', 'waiting')
        .execute();
    },
  };
}
