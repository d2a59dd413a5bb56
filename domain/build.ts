/** How a build ended. */
export const BUILD_RESULTS = ['succeeded', 'failed', 'cancelled', 'timed-out'] as const;
/** One of the results. */
export type BuildResult = (typeof BUILD_RESULTS)[number];

/** A finished run of a pipeline, a workflow or a job, in our words, already redacted. Times are ISO 8601 in UTC. */
export interface Build {
  /** The same run has the same id, whoever tells of it and how often. */
  readonly id: string;
  readonly source: string;
  readonly environment: string;
  readonly service: string;
  /** Pipeline, workflow or project, with the job where it is one of several: `ci / unit tests`. */
  readonly name: string;
  /** Number or id of the run, as people know it. */
  readonly run: string;
  readonly result: BuildResult;
  /** What builds broke, not what was built. */
  readonly fault?: true;
  readonly startedAt?: string;
  readonly endedAt: string;
  readonly durationMs?: number;
  readonly commit?: string;
  readonly branch?: string;
  /** Person or system that began it. */
  readonly author?: string;
  /** Parts in their order, each with its own result and time. */
  readonly steps?: readonly BuildStep[];
  readonly tests?: { readonly total: number; readonly failed: number; readonly skipped?: number };
  /** CPU time (milliseconds) and the most memory (bytes) that it used. */
  readonly usage?: { readonly cpuMs?: number; readonly memoryBytes?: number };
  readonly link?: string;
}

/** A part of a build: a phase, a stage or a step. */
export interface BuildStep {
  readonly name: string;
  readonly result: BuildResult | 'skipped';
  /** Why it failed, as its source says. */
  readonly detail?: string;
  readonly durationMs?: number;
}
