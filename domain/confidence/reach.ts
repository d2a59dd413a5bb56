import type { ConfidenceRecord } from './record';
import { leftAfter } from './settings';
import type { Track } from './track';

/** Outcomes that must be able to count at once for a gate of 0.95 to be counted on: 9 of 10 runbooks that truly recover 99 % have it by then or soon after. */
export const ENOUGH_OUTCOMES = 300;
const MOST = 2000;

/** How far a level is away. */
export interface Reach {
  /** More recoveries in a row, at the pace so far, until it is proven; 0 where it is, undefined where decay is faster. */
  readonly recoveries: number | undefined;
  /** The same if nothing faded; undefined beyond 2,000. */
  readonly undecayed: number | undefined;
  /** Outcomes that count at once in the long run at the pace so far; undefined while no pace is known. */
  readonly capacity: number | undefined;
  /** Outcomes that a version has seen on average; undefined before the third. */
  readonly perVersion: number | undefined;
}

/** How far a record's service is from a level: by itself, or with like services whose record has it already. */
export function reachOf(record: ConfidenceRecord, level: number, now: number): Reach {
  const { own, pool, settings } = record;
  const lent = record.likeServices > 0 && own.start.why !== 'harm' && own.start.why !== 'fall' && pool.proves(level, now);
  const target = lent ? Math.min(level, settings.ownFloor) : level;
  const gap = paceOf(own, now);
  const left = gap === undefined ? 1 : leftAfter(gap, settings.halfLifeMs);
  return {
    recoveries: unbroken(own, target, now, left),
    undecayed: unbroken(own, target, now, 1),
    perVersion: own.versions < 3 ? undefined : own.outcomes / own.versions,
    capacity: gap === undefined ? undefined : left === 1 ? Infinity : 1 / (1 - left),
  };
}

/** Mean time between outcomes so far, in milliseconds; undefined with fewer than two. */
function paceOf(track: Track, now: number): number | undefined {
  if (track.outcomes < 2 || track.firstAt === undefined || now <= track.firstAt) return undefined;
  return (now - track.firstAt) / track.outcomes;
}

function unbroken(track: Track, level: number, now: number, left: number): number | undefined {
  const trial = track.wagerOn(level, now);
  for (let n = 0; n <= MOST; n += 1) {
    if (trial.proves(level, track.risk)) return n;
    trial.add(true, 1, left);
  }
  return undefined;
}
