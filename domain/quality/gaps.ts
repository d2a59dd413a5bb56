import { formatDuration } from '../duration';
import { usualPause } from './history';
import type { SeriesHistory } from './history';
import type { Finding } from './mark';

/** A pause is a gap when it is longer than so many usual ones. */
const PAUSES = 3;
/** Readings that come every second may well be late by some. */
const LEAST_GAP_MS = 10_000;
/** A gap that has ended is told for so long, milliseconds. */
const TOLD_MS = 3_600_000;

/** Whether points are missing: the last one is too long ago (since then), or there was a longer pause within the last hour. Deltas may pause, as nothing happened. */
export function findGap(history: SeriesHistory, now: number): Finding | undefined {
  const usual = usualPause(history);
  const last = history.points.at(-1)?.at;
  // Who counts what happened need not tell that nothing did.
  if (usual === undefined || last === undefined || (history.kind === 'delta' && history.everyMs === undefined)) return undefined;
  const longest = Math.max(PAUSES * usual, LEAST_GAP_MS);
  // What comes minutes after its time does so with every point; that is another rule's.
  const silent = now - last - Math.max(0, history.lagMs);
  const every = `a point every ${inWords(usual)}`;
  if (silent > longest) return { rule: 'gap', since: last, severity: 'error', detail: `No point for ${inWords(silent)}; it has ${every} as a rule.` };
  const { points } = history;
  const end = points.findLastIndex(({ at }, i) => i > 0 && at > now - TOLD_MS && at - (points[i - 1]?.at ?? at) > longest);
  const [before, after] = [points[end - 1]?.at, points[end]?.at];
  if (before === undefined || after === undefined) return undefined;
  const detail = `No point for ${inWords(after - before)} until ${new Date(after).toISOString()}; it has ${every} as a rule.`;
  return { rule: 'gap', since: before, severity: 'warning', detail };
}

function inWords(ms: number): string {
  return formatDuration(Math.max(1000, Math.round(ms / 1000) * 1000));
}
