import type { LedgerOutcome } from '../incident-view';
import type { ActedBy, CauseKind, Rung, Tier, Verdict } from '../names';

/** What became of one incident that a runbook was applied to, or was not. */
export interface ConfidenceOutcome {
  /** Id of the runbook; where nobody acted, of the one that would have been. */
  readonly runbook: string;
  readonly version: number;
  /** Content hash of the runbook: outcomes of another hash are of another version. */
  readonly hash: string;
  readonly cause: CauseKind;
  readonly environment: string;
  readonly service: string;
  readonly tier: Tier;
  /** Name of services that are alike; the tier where it is absent. */
  readonly likeness?: string;
  readonly actedBy: ActedBy;
  readonly mode: Rung;
  /** As verified; where nobody acted, `recovered` says that it healed alone. */
  readonly verdict: Verdict;
  /** Whether a second source, or a person, confirms cause and verdict: an unconfirmed recovery earns nothing. */
  readonly corroborated: boolean;
  /** When it was verified, epoch milliseconds. */
  readonly at: number;
  /** The diagnosis' own score at that time, 0 to 1. */
  readonly score: number;
}

/** A recovery that a person tells of and nothing measured. */
export function isWord({ actedBy, verdict }: Pick<ConfidenceOutcome, 'actedBy' | 'verdict'>): boolean {
  return actedBy === 'person' && verdict === 'recovered';
}

/** What a standing is asked about. */
export interface StandingKey {
  readonly runbook: string;
  readonly hash: string;
  readonly cause: CauseKind;
  readonly environment: string;
  readonly service: string;
  readonly tier: Tier;
  readonly likeness?: string | undefined;
}

/** The verdict that counts, of all that the ledger has of one attempt: a relapse takes a recovery back, and a step that failed helped nobody. */
export function countedVerdict(verdicts: readonly LedgerOutcome['verdict'][]): Verdict {
  if (verdicts.includes('worse')) return 'worse';
  if (verdicts.includes('relapsed') || verdicts.includes('failed')) return 'unchanged';
  const last = verdicts.at(-1);
  return last === undefined || last === 'relapsed' || last === 'failed' ? 'unknown' : last;
}

/** What makes services alike: the likeness that they declare, else their tier. */
export function likenessOf(of: { readonly tier: Tier; readonly likeness?: string | undefined }): string {
  return of.likeness === undefined ? `tier ${of.tier}` : `group ${of.likeness}`;
}
