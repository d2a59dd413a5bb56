import type { AlertNote } from './alert';
import type { RecordedDecision } from './approval';
import type { AuditEntry, AuditHead } from './audit';
import type { Attempt } from './diagnosis';
import type { EvidenceRef } from './evidence';
import type { DiagnosisView, IncidentOutcome, LedgerOutcome, IncidentReason, ProposalState, RemediationView, TriageView } from './incident-view';
import type { CauseKind, IncidentStatus, Severity } from './names';
import type { PolicyVerdict, Proposal } from './proposal';
import type { Warrant } from './warrant';

/** A proposal while people answer it. Times are epoch milliseconds. */
export interface OpenProposal {
  readonly proposal: Proposal;
  readonly policy: PolicyVerdict;
  readonly askedAt: number;
  readonly expiresAt: number;
  /** It is done then without an answer, unless a person objects. */
  readonly actsAt?: number;
  /** What lets it be done without an answer. */
  readonly warrant?: Warrant;
  /** Digest that was shown first, when a person edited the parameters since. */
  readonly editedFrom?: string;
  decisions: RecordedDecision[];
  reminded: boolean;
  state: ProposalState;
}

/** Everything an incident remembers, as plain JSON: it survives continue-as-new. Times are epoch milliseconds. */
export interface IncidentState {
  readonly schemaVersion: 1;
  readonly incidentId: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly environment: string;
  readonly service: string;
  readonly openedAt: number;
  status: IncidentStatus;
  severity: Severity;
  triage?: TriageView;
  title: string;
  affected: string;
  /** Oldest first; bounded. */
  alerts: AlertNote[];
  alertCount: number;
  /** Alert ids in short form for deduplication, oldest first; bounded. */
  seen: string[];
  round: number;
  /** The gravest of the incident's own conditions when the last round began. */
  known?: Severity;
  evidence?: EvidenceRef;
  diagnosis?: DiagnosisView;
  cause?: CauseKind;
  asked?: OpenProposal;
  attempts: Attempt[];
  remediation?: RemediationView;
  /** When it was measured as recovered, or every alert had ended; alerts that began later are a relapse. */
  fixedAt?: number;
  /** Start of the time that was measured as well again: what came before belongs to an earlier trouble. */
  wellSince?: number;
  /** While there is no outcome: how long the end of a prediction is waited for. */
  watchUntil?: number;
  /** The watch goes on until the detector has told the end of what it saw. */
  watchedOn?: boolean;
  waitUntil?: number;
  acknowledgedBy?: string;
  takenBy?: string;
  predecessor?: string;
  /** Version of the workflow, by which others see what it can do; absent in what was written before that was told. */
  workflowVersion?: number;
  outcome?: IncidentOutcome;
  reason?: string;
  resolvedAt?: number;
  /** Audit entries numbered so far. */
  entries: number;
  /** Last entry that the store confirmed. */
  head: AuditHead;
  /** Entries that the store has not confirmed yet. */
  pending: AuditEntry[];
  pendingNotify?: IncidentReason;
  /** A service has joined, and those who answer for it have not been told that the incident is theirs too. */
  joinUntold?: true;
  pendingOutcome?: LedgerOutcome;
  /** Lines of the ledger about what Nightshift did not do, that the store has not confirmed yet. */
  pendingBeside?: readonly LedgerOutcome[];
  /** A person took it over at some time: from then on it was not left alone, even when it was given back. */
  wasTaken?: true;
  /** A remedy of this incident was stopped or broke off: what it did is not known, so people are asked from then on. */
  heldBack?: true;
  /** Newest entries, shortened, for the Temporal UI. */
  tail: AuditEntry[];
}

/** Bounds that keep the state, and with it every payload of the history, small. */
export const STATE_LIMITS = {
  alerts: 40,
  /** Conditions of other services that may join; alerts beyond open an incident of their own. */
  joined: 30,
  shownAlerts: 20,
  attempts: 20,
  /** Answers to one proposal. */
  decisions: 20,
  noteLength: 2000,
  /** Entries kept for the Temporal UI, and bytes of text in each. */
  tail: 25,
  tailBytes: 200,
  /** Bytes of entries in one transition, and how many may wait before they are written without another reason. */
  pageBytes: 12_288,
  pendingEntries: 25,
} as const;

/** A new incident. */
export function newIncidentState(input: {
  incidentId: string;
  workflowId: string;
  runId: string;
  environment: string;
  service: string;
  now: number;
}): IncidentState {
  const { now, ...identity } = input;
  return {
    schemaVersion: 1,
    ...identity,
    openedAt: now,
    status: 'open',
    severity: 'sev4',
    title: `Trouble on ${input.service}`,
    affected: input.service,
    alerts: [],
    alertCount: 0,
    seen: [],
    round: 0,
    attempts: [],
    entries: 0,
    head: { count: 0, hash: '0'.repeat(64) },
    pending: [],
    tail: [],
  };
}
