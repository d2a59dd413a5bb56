import type { CallCount } from '../call-counts';
import { median } from '../quantile';

/** What a service did in equal steps, as columns of the same length, for it is kept many times. A step that nobody measured is null in all of them. */
export interface StepSeries {
  /** Begin of the first step, epoch milliseconds. */
  readonly from: number;
  readonly stepMs: number;
  readonly requests: readonly (number | null)[];
  /** 0 to 1; null too where there was no request. */
  readonly errorShare: readonly (number | null)[];
  /** Milliseconds. */
  readonly latencyMs: readonly (number | null)[];
  readonly latencyIs: 'p95' | 'mean';
}

/** One step of a series. */
export interface Step {
  readonly requests: number | null;
  readonly errorShare: number | null;
  readonly latencyMs: number | null;
}

/** When a series is looked at: epoch milliseconds. */
export interface StepSpan {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
}

const MINUTE_MS = 60_000;

/**
 * The series of a service from calls by minute. What counts them comes late and tells of no call where there was none, so only steps between the first and the last minute that is
 * told are measured; without a count these had no call. Undefined where nothing was counted.
 */
export function countedSteps(calls: readonly CallCount[], span: StepSpan): StepSeries | undefined {
  const stepMs = Math.max(MINUTE_MS, Math.ceil(span.stepMs / MINUTE_MS) * MINUTE_MS);
  const from = Math.ceil(span.from / stepMs) * stepMs;
  const inside = calls.filter(({ at }) => at >= from && at + MINUTE_MS <= span.to);
  if (inside.length === 0) return undefined;
  const last = inside.reduce((latest, { at }) => Math.max(latest, at), from);
  const sums = Array.from({ length: Math.floor((last - from) / stepMs) + 1 }, () => ({ requests: 0, failed: 0, durationMs: 0 }));
  for (const { at, requests, failed, durationMs } of inside) {
    const sum = sums[Math.floor((at - from) / stepMs)];
    if (!sum) continue;
    sum.requests += requests;
    sum.failed += failed;
    sum.durationMs += durationMs;
  }
  const steps = sums.map(({ requests, failed, durationMs }) => ({ requests, errorShare: share(failed, requests), latencyMs: share(durationMs, requests) }));
  return columns(steps, from, stepMs, 'mean');
}

/** The same in at most so many steps: shares weigh by requests, and of latencies the middle one stands for several. */
export function coarserSteps(series: StepSeries, most: number): StepSeries {
  const each = Math.ceil(series.requests.length / most);
  if (each <= 1) return series;
  const steps = Array.from({ length: Math.ceil(series.requests.length / each) }, (_, i): Step => {
    const part = stepsOf(series).slice(i * each, (i + 1) * each);
    const counted = part.flatMap(({ requests }) => requests ?? []);
    const requests = counted.reduce((sum, count) => sum + count, 0);
    const errors = part.reduce((sum, step) => sum + (step.errorShare ?? 0) * (step.requests ?? 0), 0);
    const latencies = part.flatMap(({ latencyMs }) => latencyMs ?? []);
    return {
      requests: counted.length === 0 ? null : requests,
      errorShare: share(errors, requests),
      latencyMs: latencies.length === 0 ? null : median(latencies),
    };
  });
  return columns(steps, series.from, each * series.stepMs, series.latencyIs);
}

/** What a service did in the steps that begin in a span: requests, share of errors, and the middle latency (milliseconds). */
export function over(
  series: StepSeries,
  from: number,
  to: number,
): { readonly requests: number; readonly errorShare: number | null; readonly latencyMs: number | null } {
  const steps = stepsOf(series).filter((_step, i) => series.from + i * series.stepMs >= from && series.from + i * series.stepMs < to);
  const requests = steps.reduce((sum, step) => sum + (step.requests ?? 0), 0);
  const errors = steps.reduce((sum, step) => sum + (step.errorShare ?? 0) * (step.requests ?? 0), 0);
  const latencies = steps.flatMap(({ latencyMs }) => latencyMs ?? []);
  return { requests, errorShare: share(errors, requests), latencyMs: latencies.length === 0 ? null : median(latencies) };
}

/** Whether anything was measured. */
export function isMeasured({ requests }: StepSeries): boolean {
  return requests.some((count) => count !== null);
}

function stepsOf({ requests, errorShare, latencyMs }: StepSeries): Step[] {
  return requests.map((count, i) => ({ requests: count, errorShare: errorShare[i] ?? null, latencyMs: latencyMs[i] ?? null }));
}

/** Steps as columns. */
export function columns(steps: readonly Step[], from: number, stepMs: number, latencyIs: StepSeries['latencyIs']): StepSeries {
  return {
    ...{ from, stepMs },
    requests: steps.map(({ requests }) => (requests === null ? null : Math.round(requests))),
    errorShare: steps.map(({ errorShare }) => rounded(errorShare, 10_000)),
    latencyMs: steps.map(({ latencyMs }) => rounded(latencyMs, 10)),
    latencyIs,
  };
}

function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

function rounded(value: number | null, by: number): number | null {
  return value === null ? null : Math.round(value * by) / by;
}
