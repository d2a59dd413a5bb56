import { utcTime } from '../human-time';

/** How much runs at the least and at the most; `desired` is how much should run now, which only groups of instances say. */
export interface Limits {
  readonly min: number;
  readonly max: number;
  readonly desired?: number;
}

/** What is scaled, as it is. */
export interface Capacity extends Limits {
  /** What people call it. */
  readonly name: string;
  /** How much should run now; the minimum where that is not known. */
  readonly base: number;
  /** How much of it runs; absent where it is not known, as what is scaled follows its limits later. */
  readonly running?: number;
  /** Names of the policies that set how much should run, and take back what is too much; absent where nobody asked. */
  readonly policies?: readonly string[];
  /** Somebody has suspended that it grows, or that schedules are kept. */
  readonly suspended: { readonly growth: boolean; readonly schedule: boolean };
}

/** How much more is wanted: inputs of the actions. */
export interface Wish {
  readonly by?: string;
  readonly to?: string;
  readonly most?: string;
}

/** What is set, and what it is set from; on record before anything is done. Times are epoch milliseconds. */
export interface CapacityPlan {
  readonly was: Limits;
  /** The minimum that is wanted. */
  readonly to: number;
  /** How much should run, where that is put back too. */
  readonly desired?: number;
  readonly at?: number;
  readonly until?: number;
}

/** A limit that is found, or why it must not be set. */
export type Raised = { readonly to: number; readonly note?: string } | { readonly unmet: string };

/** The minimum that fulfils a wish: more by a share or a number of what should run now, or a number; never above the maximum that is set, and never below the minimum. */
export function raised(now: Capacity, { by, to, most }: Wish): Raised {
  const { name, min, max, base } = now;
  if (now.suspended.growth) return { unmet: `${name} does not grow, as somebody has suspended that; resume it first` };
  const wanted = by === undefined ? Number(to) : base + more(base, by);
  if (by === undefined && wanted > max) return { unmet: `${String(wanted)} of ${name} are more than its maximum of ${String(max)}; raise that first` };
  if (by !== undefined && (base >= max || min >= max)) return { unmet: `${name} is at its maximum of ${String(max)} already; raise that first` };
  const held = Math.min(wanted, max);
  if (most !== undefined && held > Number(most)) return { unmet: `${name} would have ${String(held)}, more than the ${most} that the runbook allows` };
  if (held <= min) return { unmet: `${name} has a minimum of ${String(min)} already` };
  return held < wanted ? { to: held, note: `${by ?? ''} would be ${String(wanted)}, its maximum is ${String(max)}` } : { to: held };
}

function more(base: number, by: string): number {
  const number = Number(by.replace(/[+%]/g, ''));
  return by.endsWith('%') ? Math.max(1, Math.ceil((base * number) / 100)) : number;
}

/** A minimum that an action of an incident was to set, and what was there before; it may have been refused. */
export interface CapacitySet {
  readonly token: string;
  readonly was: Limits;
  readonly to: number;
}

/** What was there before an action of an incident raised the minimum that is set now, over all times that it raised it, in the order of time; undefined where that minimum is not one that it set. */
export function beforeSets(sets: readonly CapacitySet[], min: number): Limits | undefined {
  const last = sets.findLastIndex(({ to, was }) => to === min && was.min !== to);
  const found = sets[last]?.was;
  return found && (beforeSets(sets.slice(0, last), found.min) ?? found);
}

/**
 * What puts back what was there, or why not: only where it still is what was set. How much should run is put back only where it is what came with the minimum, and where no policy sets it, which
 * may have found by now that as much is needed.
 */
export function putBack(now: Capacity, sets: readonly CapacitySet[]): CapacityPlan | { readonly unmet: string } {
  if (sets.length === 0) return { unmet: `nothing is on record that was set for ${now.name}, so nothing can be put back` };
  const was = beforeSets(sets, now.min);
  if (!was) {
    const set = [...new Set(sets.map(({ to }) => to))].join(' or ');
    return { unmet: `${now.name} has a minimum of ${String(now.min)} and not the ${set} that was set: somebody changed it meanwhile, and it is left so` };
  }
  const came = now.desired === now.min;
  return { was: limitsOf(now), to: was.min, ...(came && desiredBack(was, now.min, now.policies)) };
}

/** How much should run again when a raise ends: as much as before, where the raise has brought more and no policy sets it. */
export function desiredBack({ desired }: Limits, to: number, policies: readonly string[] = []): { readonly desired?: number } {
  return desired !== undefined && desired < to && policies.length === 0 ? { desired } : {};
}

/** For a person: `; how much runs is left to its scaling policies (cpu)`, or nothing where there are none. */
export function policiesText(policies: readonly string[]): string {
  return policies.length > 0 ? `; how much runs is left to its scaling policies (${policies.join(', ')})` : '';
}

/** The limits alone. */
export function limitsOf({ min, max, desired }: Limits): Limits {
  return { min, max, ...(desired === undefined ? {} : { desired }) };
}

/** What the world says of a plan; `accepted` where the call was answered. What is absent may be there in part. */
export type CapacityFinding =
  | { readonly state: 'absent'; readonly detail?: string }
  | { readonly state: 'done'; readonly detail: string }
  | { readonly state: 'in-progress' | 'ambiguous'; readonly detail: string };

/** Whether a minimum that was to be set at once is there. It is done when as much runs, or, where that cannot be seen, when it is set. */
export function foundSet(plan: CapacityPlan | undefined, now: Capacity | undefined, accepted: boolean): CapacityFinding {
  if (!plan) return { state: 'absent' };
  if (!now || (now.min === plan.was.min && now.min !== plan.to))
    return accepted ? { state: 'in-progress', detail: 'it was accepted and does not show yet' } : { state: 'absent' };
  const set = `the minimum of ${now.name} is ${String(now.min)}`;
  if (now.min !== plan.to)
    return { state: 'ambiguous', detail: `${set}, neither ${String(plan.was.min)} as before nor ${String(plan.to)} as wanted: somebody changed it meanwhile` };
  if (now.running === undefined) return { state: 'done', detail: `${set}, it was ${String(plan.was.min)}; what runs follows` };
  if (now.running < plan.to) return { state: 'in-progress', detail: `${set}, and ${String(now.running)} run` };
  return { state: 'done', detail: `${set}, it was ${String(plan.was.min)}; ${String(now.running)} run` };
}

/** `from 4 to 6 (+50% would be 9, its maximum is 6)`. */
export function changeText(from: number, { to, note }: { readonly to: number; readonly note?: string }): string {
  return `from ${String(from)} to ${String(to)}${note === undefined ? '' : ` (${note})`}`;
}

/** `from 2026-03-01 14:00 UTC until 2026-03-01 16:00 UTC`, or from now on. */
export function windowText({ at, until }: { readonly at: number; readonly until: number }, now: number): string {
  return `${at <= now ? 'from now' : `from ${utcTime(at)}`} until ${utcTime(until)}`;
}
