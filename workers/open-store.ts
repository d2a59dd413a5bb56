import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbedded, openPostgres } from '../adapters/postgres/open';
import { ADMIN_KEY_FILE } from '../config/client';
import { packageRoot } from '../config/package-root';
import type { NightshiftConfig } from '../config/types';
import { packageVersion } from '../config/version';
import { defined } from '../domain/defined';
import type { Store } from '../ports/store';
import { channelsOf } from './notifiers';

/** Opens the store that the configuration names: PostgreSQL, or embedded in the home. Throws `locked` and `unreachable`. */
export function openStore(config: NightshiftConfig): Promise<Store> {
  const channels = channelsOf(config).map(({ channel, on }) => defined({ channel, on }));
  const { databaseUrl } = config.store;
  return databaseUrl === undefined ? openEmbedded({ home: config.home, channels, template: emptyStore() }) : openPostgres({ databaseUrl, channels });
}

/** Makes sure that there is a first admin: embedded, a key in a file that only its owner reads; with a database, the configured one. Returns the file when one was written. */
export async function ensureFirstKey(config: NightshiftConfig, store: Store, at: string): Promise<string | undefined> {
  const { firstAdminKey, databaseUrl } = config.store;
  if (firstAdminKey !== undefined) await store.keys.ensure({ name: 'admin', role: 'admin' }, firstAdminKey, at);
  if (databaseUrl !== undefined || (await store.keys.list()).some((key) => key.revokedAt === undefined)) return undefined;
  const { key } = await store.keys.create({ name: 'admin', role: 'admin' }, at);
  const file = join(config.home, ADMIN_KEY_FILE);
  await writeFile(file, `${key}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
  return file;
}

/** The empty database that the build made. */
function emptyStore(): string {
  return join(packageRoot(), 'dist', `empty-store-${packageVersion('@electric-sql/pglite')}`);
}
