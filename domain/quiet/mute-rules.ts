import { placeText } from '../aws/place';
import type { AwsPlace } from '../aws/place';
import { defined } from '../defined';
import { cleanText, digestId } from '../outside-text';
import type { ImportedSilences } from './alertmanager-silences';
import type { LabelMatcher } from './label-matcher';
import { muteSchedule } from './schedule-expression';
import type { ToldSchedule } from './schedule-expression';
import type { Silence } from './silence';

/** A mute rule of CloudWatch. Times are epoch milliseconds. */
export interface MuteRule {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly schedule?: Partial<ToldSchedule>;
  readonly alarms: readonly string[];
  readonly startsAt?: number;
  readonly endsAt?: number;
}

/** Source of the alerts that CloudWatch's alarms are. */
const SOURCE = 'cloudwatch';
/** Longest name that an alert keeps. */
const LONGEST_NAME = 200;
/** A regular expression of many names stays below what one may have. */
const LONGEST_PATTERN = 900;

/** Name of the source that the rules of a place are read from. */
export function muteRuleSource(place: AwsPlace): string {
  return `cloudwatch ${placeText(place)}`;
}

/**
 * Windows of the rules of one place that hold at `now` or begin within `aheadMs`, so that one begins in time even where CloudWatch does not answer then. A window that began before
 * its rule's start date does not count, and none lasts beyond the expiry date. A rule that cannot be read silences nothing, and a sentence says why.
 */
export function muteSilences(rules: readonly MuteRule[], place: AwsPlace, now: number, aheadMs: number): ImportedSilences {
  const problems: string[] = [];
  const silences = rules.flatMap((rule) => {
    try {
      return windowsOf(rule, now, aheadMs).flatMap((window) => silencesOf(rule, place, window));
    } catch (error) {
      const why = error instanceof Error ? error.message : 'it is not what CloudWatch documents';
      problems.push(`The mute rule ${cleanText(rule.name, 64)} of ${placeText(place)} cannot be used: ${cleanText(why, 200)}.`);
      return [];
    }
  });
  return { silences, problems };
}

interface Window {
  readonly startsAt: number;
  readonly endsAt: number;
}

function windowsOf({ schedule = {}, startsAt: from = -Infinity, endsAt: until = Infinity, alarms }: MuteRule, now: number, aheadMs: number): Window[] {
  const { expression, duration, timezone } = schedule;
  if (expression === undefined || duration === undefined) throw new Error('it has no schedule');
  if (alarms.length === 0) throw new Error('it names no alarm');
  const told = muteSchedule(defined({ expression, duration, timezone }));
  return [told.last(now), told.next(now, now + aheadMs)].flatMap((startsAt) => {
    if (startsAt === undefined || startsAt < from) return [];
    const endsAt = Math.min(startsAt + told.durationMs, until);
    return endsAt > now && endsAt > startsAt ? [{ startsAt, endsAt }] : [];
  });
}

function silencesOf({ arn, name, description = '', alarms }: MuteRule, place: AwsPlace, window: Window): Silence[] {
  const from = muteRuleSource(place);
  const where: LabelMatcher[] = [
    { name: 'account', value: place.account, isRegex: false, isEqual: true },
    { name: 'region', value: place.region, isRegex: false, isEqual: true },
  ];
  return patternsOf(alarms).map((value, i) => ({
    id: digestId('cw', [arn, window.startsAt, i]),
    ...{ origin: 'cloudwatch', match: { source: SOURCE }, matchers: [{ name: 'alertname', value, isRegex: true, isEqual: true }, ...where], from },
    owner: `the mute rule ${cleanText(name, 100)}`,
    reason: cleanText(description, 500) || 'no reason was given',
    ...window,
  }));
}

/** Names as alerts keep them, as few regular expressions as their length allows. */
function patternsOf(alarms: readonly string[]): string[] {
  const patterns: string[] = [];
  for (const alarm of alarms) {
    const name = cleanText(alarm, LONGEST_NAME).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    const last = patterns.at(-1);
    if (last !== undefined && last.length + name.length < LONGEST_PATTERN) patterns[patterns.length - 1] = `${last}|${name}`;
    else patterns.push(name);
  }
  return patterns;
}
