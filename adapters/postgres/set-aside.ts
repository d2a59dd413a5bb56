import { gunzipSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import type { AsideEntry, SeenMessages, SetAside } from '../../ports/set-aside';
import { transact, type Db } from './database';
import { parsed } from './json';

// Any number does, as long as nothing else in the database takes it.
const KEEP_LOCK = 7_203_418_806;
const ENTRY = ['id', 'source', 'received_at', 'why', 'size', 'sender'] as const;

/** Messages that could not be read. Their bytes are stored compressed, as text that every backup can hold. */
export function setAsideStore(db: Db): SetAside {
  return {
    keep: (message, most) =>
      transact(db, async (tx) => {
        // One at a time, so that several together do not go past the limit.
        await sql`select pg_advisory_xact_lock(${KEEP_LOCK})`.execute(tx);
        const { id, source, receivedAt, why, size, by, headers, body } = message;
        const there = await tx.selectFrom('set_aside').select('id').where('id', '=', id).executeTakeFirst();
        if (there) return true;
        const { count } = await tx
          .selectFrom('set_aside')
          .select((eb) => eb.fn.countAll().as('count'))
          .executeTakeFirstOrThrow();
        if (Number(count) >= most) return false;
        const packed = gzipSync(body).toString('base64');
        const row = { id, source, received_at: receivedAt, why, size, sender: by, headers: JSON.stringify(headers), body: packed };
        await tx.insertInto('set_aside').values(row).execute();
        return true;
      }),
    list: async (limit) => {
      const rows = await db.selectFrom('set_aside').select(ENTRY).orderBy('received_at').orderBy('id').limit(limit).execute();
      return rows.map(entryOf);
    },
    get: async (id) => {
      const row = await db.selectFrom('set_aside').selectAll().where('id', '=', id).executeTakeFirst();
      return (
        row && { ...entryOf(row), headers: parsed<Record<string, string>>(row.headers), body: new Uint8Array(gunzipSync(Buffer.from(row.body, 'base64'))) }
      );
    },
    failed: async (id, why) => {
      await db.updateTable('set_aside').set({ why }).where('id', '=', id).execute();
    },
    drop: async (id) => (await db.deleteFrom('set_aside').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n,
    forget: async (before) => {
      await db.deleteFrom('set_aside').where('received_at', '<', before).execute();
    },
    count: async (since) => {
      const row = await db
        .selectFrom('set_aside')
        .select((eb) => eb.fn.countAll().as('count'))
        .where('received_at', '>=', since)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
  };
}

/** Signed messages that were taken in. */
export function seenMessages(db: Db): SeenMessages {
  return {
    has: async (source, message, now) => {
      const found = db.selectFrom('seen_messages').select('until').where('source', '=', source).where('message', '=', message).where('until', '>=', now);
      return (await found.executeTakeFirst()) !== undefined;
    },
    remember: async (source, message, until, now) => {
      await db.deleteFrom('seen_messages').where('until', '<', now).execute();
      await db
        .insertInto('seen_messages')
        .values({ source, message, until })
        .onConflict((oc) => oc.columns(['source', 'message']).doUpdateSet({ until }))
        .execute();
    },
  };
}

function entryOf(row: { id: string; source: string; received_at: number; why: string; size: number; sender: string }): AsideEntry {
  const { id, source, why, size, sender } = row;
  return { id, source, receivedAt: Number(row.received_at), why, size, by: sender === 'key' || sender === 'pull' ? sender : 'signature' };
}
