import { median, quantileOf } from '../quantile';
import type { SeriesKind } from './types';
import { SERIES } from './weights';

/** A value of a step with the requests that it was measured over, where they are counted. */
export interface Step {
  readonly at: number;
  readonly value: number;
  readonly requests: number | null;
}

/** What is normal for a series: the usual value, and how many deviations a step is from it. */
export interface Normal {
  readonly usual: number;
  readonly sigmasOf: (step: Step) => number;
}

/** A median absolute deviation is this much of a standard deviation of normal noise. */
const MAD_TO_DEVIATION = 1.4826;
/** Deviations of normal noise at which its 95 % quantile lies. */
const Q95 = 1.645;

/** The normal of a series by its kind. Errors are weighed by their counts, latency by ratio, the others by difference. */
export function normalOf(kind: SeriesKind, steps: readonly Step[]): Normal {
  if (kind === 'errors') return normalErrors(steps);
  if (kind === 'latency') {
    const { centre, scale } = spreadOf(steps.map(({ value }) => logOf(value)));
    const floor = Math.max(scale, SERIES.latencyFloor);
    return { usual: Math.exp(centre), sigmasOf: ({ value }) => capped((logOf(value) - centre) / floor) };
  }
  if (kind === 'requests') return normalRequests(steps);
  const { centre, scale } = spreadOf(steps.map(({ value }) => value));
  const floor = kind === 'saturation' ? 0.02 : Math.max(Math.abs(centre) * SERIES.latencyFloor, 1e-9);
  return { usual: centre, sigmasOf: ({ value }) => capped((value - centre) / Math.max(scale, floor)) };
}

/** Load swings by ratio, so that its fall to nothing is as plain as its doubling; a count of n is uncertain by a share of one in the root of n. */
function normalRequests(steps: readonly Step[]): Normal {
  const { centre, scale } = spreadOf(steps.map(({ value }) => Math.log(Math.max(0, value) + 0.5)));
  const usual = Math.max(0, Math.exp(centre) - 0.5);
  const floor = 1 / Math.sqrt(Math.max(1, usual));
  return { usual, sigmasOf: ({ value }) => capped((Math.log(Math.max(0, value) + 0.5) - centre) / Math.max(scale, floor)) };
}

/** Signed root of the deviance of a count of failures against the usual share (Poisson): honest for few requests, where a normal approximation is not. */
function normalErrors(steps: readonly Step[]): Normal {
  let failed = 0;
  let requests = 0;
  for (const step of steps) {
    const count = step.requests ?? SERIES.assumedRequests;
    failed += step.value * count;
    requests += count;
  }
  const share = Math.max((failed + 0.5) / (requests + 1), SERIES.errorFloor);
  return {
    usual: requests === 0 ? 0 : failed / requests,
    sigmasOf: (step) => {
      const count = step.requests ?? SERIES.assumedRequests;
      const expected = share * count;
      if (expected <= 0) return 0;
      const seen = step.value * count;
      const deviance = 2 * ((seen > 0 ? seen * Math.log(seen / expected) : 0) - (seen - expected));
      return capped(Math.sign(seen - expected) * Math.sqrt(Math.max(0, deviance)));
    },
  };
}

/** Centre and upper spread: the wider of the two counts, as values of services lean upwards. */
function spreadOf(values: readonly number[]): { readonly centre: number; readonly scale: number } {
  const centre = median(values);
  const mad = MAD_TO_DEVIATION * median(values.map((value) => Math.abs(value - centre)));
  const upper = ((quantileOf(values, 0.95) ?? centre) - centre) / Q95;
  return { centre, scale: Math.max(mad, upper) };
}

function logOf(value: number): number {
  return Math.log(Math.max(value, 1e-9));
}

function capped(sigmas: number): number {
  return Math.max(-SERIES.mostSigmas, Math.min(SERIES.mostSigmas, sigmas));
}
