import { canonicalJson } from '../../domain/canonical-json';
import type { Change } from '../../domain/change';
import type { IncidentView, Transition } from '../../domain/incident-view';
import { isOwnChange } from '../../domain/own-changes';
import { blames } from '../../domain/rejection';
import type { RejectionCode } from '../../domain/rejection';
import type { RoundRecord } from '../../domain/replay/round';
import type { Runbook } from '../../domain/runbook';
import type { SeenChange, ShadowEntry } from '../../domain/shadow/entry';
import { endEntry, foldShadow } from '../../domain/shadow/fold';
import type { EndFacts } from '../../domain/shadow/fold';
import { defined } from '../../domain/defined';
import type { RoundStore, ShadowLedger } from '../../ports/shadow';
import type { Db, Tx } from './database';
import { parsed } from './json';

/** Changes that are kept beside one round. */
const MOST_CHANGES = 5;

/** Brings the shadow ledger up to a transition, in its transaction: the ledger's row that every transition locks first makes them take turns. */
export async function noteShadow(tx: Tx, transition: Transition): Promise<void> {
  const { view } = transition;
  const before = await entriesOf(tx, view.incidentId);
  const folded = foldShadow(before, transition);
  const after = [...before.filter((entry) => !folded.some(({ round }) => round === entry.round)), ...folded];
  const changed = view.status === 'resolved' ? await ended(tx, after, view) : folded;
  for (const entry of changed) await save(tx, entry);
}

async function ended(tx: Tx, entries: readonly ShadowEntry[], view: IncidentView): Promise<readonly ShadowEntry[]> {
  const done = entries.findLast(({ answer: { kind } }) => kind === 'approved' || kind === 'edited' || kind === 'acted-alone');
  const other = done && { runbook: done.would.runbook, parameters: done.answer.parameters ?? done.would.parameters };
  const last: ShadowEntry[] = [];
  for (const entry of entries) last.push(endEntry(entry, view, { ...(await factsOf(tx, entry, view)), other }));
  return last;
}

async function factsOf(tx: Tx, { environment, would }: ShadowEntry, view: IncidentView): Promise<Pick<EndFacts, 'changes' | 'uses'>> {
  const rows = await tx
    .selectFrom('changes')
    .select('body')
    .where('environment', '=', environment)
    .where('service', '=', would.suspect)
    .where('at', '>=', Date.parse(view.openedAt))
    .where('at', '<=', Date.parse(view.resolvedAt ?? view.updatedAt))
    .orderBy('at')
    .execute();
  const changes = rows.map(({ body }) => parsed<Change>(body)).filter((change) => !isOwnChange(change));
  const row = await tx.selectFrom('runbooks').select('body').where('hash', '=', would.hash).executeTakeFirst();
  const uses = row === undefined ? [] : parsed<Runbook>(row.body).steps.map((step) => step.uses);
  return { changes: changes.slice(-MOST_CHANGES).map(seenChange), uses };
}

function seenChange({ id, kind, at, summary, to }: Change): SeenChange {
  return defined({ id, kind, at, summary: summary.slice(0, 200), to });
}

async function entriesOf(tx: Tx, incidentId: string): Promise<readonly ShadowEntry[]> {
  const rows = await tx.selectFrom('shadow_ledger').select('body').where('incident_id', '=', incidentId).orderBy('round').execute();
  return rows.map((row) => parsed<ShadowEntry>(row.body));
}

async function save(tx: Tx, entry: ShadowEntry): Promise<void> {
  const { incidentId, round, environment, cause, would, answer } = entry;
  const row = {
    ...{ environment, suspect: would.suspect, cause, runbook: would.runbook, answer: answer.kind },
    ...{ wrong: answer.signed === true && blames(answer.code) ? (answer.code ?? null) : null, at: Date.parse(entry.at), body: canonicalJson(entry) },
  };
  await tx
    .insertInto('shadow_ledger')
    .values({ incident_id: incidentId, round, ...row })
    .onConflict((conflict) => conflict.columns(['incident_id', 'round']).doUpdateSet(row))
    .execute();
}

/** Reads the shadow ledger. */
export function shadowLedger(db: Db): ShadowLedger {
  return {
    list: async ({ since, runbook, environment, service, limit }) => {
      let query = db.selectFrom('shadow_ledger').select('body').where('at', '>=', since).where('answer', '<>', 'acted-alone');
      if (runbook !== undefined) query = query.where('runbook', '=', runbook);
      if (environment !== undefined) query = query.where('environment', '=', environment);
      if (service !== undefined) query = query.where('suspect', '=', service);
      const rows = await query.orderBy('at', 'desc').orderBy('incident_id').orderBy('round', 'desc').limit(limit).execute();
      return rows.map((row) => parsed<ShadowEntry>(row.body));
    },
    rejections: async ({ environment, cause, since, limit }) => {
      const rows = await db
        .selectFrom('shadow_ledger')
        .select(['incident_id', 'runbook', 'suspect', 'wrong', 'at'])
        .where('environment', '=', environment)
        .where('cause', '=', cause)
        .where('wrong', 'is not', null)
        .where('at', '>=', since)
        .orderBy('at', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ incidentId: row.incident_id, runbook: row.runbook, service: row.suspect, code: row.wrong as RejectionCode, at: row.at }));
    },
  };
}

/** What rounds were judged by, as JSON by incident and round. */
export function roundStore(db: Db): RoundStore {
  return {
    keep: async (record) => {
      const body = canonicalJson(record);
      await db
        .insertInto('judged_rounds')
        .values({ incident_id: record.incidentId, round: record.round, body })
        .onConflict((conflict) => conflict.columns(['incident_id', 'round']).doUpdateSet({ body }))
        .execute();
    },
    ofIncident: async (incidentId) => {
      const rows = await db.selectFrom('judged_rounds').select('body').where('incident_id', '=', incidentId).orderBy('round').execute();
      return rows.map((row) => parsed<RoundRecord>(row.body));
    },
  };
}
