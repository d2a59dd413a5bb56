import type { Alert } from '../domain/alert';
import type { AuditHead } from '../domain/audit';
import type { Decision } from '../domain/approval';

/** Answer of an incident to a person. */
export interface Reply {
  /** `approved`, `rejected`, `recorded` (more approvals needed), `acknowledged`, `taken-over`, `handed-back`, `noted`, `resolved`. */
  readonly result: string;
  readonly message: string;
}

/** What a person can do besides deciding. `incidentId` lets the workflow refuse what was meant for an earlier incident under the same workflow id. */
export type PersonCommand =
  | { readonly kind: 'acknowledge' | 'take-over' | 'hand-back'; readonly person: string; readonly note?: string; readonly incidentId?: string }
  | { readonly kind: 'note'; readonly person: string; readonly note: string; readonly incidentId?: string }
  | { readonly kind: 'resolve'; readonly person: string; readonly note: string; readonly incidentId?: string };

/** Talks to incident workflows on behalf of the doors. */
export interface Incidents {
  /** Throws our errors: `stale_proposal`, `expired`, `conflict`, `invalid_input`, or `not_recorded` when no answer came within the door's time. `key` makes a repeated call answer the same. */
  decide(workflowId: string, decision: Decision, key: string): Promise<Reply>;
  command(workflowId: string, command: PersonCommand, key: string): Promise<Reply>;
}

/** Hands alerts to incident workflows, starting them where needed. */
export interface IncidentStarter {
  deliver(workflowId: string, environment: string, service: string, alerts: readonly Alert[]): Promise<void>;
}

/** What workflows remember of their audit. */
export interface AuditMemory {
  /** Heads by incident id, of those workflows that answer; each question is billed, so it is asked only when somebody checks the audit. */
  heads(workflowIds: readonly string[]): Promise<Readonly<Record<string, AuditHead>>>;
}

/** Says whether Temporal answers. */
export interface TemporalHealth {
  check(): Promise<void>;
}
