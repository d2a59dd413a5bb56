import { sql } from 'kysely';
import { digestOf } from '../../domain/digest';
import { NightshiftError } from '../../domain/errors';
import type { Db, Tx } from './database';
import { MIGRATIONS } from './migrations';

/** A numbered step of the schema; its statements run once, together, in one transaction. */
export interface Migration {
  readonly id: string;
  readonly statements: readonly string[];
}

// Any number does, as long as nothing else in the database takes it.
const MIGRATION_LOCK = 7_203_418_801;

/**
 * Brings the schema up to date; safe to run at the same time from several processes. Returns the ids that it ran.
 * Throws `conflict` when a migration that ran before has changed since, or when the database was made by a newer version.
 */
export async function migrate(db: Db, migrations: readonly Migration[] = MIGRATIONS): Promise<readonly string[]> {
  const ran: string[] = [];
  await db.transaction().execute(prepareSchema);
  for (const migration of migrations) {
    if (await db.transaction().execute((tx) => runOnce(tx, migration))) ran.push(migration.id);
  }
  await refuseNewer(db, migrations);
  return ran;
}

async function prepareSchema(tx: Tx): Promise<void> {
  await lock(tx);
  const found = await sql<{ present: boolean }>`select to_regclass('nightshift.migrations') is not null as present`.execute(tx);
  if (found.rows[0]?.present) return;
  await sql`create schema if not exists nightshift`.execute(tx);
  await sql`create table nightshift.migrations (id text primary key, checksum text not null, ran_at timestamptz not null default now())`.execute(tx);
}

async function runOnce(tx: Tx, migration: Migration): Promise<boolean> {
  await lock(tx);
  const checksum = digestOf(migration.statements);
  const before = await tx.selectFrom('migrations').select('checksum').where('id', '=', migration.id).executeTakeFirst();
  if (before && before.checksum !== checksum) {
    throw new NightshiftError(
      'conflict',
      `The migration ${migration.id} of this database is not the one of this version. Use the version of Nightshift that made the database, or restore a backup.`,
    );
  }
  if (before) return false;
  for (const statement of migration.statements) await sql.raw(statement).execute(tx);
  await tx.insertInto('migrations').values({ id: migration.id, checksum }).execute();
  return true;
}

async function refuseNewer(db: Db, migrations: readonly Migration[]): Promise<void> {
  const ids = new Set(migrations.map((m) => m.id));
  const rows = await db.selectFrom('migrations').select('id').orderBy('id').execute();
  const newer = rows.find((row) => !ids.has(row.id));
  if (newer)
    throw new NightshiftError('conflict', `The database was made by a newer version of Nightshift (it has the migration ${newer.id}). Update Nightshift.`);
}

async function lock(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(tx);
}
