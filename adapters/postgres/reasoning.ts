import { sql } from 'kysely';
import { canonicalJson } from '../../domain/canonical-json';
import { overBudget } from '../../domain/reasoning/budget';
import type { Spent } from '../../domain/reasoning/budget';
import type { Opinion } from '../../domain/reasoning/opinion';
import type { OpinionStore, ReasoningBudget, SpendingKey } from '../../ports/reasoner';
import { transact, type Db, type Tx } from './database';
import { parsed } from './json';

// Any number does, as long as nothing else in the database takes it.
const BUDGET_LOCK = 7_203_418_814;

/** Opinions as JSON by incident and round. */
export function opinionStore(db: Db): OpinionStore {
  const ofRound: OpinionStore['ofRound'] = async (incidentId, round) => {
    const row = await db.selectFrom('opinions').select('body').where('incident_id', '=', incidentId).where('round', '=', round).executeTakeFirst();
    return row && parsed<Opinion>(row.body);
  };
  return {
    ofRound,
    save: async (opinion) => {
      const { incidentId, round } = opinion;
      await db
        .insertInto('opinions')
        .values({ incident_id: incidentId, round, body: canonicalJson(opinion) })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return (await ofRound(incidentId, round)) ?? opinion;
    },
  };
}

/** Spending by question. Reservations take turns, so that the limits hold over all workers; one that was never settled counts in full, as nobody knows what it cost. */
export function reasoningBudget(db: Db): ReasoningBudget {
  return {
    reserve: (key, most, limits, at) =>
      transact(db, async (tx) => {
        await sql`select pg_advisory_xact_lock(${BUDGET_LOCK}::bigint)`.execute(tx);
        if (await isThere(tx, key)) return {};
        const day = new Date(at).toISOString().slice(0, 10);
        const incident = await sum(tx, 'incident_id', key.incidentId);
        const refused = overBudget(limits, most, incident, await sum(tx, 'day', day));
        if (refused !== undefined) return { refused };
        await tx
          .insertInto('reasoning_spending')
          .values({ ...columns(key), day, tokens: Math.ceil(most.tokens), micro_usd: Math.ceil(most.microUsd), settled: false })
          .execute();
        return {};
      }),
    settle: async (key, { tokens, microUsd }) => {
      const { incident_id, round, attempt } = columns(key);
      await db
        .updateTable('reasoning_spending')
        .set({ tokens: Math.ceil(tokens), micro_usd: Math.ceil(microUsd), settled: true })
        .where('incident_id', '=', incident_id)
        .where('round', '=', round)
        .where('attempt', '=', attempt)
        .where('settled', '=', false)
        .execute();
    },
  };
}

async function isThere(tx: Tx, key: SpendingKey): Promise<boolean> {
  const { incident_id, round, attempt } = columns(key);
  const row = await tx
    .selectFrom('reasoning_spending')
    .select('settled')
    .where('incident_id', '=', incident_id)
    .where('round', '=', round)
    .where('attempt', '=', attempt)
    .executeTakeFirst();
  return row !== undefined;
}

async function sum(tx: Tx, column: 'incident_id' | 'day', value: string): Promise<Spent> {
  const { tokens, micro } = await tx
    .selectFrom('reasoning_spending')
    .select(({ fn }) => [fn.sum<string | number | null>('tokens').as('tokens'), fn.sum<string | number | null>('micro_usd').as('micro')])
    .where(column, '=', value)
    .executeTakeFirstOrThrow();
  return { tokens: Number(tokens ?? 0), microUsd: Number(micro ?? 0) };
}

function columns({ incidentId, round, attempt }: SpendingKey) {
  return { incident_id: incidentId, round, attempt };
}
