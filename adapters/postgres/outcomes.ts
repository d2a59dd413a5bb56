import { sql } from 'kysely';
import type { LedgerLine } from '../../domain/confidence/ledger';
import { defined } from '../../domain/defined';
import type { LedgerOutcome, Transition } from '../../domain/incident-view';
import type { KindQuestion, OutcomeLedger, RecordedKind, ScoredLine } from '../../ports/outcomes';
import type { Db, Tables } from './database';
import { parsed } from './json';

/** Name of the state that tells until when outcomes may be missing, as the store was put back from a backup. It stays. */
export const OUTCOMES_RESTORED = 'outcomes-restored';

/** One is enough to end a grant. */
const MOST_HARMS = 10;

type Row = Tables['outcome_lines'];

/** True when a transition writes lines of the outcome ledger. */
export function hasLines({ outcome, beside = [] }: Transition): boolean {
  return outcome !== undefined || beside.length > 0;
}

/** Writes the lines of a transition inside its transaction; one that is there stays, so that the same transition twice gives one line. */
export async function writeLines(db: Db, { incidentId, outcome, beside = [] }: Transition, at: number): Promise<void> {
  const rows = [...(outcome ? [outcome] : []), ...beside].map((line) => rowOf(incidentId, line, at));
  if (rows.length === 0) return;
  await db
    .insertInto('outcome_lines')
    .values(rows)
    .onConflict((oc) => oc.doNothing())
    .execute();
}

/** The outcome ledger. Lines that a version of before wrote stand in `outcomes` alone and are read with the others. */
export function outcomeLedger(db: Db): OutcomeLedger {
  return {
    linesOf: async (question) => {
      const [told, untold] = [await toldLines(db, question), await untoldLines(db, question)];
      return [...told, ...untold].sort((a, b) => b.at - a.at).slice(0, question.limit);
    },
    harms: async ({ runbook, environment, services, since }) => {
      const rows = await db
        .selectFrom('outcome_lines')
        .select('at')
        .where('runbook', '=', runbook)
        .where('environment', '=', environment)
        .where('service', 'in', services)
        .where('verdict', '=', 'worse')
        .where('at', '>=', since)
        .limit(MOST_HARMS)
        .execute();
      return rows.map(({ at }) => at);
    },
    scored: async (limit) => {
      const rows = await db
        .selectFrom('outcome_lines')
        .select(['incident_id', 'round', 'acted_by', 'verdict', 'at', 'score'])
        .where('score', 'is not', null)
        .where('acted_by', '<>', 'nobody')
        // A person's word that no door signed raises no score either.
        .where((eb) => eb.or([eb('acted_by', '<>', 'person'), eb('verdict', '<>', 'recovered'), eb('corroborated', '=', true)]))
        .orderBy('at', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ incident_id: incidentId, round, acted_by: actedBy, verdict, at, score }) => ({
        ...{ incidentId, round, at, score: score ?? 0, verdict: verdict as ScoredLine['verdict'], actedBy: actedBy as ScoredLine['actedBy'] },
      }));
    },
    kinds: (filter) => kinds(db, filter),
    restored: async () => {
      const row = await db.selectFrom('loop_state').select('body').where('name', '=', OUTCOMES_RESTORED).executeTakeFirst();
      return row && parsed<{ at: number; from: number }>(row.body);
    },
  };
}

async function toldLines(db: Db, { runbook, cause, environment, services, limit }: KindQuestion): Promise<LedgerLine[]> {
  const rows = await db
    .selectFrom('outcome_lines')
    .selectAll()
    .where('environment', '=', environment)
    .where('cause', '=', cause)
    .where('service', 'in', services)
    .where((eb) => eb.or([eb('runbook', '=', runbook), eb('acted_by', '=', 'nobody')]))
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(lineOf);
}

async function untoldLines(db: Db, { runbook, cause, environment, services, limit }: KindQuestion): Promise<LedgerLine[]> {
  const rows = await db
    .selectFrom('outcomes as o')
    .selectAll()
    .where('o.runbook', '=', runbook)
    .where('o.environment', '=', environment)
    .where('o.cause', '=', cause)
    .where('o.service', 'in', services)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('outcome_lines as l')
            .select('l.round')
            .whereRef('l.incident_id', '=', 'o.incident_id')
            .whereRef('l.round', '=', 'o.round')
            .whereRef('l.verdict', '=', 'o.verdict')
            .where('l.acted_by', '=', 'nightshift'),
        ),
      ),
    )
    .orderBy('o.at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => lineOf({ ...row, ...UNTOLD }));
}

/** What lines of before do not tell. */
const UNTOLD = { acted_by: 'nightshift', version: null, tier: null, likeness: null, mode: null, corroborated: false, score: null, waited_ms: null };

async function kinds(db: Db, filter: Parameters<OutcomeLedger['kinds']>[0]): Promise<RecordedKind[]> {
  const fits = sql.join([sql`true`, ...Object.entries(defined(filter)).map(([column, value]) => sql`${sql.ref(column)} = ${value}`)], sql` and `);
  const found = await sql<RecordedKind>`
    select distinct runbook, environment, service, cause from nightshift.outcome_lines where acted_by <> 'nobody' and ${fits}
    union select distinct runbook, environment, service, cause from nightshift.outcomes where ${fits}
    order by runbook, environment, service, cause`.execute(db);
  return found.rows;
}

function rowOf(incidentId: string, line: LedgerOutcome, at: number): Row {
  const { round, actedBy = 'nightshift', verdict, runbook, runbookHash, environment, service, cause, corroborated = false } = line;
  const { version = null, tier = null, likeness = null, mode = null, score = null, waitedMs = null } = line;
  return {
    ...{ incident_id: incidentId, round, acted_by: actedBy, verdict, at, runbook, runbook_hash: runbookHash, version, environment, service },
    ...{ tier, likeness, cause, mode, corroborated, score, waited_ms: waitedMs },
  };
}

function lineOf(row: Row): LedgerLine {
  const { incident_id: incidentId, round, verdict, at, runbook, runbook_hash: runbookHash, environment, service, cause, corroborated } = row;
  return {
    ...{ incidentId, round, at, runbook, runbookHash, environment, service, corroborated },
    ...{ verdict: verdict as LedgerLine['verdict'], cause: cause as LedgerLine['cause'], actedBy: row.acted_by as LedgerLine['actedBy'] },
    ...defined({
      version: row.version ?? undefined,
      tier: (row.tier ?? undefined) as LedgerLine['tier'],
      likeness: row.likeness ?? undefined,
      mode: (row.mode ?? undefined) as LedgerLine['mode'],
      score: row.score ?? undefined,
      waitedMs: row.waited_ms ?? undefined,
    }),
  };
}
