import { createReadStream } from 'node:fs';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { lockHome } from '../adapters/postgres/home-lock';
import { openEmbedded, openPostgres } from '../adapters/postgres/open';
import type { Restored } from '../cli/deps';
import type { NightshiftConfig } from '../config/types';
import { errorMessage, NightshiftError } from '../domain/errors';
import { emptyStore } from './open-store';

const ACTOR = 'restore';
/** What belongs to an embedded store in its home. */
const PARTS = ['store', 'audit'] as const;

/** What is restored, and to where; `at` is now, ISO 8601. */
export interface RestoreOptions {
  readonly config: NightshiftConfig;
  readonly file: string;
  readonly at: string;
}

/** Replaces the store that the configuration names by a backup. An embedded one is built beside its place, and what was there before is kept. Throws `locked` while Nightshift runs. */
export async function restoreStore(options: RestoreOptions): Promise<Restored> {
  const { config, file } = options;
  await access(file).catch((error: unknown) => {
    throw new NightshiftError('invalid_input', `The backup cannot be read: ${errorMessage(error)}`);
  });
  const { databaseUrl } = config.store;
  return databaseUrl === undefined ? restoreEmbedded(options) : restorePostgres(options, databaseUrl);
}

async function restorePostgres({ file, at }: RestoreOptions, databaseUrl: string): Promise<Restored> {
  const store = await openPostgres({ databaseUrl, name: 'nightshift-restore' });
  try {
    return await store.backups.restore(() => linesOf(file), ACTOR, at);
  } finally {
    await store.close();
  }
}

async function restoreEmbedded({ config: { home }, file, at }: RestoreOptions): Promise<Restored> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const lock = await lockHome(home);
  const making = join(home, 'restoring');
  try {
    await rm(making, { recursive: true, force: true });
    const store = await openEmbedded({ home: making, template: emptyStore() });
    const restored = await store.backups.restore(() => linesOf(file), ACTOR, at).finally(() => store.close());
    // Opened once more, it writes the files of the audit.
    await (await openEmbedded({ home: making })).close();
    const keptIn = await putInPlace(home, making, at);
    return { ...restored, ...(keptIn === undefined ? {} : { keptIn }) };
  } finally {
    await rm(making, { recursive: true, force: true });
    await lock.release();
  }
}

/** Returns the folder that what was there before was moved to, if there was anything. */
async function putInPlace(home: string, making: string, at: string): Promise<string | undefined> {
  const kept = join(home, `before-restore-${at.replaceAll(':', '-')}`);
  let moved = false;
  for (const part of PARTS) {
    if (!(await exists(join(home, part)))) continue;
    await mkdir(kept, { recursive: true, mode: 0o700 });
    await rename(join(home, part), join(kept, part));
    moved = true;
  }
  for (const part of PARTS) await rename(join(making, part), join(home, part));
  return moved ? kept : undefined;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const raw = createReadStream(file);
  const text = raw.pipe(createGunzip());
  raw.on('error', (error) => text.destroy(error));
  try {
    for await (const line of createInterface({ input: text, crlfDelay: Infinity })) yield line;
    if (text.errored) throw text.errored;
  } catch (error) {
    throw new NightshiftError('invalid_input', `This is no whole backup of Nightshift: ${errorMessage(error)}. Nothing was changed; take another copy.`);
  } finally {
    raw.destroy();
    text.destroy();
  }
}
