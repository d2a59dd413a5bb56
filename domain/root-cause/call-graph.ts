import type { Call } from './types';

/** Who calls whom, by place in the list of nodes. */
export interface CallGraph {
  readonly callees: readonly (readonly number[])[];
  readonly callers: readonly (readonly number[])[];
}

/** The graph of some calls; calls of unknown nodes, of a node to itself and repeated ones are left out. */
export function callGraphOf(ids: readonly string[], calls: readonly Call[]): CallGraph {
  const places = new Map(ids.map((id, i) => [id, i]));
  const callees = ids.map(() => new Set<number>());
  const callers = ids.map(() => new Set<number>());
  for (const call of calls) {
    const caller = places.get(call.caller);
    const callee = places.get(call.callee);
    if (caller === undefined || callee === undefined || caller === callee) continue;
    callees[caller]?.add(callee);
    callers[callee]?.add(caller);
  }
  return { callees: callees.map((each) => [...each]), callers: callers.map((each) => [...each]) };
}
