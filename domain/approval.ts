import type { ErrorCode } from './errors';
import type { RejectionCode } from './rejection';

/** A person's answer to one exact proposal, as the door that knows the person wrote it. Times are ISO 8601. */
export interface Statement {
  readonly incidentId: string;
  readonly proposal: string;
  readonly verdict: 'approve' | 'reject';
  /** Edited parameters, when the person changed them. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly person: string;
  readonly breakGlass?: boolean;
  readonly reason?: string;
  /** Why it is rejected; statements from before there were codes, and approvals, have none. */
  readonly code?: RejectionCode;
  readonly at: string;
  /** The workflow refuses the statement after this time, so that a door that gave up speaks the truth. */
  readonly acceptBy: string;
}

/** A statement with the HMAC-SHA-256 (base64url) of its canonical JSON by the store's door key; unsigned ones are told apart. */
export interface Decision extends Statement {
  readonly signature?: string;
}

/** A decision that the workflow took in. */
export interface RecordedDecision extends Decision {
  readonly acceptedAt: string;
  /** How it came: `api`, `signal`, `policy`. */
  readonly via: string;
}

/** Why a decision, or another word of a person, cannot be taken in. */
export interface DecisionProblem {
  readonly code: ErrorCode;
  readonly message: string;
}
