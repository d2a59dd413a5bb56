import { isZone, zoneClock } from '../local-time';
import type { ZoneClock } from '../local-time';

/** When a schedule begins, and for how long. */
export interface MuteSchedule {
  /** Length of each window, milliseconds. */
  readonly durationMs: number;
  /** Begin of the newest window at or before `now` that may still last, epoch milliseconds. */
  last(now: number): number | undefined;
  /** Begin of the first window after `now` and not after `until`. */
  next(now: number, until: number): number | undefined;
  /** Begins of the windows that last at any time of `from` to `to`, which is not part of it; ascending, the newest `most` of them. */
  within(from: number, to: number, most: number): readonly number[];
}

/** A schedule as CloudWatch tells it. */
export interface ToldSchedule {
  readonly expression: string;
  /** ISO 8601, such as `P2DT12H`. */
  readonly duration: string;
  /** IANA name; UTC when absent. */
  readonly timezone?: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const LONGEST_MS = 15 * DAY_MS;
/** No clock is set back by more; within this time a wall may show a later reading than now's that was there before. */
const SET_BACK_MS = 3 * 60 * MINUTE_MS;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/**
 * Reads `cron(Minutes Hours Day-of-month Month Day-of-week)` and `at(yyyy-MM-ddThh:mm)` with a duration, on the wall of a zone. Throws an Error that says why it cannot be read: what
 * CloudWatch does not document (`/`, weekdays by number, both kinds of day at once) is not guessed.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Schedule.html
 */
export function muteSchedule({ expression, duration, timezone = 'UTC' }: ToldSchedule): MuteSchedule {
  if (!isZone(timezone)) throw new Error(`"${timezone}" is not a time zone that is known here`);
  const durationMs = durationOf(duration);
  const clock = zoneClock(timezone);
  const [, kind, inside = ''] = /^(cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'at') return once(clock.instants(readingOf(inside.trim())).first, durationMs);
  if (kind === 'cron') return recurring(clock, fieldsOf(inside.trim()), durationMs);
  throw new Error(`the schedule "${expression}" is neither cron(…) nor at(…)`);
}

function durationOf(text: string): number {
  const [whole, weeks, days, hours, minutes] = /^P(?=.)(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?=.)(?:(\d{1,4})H)?(?:(\d{1,6})M)?)?$/.exec(text.trim()) ?? [];
  const ms = Number(weeks ?? 0) * 7 * DAY_MS + Number(days ?? 0) * DAY_MS + (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE_MS;
  if (whole === undefined || ms < MINUTE_MS || ms > LONGEST_MS) throw new Error(`the duration "${text}" is none from PT1M to P15D`);
  return ms;
}

function readingOf(text: string): number {
  const [whole] = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/.exec(text) ?? [];
  const at = whole === undefined ? NaN : Date.parse(`${whole}Z`);
  // Date.parse takes 30 February for 2 March on some engines; written back, such a day differs.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, text.length) !== text) throw new Error(`"${text}" is no time such as 2026-05-10T14:00`);
  return at;
}

function once(begin: number, durationMs: number): MuteSchedule {
  return {
    durationMs,
    last: (now) => (begin <= now && now < begin + durationMs ? begin : undefined),
    next: (now, until) => (begin > now && begin <= until ? begin : undefined),
    within: (from, to) => (begin < to && begin + durationMs > from ? [begin] : []),
  };
}

interface Fields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
}

function fieldsOf(text: string): Fields {
  const [minutes = '', hours = '', days = '', months = '', weekdays = '', ...more] = text.split(/\s+/);
  if (weekdays === '' || more.length > 0) throw new Error(`cron(${text}) does not have five fields`);
  if (days !== '*' && weekdays !== '*') throw new Error('a day of the month and a day of the week together can be meant in two ways');
  if (/\d/.test(weekdays)) throw new Error('numbers of weekdays can be meant in two ways; write SUN to SAT');
  return {
    minutes: valuesOf(minutes, 0, 59),
    hours: valuesOf(hours, 0, 23),
    days: new Set(valuesOf(days, 1, 31)),
    months: new Set(valuesOf(months, 1, 12, MONTHS)),
    weekdays: new Set(valuesOf(weekdays, 0, 6, WEEKDAYS)),
  };
}

/** Values of a field, ascending: `*`, or numbers, names and ranges with commas between them. A range of names may run over the end of the week or the year. */
function valuesOf(field: string, least: number, most: number, names: readonly string[] = []): readonly number[] {
  const all = Array.from({ length: most - least + 1 }, (_none, i) => least + i);
  const found = field.split(',').flatMap((part) => {
    if (part === '*') return all;
    const [from = '', to = from, ...more] = part.split('-');
    const [first, last] = [valueOf(from), valueOf(to)];
    if (first === undefined || last === undefined || more.length > 0) throw new Error(`"${field}" is no field of cron that is known here`);
    return all.filter((value) => (first <= last ? value >= first && value <= last : value >= first || value <= last));
  });
  return [...new Set(found)].sort((a, b) => a - b);

  function valueOf(text: string): number | undefined {
    const named = names.indexOf(text.toUpperCase());
    const value = named >= 0 ? named + least : /^\d{1,2}$/.test(text) ? Number(text) : NaN;
    return value >= least && value <= most ? value : undefined;
  }
}

function recurring(clock: ZoneClock, fields: Fields, durationMs: number): MuteSchedule {
  return {
    durationMs,
    last(now) {
      const wall = clock.wall(now);
      for (const reading of readingsBefore(fields, wall + SET_BACK_MS, wall - durationMs - SET_BACK_MS)) {
        const begin = clock.instants(reading).first;
        if (begin <= now) return now < begin + durationMs ? begin : undefined;
      }
      return undefined;
    },
    next(now, until) {
      const wall = clock.wall(now);
      // The oldest that is not over yet stands last.
      let first: number | undefined;
      for (const reading of readingsBefore(fields, wall + (until - now) + SET_BACK_MS, wall - SET_BACK_MS)) {
        const begin = clock.instants(reading).first;
        if (begin > now && begin <= until) first = Math.min(begin, first ?? begin);
      }
      return first;
    },
    within(from, to, most) {
      const begins = new Set<number>();
      for (const reading of readingsBefore(fields, clock.wall(to) + SET_BACK_MS, clock.wall(from) - durationMs - SET_BACK_MS)) {
        const begin = clock.instants(reading).first;
        if (begin < to && begin + durationMs > from) begins.add(begin);
        if (begins.size >= most) break;
      }
      return [...begins].sort((a, b) => a - b);
    },
  };
}

/** Readings of the wall that fit, from `latest` down to `earliest`. */
function* readingsBefore({ minutes, hours, days, months, weekdays }: Fields, latest: number, earliest: number): Generator<number> {
  for (let day = Math.floor(latest / DAY_MS) * DAY_MS; day > earliest - DAY_MS; day -= DAY_MS) {
    const date = new Date(day);
    if (!days.has(date.getUTCDate()) || !months.has(date.getUTCMonth() + 1) || !weekdays.has(date.getUTCDay())) continue;
    for (const hour of hours.toReversed()) {
      for (const minute of minutes.toReversed()) {
        const reading = day + (hour * 60 + minute) * MINUTE_MS;
        if (reading <= latest && reading >= earliest) yield reading;
      }
    }
  }
}
