import type { Severity } from '../names';
import type { Hindsight } from './hindsight';
import type { PageKind } from './noise';
import type { WouldHave } from './proposal';

/** Version of the report's JSON. A member may be added within a version; none changes its meaning. */
export const REPORT_VERSION = 1;

/** A page in a report; times are ISO 8601 in UTC. */
export interface ReportPage {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly service: string;
  readonly severity: Severity;
  readonly begin: string;
  /** Absent while it fires. */
  readonly end?: string;
  readonly kind: PageKind;
  readonly account?: string;
  readonly region?: string;
  readonly signal?: string;
  readonly value?: number;
  readonly threshold?: number;
  readonly summary: string;
  readonly link?: string;
  /** At night, by the clock of the report's zone. */
  readonly night: boolean;
}

/** A change that may have begun an incident, with why. */
export interface ReportSuspect {
  readonly id: string;
  /** As in changes, or `provider-event`. */
  readonly kind: string;
  readonly by: string;
  readonly at: string;
  readonly service: string;
  readonly author: string;
  readonly summary: string;
  readonly from?: string;
  readonly to?: string;
  readonly link?: string;
  /** Milliseconds before the trouble. */
  readonly leadMs: number;
  /** Of the live engine's rules, 0 to 1; absent where they rule it out. */
  readonly score?: number;
  /** How likely such a change is so near by chance, 0 to 1. */
  readonly chance?: number;
  /** It is named as the likely cause; at most one is. */
  readonly named: boolean;
  readonly why: string;
}

/** One incident of the past. */
export interface ReportIncident {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly environment: string;
  readonly service: string;
  readonly services: readonly string[];
  readonly begin: string;
  /** Absent while something fires. */
  readonly end?: string;
  /** When the trouble began, as far as the alarms tell. */
  readonly onset: string;
  readonly pages: readonly ReportPage[];
  /** Why pages of other services are in it. */
  readonly because: readonly string[];
  /** The strongest first. */
  readonly suspects: readonly ReportSuspect[];
  readonly wouldHave: WouldHave;
  readonly hindsight: readonly Hindsight[];
  /** All of its pages are noise. */
  readonly noise: boolean;
  /** Milliseconds that would have been saved: from when a remedy begins to the end that it had. 0 where none would have been proposed, or wrongly. */
  readonly savedMs: number;
}

/** Sums over the span. */
export interface ReportTotals {
  readonly pages: number;
  readonly incidents: number;
  readonly noise: Readonly<Record<Exclude<PageKind, 'told'>, number>> & { readonly all: number };
  readonly night: { readonly pages: number; readonly nights: number; readonly perNight: number; readonly worst: number };
  /** Incidents that have a named cause, and their share of all that are not noise. */
  readonly followedChange: { readonly incidents: number; readonly of: number; readonly share: number };
  readonly wouldHave: Readonly<Record<WouldHave['would'], number>>;
  /** Incidents where hindsight speaks against what would have been done. */
  readonly wrong: number;
  /** Hours in which something paged, and how many of them would have been saved: by remedies, and by pages that the gate folds. */
  readonly hours: { readonly paging: number; readonly savedByRemedies: number; readonly savedByFolding: number };
}

/** What `nightshift lookback --json` prints; docs/lookback.md says what the members mean. */
export interface LookbackReport {
  readonly version: typeof REPORT_VERSION;
  readonly made: string;
  readonly source: string;
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly totals: ReportTotals;
  /** By begin. */
  readonly incidents: readonly ReportIncident[];
  /** Changes of the span by service, named in no incident or in one, for the timeline. */
  readonly changes: readonly {
    readonly at: string;
    readonly until?: string;
    readonly services: readonly string[];
    readonly kind: string;
    readonly summary: string;
  }[];
  /** What could not be read, and what to know of how whole the past is. */
  readonly gaps: readonly string[];
  readonly calls: { readonly estimated: number; readonly made: number; readonly usd: number };
}
