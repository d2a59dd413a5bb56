import { randomBytes } from 'node:crypto';
import type { DoorKey } from '../../ports/store';
import type { Db } from './database';

const NAME = 'door-key';
const BYTES = 32;

/** The key of all doors on this database: 32 random bytes, made by whoever asks first. */
export function doorKey(db: Db): DoorKey {
  return {
    secret: async () => {
      await db
        .insertInto('secrets')
        .values({ name: NAME, value: randomBytes(BYTES).toString('base64') })
        .onConflict((oc) => oc.doNothing())
        .execute();
      const row = await db.selectFrom('secrets').select('value').where('name', '=', NAME).executeTakeFirstOrThrow();
      return Buffer.from(row.value, 'base64');
    },
  };
}
