import { randomBytes } from 'node:crypto';
import type { DoorKey } from '../../ports/store';
import type { Db } from './database';
import { secretNamed } from './secret';

const NAME = 'door-key';
const BYTES = 32;

/** The key of all doors on this database: 32 random bytes. */
export function doorKey(db: Db): DoorKey {
  return { secret: async () => Buffer.from(await secretNamed(db, NAME, () => randomBytes(BYTES).toString('base64')), 'base64') };
}
