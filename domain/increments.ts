import { addBuckets, bucketCounts } from './histogram';
import type { RouteCounters, Sample } from './metrics';

/** What one instance served between two of its scrapes. Times are epoch milliseconds. */
export interface Increment {
  readonly instance: string;
  readonly from: number;
  readonly at: number;
  readonly routes: Readonly<Record<string, RouteCounters>>;
  readonly requests: number;
  readonly errors: number;
  /** Observations by upper bound in seconds, not cumulative. */
  readonly latency: Map<number, number>;
}

/** Process start times of one process may differ by the rounding of its exporter. */
const SAME_START_MS = 1000;

/** Samples by instance, each list in order of time. */
export function byInstance(samples: readonly Sample[]): Map<string, Sample[]> {
  const groups = new Map<string, Sample[]>();
  for (const sample of [...samples].sort((a, b) => a.at - b.at)) {
    const group = groups.get(sample.instance);
    if (group) group.push(sample);
    else groups.set(sample.instance, [sample]);
  }
  return groups;
}

/**
 * Differences of consecutive answered scrapes, per instance, in order of time. A process that began again counts from zero; a first scrape counts only where the
 * process is known to have begun since `knownFrom` (epoch milliseconds), as what came before belongs to no window.
 */
export function increments(samples: readonly Sample[], knownFrom: number): Increment[] {
  const result: Increment[] = [];
  for (const group of byInstance(samples).values()) {
    let previous: Sample | undefined;
    for (const sample of group) {
      if (!sample.up) continue;
      if (previous) result.push(difference(restarted(previous, sample) ? undefined : previous, sample, previous.at));
      else if (sample.startedAt !== undefined && sample.startedAt >= knownFrom)
        result.push(difference(undefined, sample, Math.min(sample.startedAt, sample.at)));
      previous = sample;
    }
  }
  return result.sort((a, b) => a.at - b.at);
}

function restarted(before: Sample, after: Sample): boolean {
  if (before.startedAt !== undefined && after.startedAt !== undefined && Math.abs(after.startedAt - before.startedAt) > SAME_START_MS) return true;
  const fell = Object.entries(before.routes).some(([route, was]) => (after.routes[route]?.requests ?? 0) < was.requests);
  return fell || total(after.latency.counts) < total(before.latency.counts);
}

function total(counts: readonly number[]): number {
  return counts.at(-1) ?? 0;
}

function difference(before: Sample | undefined, after: Sample, from: number): Increment {
  const routes: Record<string, RouteCounters> = {};
  let requests = 0;
  let errors = 0;
  for (const [route, now] of Object.entries(after.routes)) {
    const was = before?.routes[route] ?? { requests: 0, errors: 0 };
    const delta = { requests: Math.max(0, now.requests - was.requests), errors: Math.max(0, now.errors - was.errors) };
    if (delta.requests === 0 && delta.errors === 0) continue;
    routes[route] = delta;
    requests += delta.requests;
    errors += delta.errors;
  }
  return { instance: after.instance, from, at: after.at, routes, requests, errors, latency: latencyDifference(before, after) };
}

function latencyDifference(before: Sample | undefined, after: Sample): Map<number, number> {
  const latency = bucketCounts(after.latency.le, after.latency.counts);
  if (before) addBuckets(latency, new Map([...bucketCounts(before.latency.le, before.latency.counts)].map(([bound, count]) => [bound, -count])));
  for (const [bound, count] of latency) if (count <= 0) latency.delete(bound);
  return latency;
}
