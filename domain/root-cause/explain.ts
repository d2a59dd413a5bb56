import type { CallGraph } from './call-graph';
import type { NodeSigns } from './node-signs';
import { calleeFeels, callerFeels, stillAsks } from './transmission';
import { SPREAD } from './weights';

/** A way on which trouble can go, with its probability. */
interface Way {
  readonly from: number;
  readonly weight: number;
}

/** Everything that a set of roots is judged by. */
export interface Spreading {
  /** For each node the ways that lead to it. */
  readonly ways: readonly (readonly Way[])[];
  /** Logarithm of the odds of trouble for each node, with the symptom's word. */
  readonly logOdds: readonly number[];
  /** What a node gives as a root: its prior, and how it shows trouble itself. */
  readonly asRoot: readonly number[];
}

/** The ways of a graph: from callee to caller (latency, errors), from caller to callee (load), and from a measured callee to an address of the same caller. */
export function waysOf(graph: CallGraph, signs: readonly NodeSigns[], views: ReadonlySet<number>, step: number): Way[][] {
  return signs.map((mine, node) => {
    const ways: Way[] = [];
    const add = (from: number, weight: number): void => void (weight > 0 && ways.push({ from, weight }));
    for (const callee of graph.callees[node] ?? []) add(callee, callerFeels(signOf(signs, callee), mine, step));
    const asked = mine.drop !== null && (graph.callers[node] ?? []).some((caller) => stillAsks(signOf(signs, caller)));
    for (const caller of graph.callers[node] ?? []) {
      add(caller, (asked ? SPREAD.othersAsk : 1) * calleeFeels(signOf(signs, caller), mine, step));
      // It shows one of the callees, nobody knows which: that it is well says nothing of the others.
      if (!views.has(node) || mine.logOdds <= 0) continue;
      for (const beside of graph.callees[caller] ?? []) if (beside !== node && !views.has(beside)) add(beside, SPREAD.view);
    }
    return ways;
  });
}

function signOf(signs: readonly NodeSigns[], place: number): NodeSigns {
  const found = signs[place];
  if (!found) throw new RangeError(`There is no node ${place}.`);
  return found;
}

/** The nodes from which trouble can come to one, itself among them. */
export function comingTo(ways: Spreading['ways'], place: number): ReadonlySet<number> {
  const found = new Set([place]);
  for (const node of found) for (const { from } of ways[node] ?? []) found.add(from);
  return found;
}

/** Logarithm of the likelihood of what is seen if these are the roots, against nothing being wrong anywhere. None means a cause outside the graph. */
export function likelihood(spreading: Spreading, roots: readonly number[]): number {
  const caused = causedBy(spreading, roots);
  let sum = 0;
  for (let node = 0; node < spreading.logOdds.length; node += 1) {
    sum += roots.includes(node)
      ? (spreading.asRoot[node] ?? 0)
      : Math.log(1 + expected(spreading, caused, node) * (Math.exp(spreading.logOdds[node] ?? 0) - 1));
  }
  return sum;
}

/** For each node the probability that it is in trouble because of the roots. */
export function causedBy(spreading: Spreading, roots: readonly number[]): number[] {
  const nodes = spreading.logOdds.length;
  const caused = new Array<number>(nodes).fill(0);
  for (const root of roots) caused[root] = 1;
  // Longest way without a circle; circles settle in a few rounds, as each turn loses some.
  for (let round = 0; round < nodes; round += 1) {
    let moved = 0;
    for (let node = 0; node < nodes; node += 1) {
      if (roots.includes(node)) continue;
      const before = expected(spreading, caused, node);
      const seen = before * Math.exp(spreading.logOdds[node] ?? 0);
      const now = (seen / (seen + 1 - before)) * (1 - SPREAD.alone / before);
      moved = Math.max(moved, Math.abs(now - (caused[node] ?? 0)));
      caused[node] = now;
    }
    if (moved < 1e-4) break;
  }
  return caused;
}

/** Probability of trouble at a node before its own series are looked at: by itself, or by any way (noisy or). */
function expected({ ways }: Spreading, caused: readonly number[], node: number): number {
  let none = 1 - SPREAD.alone;
  for (const { from, weight } of ways[node] ?? []) none *= 1 - weight * (caused[from] ?? 0);
  return 1 - none;
}
