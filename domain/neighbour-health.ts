import type { WindowStats } from './metrics';

/** A neighbour that answers fewer scrapes than this is down. */
const LEAST_UP = 0.5;
/** Share of errors above normal from which a neighbour counts as failing. */
const SHARE_STEP = 0.05;
/** Latency above normal, as a multiple and in milliseconds, from which a neighbour counts as failing. */
const LATENCY_FACTOR = 3;
const LATENCY_STEP_MS = 100;
/** Fewer requests say nothing about shares. */
const LEAST_REQUESTS = 5;

type Measured = Pick<WindowStats, 'upShare' | 'requests' | 'errorShare' | 'latencyP95Ms'>;

/** True when a neighbour answers as it did before, false when it is failing, null when it was not measured. */
export function isHealthy(baseline: Measured, now: Measured): boolean | null {
  if (now.upShare === null) return null;
  if (now.upShare < LEAST_UP) return false;
  if (now.requests < LEAST_REQUESTS) return now.upShare === 1 ? true : null;
  if ((now.errorShare ?? 0) > (baseline.errorShare ?? 0) + SHARE_STEP) return false;
  if (now.latencyP95Ms === null || baseline.latencyP95Ms === null) return true;
  return now.latencyP95Ms <= Math.max(baseline.latencyP95Ms * LATENCY_FACTOR, baseline.latencyP95Ms + LATENCY_STEP_MS);
}
