import type { RouteCounters, Sample } from '../../domain/metrics';
import { byInstance } from '../../domain/increments';

/** What one scrape says beyond the one before: counts since then, which can be drawn anew and put behind those of another recording. */
export interface Scrape {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly up: boolean;
  readonly unreadable: boolean;
  /** Milliseconds ago at which the process began, where it is another one than at the scrape before. */
  readonly beganAgoMs?: number;
  readonly routes: Readonly<Record<string, RouteCounters>>;
  /** Observations by bucket, not cumulative over buckets. */
  readonly latency: readonly number[];
  readonly saturation: Readonly<Record<string, number>>;
}

/** Processes that begin within so many milliseconds are the same. */
const SAME_START_MS = 1000;

/** The scrapes of one instance taken apart; the first sample that answers only says where the counters stood. */
export function scrapesOf(samples: readonly Sample[]): Scrape[] {
  const [own = []] = byInstance(samples).values();
  const scrapes: Scrape[] = [];
  let before: Sample | undefined;
  for (const sample of own) {
    if (!sample.up) scrapes.push({ at: sample.at, up: false, unreadable: sample.unreadable === true, routes: {}, latency: [], saturation: {} });
    else if (before) scrapes.push(difference(before, sample));
    if (sample.up) before = sample;
  }
  return scrapes;
}

/** Samples of one instance whose counters hold what the scrapes say; `le` are the bounds of the buckets in seconds. */
export function samplesOf(scrapes: readonly Scrape[], le: readonly (number | null)[], place: Pick<Sample, 'service' | 'environment' | 'instance'>): Sample[] {
  let routes: Record<string, RouteCounters> = {};
  let counts = le.map(() => 0);
  let startedAt = (scrapes[0]?.at ?? 0) - 3_600_000;
  return scrapes.map((scrape) => {
    const { at, up, unreadable, saturation } = scrape;
    if (!up) return { ...place, at, up, ...(unreadable ? { unreadable } : {}), routes: {}, latency: { le: [], counts: [] }, saturation: {} };
    if (scrape.beganAgoMs !== undefined) [routes, counts, startedAt] = [{}, le.map(() => 0), at - scrape.beganAgoMs];
    routes = { ...routes };
    for (const [route, more] of Object.entries(scrape.routes)) routes[route] = plus(routes[route], more);
    let upTo = 0;
    counts = counts.map((count, i) => count + (upTo += scrape.latency[i] ?? 0));
    return { ...place, at, up, startedAt, routes, latency: { le, counts }, saturation };
  });
}

function difference(before: Sample, after: Sample): Scrape {
  const again = Math.abs((after.startedAt ?? 0) - (before.startedAt ?? 0)) > SAME_START_MS;
  const was = again ? undefined : before;
  const routes = Object.entries(after.routes).map(([route, now]) => [route, minus(now, was?.routes[route])] as const);
  const upTo = after.latency.counts.map((count, i) => count - (was?.latency.counts[i] ?? 0));
  return {
    at: after.at,
    up: true,
    unreadable: false,
    ...(again && after.startedAt !== undefined ? { beganAgoMs: Math.max(0, after.at - after.startedAt) } : {}),
    routes: Object.fromEntries(routes),
    latency: upTo.map((count, i) => Math.max(0, count - (upTo[i - 1] ?? 0))),
    saturation: after.saturation,
  };
}

function plus(was: RouteCounters | undefined, more: RouteCounters): RouteCounters {
  return { requests: (was?.requests ?? 0) + more.requests, errors: (was?.errors ?? 0) + more.errors };
}

function minus(now: RouteCounters, was: RouteCounters | undefined): RouteCounters {
  return { requests: Math.max(0, now.requests - (was?.requests ?? 0)), errors: Math.max(0, now.errors - (was?.errors ?? 0)) };
}
