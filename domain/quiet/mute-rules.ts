import { placeText } from '../aws/place';
import type { AwsPlace } from '../aws/place';
import { defined } from '../defined';
import { cleanText, digestId } from '../outside-text';
import type { ImportedSilences } from './alertmanager-silences';
import type { LabelMatcher } from './label-matcher';
import { muteSchedule } from './schedule-expression';
import type { MuteSchedule, ToldSchedule } from './schedule-expression';
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
  /** When it was written or changed last. */
  readonly updatedAt?: number;
}

/** Source of the alerts that CloudWatch's alarms are. */
const SOURCE = 'cloudwatch';
/** Longest name that an alert keeps. */
const LONGEST_NAME = 200;
/** A regular expression of many names stays below what one may have. */
const LONGEST_PATTERN = 900;
/** A rule that began more often in a look back is read no further. */
const MOST_WINDOWS = 2000;

/** Name of the source that the rules of a place are read from. */
export function muteRuleSource(place: AwsPlace): string {
  return `cloudwatch ${placeText(place)}`;
}

/**
 * Windows of the rules of one place that hold at `now` or begin within `aheadMs`, so that one begins in time even where CloudWatch does not answer then. A window that began before
 * its rule's start date does not count, and none lasts beyond the expiry date. A rule that cannot be read silences nothing, and a sentence says why.
 */
export function muteSilences(rules: readonly MuteRule[], place: AwsPlace, now: number, aheadMs: number): ImportedSilences {
  return silencesBy(rules, place, (rule) => windowsOf(rule, now, aheadMs));
}

/**
 * Windows of the rules of one place that held at any time of `span`, those of rules that are over included. A rule says nothing of the time before it was changed last: what it muted
 * then is not known, and a sentence says so.
 */
export function pastMuteSilences(rules: readonly MuteRule[], place: AwsPlace, span: { readonly from: number; readonly to: number }): ImportedSilences {
  const { silences, problems } = silencesBy(rules, place, (rule) => pastWindowsOf(rule, span));
  const changed = rules.filter(({ updatedAt = -Infinity, startsAt = -Infinity }) => updatedAt > Math.max(span.from, startsAt) && updatedAt < span.to);
  const unknown = changed.map(
    ({ name, updatedAt = 0 }) =>
      `The mute rule ${cleanText(name, 64)} of ${placeText(place)} was written or changed at ${new Date(updatedAt).toISOString()}; what it muted before is not known.`,
  );
  return { silences, problems: [...problems, ...unknown] };
}

function silencesBy(rules: readonly MuteRule[], place: AwsPlace, windowsOfRule: (rule: MuteRule) => readonly Window[]): ImportedSilences {
  const problems: string[] = [];
  const silences = rules.flatMap((rule) => {
    try {
      return windowsOfRule(rule).flatMap((window) => silencesOf(rule, place, window));
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

function windowsOf(rule: MuteRule, now: number, aheadMs: number): Window[] {
  const told = scheduleOf(rule);
  return [told.last(now), told.next(now, now + aheadMs)].flatMap((startsAt) =>
    startsAt === undefined ? [] : windowFrom(startsAt, told, rule).filter(({ endsAt }) => endsAt > now),
  );
}

function pastWindowsOf(rule: MuteRule, { from, to }: { readonly from: number; readonly to: number }): Window[] {
  const told = scheduleOf(rule);
  const { updatedAt = -Infinity } = rule;
  const begins = told.within(from, to, MOST_WINDOWS);
  if (begins.length >= MOST_WINDOWS) throw new Error(`it began more than ${String(MOST_WINDOWS)} times`);
  return begins.flatMap((startsAt) =>
    windowFrom(startsAt, told, rule)
      .filter(({ endsAt }) => endsAt > Math.max(from, updatedAt))
      .map(({ endsAt }) => ({ startsAt: Math.max(startsAt, updatedAt), endsAt })),
  );
}

function scheduleOf({ schedule = {}, alarms }: MuteRule): MuteSchedule {
  const { expression, duration, timezone } = schedule;
  if (expression === undefined || duration === undefined) throw new Error('it has no schedule');
  if (alarms.length === 0) throw new Error('it names no alarm');
  return muteSchedule(defined({ expression, duration, timezone }));
}

/** Nothing where it began before the rule did. */
function windowFrom(startsAt: number, { durationMs }: MuteSchedule, { startsAt: from = -Infinity, endsAt: until = Infinity }: MuteRule): Window[] {
  const endsAt = Math.min(startsAt + durationMs, until);
  return startsAt < from || endsAt <= startsAt ? [] : [{ startsAt, endsAt }];
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
