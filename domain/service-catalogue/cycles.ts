/** Circles in a graph, each once, beginning with its first name in the order of the alphabet. */
export function cyclesOf(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>();
  const done = new Set<string>();
  for (const start of [...edges.keys()].sort()) if (!done.has(start)) walk(start, edges, done, (cycle) => found.set(cycle.join('\0'), cycle));
  return [...found.values()];
}

/** Depth first without recursion, as a catalogue may hold a long chain. */
function walk(start: string, edges: ReadonlyMap<string, readonly string[]>, done: Set<string>, tell: (cycle: readonly string[]) => void): void {
  const path: string[] = [start];
  const places = new Map([[start, 0]]);
  const next: string[][] = [[...(edges.get(start) ?? [])].sort().reverse()];
  while (path.length > 0) {
    const name = next.at(-1)?.pop();
    if (name === undefined) {
      const left = path.pop() ?? '';
      places.delete(left);
      done.add(left);
      next.pop();
      continue;
    }
    const at = places.get(name);
    if (at !== undefined) tell(turned(path.slice(at)));
    else if (!done.has(name) && edges.has(name)) {
      places.set(name, path.push(name) - 1);
      next.push([...(edges.get(name) ?? [])].sort().reverse());
    }
  }
}

function turned(cycle: readonly string[]): readonly string[] {
  const first = cycle.indexOf([...cycle].sort()[0] ?? '');
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}
