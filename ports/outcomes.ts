import type { AutonomyGrant } from '../domain/confidence/grant';
import type { LedgerLine } from '../domain/confidence/ledger';
import type { StandingKey } from '../domain/confidence/outcome';

/** Which lines have a bearing on a runbook: those of its own, and those of incidents of the kind that nobody acted on, of some services of one environment. */
export interface KindQuestion extends Pick<StandingKey, 'runbook' | 'cause' | 'environment'> {
  readonly services: readonly string[];
  /** Most lines. */
  readonly limit: number;
}

/** What the ledger has a record of: a runbook for a kind of incident on a service. */
export type RecordedKind = Pick<StandingKey, 'runbook' | 'cause' | 'environment' | 'service'>;

/** What scores are calibrated on. */
export type ScoredLine = Required<Pick<LedgerLine, 'incidentId' | 'round' | 'actedBy' | 'verdict' | 'at' | 'score'>>;

/** Reads the outcome ledger; every question is answered by an index and has a limit. */
export interface OutcomeLedger {
  /** Newest first. */
  linesOf(question: KindQuestion): Promise<readonly LedgerLine[]>;
  /** When a runbook did harm on any of some services since a time, for whatever cause and in whatever version; epoch milliseconds. */
  harms(question: Pick<KindQuestion, 'runbook' | 'environment' | 'services'> & { readonly since: number }): Promise<readonly number[]>;
  /** The newest lines of remedies that were diagnosed with a score, newest first; without recoveries that persons told of and no door signed. */
  scored(limit: number): Promise<readonly ScoredLine[]>;
  /** Every kind that somebody carried a runbook out for. */
  kinds(filter: Partial<Pick<RecordedKind, 'runbook' | 'environment' | 'service'>>): Promise<readonly RecordedKind[]>;
  /** When the store was last put back from a backup, and to when; undefined where it never was. Epoch milliseconds. */
  restored(): Promise<{ readonly at: number; readonly from: number } | undefined>;
}

/** A grant as it is kept; `revoked` is absent while nobody took it back. */
export interface KeptGrant {
  readonly grant: AutonomyGrant;
  readonly revoked?: { readonly at: string; readonly by: string; readonly why: string };
}

/** Grants of autonomy by people; each change stands in the system's audit, in the same transaction. Nothing here says that a signature holds. */
export interface GrantStore {
  add(grant: AutonomyGrant): Promise<void>;
  /** The grant, or why there is nothing to revoke. */
  revoke(id: string, by: string, why: string, at: string): Promise<AutonomyGrant | 'unknown' | 'revoked'>;
  /** Those that were not revoked and have not ended at a time (epoch milliseconds), at most 100. */
  inForce(question: Pick<StandingKey, 'runbook' | 'environment'>, now: number): Promise<readonly AutonomyGrant[]>;
  /** The last to end first, at most 500. */
  list(): Promise<readonly KeptGrant[]>;
}
