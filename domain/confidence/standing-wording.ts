import type { Rung } from '../names';
import { utcTime } from '../human-time';
import { percent } from '../wording';
import { ENOUGH_OUTCOMES, reachOf } from './reach';
import type { Reach } from './reach';
import type { ConfidenceRecord } from './record';
import { harmsHeld } from './rungs';
import type { Lack } from './rungs';

/** What the record says, a sentence each. */
export function recordTexts(record: ConfidenceRecord, now: number): string[] {
  const { own, alone } = record;
  const { bound, from } = record.bound(now);
  return [
    own.outcomes === 0
      ? 'It has no outcome here yet.'
      : `${own.recovered} of ${own.outcomes} outcomes recovered; ${Math.round(record.effective(now))} still count.`,
    ...(own.start.why === 'first' ? [] : [`${BEGUN[own.start.why]} at ${utcTime(own.start.at)}: what came before is no proof any more.`]),
    `Success is at least ${percent(bound)}${from === 'own' ? '' : `, with the record of ${count(record.likeServices, 'like service')}`}.`,
    alone.incidents === 0
      ? 'No incident of this kind was left alone, so nobody knows how many heal alone.'
      : `${alone.healed} of ${count(alone.incidents, 'incident')} that nobody acted on healed alone: at most ${percent(alone.upper(now))} do.`,
  ];
}

const BEGUN = { version: 'A new version began', harm: 'It did harm', fall: 'Its success fell' };

/** Whether a gate can be reached at the pace and with the decay there are; empty where nothing speaks against it. */
export function reachTexts({ recoveries, undecayed, capacity, perVersion }: Reach, gate: number): string[] {
  if (recoveries === 0) return [];
  const few = capacity === undefined ? '' : `outcomes are so rare that at most ${Math.floor(capacity)} count at once`;
  if (recoveries === undefined) {
    const why = undecayed === undefined ? 'it takes more than 2,000 recoveries' : `${few}, and it takes about ${count(undecayed, 'recovery')}`;
    return [`The gate of ${percent(gate)} cannot be reached: ${why} in a row. A slower decay, like services or a person's grant would help.`];
  }
  const unsure = `The gate of ${percent(gate)} cannot be counted on:`;
  const takes = `and it takes ${count(recoveries, 'recovery')} in a row.`;
  return [
    ...(capacity !== undefined && capacity < ENOUGH_OUTCOMES ? [`${unsure} ${few}, fewer than ${ENOUGH_OUTCOMES}, ${takes}`] : []),
    ...(perVersion !== undefined && perVersion < recoveries
      ? [`${unsure} a version of it lasts about ${count(Math.round(perVersion), 'outcome')}, ${takes}`]
      : []),
  ];
}

/** What one lack means for a rung, as a sentence. */
export function lackText(lack: Lack, rung: Rung, record: ConfidenceRecord, now: number): string {
  const { settings, own, alone } = record;
  const need = settings.needs[rung === 'observe' ? 'shadow' : rung];
  switch (lack) {
    case 'outcomes':
      return `Needs ${count(need.outcomes - Math.round(record.effective(now)), 'more outcome')} that count, of ${need.outcomes}.`;
    case 'bound': {
      const { recoveries } = reachOf(record, need.bound, now);
      const how = recoveries === undefined ? 'more verified recoveries than can count at this pace' : `about ${count(recoveries, 'more verified recovery')}`;
      return `Needs ${how} without a failure, for a lower bound of ${percent(need.bound)}.`;
    }
    case 'uplift': {
      const missing = alone.missing(Math.max(0, Math.max(need.bound, record.bound(now).bound) - settings.leastUplift), now);
      const how =
        missing === undefined ? 'too many heal alone for that' : `about ${count(missing, 'more incident')} that nobody acts on, without one that heals`;
      return `Needs proof that it adds at least ${percent(settings.leastUplift)} to healing alone: ${how}.`;
    }
    case 'danger':
      return 'Needs to be reversible or of low risk: this runbook never acts alone.';
    case 'probation':
      return `Needs ${count(settings.probation - (own.sinceFailure ?? 0), 'more recovery')} in a row since its last failure.`;
    case 'lately':
      return `Needs fewer than ${settings.lately.failures} failures in its last ${settings.lately.outcomes} outcomes: there are ${own.failuresLately}.`;
    case 'harms':
      return `Needs time, or a new version: ${count(harmsHeld(record, now), 'harm')} of late ${harmsHeld(record, now) === 1 ? 'is' : 'are'} held against it.`;
  }
}

function count(n: number, noun: string): string {
  return `${n} ${n === 1 ? noun : noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}
