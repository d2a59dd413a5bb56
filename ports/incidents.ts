import type { Alert } from '../domain/alert';
import type { AuditHead } from '../domain/audit';
import type { Decision } from '../domain/approval';
import type { SignedClosing } from '../domain/closing';
import type { DoneByHand } from '../domain/incident-view';
import type { AlertRoute } from '../domain/routing';
import type { Recollection, RememberedHead } from '../domain/recollection';

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
  | ResolveCommand;

/** Closes an incident; `closing` is what the person did by hand as the door signed it, where it amounts to the runbook that was proposed. */
export interface ResolveCommand {
  readonly kind: 'resolve';
  readonly person: string;
  readonly note: string;
  readonly incidentId?: string;
  readonly byHand?: DoneByHand;
  readonly closing?: SignedClosing;
}

/** Talks to incident workflows on behalf of the doors. */
export interface Incidents {
  /** Throws our errors: `stale_proposal`, `expired`, `conflict`, `invalid_input`, or `not_recorded` when no answer came within the door's time. `key` makes a repeated call answer the same. */
  decide(workflowId: string, decision: Decision, key: string): Promise<Reply>;
  command(workflowId: string, command: PersonCommand, key: string): Promise<Reply>;
}

/** Hands alerts to their workflows, starting them where needed. */
export interface IncidentStarter {
  /** Throws `not_found` when the route wants a workflow that runs, and it does not. */
  deliver(route: AlertRoute, alerts: readonly Alert[]): Promise<void>;
}

/** What workflows remember of their audit. */
export interface AuditMemory {
  /** Heads by incident id, of those workflows that answer; each question is billed, so it is asked only when somebody checks the audit. */
  heads(workflowIds: readonly string[]): Promise<Readonly<Record<string, AuditHead>>>;
}

/** A workflow of ours: the newest execution of its id, or the one of a run id. */
export interface WorkflowRef {
  readonly workflowId: string;
  /** First execution of the chain, where it is known. */
  readonly runId?: string;
}

/** What the histories of workflows hold of what was written to the store; no worker is needed to read it. */
export interface WorkflowMemory {
  /** Incidents and remediations that are under way. */
  open(): Promise<readonly WorkflowRef[]>;
  /** The last confirmed end of the incident's audit; undefined where a workflow has written nothing, or is gone. */
  head(ref: WorkflowRef): Promise<RememberedHead | undefined>;
  /** Everything that was confirmed to be written, oldest first; undefined where the workflow is gone. */
  recall(ref: WorkflowRef): Promise<Recollection | undefined>;
}

/** Says whether Temporal answers. */
export interface TemporalHealth {
  check(): Promise<void>;
}
