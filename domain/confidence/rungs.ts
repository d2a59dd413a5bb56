import { RUNGS } from '../names';
import type { Rung } from '../names';
import type { Runbook } from '../runbook';
import type { ConfidenceRecord } from './record';

/** What a rung still lacks. */
export type Lack = 'outcomes' | 'bound' | 'uplift' | 'danger' | 'probation' | 'lately' | 'harms';

/** What of a runbook decides whether it may act alone. */
export type Danger = Pick<Runbook, 'risk' | 'reversible'>;

/** Harms within the memory that keep a runbook at a rung, most first. */
const HARM_CEILINGS: readonly { readonly harms: number; readonly rung: Rung }[] = [
  { harms: 3, rung: 'shadow' },
  { harms: 2, rung: 'suggest' },
];

/** The more cautious of two rungs. */
export function moreCautious(a: Rung, b: Rung): Rung {
  return RUNGS.indexOf(a) <= RUNGS.indexOf(b) ? a : b;
}

/** True for the rungs on which nobody is asked before it acts. */
export function actsAlone(rung: Rung): boolean {
  return rung === 'veto' || rung === 'auto';
}

/** Harms that are still held against the present version. */
export function harmsHeld({ own, settings }: ConfidenceRecord, now: number): number {
  return own.harms.filter((at) => now - at < settings.harmMemoryMs).length;
}

/** Rung that the harms of late allow at most. */
export function harmCeiling(record: ConfidenceRecord, now: number): Rung {
  const held = harmsHeld(record, now);
  return HARM_CEILINGS.find(({ harms }) => held >= harms)?.rung ?? 'auto';
}

/** What a record lacks for a rung; empty where it has all. */
export function lacksFor(rung: Rung, record: ConfidenceRecord, danger: Danger, now: number): Lack[] {
  if (rung === 'observe') return [];
  const { settings } = record;
  const need = settings.needs[rung];
  const lacks: Lack[] = [];
  if (moreCautious(rung, harmCeiling(record, now)) !== rung) lacks.push('harms');
  if (actsAlone(rung) && !danger.reversible && danger.risk !== 'low') lacks.push('danger');
  if (RUNGS.indexOf(rung) <= RUNGS.indexOf(settings.start)) return lacks;
  if (Math.round(record.effective(now)) < need.outcomes) lacks.push('outcomes');
  if (!record.proves(need.bound, now)) lacks.push('bound');
  if (actsAlone(rung) && Math.max(need.bound, record.bound(now).bound) - record.alone.upper(now) < settings.leastUplift) lacks.push('uplift');
  if (actsAlone(rung) && record.own.failuresLately >= settings.lately.failures) lacks.push('lately');
  if (rung === 'auto' && (record.own.sinceFailure ?? settings.probation) < settings.probation) lacks.push('probation');
  return lacks;
}

/** The highest rung of which it lacks nothing, with all below; never `observe`, which only policy says. */
export function earnedRung(record: ConfidenceRecord, danger: Danger, now: number): Rung {
  let earned: Rung = 'shadow';
  for (const rung of RUNGS.slice(RUNGS.indexOf('suggest'))) {
    if (lacksFor(rung, record, danger, now).length > 0) break;
    earned = rung;
  }
  return earned;
}

/** Lower bound of what the runbook adds to healing alone, from -1 to 1: both bounds hold at every look, so their difference does. */
export function upliftOf(record: ConfidenceRecord, now: number): number {
  return record.bound(now).bound - record.alone.upper(now);
}
