/** A zone's clock on the wall, by Intl only. Wall times are written as the epoch milliseconds that the same reading would have in UTC. */
export interface ZoneClock {
  /** What the wall shows at an instant (epoch milliseconds). */
  wall(at: number): number;
  /** First and last instant at which the wall shows a reading; a reading that the clock jumps over gives the instant of the jump twice. */
  instants(reading: number): { readonly first: number; readonly last: number };
}

/** Longer than any time by which a zone has ever moved its clock, dateline changes included. */
const REACH_MS = 36 * 3_600_000;

/** True for a name that this machine's zone data knows. */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: zone }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}

/** The clock of an IANA zone. Throws RangeError when the zone is unknown. */
export function zoneClock(zone: string): ZoneClock {
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', calendar: 'gregory', numberingSystem: 'latn', ...numeric });
  const wall = (at: number): number => {
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) + (((at % 1000) + 1000) % 1000);
  };
  return { wall, instants: (reading) => instantsOf(wall, reading) };
}

function instantsOf(wall: (at: number) => number, reading: number): { first: number; last: number } {
  const offsets = [reading - REACH_MS, reading + REACH_MS].map((at) => wall(at) - at);
  const candidates = offsets.map((offset) => reading - offset).sort((a, b) => a - b);
  const first = candidates[0] ?? reading;
  const last = candidates.at(-1) ?? reading;
  const exact = [first, last].filter((at) => wall(at) === reading);
  if (exact.length > 0) return { first: exact[0] ?? first, last: exact.at(-1) ?? last };
  const jump = firstAtOrAfter(wall, reading, first, last);
  return { first: jump, last: jump };
}

/** The instant between two at which the wall first shows a reading or a later one. */
function firstAtOrAfter(wall: (at: number) => number, reading: number, from: number, to: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (wall(middle) >= reading) high = middle;
    else low = middle + 1;
  }
  return high;
}
