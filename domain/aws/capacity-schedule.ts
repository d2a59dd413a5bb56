import { utcTime } from '../human-time';
import { limitsOf, policiesText } from './capacity';
import type { Capacity, CapacityFinding, CapacityPlan, Limits } from './capacity';

/** A scheduled action of one time. `at` is epoch milliseconds. */
export interface Booked extends Partial<Limits> {
  readonly name: string;
  readonly at: number;
}

/** A time in which more is to run, epoch milliseconds. */
export interface Window {
  readonly at: number;
  readonly until: number;
}

/** Closer than this nothing is scheduled any more: it is done at once. */
const SOON_MS = 60_000;
const BACK = /^nightshift-(.+)-back$/;

/** Names of the two actions of a token: the one that raises, and the one that puts back. */
export function bookedNames(token: string): { readonly up: string; readonly back: string } {
  return { up: `nightshift-${token}-up`, back: `nightshift-${token}-back` };
}

/** Whether a moment is so near that nothing can be scheduled for it. */
export function isSoon(at: number, now: number): boolean {
  return at <= now + SOON_MS;
}

/** The time that inputs name, or why it is none. */
export function windowOf({ at = '', until = '' }: { readonly at?: string; readonly until?: string }, now: number): Window | { readonly unmet: string } {
  const window = { at: Date.parse(at), until: Date.parse(until) };
  if (Number.isNaN(window.at) || Number.isNaN(window.until)) return { unmet: 'at and until say from when until when, such as 2026-03-01T14:00Z' };
  if (window.until <= window.at) return { unmet: `it would end at ${utcTime(window.until)}, before it begins at ${utcTime(window.at)}` };
  if (isSoon(window.until, now)) return { unmet: `it would have ended at ${utcTime(window.until)}` };
  return window;
}

/**
 * What is there when the time begins, and so what is put back after it: as now, or as an earlier action of ours will have put it back by then. Where such an action would end in the midst of the
 * time, or ours in the midst of its, each would end the other's: that is not scheduled.
 */
export function capacityAt(
  now: Capacity,
  booked: readonly Booked[],
  { at, until }: Window,
  token: string,
  clockMs: number,
): Capacity | { readonly unmet: string } {
  const own = booked.find(({ name }) => name === bookedNames(token).back);
  if (own) return withLimits(now, own);
  const backs = booked.filter(({ name }) => BACK.test(name)).sort((a, b) => a.at - b.at);
  const begin = ({ name }: Booked): number => booked.find((each) => each.name === bookedNames(BACK.exec(name)?.[1] ?? '').up)?.at ?? clockMs;
  const clash = backs.find((back) => back.at > at && begin(back) < until);
  if (clash) return { unmet: `more of ${now.name} is scheduled already until ${utcTime(clash.at)} (${clash.name}); let that end, or take it back first` };
  const earlier = backs.findLast((back) => back.at <= at);
  return earlier ? withLimits(now, earlier) : now;
}

function withLimits(now: Capacity, { min = now.min, max = now.max, desired }: Booked): Capacity {
  const limits = { min, max, ...(now.desired === undefined ? {} : { desired: desired ?? now.desired }) };
  // What no more than the raised minimum holds up goes in when that has gone back.
  const held = now.min > min && now.base <= now.min;
  return { ...now, ...limits, base: desired ?? (held ? min : now.base) };
}

/** The two actions of a plan. The one that puts back sets what the other has raised, as an action of one time leaves behind what it has set; the maximum is never touched. */
export function bookings({ was, to, desired, at = 0, until = 0 }: CapacityPlan, token: string): { readonly up: Booked; readonly back: Booked } {
  const names = bookedNames(token);
  return { up: { name: names.up, at, min: to }, back: { name: names.back, at: until, min: was.min, ...(desired === undefined ? {} : { desired }) } };
}

/** For a person: what the end of a schedule does to what runs. */
export function endText({ was, desired }: CapacityPlan, policies: readonly string[] = []): string {
  const back = `then back to ${String(was.min)}`;
  if (policies.length > 0) return `${back}${policiesText(policies)}`;
  if (desired !== undefined) return `${back}, with ${String(desired)} running, as it has no scaling policy`;
  return was.desired === undefined ? back : `${back}; its desired size of ${String(was.desired)} is left`;
}

/** What the world says of a plan for a time. Without a record of it, the actions themselves tell it. */
export function foundScheduled(
  kept: CapacityPlan | undefined,
  world: { readonly now: Capacity | undefined; readonly booked: readonly Booked[] },
  { token, accepted, clockMs }: { readonly token: string; readonly accepted: boolean; readonly clockMs: number },
): CapacityFinding {
  const names = bookedNames(token);
  const up = world.booked.find(({ name }) => name === names.up);
  const back = world.booked.find(({ name }) => name === names.back);
  const plan = kept ?? told(up, back, world.now);
  if (!plan?.until) return { state: 'absent' };
  const missing: CapacityFinding = accepted ? { state: 'in-progress', detail: 'it was accepted and does not show yet' } : { state: 'absent' };
  const wanted = bookings(plan, token);
  if (changed(up, wanted.up) || changed(back, wanted.back))
    return { state: 'ambiguous', detail: `what was scheduled (${names.up}, ${names.back}) is not what was wanted: somebody changed it` };
  const min = world.now?.min;
  if (!back) {
    if (clockMs < plan.until) return missing;
    return {
      state: 'ambiguous',
      detail: `its time ended at ${utcTime(plan.until)}, and nothing shows whether it was carried out; the minimum is ${String(min)} now`,
    };
  }
  const end = `goes back to ${String(plan.was.min)} at ${utcTime(plan.until)} (${names.back})`;
  if (up) return { state: 'done', detail: `the minimum becomes ${String(plan.to)} at ${utcTime(up.at)} (${names.up}) and ${end}` };
  if (min === plan.to) return { state: 'done', detail: `the minimum is ${String(plan.to)} and ${end}` };
  return accepted ? missing : { state: 'absent', detail: `nothing raises the minimum of ${String(min)}, and it ${end}` };
}

function told(up: Booked | undefined, back: Booked | undefined, now: Capacity | undefined): CapacityPlan | undefined {
  if (back?.min === undefined) return undefined;
  const to = up?.min ?? now?.min ?? back.min;
  const { min, max = now?.max ?? to, desired } = back;
  const size = desired === undefined ? {} : { desired };
  const plan = { was: limitsOf({ min, max, ...size }), to, ...size, at: up?.at ?? 0, until: back.at };
  return to > back.min ? plan : undefined;
}

function changed(found: Booked | undefined, wanted: Booked): boolean {
  return found !== undefined && (found.at !== wanted.at || found.min !== wanted.min);
}

/** Whether what was scheduled under these tokens is taken back: none of the actions is there, and the minimum is what it was to be. */
export function foundCancelled(
  plan: CapacityPlan | undefined,
  world: { readonly now: Capacity | undefined; readonly booked: readonly Booked[] },
  { tokens, accepted }: { readonly tokens: readonly string[]; readonly accepted: boolean },
): CapacityFinding {
  if (!plan) return { state: 'absent' };
  const names = tokens.flatMap((token) => Object.values(bookedNames(token)));
  const left = world.booked.map(({ name }) => name).filter((name) => names.includes(name));
  const { now } = world;
  if (left.length > 0 || !now || (now.min === plan.was.min && now.min !== plan.to)) {
    if (accepted) return { state: 'in-progress', detail: 'it was accepted and does not show yet' };
    return { state: 'absent', ...(left.length > 0 && { detail: `${left.join(', ')} still scheduled, with a minimum of ${String(now?.min)}` }) };
  }
  return { state: 'done', detail: `nothing is scheduled any more, and the minimum of ${now.name} is ${String(now.min)}` };
}
