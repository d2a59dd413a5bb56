import { zoneClock } from '../../local-time';

/** Times of a report by the clock of its zone. */
export interface ReportClock {
  /** `Mon 12 Oct 21:57`. */
  moment(at: string | number): string;
  /** `21:57`. */
  time(at: string | number): string;
  /** `Mon 12`. */
  day(at: number): string;
  /** Hours of the day on the wall, 0 to below 24. */
  hour(at: number): number;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The clock of a zone, which must exist. */
export function reportClock(zone: string): ReportClock {
  const clock = zoneClock(zone);
  const read = (at: string | number): Date => new Date(clock.wall(typeof at === 'number' ? at : Date.parse(at)));
  const time = (at: string | number): string => read(at).toISOString().slice(11, 16);
  const day = (at: string | number): string => `${DAYS[read(at).getUTCDay()] ?? ''} ${String(read(at).getUTCDate())}`;
  return {
    time,
    day,
    moment: (at) => `${day(at)} ${MONTHS[read(at).getUTCMonth()] ?? ''} ${time(at)}`,
    hour: (at) => read(at).getUTCHours() + read(at).getUTCMinutes() / 60,
  };
}
