import { z } from 'zod';
import type { PipelineState } from './build-anomaly';
import type { FailedSince } from './build-failure';
import { defined } from './defined';

/** Name under which it is saved how far builds were judged. */
export const BUILD_WATCH_STATE = 'build-watch';

const pipeline = z.object({
  odd: z.record(z.string(), z.int().min(0)),
  firing: z.object({ build: z.string(), since: z.string() }).nullable(),
});
const last = z.object({ build: z.string(), endedAt: z.string() }).and(z.object({ commit: z.string() }).partial().transform(defined));
const failed = z
  .object({ environment: z.string(), service: z.string(), name: z.string(), build: z.string(), since: z.string() })
  .and(z.object({ commit: z.string(), branch: z.string(), last }).partial().transform(defined));
const watch = z.object({
  ...{ judgedTo: z.number(), judged: z.record(z.string(), z.number()), pipelines: z.record(z.string(), pipeline) },
  // What was saved before builds that fail were followed has none.
  failing: z.record(z.string(), failed).default({}),
});

/** How far builds were judged, by the time of their end (epoch milliseconds), which ones of late, and what stands of each pipeline. Plain JSON. */
export interface KeptBuildWatch {
  readonly judgedTo: number;
  /** Ends of the builds that were judged of late, by id. */
  readonly judged: Readonly<Record<string, number>>;
  readonly pipelines: Readonly<Record<string, PipelineState>>;
  /** Builds that failed and that alerts stand for, by fingerprint. */
  readonly failing: Readonly<Record<string, FailedSince>>;
}

/** Reads back what was saved; undefined for anything else. */
export function readBuildWatch(value: unknown): KeptBuildWatch | undefined {
  return watch.safeParse(value).data;
}
