const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in milliseconds as people say it, in at most two units: `850 ms`, `12 s`, `3 m 20 s`, `2 h`, `3 d 4 h`. Negative lengths read as 0. */
export function humanDuration(ms: number): string {
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return twoUnits(ms, MINUTE, 'm', SECOND, 's');
  if (ms < DAY) return twoUnits(ms, HOUR, 'h', MINUTE, 'm');
  return twoUnits(ms, DAY, 'd', HOUR, 'h');
}

/** How long ago, or in how long, a time is, seen from `now` (epoch milliseconds): `3 m ago`, `in 2 h`, `just now`. Takes ISO 8601 or epoch milliseconds. */
export function relativeTime(time: string | number, now: number): string {
  const at = typeof time === 'number' ? time : Date.parse(time);
  if (Number.isNaN(at)) return 'at an unknown time';
  const distance = now - at;
  if (Math.abs(distance) < SECOND) return 'just now';
  return distance > 0 ? `${humanDuration(distance)} ago` : `in ${humanDuration(-distance)}`;
}

/** A time as `2026-11-20 14:03:22 UTC`. Takes ISO 8601 or epoch milliseconds; text that is no time comes back as `unknown time`. */
export function utcTime(time: string | number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'unknown time' : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function twoUnits(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % big) / small);
  const whole = `${Math.floor(ms / big)} ${bigName}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
}
