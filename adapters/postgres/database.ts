import type { Generated, Kysely, Transaction } from 'kysely';
import type { Feedback } from '../../domain/anomaly/threshold';
import type { LogTemplateTable, SeriesTable } from './archive/tables';

/** Tables of the schema `nightshift`. `body` columns hold JSON as text; times are epoch milliseconds unless they are text (ISO 8601). */
export interface Tables {
  migrations: { id: string; checksum: string; older_reads: boolean };
  inbox: {
    position: Generated<number>;
    alert_id: string;
    body: string;
    received_at: number;
    workflow_id: string | null;
    watched_at: number | null;
    place: string | null;
  } & HeldColumns;
  samples: { environment: string; service: string; at: number; instance: string; body: string };
  changes: { id: string; environment: string; service: string; at: number; body: string };
  series: SeriesTable;
  points: { series: number; at: number; value: number; histogram: string | null };
  log_templates: LogTemplateTable;
  log_counts: { template: number; at: number; lines: number };
  call_edges: { id: Generated<number>; key: string; environment: string; caller: string; callee: string; created_at: number; received_at: number };
  call_counts: { edge: number; at: number; requests: number; failed: number; duration_ms: number; longest_ms: number };
  builds: { id: string; environment: string; service: string; name: string; ended_at: number; body: string };
  archive_refusals: { environment: string; service: string; reason: string; refused: number; first_at: number; last_at: number };
  archive_deliveries: { id: string; received_at: number };
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
  outcome_lines: {
    incident_id: string;
    round: number;
    acted_by: string;
    verdict: string;
    at: number;
    runbook: string;
    runbook_hash: string;
    version: number | null;
    environment: string;
    service: string;
    tier: string | null;
    likeness: string | null;
    cause: string;
    mode: string | null;
    corroborated: boolean;
    score: number | null;
    waited_ms: number | null;
  };
  autonomy_grants: {
    id: string;
    runbook: string;
    environment: string;
    ends_at: number;
    body: string;
    revoked_at: string | null;
    revoked_by: string | null;
    revoked_why: string | null;
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
    reference: string | null;
    started_at: number | null;
    heard_at: number | null;
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
    hold: Generated<string | null>;
  };
  set_aside: { id: string; source: string; received_at: number; why: string; size: number; sender: string; headers: string; body: string };
  seen_messages: { source: string; message: string; until: number };
  services_seen: { environment: string; service: string; first_seen: number; last_seen: number; alerts: boolean; changes: boolean };
  detection_groups: { name: string; epoch: number; judged_to: number | null };
  detection_checkpoints: { service: string; judged_to: number; body: string };
  measure_chunks: { environment: string; service: string; row_ms: number; ends_at: number; body: Buffer };
  loop_state: { name: string; body: string };
  quiet_conditions: { key: string; environment: string; service: string; body: string };
  anomalies: { id: string; environment: string; service: string; series: string; at: number; score: number; body: string };
  anomaly_feedback: { id: Generated<number>; anomaly: string; series: string; score: number; what: Feedback; told_by: string; at: number };
  opinions: { incident_id: string; round: number; body: string };
  reasoning_spending: { incident_id: string; round: number; attempt: number; day: string; tokens: number; micro_usd: number; settled: boolean };
  incident_documents: {
    incident_id: string;
    version: number;
    form: number;
    closed_at: number;
    markdown: string;
    lesson: string | null;
    card_digest: string | null;
  };
  card_vectors: { digest: string; model: string; dimension: number; vector: unknown };
  shadow_ledger: {
    incident_id: string;
    round: number;
    environment: string;
    suspect: string;
    cause: string;
    runbook: string;
    answer: string;
    wrong: string | null;
    at: number;
    body: string;
  };
  judged_rounds: { incident_id: string; round: number; body: string };
  silences: { id: string; origin: string; ends_at: number; body: string };
  condition_routes: { key: string; environment: string; workflow_id: string; home: string; joined: string | null; member: string; at: number };
  incident_relations: { environment: string; service: string; other: string; at: number; reason: string };
  incident_splits: { incident_id: string; service: string; split_by: string; at: number };
}

/** Why and until when an alert of the inbox is held back. */
interface HeldColumns {
  held_until: Generated<number | null>;
  held_why: Generated<string | null>;
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
