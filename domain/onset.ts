import type { SeriesPoint } from './evidence';
import { median } from './quantile';

/** A share of errors must rise by this much to count as trouble; less is everyday noise. */
const SHARE_STEP = 0.03;
/** The same in standard deviations of a share of so many requests, so that quiet steps do not shout. */
const SHARE_SIGMAS = 3;
/** Share assumed normal where the baseline is cleaner: an empty baseline is luck, not a promise. */
const LEAST_NORMAL_SHARE = 0.01;
/** Latency must reach this multiple of normal, and this many milliseconds more, to count as trouble: what is slower by less nobody feels, however fast it is by habit. */
export const SLOWER = { factor: 2, stepMs: 50 } as const;
/** Spreads are compared in these many median absolute deviations. */
const SPREADS = 5;
/** So many good steps may lie inside one stretch of trouble. */
const GOOD_STEPS_INSIDE = 3;
/** The stretch may end this many steps before the alert, as limits look back over a window and act after a while. */
const STEPS_BEFORE_ALERT = 15;
/** Fewer steps than this say nothing about what is normal. */
const LEAST_STEPS = 5;

/**
 * When the trouble began (epoch milliseconds): the start of the stretch of bad steps that leads to the first alert. Never later than that alert; the alert itself when the
 * series cannot tell.
 */
export function findOnset(series: readonly SeriesPoint[], firstAlertAt: number): number {
  const before = series.filter((p) => p.at <= firstAlertAt);
  const normal = normalOf(before.slice(0, Math.max(LEAST_STEPS, Math.floor(before.length / 2))));
  if (before.length < LEAST_STEPS || !normal) return firstAlertAt;
  let onset: number | undefined;
  let good = 0;
  let unmeasured = 0;
  for (const point of before.reverse()) {
    if (point.unmeasured) {
      unmeasured += 1;
      continue;
    }
    if (isBad(point, normal)) {
      onset = point.at;
      good = 0;
    } else {
      // Nobody saw what lay behind a good step; it is no bridge to an earlier trouble.
      good += 1 + unmeasured;
      if (good > (onset === undefined ? STEPS_BEFORE_ALERT : GOOD_STEPS_INSIDE)) break;
    }
    unmeasured = 0;
  }
  return Math.min(onset ?? firstAlertAt, firstAlertAt);
}

interface Normal {
  readonly share: number;
  readonly shareSpread: number;
  readonly latency: number | null;
  readonly latencySpread: number;
  readonly requests: number;
}

function normalOf(points: readonly SeriesPoint[]): Normal | null {
  const shares = points.flatMap((p) => p.errorShare ?? []);
  if (shares.length < LEAST_STEPS) return null;
  const latencies = points.flatMap((p) => p.latencyP95Ms ?? []);
  return {
    share: median(shares),
    shareSpread: spread(shares),
    latency: latencies.length >= LEAST_STEPS ? median(latencies) : null,
    latencySpread: spread(latencies),
    requests: median(points.map((p) => p.requests)),
  };
}

function isBad(point: SeriesPoint, normal: Normal): boolean {
  // A step without a request is trouble only where requests are plenty.
  if (point.requests === 0) return normal.requests >= 10;
  const usual = Math.max(normal.share, LEAST_NORMAL_SHARE);
  const noise = SHARE_SIGMAS * Math.sqrt((usual * (1 - usual)) / point.requests);
  if ((point.errorShare ?? 0) > normal.share + Math.max(SHARE_STEP, noise, SPREADS * normal.shareSpread)) return true;
  if (normal.latency === null || point.latencyP95Ms === null || point.requests < 10) return false;
  return point.latencyP95Ms > Math.max(normal.latency * SLOWER.factor, normal.latency + Math.max(SLOWER.stepMs, SPREADS * normal.latencySpread));
}

function spread(values: readonly number[]): number {
  const centre = median(values);
  return median(values.map((v) => Math.abs(v - centre)));
}
