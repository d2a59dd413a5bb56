import type { Build } from '../build';
import { addBuckets, bucketCounts } from '../histogram';
import type { MetricPoint } from '../telemetry';
import type { Observation, Reading } from './stream';

const MINUTE_MS = 60_000;
/** A pause between two readings beyond which nobody can say when a counter grew, milliseconds; a longer window may hold longer ones. */
const LONGEST_PAUSE_MS = 300_000;

/** Longest pause (milliseconds) between two readings whose difference is counted: so far before its start the readings of a window must be known. */
export function longestPause(windowMs: number): number {
  return Math.max(LONGEST_PAUSE_MS, windowMs);
}

/**
 * What the readings of one series say, oldest first. Readings may come in any order; of two at one time the last one holds. What a counter or a histogram grew by between two
 * readings belongs to the later one; one that fell began again from zero; the first reading, and one after a pause longer than `pauseMs`, only begins. Those that are no finite
 * number are left out.
 */
export function observe(kind: MetricPoint['kind'], readings: readonly Reading[], pauseMs = LONGEST_PAUSE_MS): Observation[] {
  const ordered = inOrder(readings);
  if (kind === 'gauge') return ordered.map(({ at, value }) => ({ at, count: 1, sum: value }));
  if (kind === 'delta') return ordered.map((each) => alone(each));
  return ordered.slice(1).flatMap((now, i) => {
    const before = ordered[i] ?? now;
    return now.at - before.at > pauseMs ? [] : [growth(before, now, kind)];
  });
}

/** Lines of a log counted by minute (`at` is its begin): they belong to its end, when the minute is whole. */
export function observeLines(minutes: readonly { readonly at: number; readonly lines: number }[]): Observation[] {
  return minutes.map(({ at, lines }) => ({ at: at + MINUTE_MS, count: lines }));
}

/** A finished build: its value is how long it took, in milliseconds, where that is known. */
export function observeBuild(build: Pick<Build, 'endedAt' | 'durationMs'>): Observation[] {
  const at = Date.parse(build.endedAt);
  if (!Number.isFinite(at)) return [];
  return [{ at, count: 1, ...(build.durationMs !== undefined && { sum: build.durationMs }) }];
}

function inOrder(readings: readonly Reading[]): Reading[] {
  const byTime = new Map<number, Reading>();
  for (const reading of readings) if (Number.isFinite(reading.value) && Number.isFinite(reading.at)) byTime.set(reading.at, reading);
  return [...byTime.values()].sort((a, b) => a.at - b.at);
}

function alone({ at, value, histogram }: Reading): Observation {
  if (!histogram) return { at, count: Math.max(0, value), sum: value };
  return { at, count: histogram.count, sum: value, spread: bucketCounts(histogram.le, histogram.counts) };
}

function growth(before: Reading, now: Reading, kind: 'counter' | 'histogram'): Observation {
  if (kind === 'counter' || !now.histogram) {
    const grown = now.value < before.value ? Math.max(0, now.value) : now.value - before.value;
    return { at: now.at, count: grown, sum: grown };
  }
  if (beganAgain(before, now)) return alone(now);
  const spread = bucketCounts(now.histogram.le, now.histogram.counts);
  const was = before.histogram ? bucketCounts(before.histogram.le, before.histogram.counts) : new Map<number, number>();
  addBuckets(spread, new Map([...was].map(([bound, count]) => [bound, -count])));
  return { at: now.at, count: now.histogram.count - (before.histogram?.count ?? 0), sum: now.value - before.value, spread };
}

/** The number of observations fell, or that in any bucket, or the bounds are others: what was counted before is not in it. */
function beganAgain(before: Reading, now: Reading): boolean {
  const was = before.histogram;
  const is = now.histogram;
  if (!was || !is || is.count < was.count) return true;
  if (is.le.length !== was.le.length || is.le.some((bound, i) => bound !== was.le[i])) return true;
  return is.counts.some((count, i) => count < (was.counts[i] ?? 0));
}
