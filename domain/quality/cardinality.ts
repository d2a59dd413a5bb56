import { median } from '../quantile';
import type { Finding } from './mark';

const HOUR_MS = 3_600_000;
/** Fewer new series in an hour are no explosion, whatever was usual. */
const LEAST_NEW = 50;
/** So many times the usual number of new series in an hour is one. */
const TIMES = 5;
/** Hours before, over which the usual number is learned. */
const HOURS = 24;
/** How many hours there must have been: what is new itself brings all its series at once. */
const LEAST_HOURS = 2;

/**
 * Whether the series of one metric multiply: in the last hour far more new ones began than in an hour before (the median of up to a day) and than there were. `began` are the
 * times at which its series began, epoch milliseconds, in any order.
 */
export function findExplosion(began: readonly number[], now: number): Finding | undefined {
  const first = Math.min(...began);
  const hours = Math.min(HOURS, Math.floor((now - first) / HOUR_MS) - 1);
  const fresh = began.filter((at) => at > now - HOUR_MS);
  if (hours < LEAST_HOURS || fresh.length < LEAST_NEW) return undefined;
  const counts = Array.from({ length: hours }, () => 0);
  for (const at of began) {
    const hour = Math.ceil((now - at) / HOUR_MS) - 2;
    if (counts[hour] !== undefined) counts[hour] += 1;
  }
  const usual = median(counts);
  // Restarts bring the same number of new series again; an explosion outgrows all that there was.
  if (fresh.length < TIMES * Math.max(1, usual) || fresh.length <= began.length - fresh.length) return undefined;
  const detail = `${fresh.length} new series began within an hour; ${usual} is usual, and there were ${began.length - fresh.length} before. Is a label different for each request?`;
  return { rule: 'cardinality', since: Math.min(...fresh), severity: 'error', detail };
}
