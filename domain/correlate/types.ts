import type { Severity } from '../names';
import type { AlertMatch } from '../quiet/match';

/** What a rule of correlation does with an alert and an open incident that it fits. */
export const CORRELATE_ACTIONS = ['join', 'relate', 'never'] as const;
/** One incident, two that name each other, or nothing of the two. */
export type CorrelateAction = (typeof CORRELATE_ACTIONS)[number];

/** A declared rule; the first that fits an alert and an open incident decides over the call graph. */
export interface CorrelateRule {
  readonly name: string;
  /** Of `join` and `relate` it must fit the alert and one that fires in the incident; of `never` either of them. */
  readonly match: AlertMatch;
  /** Both services are among these; any when empty. */
  readonly services: readonly string[];
  /** Any when empty. */
  readonly environments: readonly string[];
  readonly action: CorrelateAction;
}

/** When alerts of several services are one incident. */
export interface CorrelateSettings {
  readonly enabled: boolean;
  /** Most between the beginnings of two alerts that belong together, milliseconds. */
  readonly windowMs: number;
  /** Most calls between two services that belong together. */
  readonly maxHops: number;
  readonly rules: readonly CorrelateRule[];
}

/** What holds where nothing is said. Without a call graph and rules nothing is correlated. */
export const CORRELATE_DEFAULTS: CorrelateSettings = { enabled: true, windowMs: 10 * 60_000, maxHops: 2, rules: [] };

/** A condition as correlation sees it. Times are epoch milliseconds. */
export interface Member {
  readonly service: string;
  readonly fingerprint: string;
  readonly source: string;
  readonly name: string;
  readonly signal?: string;
  readonly severity: Severity;
  readonly startsAt: number;
  readonly firing: boolean;
  /** Absent where they are not known any more. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** An incident that an alert may join. */
export interface OpenIncident {
  readonly workflowId: string;
  /** Undefined until its workflow has written it. */
  readonly incidentId?: string;
  readonly environment: string;
  /** Service that its workflow is named after. */
  readonly service: string;
  readonly openedAt: number;
  /** Why it takes alerts of its own service only, as the end of a sentence; undefined while it takes others. */
  readonly closedTo?: string;
  /** Services that a person split off. */
  readonly split: readonly string[];
  readonly members: readonly Member[];
}

/** That two incidents have to do with each other. */
export interface Relation {
  readonly incident: OpenIncident;
  readonly reason: string;
}

/** What becomes of an alert that no incident holds yet. `reason` goes on after "joins, as". */
export type Decision =
  | { readonly kind: 'own'; readonly relates: readonly Relation[] }
  | { readonly kind: 'joins'; readonly incident: OpenIncident; readonly reason: string; readonly relates: readonly Relation[] };
