import { formatDuration } from '../duration';
import { usualPause } from './history';
import type { SeriesHistory } from './history';
import type { Finding } from './mark';

/** Clocks of machines differ by so much without harm, milliseconds. */
const AHEAD_MS = 5000;
/** So late is late, milliseconds, and in usual pauses: who tells every five minutes may be five minutes late. */
const BEHIND_MS = 300_000;
const BEHIND_PAUSES = 3;

/** Whether the times of a series are not those of our clock: its points are ahead of their arrival, or constantly behind it although they keep coming. */
export function findClockSkew(history: SeriesHistory, now: number): Finding | undefined {
  const { lagMs, receivedAt, points, ahead } = history;
  const newest = points.at(-1)?.at;
  if (lagMs < -AHEAD_MS || (newest !== undefined && newest > now + AHEAD_MS)) {
    const by = formatDuration(wholeSeconds(Math.max(-lagMs, (newest ?? now) - now)));
    const detail = `Its times are ahead of ours by ${by} (${ahead} points so far): the clock of its sender is wrong, or its times are in another zone.`;
    return { rule: 'clock-skew', since: firstAhead(points, now) ?? receivedAt, severity: 'error', detail };
  }
  const behind = Math.max(BEHIND_MS, BEHIND_PAUSES * (usualPause(history) ?? 0));
  // One that has stopped is a gap, whatever its last delay was.
  if (lagMs <= behind || now - receivedAt > behind) return undefined;
  const detail = `Its points come ${formatDuration(wholeSeconds(lagMs))} after their time: the clock of its sender is behind, or something holds them back.`;
  return { rule: 'clock-skew', since: receivedAt, severity: 'warning', detail };
}

function firstAhead(points: SeriesHistory['points'], now: number): number | undefined {
  const at = points.find((point) => point.at > now)?.at;
  return at === undefined ? undefined : Math.min(at, now);
}

function wholeSeconds(ms: number): number {
  return Math.max(1000, Math.round(ms / 1000) * 1000);
}
