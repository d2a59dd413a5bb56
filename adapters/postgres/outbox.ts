import { canonicalJson } from '../../domain/canonical-json';
import { HEARTBEAT_CHANNEL } from '../../domain/heartbeat';
import { takers } from '../../domain/notification';
import type { Notification } from '../../domain/notification';
import type { Outbox, OutboxGauge } from '../../ports/store';
import type { Db } from './database';
import { parsed } from './json';
import type { OutboxChannel } from './transitions';

/** Notifications that wait, one row a channel; a row that was sent or given up stays, so that its id is not sent again. */
export function outbox(db: Db, channels: readonly OutboxChannel[]): Outbox & OutboxGauge {
  return {
    put: (notification) => putIntoOutbox(db, notification, channels),
    unsent: async () => {
      const rows = await db
        .selectFrom('outbox')
        .select((eb) => ['channel', eb.fn.countAll<number>().as('count')])
        .where('state', '=', 'waiting')
        .groupBy('channel')
        .execute();
      return rows.map((row) => ({ channel: row.channel, waiting: Number(row.count) }));
    },
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
    toldAt: async (id) => {
      const row = await db
        .selectFrom('outbox')
        .select((eb) => eb.fn.min('sent_at').as('at'))
        .where('id', '=', id)
        .where('state', '=', 'sent')
        .executeTakeFirst();
      return row?.at === null || row?.at === undefined ? undefined : Number(row.at);
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

/** Puts a notification in once for each channel that takes it; one that is there already stays as it is. */
export async function putIntoOutbox(db: Db, notification: Notification, channels: readonly OutboxChannel[]): Promise<void> {
  const body = canonicalJson(notification);
  const rows = channelsFor(notification, channels).map((channel) => ({ id: notification.id, channel, body }));
  if (rows.length > 0)
    await db
      .insertInto('outbox')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

function channelsFor(notification: Notification, channels: readonly OutboxChannel[]): readonly string[] {
  if (notification.reason === 'heartbeat') return [HEARTBEAT_CHANNEL];
  return takers(notification.reason, channels, 'view' in notification ? notification.view : undefined).map(({ channel }) => channel);
}
