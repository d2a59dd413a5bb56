import { humanDuration } from '../human-time';
import { percent } from '../wording';
import type { LookbackReport, ReportIncident } from './report';

/** What the engine would have done, in two or three words. */
export const WOULD: Readonly<Record<ReportIncident['wouldHave']['would'], string>> = {
  propose: 'propose a runbook',
  wait: 'name the cause, no rollback',
  ask: 'ask a person',
  silent: 'be silent',
};

/** The same in a table. */
export const WOULD_SHORT: Readonly<Record<ReportIncident['wouldHave']['would'], string>> = {
  propose: 'propose',
  wait: 'name cause',
  ask: 'ask',
  silent: 'silent',
};

/** What hindsight says, in a table. */
export const HINDSIGHT_SHORT: Readonly<Record<ReportIncident['hindsight'][number]['kind'], string>> = {
  healed: 'healed by itself',
  folded: 'pages folded',
  'fixed-forward': 'fixed forward',
  'rolled-back': 'rolled back',
  'taken-back': 'changed by hand',
  again: 'came again',
  silent: 'nothing known',
  still: 'still fires',
};

/** How long an incident lasted, for people. */
export function lasted({ begin, end }: ReportIncident): string {
  return end === undefined ? 'still fires' : humanDuration(Date.parse(end) - Date.parse(begin));
}

/** The conclusions of a report, a sentence each. */
export function conclusions({ totals }: LookbackReport): readonly string[] {
  const { pages, incidents, noise, night, followedChange, wouldHave, wrong, hours } = totals;
  if (pages === 0) return ['Nothing paged in this time.'];
  const kinds = Object.entries({
    flapping: noise.flapping,
    'healed by themselves': noise['self-healed'],
    repeated: noise.repeated,
    silenced: noise.silenced,
    'held back by your rules': noise.folded,
  });
  const told = kinds.flatMap(([name, count]) => (count > 0 ? [`${String(count)} ${name}`] : []));
  return [
    `${counted(pages, 'page')} ${pages === 1 ? 'was' : 'were'} ${counted(incidents, 'incident')}; ${counted(noise.all, 'page')} (${percent(noise.all / pages)}) told nothing new${told.length > 0 ? `: ${told.join(', ')}` : ''}.`,
    `${counted(night.pages, 'page')} came at night (22 to 7): ${String(night.perNight)} a night, ${String(night.worst)} in the worst.`,
    `${String(followedChange.incidents)} of ${counted(followedChange.of, 'incident')} that were no noise followed a change that can be named.`,
    `Nightshift would have proposed a runbook for ${String(wouldHave.propose)}, named a cause that no runbook takes back for ${String(wouldHave.wait)}, asked a person about ${String(wouldHave.ask)}, and been silent on ${String(wouldHave.silent)}. Hindsight speaks against it in ${String(wrong)}.`,
    `Something paged for ${String(hours.paging)} h; its remedies would have saved up to ${String(hours.savedByRemedies)} h of that, folded pages ${String(hours.savedByFolding)} h.`,
  ];
}

/** What a report rests on, for those who doubt it: a sentence each. */
export function assumptions(): readonly string[] {
  return [
    'Grouping, suspects, runbook and policy are those of the live engine, run over what the alarms and changes of that time tell. It had no metrics and no logs here: where it says "once its metrics show what the alarm saw", that is assumed.',
    'A change is named as the likely cause when it touched what hurt at most 45 minutes before, nothing rules it out, and it is not near by mere chance. That is a lead, no proof.',
    'A remedy is taken to begin 5 minutes after the first page. Trouble that was over by then healed by itself. Saved hours are from then to the end, for proposals that hindsight does not speak against.',
    'Flapping, silenced and held-back pages are what the alert gate would have folded under the settings at hand; repeated ones are of a condition that had paged in the same incident.',
  ];
}

/** `1 page`, `2 pages`. */
export function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
