import type { ServiceLimits } from './inventory';
import type { WindowStats } from './metrics';
import { latency, percent } from './wording';

/** A share of errors up to this above the baseline is still normal. */
const SHARE_SLACK = 0.02;
/** Share that is accepted where neither a limit nor a baseline says what is normal. */
const SHARE_FALLBACK = 0.05;
/** Standard deviations of chance that a small window may show. */
const SIGMAS = 1.64;
/** Latency of this multiple of the baseline is not recovered, even under the limit. */
const LATENCY_FACTOR = 2;
/** Below this (milliseconds) nobody notices a doubling. */
const LATENCY_FLOOR_MS = 25;
/** Answered scrapes below this share mean down. */
const LEAST_UP = 0.5;

/** What is compared: the numbers that windows and their instances share. */
export type Measured = Pick<WindowStats, 'upShare' | 'requests' | 'errorShare' | 'latencyP95Ms'>;

/** One guardrail that is broken, in words with its figures. */
export interface Breach {
  readonly signal: 'errorShare' | 'latencyP95Ms' | 'silence';
  readonly text: string;
}

/** True when most scrapes went unanswered. */
export function isDown(window: Pick<Measured, 'upShare'>): boolean {
  return window.upShare !== null && window.upShare < LEAST_UP;
}

/** Guardrails that a window breaks, against the declared limits and the baseline; none for a healthy one. */
export function breaches(window: Measured, baseline: WindowStats | null, limits: ServiceLimits | undefined): Breach[] {
  if (isDown(window)) return [{ signal: 'silence', text: `${percent(1 - (window.upShare ?? 0))} of scrapes go unanswered` }];
  return [...shareBreach(window, baseline, limits), ...latencyBreach(window, baseline, limits)];
}

function shareBreach(window: Measured, baseline: WindowStats | null, limits: ServiceLimits | undefined): Breach[] {
  const share = window.errorShare;
  if (share === null) return [];
  const limit = limits?.errorShare?.above;
  const normal = baseline?.errorShare ?? null;
  const allowed = normal === null ? (limit ?? SHARE_FALLBACK) : normal + Math.max(SHARE_SLACK, normal);
  const chance = SIGMAS * Math.sqrt((allowed * Math.max(0, 1 - allowed)) / Math.max(1, window.requests));
  if (share > (limit ?? Infinity)) return [{ signal: 'errorShare', text: `${percent(share)} of requests fail, over the limit of ${percent(limit)}` }];
  return share > allowed + chance ? [{ signal: 'errorShare', text: `${percent(share)} of requests fail, ${percent(normal)} is normal` }] : [];
}

function latencyBreach(window: Measured, baseline: WindowStats | null, limits: ServiceLimits | undefined): Breach[] {
  const p95 = window.latencyP95Ms;
  if (p95 === null) return [];
  const limit = limits?.latencyP95Ms?.above;
  if (limit !== undefined && p95 > limit) return [{ signal: 'latencyP95Ms', text: `p95 latency is ${latency(p95)}, over the limit of ${latency(limit)}` }];
  const normal = baseline?.latencyP95Ms ?? null;
  if (normal === null || p95 <= LATENCY_FLOOR_MS || p95 < normal * LATENCY_FACTOR) return [];
  return [{ signal: 'latencyP95Ms', text: `p95 latency is ${latency(p95)}, ${latency(normal)} is normal` }];
}
