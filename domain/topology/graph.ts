import { compareText } from '../compare';

/** Who says that one service calls another: the configuration (`dependsOn`), spans in traces (OTLP, X-Ray), or a count of calls that a collector keeps. */
export const EDGE_SOURCES = ['configuration', 'traces', 'counts'] as const;
/** One of them. */
export type EdgeSource = (typeof EDGE_SOURCES)[number];

/** A call from one service to another, with everyone who says so. */
export interface CallEdge {
  readonly caller: string;
  readonly callee: string;
  readonly from: readonly EdgeSource[];
  /** Calls that were counted in the time that was looked at; absent where nobody counted. */
  readonly requests?: number;
}

/** A service of the graph as it is seen from the incident's: what it calls (`callee`), or what calls it (`caller`), over so many calls. */
export interface GraphPlace {
  readonly service: string;
  readonly way: 'callee' | 'caller';
  readonly hops: number;
}

/** The part of the graph around a service. */
export interface Neighbourhood {
  /** Nearest first, without the service itself. */
  readonly places: readonly GraphPlace[];
  /** Calls among them and the service. */
  readonly calls: readonly CallEdge[];
  /** Services in reach that were left out. */
  readonly left: number;
}

/** How far is looked. Trouble comes from what is called, so more of that is looked at. */
export const REACH = { hops: 3, callees: 8, callers: 4, calls: 40 } as const;

/** What somebody says of a call. */
export interface ToldCall {
  readonly caller: string;
  readonly callee: string;
  readonly from: EdgeSource;
  readonly requests?: number;
}

/** Calls that several tell, each once, with all who say so. Of what several counted the largest count stands, as they counted the same calls. */
export function mergeCalls(told: readonly ToldCall[]): readonly CallEdge[] {
  const merged = new Map<
    string,
    { readonly caller: string; readonly callee: string; readonly from: Set<EdgeSource>; readonly counts: Map<EdgeSource, number> }
  >();
  for (const { caller, callee, from, requests } of told) {
    if (caller === callee) continue;
    const key = JSON.stringify([caller, callee]);
    const known = merged.get(key) ?? { caller, callee, from: new Set<EdgeSource>(), counts: new Map<EdgeSource, number>() };
    merged.set(key, known);
    known.from.add(from);
    if (requests !== undefined) known.counts.set(from, (known.counts.get(from) ?? 0) + requests);
  }
  return [...merged.values()]
    .map(({ caller, callee, from, counts }): CallEdge => ({
      ...{ caller, callee, from: EDGE_SOURCES.filter((each) => from.has(each)) },
      ...(counts.size === 0 ? {} : { requests: Math.max(...counts.values()) }),
    }))
    .sort((a, b) => compareText(a.caller, b.caller) || compareText(a.callee, b.callee));
}

/** The services within reach: callees of callees and callers of callers, nearest first, of the equally near those with the most calls; within the bounds of `REACH`. */
export function neighbourhoodOf(service: string, calls: readonly CallEdge[]): Neighbourhood {
  const callees = reached(service, calls, 'callee');
  const callers = reached(service, calls, 'caller').filter((place) => callees.every((each) => each.service !== place.service));
  const places = [...callees.slice(0, REACH.callees), ...callers.slice(0, REACH.callers)].sort((a, b) => a.hops - b.hops);
  const inside = new Set([service, ...places.map((place) => place.service)]);
  return {
    places,
    calls: nearest(calls, service, places)
      .filter(({ caller, callee }) => inside.has(caller) && inside.has(callee))
      .slice(0, REACH.calls),
    left: callees.length + callers.length - places.length,
  };
}

/** Calls of the nearest services first, for only so many are kept. */
function nearest(calls: readonly CallEdge[], service: string, places: readonly GraphPlace[]): CallEdge[] {
  const hops = new Map([[service, 0], ...places.map((place) => [place.service, place.hops] as const)]);
  const near = ({ caller, callee }: CallEdge): number => (hops.get(caller) ?? Infinity) + (hops.get(callee) ?? Infinity);
  return [...calls].sort(
    (a, b) => near(a) - near(b) || (b.requests ?? 0) - (a.requests ?? 0) || compareText(a.caller, b.caller) || compareText(a.callee, b.callee),
  );
}

/** Breadth first, so that each is as near as it can be; bounded by the number of services. */
function reached(service: string, calls: readonly CallEdge[], way: GraphPlace['way']): readonly GraphPlace[] {
  const seen = new Set([service]);
  const places: GraphPlace[] = [];
  let frontier: readonly string[] = [service];
  for (let hops = 1; hops <= REACH.hops && frontier.length > 0; hops += 1) {
    const counts = new Map<string, number>();
    for (const { caller, callee, requests = 0 } of calls) {
      const [near, far] = way === 'callee' ? [caller, callee] : [callee, caller];
      if (!frontier.includes(near) || seen.has(far)) continue;
      counts.set(far, (counts.get(far) ?? 0) + requests);
    }
    frontier = [...counts].sort(([a, x], [b, y]) => y - x || compareText(a, b)).map(([name]) => name);
    for (const each of frontier) {
      seen.add(each);
      places.push({ service: each, way, hops });
    }
  }
  return places;
}
