import type { ChangeKind } from '../change';
import type { CauseKind, Rung, Verdict } from '../names';
import type { RejectionCode } from '../rejection';

/** What Nightshift would have done in one round of an incident, or did only because a person let it. */
export interface WouldDo {
  readonly runbook: string;
  readonly version: number;
  readonly hash: string;
  readonly title: string;
  /** Service that would be acted on. */
  readonly suspect: string;
  readonly hypothesis: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Digest of the proposal, where one was made. */
  readonly digest?: string;
}

/** What a person answered to it; `none` where nobody was asked, or nobody has answered yet. */
export interface ShadowAnswer {
  readonly kind: 'none' | 'approved' | 'edited' | 'rejected' | 'unanswered' | 'withdrawn' | 'acted-alone';
  readonly persons?: readonly string[];
  readonly code?: RejectionCode;
  readonly reason?: string;
  /** The door that knew the person signed it; only then a rejection teaches. */
  readonly signed?: boolean;
  /** Parameters as the person changed them. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A change on the service while the incident was open, that was not ours. */
export interface SeenChange {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly at: string;
  readonly summary: string;
  readonly to?: string;
}

/** What was done instead, as far as it is known when the incident ends. */
export interface PersonDid {
  readonly kind: 'by-hand' | 'changes' | 'other-proposal' | 'nothing' | 'not-told';
  readonly what?: string;
  readonly runbook?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly changes?: readonly SeenChange[];
}

/** What became of the incident; `verdict` is of this round's remedy, where it was given. */
export interface ShadowEnd {
  readonly kind: 'fixed' | 'recovered-unaided' | 'resolved-by-person';
  /** ISO 8601. */
  readonly at: string;
}

/** How what was done compares with what Nightshift would have done. */
export const AGREEMENTS = ['same', 'other-parameters', 'different', 'nothing-done', 'unknown'] as const;
/** How what was done compares with what Nightshift would have done; `unknown` is a valid answer. */
export type Agreement = (typeof AGREEMENTS)[number];

/** One line of the shadow ledger: a round of an incident. Times are ISO 8601. */
export interface ShadowEntry {
  readonly incidentId: string;
  readonly round: number;
  readonly environment: string;
  readonly service: string;
  readonly cause: CauseKind;
  readonly mode: Rung;
  readonly openedAt: string;
  /** When it would have been done. */
  readonly at: string;
  readonly would: WouldDo;
  readonly answer: ShadowAnswer;
  readonly did?: PersonDid;
  /** Who took the incident over. */
  readonly takenBy?: string;
  /** What was measured after this round's remedy. */
  readonly verdict?: Verdict | 'relapsed';
  readonly ended?: ShadowEnd;
  readonly agreement: Agreement;
  /** Audit records that are in it: nothing older changes it. */
  readonly seen: number;
}
