import type { AlertNote } from './alert';
import type { AuditEntry } from './audit';
import type { RecordedClosing } from './closing';
import type { ActedBy, CauseKind, IncidentStatus, Rung, Severity, Tier, Verdict } from './names';
import type { Hypothesis, RuledOut } from './diagnosis';
import type { PolicyVerdict, Proposal } from './proposal';
import type { AdviceView } from './reasoning/advice';
import type { RankedCauses } from './ranked-causes';
import type { RejectionCode } from './rejection';
import type { RunbookChoice } from './runbook-match/choice';
import type { WouldDo } from './shadow/entry';
import type { Level } from './triage-rules';

/** The projection of an incident: what API, CLI and pages show. Times are ISO 8601. Stays under 48 KiB. */
export interface IncidentView {
  readonly incidentId: string;
  readonly workflowId: string;
  readonly runId: string;
  /** Version of the workflow; absent in what was written before it was told. */
  readonly workflowVersion?: number;
  readonly environment: string;
  readonly service: string;
  /** Who answers for the service, and how critical it is, as the catalogue said when this was written; absent where it does not say. */
  readonly owner?: string;
  readonly tier?: Tier;
  readonly title: string;
  readonly affected: string;
  readonly severity: Severity;
  /** How the severity came about; absent before triage. */
  readonly triage?: TriageView;
  readonly status: IncidentStatus;
  readonly openedAt: string;
  readonly updatedAt: string;
  readonly resolvedAt?: string;
  /** Incident of the same service that this one comes back from. */
  readonly predecessor?: string;
  /** Services whose alerts joined it, with why the first one did; absent where there are none. */
  readonly joined?: readonly JoinedService[];
  /** Other incidents that have to do with it, as was known when this was written. */
  readonly related?: readonly { readonly incidentId: string; readonly reason: string }[];
  /** Newest conditions first, at most 20. */
  readonly alerts: readonly AlertNote[];
  readonly alertCount: number;
  readonly round: number;
  readonly cause?: CauseKind;
  readonly diagnosis?: DiagnosisView;
  readonly proposal?: ProposalView;
  readonly remediation?: RemediationView;
  readonly acknowledgedBy?: string;
  readonly takenBy?: string;
  readonly outcome?: IncidentOutcome;
  /** Why a person is needed, or what ended the incident. */
  readonly reason?: string;
  /** Number of audit records that this view includes; a newer view has more. */
  readonly version: number;
}

/** A service whose alerts joined the incident of another one. */
export interface JoinedService {
  readonly service: string;
  /** Its conditions there, and how many of them fire. */
  readonly conditions: number;
  readonly firing: number;
  /** What follows "joins, as" of the first of them. */
  readonly reason: string;
}

/** Impact, urgency and why they are so. */
export interface TriageView {
  readonly impact: Level;
  readonly urgency: Level;
  readonly reasons: readonly string[];
}

/** Diagnosis as shown. */
export interface DiagnosisView {
  readonly verdict: 'determined' | 'undetermined';
  readonly hypotheses: readonly Hypothesis[];
  readonly ruledOut: readonly RuledOut[];
  readonly unknown: readonly string[];
  readonly evidenceDigest: string;
  /** Evidence id to its title. */
  readonly evidence: Readonly<Record<string, string>>;
  readonly onset: string;
  /** Why this runbook, where runbooks were looked at. */
  readonly choice?: RunbookChoice;
  /** Where the diagnosis comes from, and what a model said beside it; text from outside. Absent in what was recorded before models were heard. */
  readonly advice?: AdviceView;
  /** Services ranked as root causes over the call graph, where more than one was measured. */
  readonly ranked?: RankedCauses;
  /** What would have been done, where policy only observes and nothing is proposed. */
  readonly would?: WouldDo & { readonly round: number; readonly reason: string };
}

/** A proposal with what policy said, and what became of it so far. */
export interface ProposalView {
  readonly proposal: Proposal;
  readonly policy: PolicyVerdict;
  readonly expiresAt: string;
  /** It is done then without an answer, unless a person objects. */
  readonly actsAt?: string;
  readonly approvals: readonly string[];
  /** `approved` also where policy let it begin without an answer; `shadowed` is what would have been done. */
  readonly state: ProposalState;
  /** It began without the answers that it would have needed: nobody, or too few, approved. */
  readonly unasked?: boolean;
  /** Who rejected it, and why, where it was rejected. */
  readonly rejection?: RejectionView;
}

/** A rejection as shown; `signed` says that the door which knew the person signed it. */
export interface RejectionView {
  readonly person: string;
  readonly code?: RejectionCode;
  readonly reason?: string;
  readonly signed: boolean;
}

/** What became of a proposal. */
export const PROPOSAL_STATES = ['open', 'approved', 'rejected', 'expired', 'withdrawn', 'suggested', 'shadowed', 'refused'] as const;
/** One of them. */
export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** What is being done, or was done last. */
export interface RemediationView {
  readonly workflowId: string;
  readonly target: string;
  readonly runbook: string;
  readonly effects: readonly string[];
  /** It is not known whether something more was done; then only a person closes the incident. */
  readonly uncertain?: boolean;
  readonly verdict?: Verdict;
  readonly verification?: string;
}

/** How an incident ended. */
export interface IncidentOutcome {
  readonly kind: 'fixed' | 'recovered-unaided' | 'resolved-by-person';
  readonly runbook?: string;
  readonly summary: string;
  /** What the person who closed it did, where that was told. */
  readonly byHand?: DoneByHand;
}

/** What a person did by hand; `runbook` is the id of the one that it amounts to, where there is one. */
export interface DoneByHand {
  readonly what: string;
  readonly runbook?: string;
}

/** A move of an incident: its audit entries, its new projection and, where people should know, a notification. One transaction. */
export interface Transition {
  readonly incidentId: string;
  readonly records: readonly AuditEntry[];
  readonly view: IncidentView;
  readonly notify?: IncidentReason;
  readonly outcome?: LedgerOutcome;
  /** Lines of the ledger about what Nightshift did not do: incidents that were left alone, and what people did by hand. */
  readonly beside?: readonly LedgerOutcome[];
}

/** Why a notification goes out. */
export type NotificationReason = IncidentReason | 'undelivered';

/** Why a notification about an incident goes out; with incident id and round it makes the notification's id. */
export type IncidentReason =
  | 'opened'
  | 'joined'
  | 'proposed'
  | 'suggested'
  | 'veto'
  | 'acting'
  | 'reminder'
  | 'approved'
  | 'verified'
  | 'resolved'
  | 'escalated'
  | 'relapsed'
  | 'no-action'
  | 'break-glass'
  | 'handed-over'
  | 'brake'
  | 'stalled'
  | 'flapping'
  | 'calm';

/** A line of the outcome ledger, that confidence is computed from. Lines of before it was told have none of the optional members; they prove nothing. */
export interface LedgerOutcome {
  readonly round: number;
  /** Id of the runbook; of a line about an incident that nobody acted on, of the one that was proposed, or empty. */
  readonly runbook: string;
  readonly runbookHash: string;
  readonly environment: string;
  /** Service that was acted on, or would have been. */
  readonly service: string;
  readonly cause: CauseKind;
  readonly verdict: Verdict | 'relapsed' | 'failed';
  /** Nightshift, where it is absent. */
  readonly actedBy?: ActedBy;
  readonly version?: number;
  readonly mode?: Rung;
  readonly tier?: Tier;
  readonly likeness?: string;
  /** Whether a second source, or a person, confirms the cause; absent counts as not. */
  readonly corroborated?: boolean;
  /** The diagnosis' own score, 0 to 1. */
  readonly score?: number;
  /** Of an incident that nobody acted on: for how long, milliseconds. */
  readonly waitedMs?: number;
  /** Of what a person did by hand: the person's word as a door signed it. It is checked where the line is written, and not kept. */
  readonly told?: RecordedClosing;
}
