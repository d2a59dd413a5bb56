import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbedded, openPostgres } from '../adapters/postgres/open';
import { ADMIN_KEY_FILE } from '../config/client';
import { packageRoot } from '../config/package-root';
import type { NightshiftConfig } from '../config/types';
import { archiveSettings } from '../config/resolve-archive';
import { packageVersion } from '../config/version';
import { defined } from '../domain/defined';
import { errorMessage, NightshiftError } from '../domain/errors';
import { ownershipOf } from '../domain/ownership';
import type { ServicePlace } from '../domain/ownership';
import type { Store } from '../ports/store';
import { channelsOf } from './notifiers';

/** Opens the store that the configuration names: PostgreSQL, or embedded in the home. Throws `locked` and `unreachable`. */
export function openStore(config: NightshiftConfig): Promise<Store> {
  const channels = channelsOf(config).map(({ channel, on }) => defined({ channel, on, serves: serving(config, channel) }));
  const { databaseUrl } = config.store;
  const archive = archiveSettings(config);
  if (databaseUrl !== undefined) return openPostgres({ databaseUrl, channels, archive });
  return openEmbedded({ home: config.home, channels, archive, template: emptyStore() });
}

/** Whether a channel is one of a service's; a service without any is served by all. */
function serving(config: NightshiftConfig, channel: string): (place: ServicePlace) => boolean {
  return (place) => {
    const { channels } = ownershipOf(config, config.catchAll, place);
    return channels.length === 0 || channels.includes(channel);
  };
}

/** Makes sure that there is an admin: the configured key, or where no key is valid one in a file of the home that only its owner reads. Returns the file when one was written. */
export async function ensureFirstKey(config: NightshiftConfig, store: Store, at: string): Promise<string | undefined> {
  const { firstAdminKey } = config.store;
  if (firstAdminKey !== undefined) await store.keys.ensure({ name: 'admin', role: 'admin' }, firstAdminKey, at);
  const file = join(config.home, ADMIN_KEY_FILE);
  const made = await store.keys.createFirst({ name: 'admin', role: 'admin' }, at, (key) => writeKey(config.home, file, key));
  return made && file;
}

async function writeKey(home: string, file: string, key: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await writeFile(file, `${key}\n`, { mode: 0o600 });
    await chmod(file, 0o600);
  } catch (error) {
    throw new NightshiftError(
      'invalid_config',
      `The first key cannot be written to ${file}: ${errorMessage(error)}. Name another folder in NIGHTSHIFT_HOME, or set store.firstAdminKey.`,
    );
  }
}

/** Folder of the empty database that the build made. */
export function emptyStore(): string {
  return join(packageRoot(), 'dist', `empty-store-${packageVersion('@electric-sql/pglite')}`);
}
