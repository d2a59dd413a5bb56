import type { NodeSigns } from './node-signs';
import type { Deviation } from './types';
import { SPREAD } from './weights';

/** Probability that the trouble of a callee shows at its caller as it is seen there; `step` is the time between two values in seconds. */
export function callerFeels(callee: NodeSigns, caller: NodeSigns, step: number): number {
  if (!callee.usedBefore) return 0;
  // A callee that fails does not keep others from asking its caller.
  if (isSilent(caller)) return SPREAD.least;
  const shown = [['latency', caller.latency] as const, ['errors', caller.errors] as const].flatMap(([kind, sign]) =>
    sign && sign.logOdds > 0 ? [{ kind, sign }] : [],
  );
  const timely = timeliness(callee.since, caller.since, step);
  if (shown.length === 0) return callee.measured ? SPREAD.same * visible(callee, caller) : unmeasured(callee, caller);
  let sum = 0;
  let weight = 0;
  for (const { kind, sign } of shown) {
    sum += sign.logOdds * explained(kind, callee, caller);
    weight += sign.logOdds;
  }
  return timely * (sum / weight);
}

/** How well the callee explains one kind of trouble of its caller: by the same kind in the size that it has, or by another. */
function explained(kind: 'latency' | 'errors', callee: NodeSigns, caller: NodeSigns): number {
  if (isSilent(callee)) return SPREAD.same;
  if (!callee.measured) return unmeasured(callee, caller);
  const same = callee[kind];
  const other = kind === 'latency' ? callee.errors : callee.latency;
  const crossing = [other, callee.saturation].some((each) => each !== null && each.logOdds > 0) ? SPREAD.cross : SPREAD.least;
  if (!same) return unmeasured(callee, caller);
  if (same.logOdds <= 0) return Math.max(crossing, SPREAD.least);
  return Math.max(crossing, SPREAD.same * enoughOf(kind, callee, caller));
}

/** How visible the callee's extra time or failures must be at a caller that shows none: a caller for which they are small exonerates nobody. */
function visible(callee: NodeSigns, caller: NodeSigns): number {
  const calls = callsOf(callee, caller);
  const { latency, errors } = callee;
  const slower = latency && caller.latency && latency.logOdds > 0 ? ((latency.now - latency.usual) * calls) / Math.max(1e-12, caller.latency.usual) : 0;
  const failing = errors && caller.errors && errors.logOdds > 0 ? (errors.now - errors.usual) * calls : 0;
  if (slower === 0 && failing === 0) return 1;
  return Math.max(SPREAD.least, Math.min(1, Math.max(slower / SPREAD.visibleTime, failing / SPREAD.visibleFailures)));
}

function callsOf(callee: NodeSigns, caller: NodeSigns): number {
  return callee.requests === null || caller.requests === null || caller.requests === 0 ? 1 : callee.requests / caller.requests;
}

/** A callee of which nothing is seen can explain a caller if enough of its requests reach it. */
function unmeasured({ requests }: NodeSigns, caller: NodeSigns): number {
  if (requests === null || caller.requests === null || caller.requests === 0) return SPREAD.unmeasured;
  return SPREAD.unmeasured * Math.min(1, requests / caller.requests / SPREAD.reach);
}

/** 1 where the callee's extra time or failures can make up the caller's; in proportion where they are too few. Both are upper bounds: others may call it too. */
function enoughOf(kind: 'latency' | 'errors', callee: NodeSigns, caller: NodeSigns): number {
  const low = callee[kind];
  const high = caller[kind];
  if (!low || !high) return 1;
  const calls = callsOf(callee, caller);
  const share = (Math.max(0, low.now - low.usual) * calls) / Math.max(1e-12, high.now - high.usual);
  return Math.max(SPREAD.least, Math.min(1, share / SPREAD.enough));
}

/** Probability that the load which a caller has more than usual, or does not pass on any more, is the trouble of its callee. */
export function calleeFeels(caller: NodeSigns, callee: NodeSigns, step: number): number {
  if (isSilent(callee)) return isSilent(caller) ? SPREAD.silence : SPREAD.unasked * failingShare(caller);
  const timely = timeliness(caller.since, callee.since, step);
  const rose = [caller.surge, callee.surge].filter((each) => each !== null && each.logOdds > 0).length;
  if (caller.surge && callee.surge) return passesLoad(caller, callee) ? timely * SPREAD.load : 0;
  return rose === 1 ? (timely * SPREAD.load) / 2 : 0;
}

/** Whether a node still asks its callees as before: it is called, answers, and does not fail most of what it is asked. */
export function stillAsks({ drop, requests, errors }: NodeSigns): boolean {
  return drop === null && requests !== null && errors !== null && (errors.logOdds <= 0 || errors.now < SPREAD.unaskedFrom);
}

/** Who fails asks its callees no more, as far as it fails. */
function failingShare({ errors }: NodeSigns): number {
  if (!errors) return 1;
  return errors.logOdds > 0 ? Math.min(1, errors.now / SPREAD.unaskedFrom) : SPREAD.least;
}

/** Whether the callee's higher load comes from the caller: both have more, and the callee not much more than the caller. */
function passesLoad({ surge: more }: NodeSigns, { surge: passed }: NodeSigns): boolean {
  return more !== null && passed !== null && more.logOdds > 0 && passed.logOdds > 0 && growthOf(passed) < SPREAD.passed * growthOf(more);
}

/** By how much the requests of a step grew, as a factor. */
export function growthOf({ now, usual }: Deviation): number {
  return now / Math.max(1, usual);
}

function isSilent({ drop }: NodeSigns): boolean {
  return drop !== null;
}

/** 1 where the effect does not come before its cause, as far as steps tell; falling from there on. */
function timeliness(cause: number | null, effect: number | null, step: number): number {
  if (cause === null || effect === null || step <= 0) return 1;
  const early = (cause - effect) / step - SPREAD.stepsEarly;
  return early <= 0 ? 1 : Math.max(SPREAD.least, Math.exp(-early / 2));
}
