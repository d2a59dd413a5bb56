import type { Chance } from './chance';

/** A call from one service to another, as it is made. */
export interface Link {
  readonly caller: number;
  readonly callee: number;
  /** Calls for each request of the caller that no cache answers. */
  readonly calls: number;
  /** Share of the callee's time that the caller waits: below 1 where calls are made at once. */
  readonly waits: number;
  /** Calls that take longer, in seconds, are given up. */
  readonly timeout: number;
  /** How often a failed call is made again. */
  readonly retries: number;
  /** Share of the failed calls that the caller can do without. */
  readonly absorbed: number;
}

/** A service as it is. */
export interface Service {
  /** Seconds of its own for a request. */
  readonly own: number;
  readonly errors: number;
  /** Share of its capacity that is in use. */
  readonly use: number;
  /** Deviation of the logarithm of its mean latency from step to step. */
  readonly noise: number;
}

/** Services of an application; a callee stands after each of its callers. */
export interface Topology {
  readonly services: readonly Service[];
  readonly links: readonly Link[];
  /** Services that are called from outside. */
  readonly entries: readonly number[];
}

/** An application of 8 to 30 services in random shape: chains, fans and shared stores. */
export function topologyOf(chance: Chance): Topology {
  const size = chance.whole(8, 30);
  const depth = chance.ratio(2, size);
  const pairs: [number, number][] = [];
  for (let callee = 1; callee < size; callee += 1) {
    const nearest = Math.max(0, Math.floor(callee - 1 - depth));
    pairs.push([chance.whole(chance.happens(0.5) ? nearest : 0, callee - 1), callee]);
    while (chance.happens(0.3)) pairs.push([chance.whole(0, callee - 1), callee]);
  }
  const seen = new Set<string>();
  const links = pairs.flatMap(([caller, callee]) => {
    const key = `${caller} ${callee}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [linkOf(chance, caller, callee)];
  });
  const services = Array.from({ length: size }, () => ({
    own: chance.ratio(0.003, 0.2),
    errors: chance.happens(0.5) ? 0 : chance.ratio(0.0002, 0.01),
    use: chance.between(0.1, 0.6),
    noise: chance.ratio(0.02, 0.15),
  }));
  return { services, links, entries: chance.happens(0.3) ? [0, chance.whole(1, Math.min(3, size - 1))] : [0] };
}

function linkOf(chance: Chance, caller: number, callee: number): Link {
  const cached = chance.happens(0.2) ? chance.between(0.3, 0.95) : 0;
  return {
    caller,
    callee,
    calls: chance.ratio(0.2, 2.5) * (1 - cached),
    waits: chance.happens(0.3) ? chance.between(0.2, 1) : 1,
    timeout: chance.ratio(0.5, 20),
    retries: chance.pick([0, 0, 0, 1, 2]),
    absorbed: chance.happens(0.25) ? chance.between(0.5, 1) : 0,
  };
}
