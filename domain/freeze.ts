import { NightshiftError } from './errors';
import type { Problem } from './errors';
import { isZone, zoneClock } from './local-time';
import type { ZoneClock } from './local-time';
import type { Freeze } from './policy-types';

/** A freeze that is in force, and when it ends (epoch milliseconds). */
export interface ActiveFreeze extends Freeze {
  readonly until: number;
}

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const WEEKLY = /^(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):([0-5]\d)$/i;
const ABSOLUTE = /^(\d{4}-\d{2}-\d{2})[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;

/** `weekly`: milliseconds since Monday 00:00 on the wall; `absolute`: the wall's reading as in UTC. */
type Edge = { readonly kind: 'weekly' | 'absolute'; readonly at: number };

/**
 * Freezes in force in an environment at `now` (epoch milliseconds), the start included and the end not. Where a clock change makes an edge come twice, the freeze is the longer
 * of the two; an edge that the clock jumps over lies at the jump. Throws `invalid_config` for a freeze that cannot be read: a broken freeze must never mean that none is in force.
 */
export function freezesAt(freezes: readonly Freeze[], environment: string, now: number): readonly ActiveFreeze[] {
  return freezes
    .filter((freeze) => freeze.environments.some((each) => each === '*' || each === environment))
    .flatMap((freeze) => {
      const until = endOf(freeze, now);
      return until === undefined ? [] : [{ ...freeze, until }];
    });
}

/** What is wrong with a freeze; empty when it can be used. Paths are those of its members. */
export function freezeProblems(freeze: Pick<Freeze, 'zone' | 'from' | 'to'>): Problem[] {
  const problems: Problem[] = [];
  if (!isZone(freeze.zone))
    problems.push({ path: 'zone', message: `${freeze.zone} is not a time zone; write an IANA name such as Europe/Berlin, America/New_York or UTC` });
  const [from, to] = [edge(freeze.from), edge(freeze.to)];
  const hint = 'is not a time; write a local one such as Fri 16:00 or 2026-12-20T18:00, without an offset';
  if (from === undefined) problems.push({ path: 'from', message: hint });
  if (to === undefined) problems.push({ path: 'to', message: hint });
  if (from === undefined || to === undefined) return problems;
  if (from.kind !== to.kind) problems.push({ path: 'to', message: 'must be of the same form as from: both weekly (Fri 16:00) or both with a date' });
  else if (from.at === to.at) problems.push({ path: 'to', message: 'is the same time as from; a freeze needs some length' });
  else if (from.kind === 'absolute' && from.at > to.at) problems.push({ path: 'to', message: 'lies before from; swap them' });
  return problems;
}

/** A freeze in one line, for messages. */
export function freezeText(freeze: Freeze): string {
  return `${freeze.name} (${freeze.from} to ${freeze.to}, ${freeze.zone})`;
}

function endOf(freeze: Freeze, now: number): number | undefined {
  const problems = freezeProblems(freeze);
  const [from, to] = [edge(freeze.from), edge(freeze.to)];
  if (problems.length > 0 || from === undefined || to === undefined) {
    throw new NightshiftError('invalid_config', `The freeze ${freeze.name} cannot be read, so nothing is changed; run nightshift config check`, problems);
  }
  const clock = zoneClock(freeze.zone);
  return (from.kind === 'weekly' ? weeklyRanges(clock, from.at, to.at, now) : [range(clock, from.at, to.at)]).find(
    (each) => each.begin <= now && now < each.end,
  )?.end;
}

/** The weeks around now; three, as the wall's week and the range both may run over their ends. */
function weeklyRanges(clock: ZoneClock, from: number, to: number, now: number): { begin: number; end: number }[] {
  const wall = clock.wall(now);
  // Day 0 of the epoch was a Thursday, so Monday comes three days earlier in the count.
  const sinceMonday = (((wall + 3 * DAY_MS) % WEEK_MS) + WEEK_MS) % WEEK_MS;
  const monday = wall - sinceMonday;
  const length = to > from ? to - from : to - from + WEEK_MS;
  return [-WEEK_MS, 0, WEEK_MS].map((shift) => range(clock, monday + shift + from, monday + shift + from + length));
}

function range(clock: ZoneClock, from: number, to: number): { begin: number; end: number } {
  return { begin: clock.instants(from).first, end: clock.instants(to).last };
}

function edge(text: string): Edge | undefined {
  const weekly = WEEKLY.exec(text);
  if (weekly) return { kind: 'weekly', at: DAYS.indexOf((weekly[1] ?? '').toLowerCase()) * DAY_MS + clockMs(weekly[2], weekly[3]) };
  const absolute = ABSOLUTE.exec(text);
  if (absolute === null) return undefined;
  const day = Date.parse(`${absolute[1] ?? ''}T00:00:00Z`);
  // Date.parse takes 30 February for 2 March on some engines; written back, such a day differs.
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== absolute[1]) return undefined;
  return { kind: 'absolute', at: day + clockMs(absolute[2], absolute[3], absolute[4]) };
}

function clockMs(hours = '0', minutes = '0', seconds = '0'): number {
  return Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000;
}
