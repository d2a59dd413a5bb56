import { z } from 'zod';
import { digestOf } from '../digest';
import type { SeriesDefinition } from './definition';
import { keyId, windowEnd } from './windows';
import type { Bucket, Key, Measured } from './windows';

/** Most windows that are measured in one go; what is further behind follows in the next. */
export const MOST_WINDOWS = 360;
/** Most sets of labels that one series has buckets for. */
export const MOST_KEYS = 1000;
/** How far back a series begins that is new, milliseconds. */
const BEGINS_BEFORE_MS = 3_600_000;
/** A set of labels is forgotten when it had nothing for so long, milliseconds. */
const FORGET_KEY_MS = 3_600_000;

/** Least pause between two looks where a window waits for events that do not come, milliseconds. */
const LOOK_AGAIN_MS = 5000;
/** Digest of a window without buckets. */
const NOTHING = digestOf([]);

const count = z.int().min(0);
const key = z.object({ environment: z.string(), service: z.string(), labels: z.record(z.string(), z.string()) });
const progress = z.object({
  definition: z.string(),
  madeTo: z.number(),
  open: z.array(z.object({ end: z.number(), points: count, digest: z.string(), revision: count })).max(2 * MOST_WINDOWS),
  known: z.array(z.object({ key, firstEnd: z.number(), lastEnd: z.number() })).max(MOST_KEYS),
  counts: z.object({ windows: count, remade: count, late: count, overKeys: count, unfit: count, refused: count }),
});

/** How far a series has been measured: what a restart goes on from. Times are epoch milliseconds. */
export type Progress = z.output<typeof progress>;

/** Name under which the progress of a series is saved. */
export function progressName(name: string): string {
  return `series:${name}`;
}

/** Which windows to measure now. */
export interface Plan {
  readonly firstEnd: number;
  readonly lastEnd: number;
  /** Windows up to this end do not change any more after this. */
  readonly finalTo: number;
}

/** Reads back what was saved; a beginning for anything else, and for a series that was declared otherwise since. */
export function readProgress(definition: SeriesDefinition, saved: unknown, now: number): Progress {
  const parsed = progress.safeParse(saved);
  const digest = shapeOf(definition);
  if (parsed.success && parsed.data.definition === digest) return parsed.data;
  const counts = { windows: 0, remade: 0, late: 0, overKeys: 0, unfit: 0, refused: 0 };
  return { definition: digest, madeTo: windowEnd(now - BEGINS_BEFORE_MS, definition.slideMs), open: [], known: [], counts };
}

/** A limit does not change what is measured. */
function shapeOf(definition: SeriesDefinition): string {
  return digestOf({ ...definition, limit: undefined });
}

/**
 * Event time up to which a window is taken to be whole: a little behind the newest event. Where events stop, time goes on all the same, so that the last window is made too;
 * and an event with a time in the future moves nothing.
 */
export function watermark({ settleMs, latenessMs }: SeriesDefinition, newest: number | undefined, now: number): number {
  return Math.max(Math.min(newest ?? 0, now), now - latenessMs) - settleMs;
}

/** Which windows are to be measured: new ones, and again those that late events may still change. Undefined where there are none. */
export function planWindows(definition: SeriesDefinition, { madeTo, open }: Progress, mark: number): Plan | undefined {
  const { slideMs, latenessMs } = definition;
  const firstEnd = Math.min(madeTo + slideMs, ...open.map(({ end }) => end));
  const reached = Math.floor(mark / slideMs) * slideMs;
  const lastEnd = Math.min(Math.max(madeTo, reached), firstEnd + (MOST_WINDOWS - 1) * slideMs);
  if (lastEnd < firstEnd) return undefined;
  return { firstEnd, lastEnd, finalTo: mark - latenessMs };
}

/** Whether it is worth looking: a new window may be whole, or what came late may have changed an old one. */
export function isDue({ slideMs, settleMs }: SeriesDefinition, { madeTo, open }: Progress, lastLook: number, now: number): boolean {
  if (now < lastLook + Math.min(slideMs / 2, LOOK_AGAIN_MS)) return false;
  return now >= madeTo + slideMs + settleMs || (open.length > 0 && now >= lastLook + slideMs);
}

/** The buckets that are new or others than before, and the progress when they are written. An event that a window did not hold when it was first made counts as late. */
export function advance(
  { slideMs }: SeriesDefinition,
  before: Progress,
  plan: Plan,
  { buckets, overKeys, unfit }: Measured,
): { readonly write: readonly Bucket[]; readonly progress: Progress } {
  const byEnd = grouped(buckets);
  const was = new Map(before.open.map((window) => [window.end, window]));
  const open: Progress['open'] = before.open.filter(({ end }) => end > plan.lastEnd);
  const write: Bucket[] = [];
  const counts = { ...before.counts, overKeys: Math.max(before.counts.overKeys, overKeys), unfit: Math.max(before.counts.unfit, unfit) };
  for (let end = plan.firstEnd; end <= plan.lastEnd; end += slideMs) {
    const made = byEnd.get(end) ?? [];
    const old = was.get(end);
    const now = { end, points: made.reduce((sum, bucket) => sum + bucket.points, 0), digest: digestOf(made.map((bucket) => [keyId(bucket), bucket.value])) };
    const changed = now.digest !== (old?.digest ?? NOTHING);
    if (changed) write.push(...made);
    if (changed && old) counts.remade += 1;
    else if (changed) counts.windows += 1;
    if (old) counts.late += Math.max(0, now.points - old.points);
    if (end > plan.finalTo) open.push({ ...now, revision: (old?.revision ?? 0) + (changed ? 1 : 0) });
  }
  const progress = { ...before, madeTo: Math.max(before.madeTo, plan.lastEnd), open, known: stillKnown(before.known, buckets, plan.lastEnd), counts };
  return { write, progress };
}

/** The progress where nothing has come since the windows that are still open were measured. */
export function nothingNew(before: Progress, { finalTo }: Plan): Progress {
  return { ...before, open: before.open.filter(({ end }) => end > finalTo) };
}

function grouped(buckets: readonly Bucket[]): Map<number, Bucket[]> {
  const byEnd = new Map<number, Bucket[]>();
  for (const bucket of buckets) {
    const same = byEnd.get(bucket.end);
    if (same) same.push(bucket);
    else byEnd.set(bucket.end, [bucket]);
  }
  return byEnd;
}

function stillKnown(before: Progress['known'], buckets: readonly Bucket[], now: number): Progress['known'] {
  const known = new Map(before.map((each) => [keyId(each.key), each]));
  for (const { environment, service, labels, end, points } of buckets) {
    if (points === 0) continue;
    const key: Key = { environment, service, labels };
    const old = known.get(keyId(key));
    known.set(keyId(key), {
      key: { environment, service, labels: { ...labels } },
      firstEnd: Math.min(end, old?.firstEnd ?? end),
      lastEnd: Math.max(end, old?.lastEnd ?? end),
    });
  }
  return [...known.values()].filter(({ lastEnd }) => lastEnd > now - FORGET_KEY_MS).slice(0, MOST_KEYS);
}
