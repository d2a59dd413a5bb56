import type { Sample } from './metrics';

/** How a resource filled up. Ratios are 0 to 1, times epoch milliseconds. */
export interface Filling {
  readonly resource: string;
  readonly before: number;
  readonly now: number;
  readonly rising: boolean;
  readonly risingSince?: number;
}

/** A rise smaller than this is breathing. */
const LEAST_RISE = 0.15;
/** Values this close to the lowest still count as the floor that the rise left. */
const FLOOR_SLACK = 0.05;
/** The newest samples that are averaged into one reading, as gauges jump. */
const SMOOTHING = 3;

/** How full each resource of a service is now, was before the onset, and whether and since when it fills. The fullest instance speaks for all. */
export function fillings(samples: readonly Sample[], baselineFrom: number, onset: number, now: number): Filling[] {
  const up = samples.filter((s) => s.up && s.at <= now).sort((a, b) => a.at - b.at);
  const resources = [...new Set(up.flatMap((s) => Object.keys(s.saturation)))].sort();
  return resources.flatMap((resource) => {
    const points = smooth(fullest(up, resource));
    const last = points.at(-1);
    if (!last) return [];
    const since = riseBegan(points);
    const lead = points.filter((p) => p.at >= baselineFrom && p.at <= onset);
    const before = (lead[0] ?? points[0] ?? last).value;
    return [
      { resource, before: rounded(before), now: rounded(last.value), rising: since !== undefined, ...(since === undefined ? {} : { risingSince: since }) },
    ];
  });
}

interface Point {
  readonly at: number;
  readonly value: number;
}

function fullest(samples: readonly Sample[], resource: string): Point[] {
  const byTime = new Map<number, number>();
  for (const sample of samples) {
    const value = sample.saturation[resource];
    if (value !== undefined) byTime.set(sample.at, Math.max(value, byTime.get(sample.at) ?? 0));
  }
  return [...byTime].map(([at, value]) => ({ at, value }));
}

function smooth(points: readonly Point[]): Point[] {
  return points.map((point, i) => {
    const around = points.slice(Math.max(0, i - SMOOTHING + 1), i + 1);
    return { at: point.at, value: around.reduce((sum, p) => sum + p.value, 0) / around.length };
  });
}

// Walks back from now: the rise began where the value last stood at its floor. A higher value further back (a restart emptied it) ends the walk.
function riseBegan(points: readonly Point[]): number | undefined {
  const last = points.at(-1);
  if (!last) return undefined;
  let floor = last.value;
  let top = last.value;
  let first = points.length - 1;
  for (; first >= 0; first -= 1) {
    const value = points[first]?.value ?? floor;
    if (value > floor + LEAST_RISE && floor < top - LEAST_RISE) break;
    floor = Math.min(floor, value);
    top = Math.max(top, value);
  }
  if (last.value - floor < LEAST_RISE) return undefined;
  return points.slice(first + 1).findLast((p) => p.value <= floor + FLOOR_SLACK)?.at;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
