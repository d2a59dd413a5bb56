import { generateKeyPairSync } from 'node:crypto';
import type { AnchorKey } from '../../ports/audit';
import type { Db } from './database';
import { secretNamed } from './secret';

const NAME = 'anchor-key';

/** The key that signs heads of the audit on this database: a pair of Ed25519. */
export function anchorKey(db: Db): AnchorKey {
  return { privateKey: () => secretNamed(db, NAME, newKey) };
}

function newKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
