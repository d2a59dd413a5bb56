import { sql } from 'kysely';
import type { TargetInHand } from '../../domain/blast-radius';
import { defined } from '../../domain/defined';
import { NightshiftError } from '../../domain/errors';
import type { ActionCounts, IntentRow, IntentStore } from '../../ports/store';
import { tellsShadow } from '../../domain/shadow/fold';
import type { AuditSink } from './audit-sink';
import { transact, type Db, type Tables, type Tx } from './database';
import { lockActions, readHalt } from './kill-switch';
import { hasEntries, type Appended } from './ledger';
import { noteShadow } from './shadow';
import { applyTransition, type OutboxChannel } from './transitions';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type NewIntent = Parameters<IntentStore['prepare']>[0][number];
type Prepared = Awaited<ReturnType<IntentStore['prepare']>>;

/** Intents of effects. One `prepare` runs at a time over all workers, so that limits hold between them. A refused one writes nothing, its transition neither. */
export function intentStore(db: Db, sink: AuditSink, channels: readonly OutboxChannel[]): IntentStore {
  return {
    prepare: (intents, check, transition) =>
      sink.write<Prepared>(transition?.incidentId ?? '', (anywhere) =>
        transact(anywhere, async (tx) => {
          await lockActions(tx);
          const tokens = intents.map((intent) => intent.token);
          const refusals = check({ halted: (await readHalt(tx)).is_on, counts: await countActions(tx, intents, tokens) });
          // The answer to a call that was committed may have been lost. Refusing its repetition would leave a history that says otherwise; `execute` reads the kill switch once more.
          const repeated =
            refusals.length > 0 &&
            tokens.length > 0 &&
            transition &&
            (await allThere(tx, tokens)) &&
            (await hasEntries(tx, transition.incidentId, transition.records));
          if (refusals.length > 0 && !repeated) return { value: { refusals } };
          await insert(tx, intents);
          const appended: Appended | undefined = transition && (await applyTransition(tx, transition, channels));
          if (transition && tellsShadow(transition)) await noteShadow(tx, transition);
          return appended ? { value: { refusals: [], head: appended.head }, appended } : { value: { refusals: [] } };
        }),
      ),
    recorded: (runbook) => recordedOf(db, runbook),
    get: async (token) => {
      const row = await db.selectFrom('intents').selectAll().where('token', '=', token).executeTakeFirst();
      return row && toIntent(row);
    },
    open: async () => {
      const rows = await db.selectFrom('intents').selectAll().where('state', 'in', ['intended', 'started']).orderBy('intended_at').orderBy('token').execute();
      return rows.map(toIntent);
    },
    swap: async ({ token, state, startedAt }, next) => {
      const { numUpdatedRows } = await db
        .updateTable('intents')
        .set({ state: next.state, started_at: next.startedAt ?? null, ...(next.detail !== undefined && { detail: plain(next.detail) }) })
        .where('token', '=', token)
        .where('state', '=', state)
        .where('started_at', startedAt === undefined ? 'is' : '=', startedAt ?? null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    mark: async (token, state, detail, { reference, startedAt } = {}) => {
      const done = await db
        .updateTable('intents')
        .set(defined({ state, detail: plain(detail), reference: reference === undefined ? undefined : plain(reference), started_at: startedAt }))
        .where('token', '=', token)
        .executeTakeFirst();
      if (done.numUpdatedRows === 0n) throw new NightshiftError('not_found', `There is no intent with the token ${token}; it must be prepared first.`);
    },
    heard: async (references, at) => {
      if (references.length === 0) return [];
      const rows = await db.updateTable('intents').set({ heard_at: at }).where('reference', 'in', references).returning('reference').execute();
      return rows.flatMap(({ reference }) => reference ?? []);
    },
  };
}

/** A stored row as readers get it. */
export function toIntent(row: Tables['intents']): IntentRow {
  const { token, round, step, target, runbook } = row;
  return {
    ...{ token, incidentId: row.incident_id, round, step, target, runbook, state: row.state as IntentRow['state'], intendedAt: row.intended_at },
    ...defined({
      detail: row.detail ?? undefined,
      reference: row.reference ?? undefined,
      startedAt: row.started_at ?? undefined,
      heardAt: row.heard_at ?? undefined,
    }),
  };
}

/** PostgreSQL keeps no NUL. */
function plain(text: string): string {
  return text.replaceAll('\0', '');
}

async function countActions(tx: Tx, intents: readonly NewIntent[], tokens: readonly string[]): Promise<ActionCounts> {
  const first = intents[0];
  if (!first) return { lastHour: 0, onTargetLastDay: 0, inHand: [], recorded: 0 };
  const others = sql`token <> all(${tokens}::text[])`;
  const targets = [...new Set(intents.map((intent) => intent.target))];
  const hour = await sql<{ count: number }>`
    select count(*)::integer as count from nightshift.intents where intended_at > ${first.intendedAt - HOUR_MS}::bigint and ${others}`.execute(tx);
  // With several targets, the one that was acted on most decides.
  // An attempt is one round of one incident, however many steps it has.
  const day = await sql<{ count: number }>`
    select count(distinct (incident_id, round))::integer as count from nightshift.intents where target = any(${targets}::text[]) and intended_at > ${first.intendedAt - DAY_MS}::bigint and ${others}
    group by target order by count desc limit 1`.execute(tx);
  const inHand = await targetsInHand(tx, first.intendedAt, targets);
  return { lastHour: hour.rows[0]?.count ?? 0, onTargetLastDay: day.rows[0]?.count ?? 0, inHand, recorded: await recordedOf(tx, first.runbook) };
}

async function recordedOf(db: Db | Tx, runbook: string): Promise<number> {
  const found = await sql<{ count: number }>`
    select ((select count(*) from nightshift.outcomes where runbook = ${runbook})
      + (select count(*) from nightshift.autonomy_grants where runbook = ${runbook} and revoked_at is not null)
      + (select count(*) from nightshift.keys where revoked_at is not null))::integer as count`.execute(db);
  return found.rows[0]?.count ?? 0;
}

/** Targets of the newest round of each incident that its projection says is being remedied. One that a day has gone by for is left to the people whom it was told to. */
async function targetsInHand(tx: Tx, now: number, except: readonly string[]): Promise<readonly TargetInHand[]> {
  const found = await sql<TargetInHand>`
    select distinct i.target, c.environment from nightshift.intents i join nightshift.incidents c on c.incident_id = i.incident_id
    where c.status in ('remediating', 'verifying') and i.intended_at > ${now - DAY_MS}::bigint and i.target <> all(${except}::text[])
      and i.round = (select max(newest.round) from nightshift.intents newest where newest.incident_id = i.incident_id)`.execute(tx);
  return found.rows;
}

async function allThere(tx: Tx, tokens: readonly string[]): Promise<boolean> {
  const found = await sql<{ count: number }>`select count(*)::integer as count from nightshift.intents where token = any(${tokens}::text[])`.execute(tx);
  return found.rows[0]?.count === new Set(tokens).size;
}

async function insert(tx: Tx, intents: readonly NewIntent[]): Promise<void> {
  if (intents.length === 0) return;
  const rows = intents.map(({ token, incidentId, round, step, target, runbook, intendedAt }) => {
    const later = { detail: null, reference: null, started_at: null, heard_at: null };
    return { token, incident_id: incidentId, round, step, target, runbook, state: 'intended', intended_at: intendedAt, ...later };
  });
  await tx
    .insertInto('intents')
    .values(rows)
    .onConflict((oc) => oc.doNothing())
    .execute();
}
