/** Runs what comes to it, of which so many run at once. */
type Gate = <T>(run: () => Promise<T>) => Promise<T>;

/** Lets at most so many run at once; the others wait for their turn, in the order in which they came. */
function makeGate(most: number): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (run) => {
    if (running < most) running += 1;
    // Whoever ends hands its place over.
    else await new Promise<void>((turn) => void waiting.push(turn));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/** A gate for each name, made when it is first asked for. */
export function makeGates(most: number): (name: string) => Gate {
  const gates = new Map<string, Gate>();
  return (name) => {
    const gate = gates.get(name) ?? makeGate(most);
    gates.set(name, gate);
    return gate;
  };
}
