import type { EvidenceBundle, EvidenceItem, SeriesPoint } from './evidence';
import type { WindowStats } from './metrics';
import { median } from './quantile';
import { coarserSteps } from './topology/step-series';

/** Most items of a bundle. */
export const MOST_ITEMS = 40;
/** Most bytes of a bundle's JSON in UTF-8. */
export const MOST_BYTES = 64 * 1024;

interface Room {
  readonly points: number;
  readonly patterns: number;
  readonly names: number;
  readonly samples: number;
}

// Tried in this order until the bundle fits: sample lines first, so that what outsiders write costs nothing that is decided by, and then drawing.
const ROOMS: readonly Room[] = [
  ...[3, 1, 0].map((samples) => ({ points: 120, patterns: 12, names: 12, samples })),
  { points: 60, patterns: 8, names: 6, samples: 0 },
  { points: 30, patterns: 5, names: 3, samples: 0 },
];

/** The bundle within its bounds: series coarser, lists shorter, and as a last resort without its last items. */
export function fitEvidence(bundle: EvidenceBundle): EvidenceBundle {
  for (const room of ROOMS) {
    const fitted = { ...bundle, items: bundle.items.map((item) => shorten(item, room)) };
    if (jsonBytes(fitted) <= MOST_BYTES) return fitted;
  }
  let items = bundle.items.map((item) => shorten(item, { points: 30, patterns: 3, names: 2, samples: 0 }));
  while (items.length > 1 && jsonBytes({ ...bundle, items }) > MOST_BYTES) items = items.slice(0, -1);
  return { ...bundle, items };
}

function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

function shorten(item: EvidenceItem, room: Room): EvidenceItem {
  switch (item.kind) {
    case 'metrics':
      return { ...item, baseline: shortStats(item.baseline, room), now: shortStats(item.now, room), series: coarser(item.series, room.points) };
    case 'neighbour':
      return {
        ...{ ...item, baseline: shortStats(item.baseline, room), now: shortStats(item.now, room) },
        ...(item.series ? { series: coarserSteps(item.series, room.points) } : {}),
      };
    case 'window':
      return { ...item, series: coarserSteps(item.series, room.points) };
    case 'graph':
      return { ...item, own: coarserSteps(item.own, room.points) };
    case 'logs':
      return { ...item, patterns: item.patterns.slice(0, room.patterns).map((pattern) => fewerSamples(pattern, room)) };
    case 'log-anomaly':
      return fewerSamples(item, room);
    case 'runbooks':
      return { ...item, candidates: item.candidates.slice(0, room.names) };
    case 'release':
      return { ...item, available: item.available.slice(-Math.max(3, room.names)) };
    default:
      return item;
  }
}

function fewerSamples<T extends { readonly samples?: readonly string[] }>(holder: T, { samples: most }: Room): T {
  const { samples, ...rest } = holder;
  // What has none stays without the field, so that its digest does.
  return (samples === undefined || most === 0 ? rest : { ...rest, samples: samples.slice(0, most) }) as T;
}

function shortStats(stats: WindowStats, room: Room): WindowStats {
  const routes = Object.entries(stats.routes)
    .sort(([a, x], [b, y]) => y.errors - x.errors || y.requests - x.requests || (a < b ? -1 : 1))
    .slice(0, room.names)
    .map(([route, counters]) => [route.slice(0, 80), counters] as const);
  const { instances, ...rest } = stats;
  return {
    ...rest,
    routes: Object.fromEntries(routes),
    saturation: Object.fromEntries(Object.entries(stats.saturation).slice(0, room.names)),
    ...(instances ? { instances: Object.fromEntries(Object.entries(instances).slice(0, room.names)) } : {}),
  };
}

// Several steps become one: shares weigh by requests; of p95s only the middle one is honest, as they cannot be added.
function coarser(series: readonly SeriesPoint[], most: number): SeriesPoint[] {
  const each = Math.ceil(series.length / most);
  if (each <= 1) return series.map(rounded);
  return Array.from({ length: Math.ceil(series.length / each) }, (_, i) => {
    const part = series.slice(i * each, (i + 1) * each);
    const requests = part.reduce((sum, p) => sum + p.requests, 0);
    const latencies = part.flatMap((p) => p.latencyP95Ms ?? []);
    const errors = part.reduce((sum, p) => sum + (p.errorShare ?? 0) * p.requests, 0);
    return rounded({
      at: part[0]?.at ?? 0,
      errorShare: requests > 0 ? errors / requests : null,
      latencyP95Ms: latencies.length > 0 ? median(latencies) : null,
      requests,
    });
  });
}

function rounded(point: SeriesPoint): SeriesPoint {
  const { errorShare, latencyP95Ms } = point;
  return {
    ...point,
    errorShare: errorShare === null ? null : Math.round(errorShare * 10_000) / 10_000,
    latencyP95Ms: latencyP95Ms === null ? null : Math.round(latencyP95Ms * 10) / 10,
  };
}
