import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import { NightshiftError } from '../../domain/errors';
import type { Backups, BackupSummary } from '../../ports/store';
import { transact, type Db, type Tx } from './database';
import { revokeAllGrants } from './grants';
import { lockActions } from './kill-switch';
import { appendSystem } from './ledger';
import { MIGRATIONS } from './migrations';
import { OUTCOMES_RESTORED } from './outcomes';
import { saveState } from './state';

/** Name of the state that tells the next start that the store was restored. */
export const RESTORED_STATE = 'restored';

const FORMAT = 1;
const PAGE = 500;

const header = z.object({ nightshift: z.literal('backup'), format: z.number(), at: z.string(), migrations: z.array(z.string()) });
const page = z.object({ table: z.string(), columns: z.array(z.string()), rows: z.array(z.record(z.string(), z.unknown())) });
const end = z.object({ end: z.literal(true), rows: z.number(), sha256: z.string() });
const anyLine = z.union([header, page, end]);

/** Backups as the database's own JSON of its rows, so that a store on PGlite can go to a PostgreSQL server and back. */
export function backups(db: Db): Backups {
  return {
    dump: (at, write) =>
      db
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute((tx) => dump(tx, at, write)),
    restore: async (lines, by, at) => {
      const checked = await checkedHeader(lines());
      await transact(db, (tx) => restore(tx, lines(), { from: checked.at, by, at }));
      return checked;
    },
  };
}

async function dump(tx: Tx, at: string, write: (line: string) => Promise<void>): Promise<BackupSummary> {
  const hash = createHash('sha256');
  const put = async (value: object): Promise<void> => {
    const line = JSON.stringify(value);
    hash.update(`${line}\n`);
    await write(line);
  };
  const migrations = await tx.selectFrom('migrations').select('id').orderBy('id').execute();
  await put({ nightshift: 'backup', format: FORMAT, at, migrations: migrations.map(({ id }) => id) });
  let rows = 0;
  for (const table of await tablesOf(tx)) {
    const columns = await columnsOf(tx, table);
    await sql`declare backup_rows no scroll cursor for select to_json(t) as row from ${nameOf(table)} t`.execute(tx);
    for (;;) {
      const fetched = await sql<{ row: unknown }>`fetch ${sql.lit(PAGE)} from backup_rows`.execute(tx);
      if (fetched.rows.length === 0) break;
      rows += fetched.rows.length;
      await put({ table, columns, rows: fetched.rows.map(({ row }) => row) });
    }
    await sql`close backup_rows`.execute(tx);
  }
  await write(JSON.stringify({ end: true, rows, sha256: hash.digest('hex') }));
  return { at, rows };
}

/** Reads the whole copy once. */
async function checkedHeader(lines: AsyncIterable<string>): Promise<BackupSummary> {
  const hash = createHash('sha256');
  let first: z.infer<typeof header> | undefined;
  let rows = 0;
  for await (const text of lines) {
    const line = parse(text);
    if ('end' in line) {
      if (!first || line.rows !== rows || line.sha256 !== hash.digest('hex')) throw notWhole('its end does not match what stands before');
      return { at: first.at, rows };
    }
    hash.update(`${text}\n`);
    if ('table' in line) rows += line.rows.length;
    else first = supported(line);
    if (!first) throw notWhole('it does not begin with a header');
  }
  throw notWhole('it has no end');
}

function parse(text: string): z.infer<typeof anyLine> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notWhole('a line is no JSON');
  }
  const line = anyLine.safeParse(value);
  if (!line.success) throw notWhole('a line is none of a backup');
  return line.data;
}

function supported(line: z.infer<typeof header>): z.infer<typeof header> {
  const known = new Set(MIGRATIONS.map(({ id }) => id));
  const newer = line.migrations.find((id) => !known.has(id));
  if (line.format === FORMAT && newer === undefined) return line;
  throw new NightshiftError(
    'conflict',
    `The backup was made by a newer version of Nightshift${newer === undefined ? '' : ` (it has the migration ${newer})`}. Update Nightshift.`,
  );
}

function notWhole(why: string): NightshiftError {
  return new NightshiftError('invalid_input', `This is no whole backup of Nightshift: ${why}. Nothing was changed; take another copy.`);
}

async function restore(
  tx: Tx,
  lines: AsyncIterable<string>,
  { from, by, at }: { readonly from: string; readonly by: string; readonly at: string },
): Promise<void> {
  await lockActions(tx);
  await refuseWhileInUse(tx);
  const tables = await tablesOf(tx);
  for (const table of tables) await sql`truncate ${nameOf(table)}`.execute(tx);
  for await (const text of lines) {
    const line = parse(text);
    if (!('table' in line)) continue;
    if (!tables.includes(line.table)) throw notWhole(`there is no table ${line.table}`);
    await insert(tx, line);
  }
  for (const table of tables) await setIdentity(tx, table);
  // The files of the audit are written anew from the first record on.
  await tx.updateTable('audit_ledger').set({ exported_position: 0 }).where('id', '=', 1).execute();
  const reason = `restored from a backup of ${from}; what happened since is not in this store`;
  await tx.updateTable('kill_switch').set({ is_on: true, set_by: by, set_at: at, reason }).where('id', '=', 1).execute();
  await saveState(tx, RESTORED_STATE, { at, from });
  await saveState(tx, OUTCOMES_RESTORED, { at: Date.parse(at), from: Date.parse(from) });
  await revokeAllGrants(tx, by, `${reason}; grant it again`, at);
  await appendSystem(tx, { at, actor: by, kind: 'halt', summary: `Kill switch turned on: ${reason}`, data: { on: true, reason } });
}

/** An embedded store has one owner; on a server others may be at work. */
async function refuseWhileInUse(tx: Tx): Promise<void> {
  const found = await sql<{ others: number }>`select count(*)::integer as others from pg_stat_activity
    where datname = current_database() and application_name = 'nightshift' and pid <> pg_backend_pid()`.execute(tx);
  const others = found.rows[0]?.others ?? 0;
  if (others > 0) throw new NightshiftError('locked', `Nightshift has ${String(others)} connection(s) open to this database. Stop every worker and API first.`);
}

/** Columns that the backup does not know keep their defaults. */
async function insert(tx: Tx, { table, columns, rows }: z.infer<typeof page>): Promise<void> {
  const names = sql.join(columns.map((column) => sql.ref(column)));
  await sql`insert into ${nameOf(table)} (${names}) overriding system value
    select ${names} from json_populate_recordset(null::${nameOf(table)}, ${JSON.stringify(rows)}::json)`.execute(tx);
}

async function tablesOf(tx: Tx): Promise<readonly string[]> {
  const found = await sql<{ name: string }>`select table_name::text as name from information_schema.tables
    where table_schema = 'nightshift' and table_type = 'BASE TABLE' and table_name <> 'migrations' order by 1`.execute(tx);
  return found.rows.map(({ name }) => name);
}

async function columnsOf(tx: Tx, table: string): Promise<readonly string[]> {
  const found = await sql<{ name: string }>`select column_name::text as name from information_schema.columns
    where table_schema = 'nightshift' and table_name = ${table} order by ordinal_position`.execute(tx);
  return found.rows.map(({ name }) => name);
}

async function setIdentity(tx: Tx, table: string): Promise<void> {
  const found = await sql<{ name: string }>`select column_name::text as name from information_schema.columns
    where table_schema = 'nightshift' and table_name = ${table} and is_identity = 'YES'`.execute(tx);
  for (const { name } of found.rows) {
    await sql`select setval(pg_get_serial_sequence(${`nightshift.${table}`}, ${name}), coalesce(max(${sql.ref(name)}), 1), max(${sql.ref(name)}) is not null) from ${nameOf(table)}`.execute(
      tx,
    );
  }
}

function nameOf(table: string): ReturnType<typeof sql.table> {
  return sql.table(`nightshift.${table}`);
}
