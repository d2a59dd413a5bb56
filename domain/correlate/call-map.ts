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
  /** Who says that there is this call. */
  readonly from: (caller: string, callee: string) => CallEdge['from'] | undefined;
}

/** Makes a map of edges; a service's calls to itself are left out, and configuration speaks before traces. */
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
  return {
    known: (service) => known.has(service),
    from: (caller, callee) => callees.get(caller)?.get(callee),
    causes: (service, maxHops) => new Set(search(service, maxHops, next).keys()),
    path: (caller, callee, maxHops) => wayTo(search(caller, maxHops, next), caller, callee),
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
