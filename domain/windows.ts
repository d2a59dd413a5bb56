import type { SeriesPoint } from './evidence';
import { addBuckets, quantileMs } from './histogram';
import { byInstance, increments, type Increment } from './increments';
import type { InstanceStats, RouteCounters, Sample, WindowStats } from './metrics';

const P95 = 0.95;

/**
 * Numbers of a service between two times (`from < at <= to`, epoch milliseconds), from samples that may reach beyond them; samples just before `from` give the first
 * difference its start. Null where there was nothing to measure.
 */
export function windowStats(samples: readonly Sample[], from: number, to: number): WindowStats {
  const upTo = samples.filter((s) => s.at <= to);
  return statsOf(upTo, increments(upTo, from), from, to);
}

/** Error share, p95 (milliseconds) and requests in equal steps over `from` to `to`; steps without requests have null shares, those without a single scrape say so. */
export function seriesPoints(samples: readonly Sample[], from: number, to: number, stepMs: number): SeriesPoint[] {
  const count = Math.max(0, Math.ceil((to - from) / stepMs));
  const steps: Increment[][] = Array.from({ length: count }, () => []);
  for (const inc of increments(samples, from)) {
    if (inc.at > from && inc.at <= to) steps[Math.ceil((inc.at - from) / stepMs) - 1]?.push(inc);
  }
  const scraped = new Set(samples.map((s) => Math.ceil((s.at - from) / stepMs) - 1));
  return steps.map((incs, i) => {
    const sum = summed(incs);
    const point = { at: from + i * stepMs, errorShare: share(sum), latencyP95Ms: quantileMs(sum.latency, P95), requests: sum.requests };
    return scraped.has(i) ? point : { ...point, unmeasured: true as const };
  });
}

function statsOf(samples: readonly Sample[], all: readonly Increment[], from: number, to: number): WindowStats {
  const within = samples.filter((s) => s.at > from && s.at <= to);
  const incs = all.filter((i) => i.at > from && i.at <= to);
  const sum = summed(incs);
  const instances = instanceStats(within, incs);
  return {
    from,
    to,
    samples: within.length,
    upShare: upShare(within),
    ...lastScrape(within),
    requests: sum.requests,
    errors: sum.errors,
    errorShare: share(sum),
    ratePerSecond: rate(within, incs, sum.requests),
    latencyP95Ms: quantileMs(sum.latency, P95),
    routes: sum.routes,
    saturation: saturation(within),
    coveredMs: covered(incs, from),
    running: running(within),
    ...(instances ? { instances } : {}),
  };
}

interface Sum {
  readonly requests: number;
  readonly errors: number;
  readonly routes: Readonly<Record<string, RouteCounters>>;
  readonly latency: Map<number, number>;
}

function summed(incs: readonly Increment[]): Sum {
  const routes = new Map<string, RouteCounters>();
  const latency = new Map<number, number>();
  let requests = 0;
  let errors = 0;
  for (const inc of incs) {
    requests += inc.requests;
    errors += inc.errors;
    addBuckets(latency, inc.latency);
    for (const [route, more] of Object.entries(inc.routes)) {
      const was = routes.get(route) ?? { requests: 0, errors: 0 };
      routes.set(route, { requests: was.requests + more.requests, errors: was.errors + more.errors });
    }
  }
  return { requests, errors, latency, routes: Object.fromEntries([...routes].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function share(sum: { readonly requests: number; readonly errors: number }): number | null {
  return sum.requests > 0 ? sum.errors / sum.requests : null;
}

function upShare(samples: readonly Sample[]): number | null {
  const telling = samples.filter((s) => s.unreadable !== true);
  return telling.length > 0 ? telling.filter((s) => s.up).length / telling.length : null;
}

/** All samples of one scrape have one time. */
function lastScrape(samples: readonly Sample[]): Pick<WindowStats, 'upShareLast'> {
  const last = samples.findLast((s) => s.unreadable !== true)?.at;
  const upShareLast = upShare(samples.filter((s) => s.at === last));
  return upShareLast === null ? {} : { upShareLast };
}

/** Of several instances the one that was measured longest counts. */
function covered(incs: readonly Increment[], from: number): number {
  const each = new Map<string, number>();
  for (const inc of incs) each.set(inc.instance, (each.get(inc.instance) ?? 0) + inc.at - Math.max(from, inc.from));
  return Math.max(0, ...each.values());
}

/** The usual number: while instances are replaced some scrapes find more or fewer. */
function running(samples: readonly Sample[]): number {
  const each = new Map<number, number>();
  for (const { at, up } of samples) if (up) each.set(at, (each.get(at) ?? 0) + 1);
  const counts = [...each.values()].sort((x, y) => x - y);
  return counts[Math.floor(counts.length / 2)] ?? 0;
}

/** Requests over the time that the scrapes cover, which is shorter than the window where scraping began later. */
function rate(within: readonly Sample[], incs: readonly Increment[], requests: number): number | null {
  if (incs.length === 0) return null;
  const begin = [...incs.map((i) => i.from), ...within.map((s) => s.at)].reduce((a, b) => Math.min(a, b));
  const end = within.map((s) => s.at).reduce((a, b) => Math.max(a, b), begin);
  return end > begin ? requests / ((end - begin) / 1000) : null;
}

function saturation(samples: readonly Sample[]): WindowStats['saturation'] {
  const result: Record<string, { first: number; last: number; max: number }> = {};
  for (const group of byInstance(samples.filter((s) => s.up)).values()) {
    for (const resource of new Set(group.flatMap((s) => Object.keys(s.saturation)))) {
      const values = group.flatMap((s) => s.saturation[resource] ?? []);
      const fullest = result[resource] ?? { first: 0, last: 0, max: 0 };
      result[resource] = {
        first: Math.max(fullest.first, values[0] ?? 0),
        last: Math.max(fullest.last, values.at(-1) ?? 0),
        max: values.reduce((a, b) => Math.max(a, b), fullest.max),
      };
    }
  }
  return result;
}

function instanceStats(samples: readonly Sample[], incs: readonly Increment[]): Readonly<Record<string, InstanceStats>> | undefined {
  const groups = byInstance(samples.filter((s) => s.up || !isWhole(s, samples)));
  if (groups.size < 2) return undefined;
  const result: Record<string, InstanceStats> = {};
  for (const [instance, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const sum = summed(incs.filter((i) => i.instance === instance));
    result[instance] = { upShare: upShare(group), requests: sum.requests, errorShare: share(sum), latencyP95Ms: quantileMs(sum.latency, P95) };
  }
  return result;
}

/** A scrape that failed as a whole names no instance, but the address that it went to. */
function isWhole(sample: Sample, samples: readonly Sample[]): boolean {
  return !samples.some((other) => other !== sample && other.at === sample.at);
}
