import { access, cp, mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { ArchiveSettings } from '../../domain/archive-settings';
import { errorCode, errorMessage, NightshiftError } from '../../domain/errors';
import type { Store } from '../../ports/store';
import { AuditFiles } from './audit-files';
import { tableSink } from './audit-sink';
import { lockCoordination } from './coordination';
import type { Db, Tables } from './database';
import { translateError } from './db-errors';
import { lockHome } from './home-lock';
import { migrate } from './migrate';
import { pgliteDialect } from './pglite-dialect';
import { soleProcess } from './sole-process';
import { createStore } from './store';
import { textParser } from './text-parser';
import type { OutboxChannel } from './transitions';

/** How an embedded store is opened. */
export interface EmbeddedOptions {
  /** Folder that the store owns; made with mode 0700 when it is missing. */
  readonly home: string;
  /** Folder of the written-out audit; `<home>/audit` when not given. */
  readonly auditDir?: string;
  /** Folder of an empty database of the same version, that a first opening copies instead of making one; passed over when it is not there. */
  readonly template?: string;
  /** Channels that notifications are put into the outbox for. */
  readonly channels?: readonly OutboxChannel[];
  readonly archive?: ArchiveSettings;
}

/** How a store on PostgreSQL is opened. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with the parameters that node-postgres knows. */
  readonly databaseUrl: string;
  readonly channels?: readonly OutboxChannel[];
  readonly archive?: ArchiveSettings;
  /** Most connections at once. */
  readonly maxConnections?: number;
  /** What the server shows of the connections; `nightshift` when not given. */
  readonly name?: string;
}

/** Name of the connections of a running Nightshift. */
const APPLICATION_NAME = 'nightshift';
const CONNECT_MS = 5000;
const QUERY_MS = 30_000;
// Pruned samples are the clock of sweeping: about an hour of three services at a sample every two seconds.
const SWEEP_AT = 5000;
const CHURNING = [
  ...(['samples', 'incidents', 'inbox', 'outbox', 'intents', 'loop_state', 'audit_ledger'] as const),
  ...(['points', 'series', 'log_counts', 'log_templates', 'call_counts', 'call_edges', 'builds', 'archive_deliveries', 'archive_refusals', 'changes'] as const),
  'measure_chunks',
] as const satisfies readonly (keyof Tables)[];

/** Opens the embedded store of a folder, which one process alone may have open. Throws `locked` when another has it, `conflict` when a newer version made it. */
export async function openEmbedded({ home: folder, auditDir, template, channels = [], archive }: EmbeddedOptions): Promise<Store> {
  const home = resolve(folder);
  await mkdir(home, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new NightshiftError('invalid_config', `The folder ${home} cannot be made: ${errorMessage(error)}.`);
  });
  const lock = await lockHome(home);
  const where = `in ${home}`;
  let db: Db | undefined;
  try {
    const opened = bound(new Kysely<Tables>({ dialect: pgliteDialect(await openData(join(home, 'store'), template)) }));
    db = opened;
    await migrate(opened);
    const sink = await AuditFiles.open(opened, resolve(auditDir ?? join(home, 'audit')));
    const release = () => opened.destroy().finally(() => lock.release());
    return createStore({ db: opened, sink, channels, coordination: soleProcess(), where, release, archive, forgotten: sweeper(opened) });
  } catch (error) {
    await db?.destroy().catch(() => undefined);
    await lock.release();
    throw translateError(error, where);
  }
}

/** Opens the store on a PostgreSQL server, version 14 or newer. Throws `invalid_config` for a bad URL, `unreachable` when the server does not answer or lets nobody in; the password is in no message. */
export async function openPostgres({ databaseUrl, channels = [], archive, maxConnections = 10, name = APPLICATION_NAME }: PostgresOptions): Promise<Store> {
  const where = nameOf(databaseUrl);
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: maxConnections,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
    keepAlive: true,
    application_name: name,
    types: { getTypeParser: textParser },
  });
  // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  // Nor may one that is in use: the transaction that it breaks tells.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = bound(new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }));
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy().catch(() => undefined);
    throw translateError(error, where);
  }
  return createStore({ db, sink: tableSink(db), channels, coordination: lockCoordination(databaseUrl, db), where, archive, release: () => db.destroy() });
}

/** PGlite has no autovacuum: without this, rows that were deleted or replaced would take room for ever. */
function sweeper(db: Db): (rows: number) => Promise<void> {
  let dead = 0;
  return async (rows) => {
    dead += rows;
    if (dead < SWEEP_AT) return;
    dead = 0;
    for (const table of CHURNING) await sql`vacuum ${sql.table(`nightshift.${table}`)}`.execute(db);
  };
}

/** Everything stands in a schema of its own, so that a database can be shared. */
function bound(db: Kysely<Tables>): Db {
  return db.withSchema('nightshift');
}

/** The first opening makes the data beside its place and moves it there when it is whole: a process killed meanwhile leaves nothing that looks like a database. */
async function openData(folder: string, template: string | undefined): Promise<PGlite> {
  if (!(await exists(folder))) {
    const making = `${folder}.making`;
    await rm(making, { recursive: true, force: true });
    if (template !== undefined && (await exists(template))) await cp(template, making, { recursive: true });
    else await (await PGlite.create({ dataDir: making })).close();
    await rename(making, folder);
  }
  return PGlite.create({ dataDir: folder }).catch((error: unknown) => {
    if (errorCode(error)) throw error;
    throw new NightshiftError(
      'internal',
      `The embedded database in ${folder} does not open: ${errorMessage(error)}. Restore a copy of the folder, or move it away to begin with an empty one.`,
    );
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function nameOf(databaseUrl: string): string {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new NightshiftError('invalid_config', 'The database URL must look like postgres://user:password@host:5432/database.');
  }
  return `at ${url.host || url.searchParams.get('host') || 'localhost'}${url.pathname}`;
}
