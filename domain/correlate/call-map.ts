import type { Inventory } from '../inventory';

/** That a service calls another, and who says so. */
export interface CallEdge {
  readonly caller: string;
  readonly callee: string;
  readonly from: 'configuration' | 'traces';
}

/** The services of one environment and who calls whom. Failures go against the calls: from the called service to those that call it. */
export interface CallMap {
  /** Some service calls another one. */
  readonly known: (service: string) => boolean;
  /** The shortest way of calls, both ends included; of equally short ones the first by name. Undefined beyond so many calls. */
  readonly path: (caller: string, callee: string, maxHops: number) => readonly string[] | undefined;
  /** A service and what it calls, directly or not: whatever of it fails may be why the service fails. */
  readonly causes: (service: string, maxHops: number) => ReadonlySet<string>;
  /**
   * One service whose failure would reach all of these. One of them may be any number of calls away, as those between tell of it too; one of which nothing is heard must be near to
   * all. Undefined where none is known.
   */
  readonly commonCause: (services: readonly string[], maxHops: number) => string | undefined;
  /** Who says that there is this call. */
  readonly from: (caller: string, callee: string) => CallEdge['from'] | undefined;
}

/** Longest way that a failure is followed between services that fire. */
const MOST_HOPS = 20;

/** Answers that one map remembers of each kind. */
const MOST_REMEMBERED = 20_000;

/** Makes a map of edges, which remembers what it was asked, as a storm asks the same for every alert; a service's calls to itself are left out, and configuration speaks before traces. */
export function callMapOf(edges: readonly CallEdge[]): CallMap {
  const callees = new Map<string, Map<string, CallEdge['from']>>();
  const known = new Set<string>();
  for (const { caller, callee, from } of edges) {
    if (caller === callee) continue;
    const own = callees.get(caller) ?? new Map<string, CallEdge['from']>();
    if (own.get(callee) !== 'configuration') own.set(callee, from);
    callees.set(caller, own);
    known.add(caller).add(callee);
  }
  const next = (service: string): string[] => [...(callees.get(service)?.keys() ?? [])].sort();
  const reached = remembering((maxHops, service) => search(service, maxHops, next));
  const causes = remembering((maxHops, service) => new Set(reached(maxHops, service).keys()));
  const path = remembering((maxHops, caller, callee = '') => wayTo(reached(maxHops, caller), caller, callee));
  const shared = (services: readonly string[], maxHops: number): string[] => {
    const [first, ...others] = services.map((service) => causes(maxHops, service));
    return [...(first ?? [])].filter((service) => others.every((each) => each.has(service))).sort();
  };
  const common = remembering((maxHops, ...services) => shared(services, MOST_HOPS).find((one) => services.includes(one)) ?? shared(services, maxHops)[0]);
  return {
    known: (service) => known.has(service),
    from: (caller, callee) => callees.get(caller)?.get(callee),
    causes: (service, maxHops) => causes(maxHops, service),
    commonCause: (services, maxHops) => common(maxHops, ...[...services].sort()),
    path: (caller, callee, maxHops) => path(maxHops, caller, callee),
  };
}

function remembering<T>(answer: (hops: number, ...names: [string, ...string[]]) => T): (hops: number, ...names: string[]) => T {
  const known = new Map<string, { readonly is: T }>();
  return (hops, ...names) => {
    const key = JSON.stringify([hops, ...names]);
    const before = known.get(key);
    if (before) return before.is;
    const [first = '', ...others] = names;
    const is = answer(hops, first, ...others);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(key, { is });
    return is;
  };
}

/** Every service within reach, with the one that it is reached from; breadth first, so that ways are shortest. */
function search(start: string, maxHops: number, next: (service: string) => readonly string[]): ReadonlyMap<string, string> {
  const reached = new Map([[start, start]]);
  let border = [start];
  for (let hop = 0; hop < maxHops && border.length > 0; hop += 1) {
    const further: string[] = [];
    for (const service of border) {
      for (const callee of next(service)) {
        if (reached.has(callee)) continue;
        reached.set(callee, service);
        further.push(callee);
      }
    }
    border = further;
  }
  return reached;
}

function wayTo(reached: ReadonlyMap<string, string>, start: string, end: string): readonly string[] | undefined {
  if (start === end || !reached.has(end)) return undefined;
  const way = [end];
  for (let at = end; at !== start;) {
    at = reached.get(at) ?? start;
    way.unshift(at);
  }
  return way;
}

/** The calls that the configuration declares. */
export function declaredEdges({ services }: Inventory, environment: string): readonly CallEdge[] {
  const here = services.filter((service) => service.environment === environment);
  return here.flatMap(({ name, dependsOn }) => dependsOn.map((callee): CallEdge => ({ caller: name, callee, from: 'configuration' })));
}

/** A map of what the configuration declares. */
export function declaredCalls(inventory: Inventory, environment: string): CallMap {
  return callMapOf(declaredEdges(inventory, environment));
}
