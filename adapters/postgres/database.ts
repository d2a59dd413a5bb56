import type { Generated, Kysely, Transaction } from 'kysely';

/** Tables of the schema `nightshift`. `body` columns hold JSON as text; times are epoch milliseconds unless they are text (ISO 8601). */
export interface Tables {
  migrations: { id: string; checksum: string };
  inbox: { position: Generated<number>; alert_id: string; body: string; received_at: number; workflow_id: string | null };
  samples: { environment: string; service: string; at: number; instance: string; body: string };
  changes: { id: string; environment: string; service: string; at: number; body: string };
  evidence: { incident_id: string; round: number; digest: string; body: string };
  runbooks: { hash: string; body: string };
  proposals: { digest: string; incident_id: string; round: number; body: string };
  audit: { position: number; stream: string; seq: number; body: string; prev: string; hash: string; ledger: string };
  audit_ledger: { id: number; position: number; hash: string; exported_position: number };
  incidents: {
    incident_id: string;
    environment: string;
    service: string;
    severity: string;
    status: string;
    opened_at: number;
    closed_at: number | null;
    version: number;
    body: string;
  };
  outcomes: {
    incident_id: string;
    round: number;
    verdict: string;
    runbook: string;
    runbook_hash: string;
    environment: string;
    service: string;
    cause: string;
    at: number;
  };
  intents: {
    token: string;
    incident_id: string;
    round: number;
    step: string;
    target: string;
    runbook: string;
    state: string;
    intended_at: number;
    detail: string | null;
  };
  kill_switch: { id: number; is_on: boolean; set_by: string | null; set_at: string | null; reason: string | null };
  keys: { id: string; name: string; role: string; secret_hash: string; created_at: string; revoked_at: string | null };
  secrets: { name: string; value: string };
  outbox: {
    position: Generated<number>;
    id: string;
    channel: string;
    body: string;
    attempts: Generated<number>;
    next_at: Generated<number>;
    state: Generated<'waiting' | 'sent' | 'failed'>;
    sent_at: Generated<number | null>;
    last_error: Generated<string | null>;
  };
  loop_state: { name: string; body: string };
}

/** The database, bound to the schema `nightshift`. */
export type Db = Kysely<Tables>;
/** A transaction of it. */
export type Tx = Transaction<Tables>;

const TRANSACTION_TRIES = 5;
const TRY_AGAIN = new Set(['40001', '40P01']);

/** Runs work in one transaction; see `again`. */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return again(() => db.transaction().execute(work));
}

/** Runs a statement or a transaction again from its start when the database ended it to break a deadlock or a serialisation conflict. */
export async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= TRANSACTION_TRIES || !TRY_AGAIN.has(sqlState(error) ?? '')) throw error;
    }
  }
}

/** SQLSTATE or system code of a driver's error; matched as text because PGlite and pg throw different classes. */
export function sqlState(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
