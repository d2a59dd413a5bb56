import type { SeriesGroup } from './series-batch';
import type { MetricPoint } from './telemetry';

/** A point as it is stored; `histogram` is its JSON. */
export interface StoredPoint {
  readonly at: number;
  readonly value: number;
  readonly histogram: string | null;
}

/** What becomes of one series' points of a message. */
export interface Placed {
  readonly added: readonly StoredPoint[];
  readonly corrected: readonly StoredPoint[];
  readonly duplicates: number;
  /** Of those added. */
  readonly late: number;
}

/**
 * Sets points against what is stored at the same times. The one told last counts. Late is what is older than the newest that was there by more than `lateAfterMs`; what is
 * stored ahead of the clock does not make others late, nor can a series that just begins have late ones.
 */
export function placePoints(
  group: SeriesGroup,
  stored: ReadonlyMap<number, Omit<StoredPoint, 'at'>>,
  { last, receivedAt, lateAfterMs }: { readonly last: number | null; readonly receivedAt: number; readonly lateAfterMs: number },
): Placed {
  const lateBefore = last === null ? -Infinity : Math.min(last, receivedAt) - lateAfterMs;
  const added: StoredPoint[] = [];
  const corrected: StoredPoint[] = [];
  let late = 0;
  for (const [at, point] of group.points) {
    const histogram = histogramOf(point);
    const old = stored.get(at);
    if (!old) {
      added.push({ at, value: point.value, histogram });
      if (at < lateBefore) late += 1;
    } else if (old.value !== point.value || old.histogram !== histogram) corrected.push({ at, value: point.value, histogram });
  }
  return { added, corrected, late, duplicates: group.told - added.length - corrected.length };
}

function histogramOf({ histogram }: MetricPoint): string | null {
  return histogram ? JSON.stringify(histogram) : null;
}
