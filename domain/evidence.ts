import type { Build } from './build';
import type { ClassedBuild } from './build-rerun';
import type { Change } from './change';
import type { WindowStats } from './metrics';
import type { CauseKind, IncidentStatus, Severity } from './names';
import type { ApplicableRunbooks } from './runbook-match/applicable-types';
import type { CallEdge, GraphPlace } from './topology/graph';
import type { StepSeries } from './topology/step-series';

/** Who could have put something into the evidence: the platform that acts, our own measuring, or anybody who can make a service write a line. */
export const TRUST = ['platform', 'measured', 'outside'] as const;
/** One of them. */
export type Trust = (typeof TRUST)[number];

/** Where a fact is from, of when it is, and who could have written it. */
export interface Provenance {
  /** Kind of looking and what was looked at, such as `requests:bookshop`. */
  readonly source: string;
  /** ISO 8601. */
  readonly time: string;
  readonly trust: Trust;
}

/** A fact gathered for one round of one incident; `id` is E01, E02, … Bundles that were frozen before there was a provenance have none: `provenanceOf` derives it. */
export type EvidenceItem = { readonly id: string; readonly title: string } & Partial<Provenance> & EvidenceFact;

/** The facts by kind. Times are epoch milliseconds unless they say ISO. */
export type EvidenceFact =
  | {
      readonly kind: 'metrics';
      readonly service: string;
      readonly baseline: WindowStats;
      readonly now: WindowStats;
      /** Error share and p95 in equal steps over the whole window, for drawing and for finding the onset. */
      readonly series: readonly SeriesPoint[];
    }
  | {
      readonly kind: 'saturation';
      readonly service: string;
      readonly resource: string;
      readonly before: number;
      readonly now: number;
      readonly rising: boolean;
      /** When the rise began, epoch milliseconds, where it was seen. */
      readonly risingSince?: number;
    }
  | { readonly kind: 'logs'; readonly service: string; readonly patterns: readonly LogPattern[]; readonly linesRead: number }
  | {
      readonly kind: 'change';
      readonly change: Change;
      /** Calls from the incident's service to the changed one, where the configuration does not name that one as its dependency: such a change is judged by the call graph alone. */
      readonly hops?: number;
      /** Onset minus change, milliseconds; 0 when the series cannot tell which came first, negative when the change came after. */ readonly leadMs: number;
    }
  | { readonly kind: 'no-change'; readonly service: string; readonly sinceMs: number }
  | {
      readonly kind: 'neighbour';
      readonly service: string;
      readonly healthy: boolean | null;
      readonly baseline: WindowStats;
      readonly now: WindowStats;
      /** Its numbers around the onset. */
      readonly series?: StepSeries;
    }
  | {
      /** The part of the call graph that was looked at. */
      readonly kind: 'graph';
      readonly service: string;
      /** The numbers of the incident's service in the same steps as those of the others. */
      readonly own: StepSeries;
      readonly places: readonly GraphPlace[];
      readonly calls: readonly CallEdge[];
      /** Services of the graph that were left out, as only so many are looked at. */
      readonly left: number;
    }
  | {
      /** Numbers around the onset of a service of the graph that is no configured dependency. */
      readonly kind: 'window';
      readonly service: string;
      readonly way: GraphPlace['way'];
      readonly hops: number;
      readonly seenBy: SeenBy;
      readonly healthy: boolean | null;
      readonly series: StepSeries;
    }
  | {
      /** Another open incident of the environment that overlaps in time. */
      readonly kind: 'incident-nearby';
      readonly incidentId: string;
      readonly service: string;
      /** Absent where no call that is known connects the two. */
      readonly way?: GraphPlace['way'];
      readonly hops?: number;
      readonly status: IncidentStatus;
      readonly severity: Severity;
      /** ISO 8601. */
      readonly openedAt: string;
      readonly told: string;
    }
  | {
      /** A past incident that is like this one, and what helped then. */
      readonly kind: 'similar';
      readonly incidentId: string;
      readonly service: string;
      /** ISO 8601. */
      readonly resolvedAt: string;
      /** 0 to 1; a ranking, not a probability. */
      readonly score: number;
      readonly because: readonly string[];
      /** Only where a measured recovery speaks for it. */
      readonly cause?: CauseKind;
      readonly confirmedBy: 'measurement' | 'person';
      /** Runbooks with the service that they were run on. */
      readonly helped: readonly string[];
      readonly didNotHelp: readonly string[];
      readonly summary: string;
    }
  | ({
      /** The runbooks that could be given, whatever the cause turns out to be. */
      readonly kind: 'runbooks';
      readonly service: string;
    } & ApplicableRunbooks)
  | {
      readonly kind: 'release';
      readonly service: string;
      readonly current: string;
      readonly available: readonly string[];
      readonly previous?: string;
      /** It runs on AWS, which knows what was deployed before without telling it. */
      readonly onAws?: true;
      readonly startedAt?: string;
    }
  | {
      /** What our detector found; its title is the sentence. */
      readonly kind: 'anomaly';
      readonly service: string;
      /** Id of the anomaly. */
      readonly anomaly: string;
      /** When it was found and since when it lasts, epoch milliseconds. */
      readonly at: number;
      readonly since: number;
      /** 0 to 1. */
      readonly score: number;
    }
  | {
      /** Lines of a kind that the archive did not know, or knew in other numbers; its title is the sentence. */
      readonly kind: 'log-anomaly';
      readonly service: string;
      readonly what: 'new' | 'more' | 'fewer';
      readonly template: string;
      /** One of its lines, scrubbed and clipped, where there are more of them than expected. For reading only. */
      readonly samples?: readonly string[];
      /** Lines in five minutes, and how many were expected. */
      readonly lines: number;
      readonly expected: number;
      /** Epoch milliseconds. */
      readonly since: number;
    }
  | {
      /** A failed build that opened the incident, the same commit when it passed before, or what was built after it. */
      readonly kind: 'build';
      readonly service: string;
      readonly what: 'failed' | 'passed-before' | 'after';
      /** Id of the failed build. */
      readonly failed: string;
      readonly build: ToldBuild;
      /** What the failed one turned out to be, on what was built after it. */
      readonly class?: ClassedBuild['class'];
    }
  | {
      /** Pipelines of other services that ended about when the failed build did. */
      readonly kind: 'other-builds';
      readonly service: string;
      /** Id of the failed build. */
      readonly ofBuild: string;
      readonly pipelines: number;
      readonly failed: number;
    }
  | { readonly kind: 'missing'; readonly what: string; readonly reason: string };

/** Who counted the requests of a service: its own metrics, its spans in traces, or only those who call it. */
export type SeenBy = 'itself' | 'traces' | 'callers';

/** What evidence tells of a build. */
export interface ToldBuild extends Pick<Build, 'id' | 'source' | 'name' | 'run' | 'result' | 'endedAt' | 'commit' | 'branch' | 'link'> {
  /** Where it failed, in words, such as `at BUILD`. */
  readonly where?: string;
}

/** One step of a series. */
export interface SeriesPoint {
  readonly at: number;
  readonly errorShare: number | null;
  readonly latencyP95Ms: number | null;
  readonly requests: number;
  /** Nobody looked in this step, so its zero says nothing about the service. */
  readonly unmeasured?: true;
}

/** A masked log message with its counts before and since the onset. */
export interface LogPattern {
  readonly pattern: string;
  readonly level: 'warn' | 'error';
  readonly before: number;
  readonly since: number;
  /** True when the pattern was never seen before the onset. */
  readonly isNew: boolean;
  /** Names of known services that the message mentions. */
  readonly mentions: readonly string[];
  /** A few of its lines since the onset, scrubbed and clipped, where it is new or came more often since. For reading only: no rule looks at them. */
  readonly samples?: readonly string[];
}

/** All facts of one round, frozen. */
export interface EvidenceBundle {
  readonly incidentId: string;
  readonly round: number;
  readonly environment: string;
  readonly service: string;
  /** ISO time of gathering. */
  readonly gatheredAt: string;
  /** When the trouble began, epoch milliseconds: found in the series, or the earliest alert. */
  readonly onset: number;
  readonly items: readonly EvidenceItem[];
}

/** What the history holds of a bundle. */
export interface EvidenceRef {
  readonly digest: string;
  readonly ids: readonly string[];
  readonly onset: number;
}

/** The metrics item of a service in a bundle, or undefined. */
export function metricsOf(bundle: EvidenceBundle | undefined, service: string): Extract<EvidenceItem, { kind: 'metrics' }> | undefined {
  return bundle?.items.find((item): item is Extract<EvidenceItem, { kind: 'metrics' }> => item.kind === 'metrics' && item.service === service);
}
