import type { Build } from './build';
import type { ClassedBuild } from './build-rerun';
import type { Change } from './change';
import type { WindowStats } from './metrics';

/** A fact gathered for one round of one incident; `id` is E01, E02, … */
export type EvidenceItem = { readonly id: string; readonly title: string } & EvidenceFact;

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
      /** Onset minus change, milliseconds; 0 when the series cannot tell which came first, negative when the change came after. */ readonly leadMs: number;
    }
  | { readonly kind: 'no-change'; readonly service: string; readonly sinceMs: number }
  | { readonly kind: 'neighbour'; readonly service: string; readonly healthy: boolean | null; readonly baseline: WindowStats; readonly now: WindowStats }
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
