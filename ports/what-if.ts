import type { RoundChange } from '../domain/replay/compare';
import type { Policy } from '../domain/policy-types';
import type { TriageRules } from '../domain/triage-rules';

/** Rules that recorded rounds are judged by again. */
export interface OtherRules {
  readonly policy: Policy;
  readonly triage: TriageRules;
}

/** Which incidents: one, or those that were opened from a time on, epoch milliseconds. */
export type Replayed = { readonly incidentId: string } | { readonly since: number };

/** A round that comes out differently. */
export interface ChangedRound {
  readonly incidentId: string;
  readonly round: number;
  readonly environment: string;
  readonly service: string;
  /** When it was judged, ISO 8601. */
  readonly at: string;
  readonly changes: readonly RoundChange[];
  /** What the rules say to it, in a sentence. */
  readonly why: string;
  /** It would come out the same way by the configuration that runs now: it is not these rules that change it. */
  readonly already: boolean;
}

/** A round that cannot be judged again. */
export interface LeftRound {
  readonly incidentId: string;
  readonly round: number;
  readonly why: string;
}

/** What other rules would have changed. */
export interface WhatIfReport {
  readonly incidents: number;
  /** Rounds that were judged again. */
  readonly rounds: number;
  readonly changed: readonly ChangedRound[];
  /** How many could not be judged again, and the first of them. */
  readonly leftOut: number;
  readonly left: readonly LeftRound[];
  /** There are more incidents in that time than are judged at once: those that were opened before the last one are not among them. */
  readonly more: boolean;
}

/** Judges recorded rounds again by other rules; nothing outside is asked, and nothing is written. */
export interface WhatIf {
  /** Throws `not_found` for an incident that is not there, `overloaded` while another question is being answered. */
  replay(which: Replayed, rules: OtherRules): Promise<WhatIfReport>;
}
