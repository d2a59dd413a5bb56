import type { SeriesHistory } from './history';
import type { Finding } from './mark';

/** So many equal values at least. */
const LEAST_EQUAL = 10;
/** So many values before them, to know how often it changes. */
const LEAST_BEFORE = 20;
/** A stretch without a change that is likelier than this by chance is none. */
const CHANCE = 1e-6;

/**
 * Whether a value that used to vary has stopped: that it stays the same for so long has less than one chance in a million, going by how often it changed before. A counter that
 * does not grow is idle, and so is a gauge or a delta that rests at zero: neither is stuck.
 */
export function findStuck({ kind, points }: SeriesHistory): Finding | undefined {
  const last = points.at(-1);
  if (!last || last.value === 0 || kind === 'counter' || kind === 'histogram') return undefined;
  const changed = points.findLastIndex(({ value }) => value !== last.value);
  const equal = points.length - 1 - changed;
  if (changed + 1 < LEAST_BEFORE || equal < LEAST_EQUAL) return undefined;
  const changes = points.slice(1, changed + 2).filter(({ value }, i) => value !== points[i]?.value).length;
  // Laplace's rule of succession, so that one that has always changed is not certain to change.
  const chance = (1 - (changes + 1) / (changed + 3)) ** (equal - 1);
  if (chance >= CHANCE) return undefined;
  const share = Math.round((100 * changes) / (changed + 1));
  return {
    rule: 'stuck',
    since: points[changed + 1]?.at ?? last.at,
    severity: 'error',
    detail: `The last ${equal} values are all ${last.value}; before, ${share} % of them differed from the one before.`,
  };
}
