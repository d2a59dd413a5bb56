import type { Chance } from './chance';
import type { Topology } from './topology';

/** What can go wrong at a root, as often as it stands here. */
const FAULT_KINDS = ['slow', 'slow', 'slow', 'errors', 'errors', 'errors', 'down', 'down', 'saturated', 'saturated', 'slow-for-some', 'outside-load'] as const;

/** A kind of fault. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** The kind of a fault, drawn before anything else, so that kinds which are noticed more easily do not become more frequent. */
export function faultKind(chance: Chance): FaultKind {
  return chance.pick(FAULT_KINDS);
}

/** A fault of one service. */
export interface Fault {
  readonly kind: FaultKind;
  readonly service: number;
  /** Step of the series at which it begins, and at which it is over. */
  readonly from: number;
  readonly to: number;
  /** Steps until it has its full size. */
  readonly ramp: number;
  /** Seconds more, share of failures, or factor of load or use. */
  readonly size: number;
  /** Caller that alone feels it. */
  readonly only?: number;
}

/** A fault of a service that begins at a step; `left` are the steps of the window after it. */
export function faultOf(chance: Chance, { services, links }: Topology, kind: FaultKind, service: number, from: number, left: number): Fault {
  const callers = links.filter(({ callee }) => callee === service).map(({ caller }) => caller);
  const own = services[service]?.own ?? 0.01;
  const size = {
    slow: Math.max(0.02, own * chance.ratio(1, 15)),
    'slow-for-some': Math.max(0.05, own * chance.ratio(3, 30)),
    errors: chance.ratio(0.03, 0.6),
    down: 1,
    saturated: chance.ratio(1.5, 4),
    'outside-load': chance.ratio(1.5, 4),
  }[kind];
  const to = chance.happens(0.25) && left > 4 ? from + chance.whole(Math.ceil(left / 2), left) : Infinity;
  const ramp = chance.happens(0.3) ? chance.between(1, left / 3) : 0;
  return { kind, service, from, to, ramp, size, ...(kind === 'slow-for-some' && callers.length > 0 ? { only: chance.pick(callers) } : {}) };
}

/** How much of a fault is there at a step, 0 to 1. */
export function presence({ from, to, ramp }: Fault, step: number): number {
  if (step < from || step >= to) return 0;
  return ramp === 0 ? 1 : Math.min(1, (step - from + 1) / (ramp + 1));
}
