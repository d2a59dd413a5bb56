import { sql } from 'kysely';
import { digestOf } from '../../domain/digest';
import { NightshiftError } from '../../domain/errors';
import type { Db, Tx } from './database';
import { MIGRATIONS } from './migrations';

/** A numbered step of the schema; its statements run once, together, in one transaction. */
export interface Migration {
  readonly id: string;
  readonly statements: readonly string[];
  /** Whether the version before this step works on a database that has it; see MIGRATIONS for what that takes. It stands in the database, as only the older code meets a step that it does not know. */
  readonly olderReads: boolean;
}

// Any number does, as long as nothing else in the database takes it.
const MIGRATION_LOCK = 7_203_418_801;

/**
 * Brings the schema up to date; safe to run at the same time from several processes. Returns the ids that it ran. Steps of a newer version that older ones can read are left alone.
 * Throws `conflict`, before it changes anything, when a newer version made a step that they cannot; and when a step that ran before has changed since.
 */
export async function migrate(db: Db, migrations: readonly Migration[] = MIGRATIONS): Promise<readonly string[]> {
  const ran: string[] = [];
  await db.transaction().execute(prepareSchema);
  await refuseNewer(db, migrations);
  for (const migration of migrations) {
    if (await db.transaction().execute((tx) => runOnce(tx, migration))) ran.push(migration.id);
  }
  return ran;
}

async function prepareSchema(tx: Tx): Promise<void> {
  await lock(tx);
  const found = await sql<{ name: string }>`select column_name::text as name from information_schema.columns
    where table_schema = 'nightshift' and table_name = 'migrations'`.execute(tx);
  const columns = found.rows.map(({ name }) => name);
  if (columns.includes('older_reads')) return;
  if (columns.length === 0) {
    await sql`create schema if not exists nightshift`.execute(tx);
    await sql`create table nightshift.migrations (id text primary key, checksum text not null, ran_at timestamptz not null default now())`.execute(tx);
  }
  // Databases from before this column have only steps that every version knows.
  await sql`alter table nightshift.migrations add column older_reads boolean not null default false`.execute(tx);
}

async function runOnce(tx: Tx, { id, statements, olderReads }: Migration): Promise<boolean> {
  await lock(tx);
  const checksum = digestOf(statements);
  const before = await tx.selectFrom('migrations').select('checksum').where('id', '=', id).executeTakeFirst();
  if (before && before.checksum !== checksum) {
    throw new NightshiftError(
      'conflict',
      `The migration ${id} of this database is not the one of this version. Use the version of Nightshift that made the database, or restore a backup.`,
    );
  }
  if (before) return false;
  for (const statement of statements) await sql.raw(statement).execute(tx);
  await tx.insertInto('migrations').values({ id, checksum, older_reads: olderReads }).execute();
  return true;
}

async function refuseNewer(db: Db, migrations: readonly Migration[]): Promise<void> {
  const ids = new Set(migrations.map((m) => m.id));
  const rows = await db.selectFrom('migrations').select('id').where('older_reads', '=', false).orderBy('id').execute();
  const newer = rows.find((row) => !ids.has(row.id));
  if (newer)
    throw new NightshiftError('conflict', `The database was made by a newer version of Nightshift (it has the migration ${newer.id}). Update Nightshift.`);
}

async function lock(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(tx);
}
