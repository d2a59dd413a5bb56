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
/** Beyond this share of the rise it is over, and what follows says nothing about its beginning. */
const RISEN = 0.95;
/** The newest samples that are averaged into one reading, as gauges jump. */
const SMOOTHING = 3;

/** How full each resource of a service is now, was before the onset, and whether and since when it fills. The fullest instance speaks for all. */
export function fillings(samples: readonly Sample[], baselineFrom: number, onset: number, now: number): Filling[] {
  const up = samples.filter((s) => s.up && s.at <= now).sort((a, b) => a.at - b.at);
  const resources = [...new Set(up.flatMap((s) => Object.keys(s.saturation)))].sort();
  return resources.flatMap((resource) => {
    const measured = fullest(up, resource);
    const points = smooth(measured);
    const last = points.at(-1);
    if (!last) return [];
    const since = riseBegan(measured, points);
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

// Walks back from now to a higher value (a restart emptied it), and looks for the beginning of the rise after that.
function riseBegan(measured: readonly Point[], points: readonly Point[]): number | undefined {
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
  const risen = measured.findIndex((p, i) => i > first && p.value >= floor + RISEN * (last.value - floor));
  return kinkOf(measured.slice(first + 1, risen + 1));
}

/**
 * Where a level turns into a rise: the time from which a flat line and then a straight rise fit the points best, by least squares (a hinge, or broken-stick, regression). The
 * last time near the lowest value would be anywhere in a noisy level.
 */
function kinkOf(points: readonly Point[]): number | undefined {
  const origin = points[0]?.at ?? 0;
  const all = points.reduce((sum, { value }) => sum + value, 0);
  const n = points.length;
  const after = { m: 0, t: 0, tt: 0, v: 0, tv: 0 };
  let best: { readonly at: number; readonly gain: number } | undefined;
  for (const { at, value } of [...points].reverse()) {
    const t = (at - origin) / 1000;
    after.m += 1;
    after.t += t;
    after.tt += t * t;
    after.v += value;
    after.tv += t * value;
    // Sums over h, the time since the kink where that is past, else 0.
    const h = after.t - after.m * t;
    const hh = after.tt - 2 * t * after.t + after.m * t * t - (h * h) / n;
    const vh = after.tv - t * after.v - (h * all) / n;
    const gain = hh > 0 && vh > 0 ? (vh * vh) / hh : 0;
    if (!best || gain > best.gain) best = { at, gain };
  }
  return best?.at;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
