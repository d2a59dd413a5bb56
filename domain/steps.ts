import type { Alert, AlertNote } from './alert';
import type { RecordedDecision } from './approval';
import type { AuditHead } from './audit';
import type { Attempt, Triage } from './diagnosis';
import type { EvidenceRef } from './evidence';
import type { DiagnosisView, Transition } from './incident-view';
import type { Target } from './inventory';
import type { CauseKind } from './names';
import type { PolicyVerdict, Proposal } from './proposal';
import type { ActionName } from './actions/table';
import type { IncidentSettings, RetrySettings } from './settings';
import type { Verification, VerificationPlan } from './verification';
import type { IncidentState } from './incident-state';
import type { Warrant } from './warrant';
import type { WorkflowVersion } from './workflow-versions';

/** Input of the workflow `incident`. `carried` is set when it continues as new. */
export interface IncidentInput {
  /** Running incidents keep the version that they began with. */
  readonly schemaVersion: WorkflowVersion<'incident'>;
  readonly environment: string;
  readonly service: string;
  readonly settings: IncidentSettings;
  readonly carried?: IncidentState;
}

/** Result of the workflow `incident`. */
export interface IncidentSummary {
  readonly incidentId: string;
  readonly status: string;
  readonly outcome: string;
}

/** Input of the activity `gather`. */
export interface GatherInput {
  readonly incidentId: string;
  readonly round: number;
  readonly environment: string;
  readonly service: string;
  readonly alerts: readonly AlertNote[];
  /** After a relapse: the service was well from then on, and what is looked for came later. Epoch milliseconds. */
  readonly wellSince?: number;
  /** Where something graver came than what the round before knew: when it began, which is what is looked for. Epoch milliseconds. */
  readonly graverSince?: number;
  readonly settings: IncidentSettings['evidence'];
  readonly transition: Transition;
}

/** Result of the activity `gather`. */
export interface Gathered {
  readonly evidence: EvidenceRef;
  readonly predecessor?: string;
  readonly head: AuditHead;
}

/** Input of the activity `assess`. */
export interface AssessInput {
  readonly incidentId: string;
  readonly round: number;
  readonly environment: string;
  readonly service: string;
  readonly evidence: EvidenceRef;
  readonly alerts: readonly AlertNote[];
  readonly attempts: readonly Attempt[];
  readonly maxHypotheses: number;
  /** Whoever asks knows how to act without an answer; without it a person is asked. */
  readonly unasked?: true;
}

/** What is to be done next, with the reason. */
export type Plan =
  | {
      readonly kind: 'propose' | 'suggest' | 'shadow';
      readonly proposal: Proposal;
      readonly policy: PolicyVerdict;
      /** What lets it be done without an answer. */
      readonly warrant?: Warrant;
    }
  | { readonly kind: 'observe' | 'wait' | 'escalate'; readonly reason: string };

/** Result of the activity `assess`. */
export interface Assessment {
  readonly triage: Triage;
  readonly cause: CauseKind;
  readonly diagnosis: DiagnosisView;
  readonly plan: Plan;
}

/** Input of the activity `revise`: a person changed the parameters of a proposal. */
export interface ReviseInput {
  readonly proposal: Proposal;
  readonly decision: RecordedDecision;
  readonly allowUnverified: boolean;
}

/** Result of the activity `revise`. */
export type Revision = { readonly proposal: Proposal; readonly policy: PolicyVerdict } | { readonly refused: string; readonly verified: boolean };

/** Input of the activity `checkDecision`: does this answer come from who it says, and may that person give it? */
export interface CheckDecisionInput {
  readonly proposal: Proposal;
  readonly decision: RecordedDecision;
  readonly editedFrom?: string;
  readonly allowUnverified: boolean;
}

/** Why an answer does not count, and whether a door signed it. */
export interface DecisionRefusal {
  readonly reason: string;
  readonly verified: boolean;
}

/** Input of the workflow `remediation`: one execution of a runbook on one target. */
export interface RemediationInput {
  readonly schemaVersion: WorkflowVersion<'remediation'>;
  readonly parentWorkflowId: string;
  readonly proposal: Proposal;
  readonly decisions: readonly RecordedDecision[];
  readonly editedFrom?: string;
  /** What lets it begin without an answer; absent where people approved. */
  readonly warrant?: Warrant;
  readonly evidence: EvidenceRef;
  readonly alerts: readonly AlertNote[];
  readonly settings: IncidentSettings;
  readonly transition: Transition;
}

/** Input of the activity `prepare`. */
export interface PrepareInput {
  readonly proposal: Proposal;
  readonly decisions: readonly RecordedDecision[];
  readonly editedFrom?: string;
  readonly warrant?: Warrant;
  readonly allowUnverified: boolean;
  /** Prepares the inverse steps instead; only the kill switch and the target's identity are asked then. */
  readonly undo: boolean;
  readonly transition?: Transition;
}

/** Why an action may not begin. */
export interface Refusal {
  readonly kind: 'approval' | 'halt' | 'freeze' | 'limit' | 'precondition' | 'target' | 'runbook' | 'silence' | 'flapping';
  readonly reason: string;
}

/** What became of the answers, one for one; `needed` is the quorum that policy wants now. */
export interface AnswersFound {
  readonly answers: readonly { readonly refusal: string | null; readonly verified: boolean }[];
  readonly needed: number;
}

/** A step with its inputs filled in and its token. */
export interface PreparedStep {
  readonly id: string;
  readonly name: string;
  readonly action: ActionName;
  readonly inputs: Readonly<Record<string, string>>;
  readonly token: string;
  readonly timeoutMs: number;
  /** Done again where an earlier attempt left no trace. */
  readonly idempotent?: true;
  /** When its intent was written down, epoch milliseconds: a store that was restored may not know. */
  readonly intendedAt?: number;
  /** Who approved it: names of people, or `policy`. */
  readonly approval?: string;
}

/** Result of the activity `prepare`. */
export interface Prepared {
  readonly refusals: readonly Refusal[];
  /** Absent where the answers were not looked at. */
  readonly answers?: AnswersFound;
  readonly steps: readonly PreparedStep[];
  readonly undoOn: readonly string[];
  readonly probe: VerificationPlan;
  readonly head?: AuditHead;
}

/** Input of the activity `execute`. */
export interface ExecuteInput {
  readonly incidentId: string;
  readonly environment: string;
  /** Service that is acted on. */
  readonly service: string;
  readonly target: Target;
  readonly step: PreparedStep;
}

/** Input of the activity `callOff`: what `execute` was given, and why nobody goes on with it. */
export interface CallOffInput extends ExecuteInput {
  readonly why: string;
  /** What is under way is asked to stop. */
  readonly stop: boolean;
}

/** Result of the activities `execute` and `callOff`. `at` is epoch milliseconds. */
export interface Executed {
  readonly state: 'done' | 'failed' | 'ambiguous' | 'halted' | 'refused';
  readonly detail: string;
  readonly at: number;
  /** True when an earlier attempt had done it and this one only found it. */
  readonly found: boolean;
}

/** Input of the activity `measure`. Times are epoch milliseconds. */
export interface MeasureInput {
  readonly incidentId: string;
  readonly environment: string;
  readonly service: string;
  readonly evidence: EvidenceRef;
  readonly alerts: readonly AlertNote[];
  readonly effectAt: number;
  readonly plan: VerificationPlan;
}

/** An effect that was carried out, for the incident's history. */
export interface EffectNote {
  readonly step: string;
  readonly name: string;
  readonly token: string;
  readonly detail: string;
  readonly found: boolean;
  readonly at: number;
}

/** The one signal from a remediation to its incident: the effects are done, verification begins. */
export interface Progress {
  readonly incidentId: string;
  readonly round: number;
  readonly effects: readonly EffectNote[];
}

/** Input of the activity `confirmEffects`: what a message says was done for this proposal. */
export interface ConfirmEffectsInput {
  readonly proposal: Proposal;
  readonly effects: readonly EffectNote[];
}

/** Result of the workflow `remediation`. */
export interface RemediationResult {
  readonly kind: 'refused' | 'stopped' | 'failed' | 'ambiguous' | 'halted' | 'measured';
  readonly reason: string;
  readonly refusals: readonly Refusal[];
  readonly answers?: AnswersFound;
  readonly effects: readonly EffectNote[];
  readonly verification?: Verification;
  readonly undone?: { readonly done: boolean; readonly reason: string; readonly effects: readonly EffectNote[] };
  readonly head?: AuditHead;
}

/** The activities as workflows see them. */
export interface IncidentActivities {
  /** Freezes the evidence of one round; applies the transition first, so that the incident shows at once. */
  gather(input: GatherInput): Promise<Gathered>;
  /** Triage, hypotheses, runbook, policy and digests, by pure functions over frozen evidence. */
  assess(input: AssessInput): Promise<Assessment>;
  /** Checks edited parameters against runbook and policy again. */
  revise(input: ReviseInput): Promise<Revision>;
  /** Says why an answer does not count; null when it does. */
  checkDecision(input: CheckDecisionInput): Promise<DecisionRefusal | null>;
  /** Of the effects that a message reports, those that the recorded intents say are done. */
  confirmEffects(input: ConfirmEffectsInput): Promise<readonly EffectNote[]>;
  /** Writes audit, projection, notification and outcome of a move. */
  record(input: { readonly transition: Transition }): Promise<AuditHead>;
}

/** The activities of a remediation. */
export interface RemediationActivities {
  /** One transaction: kill switch, freeze, limits, proposal digest, signatures; writes the intents. */
  prepare(input: PrepareInput): Promise<Prepared>;
  /** At most one effect per intent: look, act with the token, confirm. */
  execute(input: ExecuteInput): Promise<Executed>;
  /** Ends an intent that nobody carries on: `refused` where nothing was begun, else what the world shows. */
  callOff(input: CallOffInput): Promise<Executed>;
  /** Measures again after the effect. */
  measure(input: MeasureInput): Promise<Verification>;
}

/** Input of the workflow `heartbeat`. */
export interface HeartbeatInput {
  readonly schemaVersion: WorkflowVersion<'heartbeat'>;
  readonly retry: RetrySettings;
}

/** The activities of a heartbeat. */
export interface HeartbeatActivities {
  /** Puts the notification of each synthetic alert into the outbox; idempotent on its id. */
  beat(input: { readonly alerts: readonly Alert[] }): Promise<void>;
}

/** Input of the workflow `detection`. Times are milliseconds. */
export interface DetectionInput {
  readonly schemaVersion: WorkflowVersion<'detection'>;
  /** Which of how many groups of services. */
  readonly group: number;
  readonly groups: number;
  /** How long one worker keeps the group before any worker may have it. */
  readonly turnMs: number;
  /** Turns in one execution: its history stays short. */
  readonly turns: number;
  /** A worker that is silent for so long has lost the group. */
  readonly heartbeatMs: number;
}

/** The activities of a detection. */
export interface DetectionActivities {
  /** Judges the rows of a group's services as they come, for a turn. `gone`: there is no such group any more. */
  judgeGroup(input: Pick<DetectionInput, 'group' | 'groups' | 'turnMs'>): Promise<'again' | 'gone'>;
}
