import { sql } from 'kysely';
import type { AuditEntry, AuditHead, AuditRecord } from '../../domain/audit';
import type { EntryContent } from '../../domain/audit-chain';
import type { StoredRecord } from '../../domain/audit-check';
import { canonicalJson } from '../../domain/canonical-json';
import { NightshiftError } from '../../domain/errors';
import type { Db, Tx } from './database';
import { parsed } from './json';

/** Stream of entries that belong to no incident. */
export const SYSTEM_STREAM = 'system';

/** What an append did: the head of the stream after it, and the records that are new. */
export interface Appended {
  readonly head: AuditHead;
  readonly records: readonly AuditRecord[];
}

/** What the functions of the schema answer. */
export interface AppendReply {
  readonly head: AuditHead;
  readonly added: readonly Omit<StoredRecord, 'stream'>[];
}

/** Entries as the functions of the schema take them: one array a column. */
export interface EntryColumns {
  /** Null takes the next number. */
  readonly seqs: readonly (number | null)[];
  readonly bodies: readonly string[];
  /** Canonical JSON of the hashed record up to the hash before it. */
  readonly starts: readonly string[];
  /** The rest of it, behind the number. */
  readonly ends: readonly string[];
}

const STREAM_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Appends one entry to the system's stream under the next number. */
export async function appendSystem(db: Db, content: EntryContent): Promise<Appended> {
  const { seqs, bodies, starts, ends } = entryColumns(SYSTEM_STREAM, [{ seq: null, ...content }]);
  const result = await sql<{ reply: AppendReply }>`
    select nightshift.append_audit(${SYSTEM_STREAM}, ${seqs}::integer[], ${bodies}::text[], ${starts}::text[], ${ends}::text[]) as reply`.execute(db);
  return toAppended(SYSTEM_STREAM, result.rows[0]?.reply);
}

/** True when the stream has every one of these entries with the same content. */
export async function hasEntries(tx: Tx, stream: string, entries: readonly AuditEntry[]): Promise<boolean> {
  const seqs = entries.map((entry) => entry.seq);
  const rows = await tx
    .selectFrom('audit')
    .select(['seq', 'body'])
    .where('stream', '=', stream)
    .where('seq', 'in', [0, ...seqs])
    .execute();
  const bodies = new Map(rows.map((row) => [row.seq, row.body]));
  return entries.every((entry) => bodies.get(entry.seq) === bodyOf(entry));
}

/** Entries by column. Throws `invalid_input` for a stream that cannot be a file's name and for a number that is none. */
export function entryColumns(stream: string, entries: readonly (EntryContent & { readonly seq: number | null })[]): EntryColumns {
  if (!STREAM_NAME.test(stream)) {
    throw new NightshiftError(
      'invalid_input',
      `"${stream.slice(0, 40)}" cannot name a history: use letters, digits, dots, hyphens and underscores, at most 128.`,
    );
  }
  const wrong = entries.find(({ seq }) => seq !== null && (!Number.isSafeInteger(seq) || seq < 1));
  if (wrong) throw new NightshiftError('invalid_input', `Records of ${stream} are numbered from 1 by whole numbers; ${wrong.seq} is none.`);
  return {
    seqs: entries.map((entry) => entry.seq),
    bodies: entries.map(bodyOf),
    starts: entries.map(({ at, actor, kind, data }) => `${canonicalJson({ at, actor, kind, data }).slice(0, -1)},"prev":"`),
    ends: entries.map(({ summary }) => `,${canonicalJson({ stream, summary }).slice(1)}`),
  };
}

/** The answer of the schema's functions as records. */
export function toAppended(stream: string, reply: AppendReply | undefined): Appended {
  if (!reply) throw new NightshiftError('internal', `The database did not say what it appended to ${stream}.`);
  return { head: reply.head, records: reply.added.map((row) => toRecord({ stream, ...row })) };
}

/** A stored row as the record that readers get. */
export function toRecord(row: StoredRecord): AuditRecord {
  const { at, actor, kind, summary, data } = parsed<EntryContent>(row.body);
  const { stream, seq, position, prev, hash, ledger } = row;
  return { stream, seq, position, at, actor, kind, summary, ...(data === undefined ? {} : { data }), prev, hash, ledger };
}

function bodyOf({ at, actor, kind, summary, data }: EntryContent): string {
  return canonicalJson({ at, actor, kind, summary, data });
}
