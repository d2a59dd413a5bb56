import { sql } from 'kysely';
import { canonicalJson } from '../../domain/canonical-json';
import type { Silence } from '../../domain/quiet/silence';
import { silenceScope } from '../../domain/quiet/silence';
import type { ImportResult, SilenceStore } from '../../ports/quiet';
import type { AuditSink } from './audit-sink';
import { transact, type Db, type Tx } from './database';
import { parsed } from './json';
import { appendSystem, SYSTEM_STREAM, type Appended } from './ledger';

/** Silences as JSON by id; when one ends sooner or later, the messages that wait for it go along. */
export function silenceStore(db: Db, sink: AuditSink): SilenceStore {
  return {
    current: (now) => current(db, now),
    add: (silence, by, at) =>
      sink.write(SYSTEM_STREAM, (anywhere) =>
        transact(anywhere, async (tx) => {
          await put(tx, silence);
          return { value: undefined, appended: await told(tx, silence, { by, at, what: `silenced until ${new Date(silence.endsAt).toISOString()}` }) };
        }),
      ),
    end: (id, by, at) =>
      sink.write<Silence | 'unknown' | 'imported'>(SYSTEM_STREAM, (anywhere) =>
        transact(anywhere, async (tx) => {
          const row = await tx.selectFrom('silences').select('body').where('id', '=', id).where('ends_at', '>', Date.parse(at)).forUpdate().executeTakeFirst();
          if (!row) return { value: 'unknown' as const };
          const silence = parsed<Silence>(row.body);
          if (silence.origin !== 'person') return { value: 'imported' as const };
          const ended = { ...silence, endsAt: Date.parse(at) };
          await put(tx, ended);
          return { value: ended, appended: await told(tx, ended, { by, at, what: 'ended the silence of' }) };
        }),
      ),
    replace: (from, silences, now) => transact(db, (tx) => replace(tx, from, silences, now)),
  };
}

async function current(db: Db, now: number): Promise<readonly Silence[]> {
  const rows = await db.selectFrom('silences').select('body').where('ends_at', '>', now).orderBy('ends_at').orderBy('id').execute();
  return rows.map((row) => parsed<Silence>(row.body));
}

async function replace(tx: Tx, from: string, silences: readonly Silence[], now: number): Promise<ImportResult> {
  const before = new Map((await current(tx, now)).filter((one) => one.from === from).map((one) => [one.id, one]));
  const result = { added: 0, changed: 0, ended: 0 };
  for (const silence of silences) {
    const known = before.get(silence.id);
    before.delete(silence.id);
    if (known && canonicalJson(known) === canonicalJson(silence)) continue;
    result[known ? 'changed' : 'added'] += 1;
    await put(tx, silence);
  }
  for (const gone of before.values()) {
    result.ended += 1;
    await put(tx, { ...gone, endsAt: now });
  }
  return result;
}

async function put(tx: Tx, silence: Silence): Promise<void> {
  const row = { origin: silence.origin, ends_at: silence.endsAt, body: canonicalJson(silence) };
  await tx
    .insertInto('silences')
    .values({ id: silence.id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
  await sql`update nightshift.outbox set next_at = ${silence.endsAt}::bigint where hold = ${silence.id} and state = 'waiting' and attempts = 0`.execute(tx);
}

function told(tx: Tx, silence: Silence, { by, at, what }: { readonly by: string; readonly at: string; readonly what: string }): Promise<Appended> {
  const { id, owner, reason } = silence;
  const data = { id, owner, reason, endsAt: new Date(silence.endsAt).toISOString() };
  return appendSystem(tx, { at, actor: `person:${by}`, kind: 'silence', summary: `${what}: ${silenceScope(silence)} (${id}): ${reason}`, data });
}
