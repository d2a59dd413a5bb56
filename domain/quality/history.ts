import { median } from '../quantile';
import type { MetricPoint } from '../telemetry';

/** What the rules look at of one series. Times are epoch milliseconds. */
export interface SeriesHistory {
  readonly kind: MetricPoint['kind'];
  /** Recent points, oldest first, each time once. */
  readonly points: readonly { readonly at: number; readonly value: number }[];
  /** Expected time between two points, milliseconds, where it is declared; else it is learned. */
  readonly everyMs?: number;
  /** When a point last came, and how much later than its own time the newest of that message came (milliseconds; negative when ahead). */
  readonly receivedAt: number;
  readonly lagMs: number;
  /** Points in all whose time was after their arrival. */
  readonly ahead: number;
  /** Series of the same metric and labels in other units. */
  readonly unitChanges: number;
  readonly unit?: string;
  readonly createdAt: number;
}

/** Fewer pauses than this say nothing about what is usual. */
const LEAST_PAUSES = 5;

/** Usual time between two points, milliseconds: as declared, else the median of the pauses; undefined where there are too few. */
export function usualPause({ everyMs, points }: Pick<SeriesHistory, 'everyMs' | 'points'>): number | undefined {
  if (everyMs !== undefined) return everyMs;
  const pauses = points.slice(1).map(({ at }, i) => at - (points[i]?.at ?? at));
  return pauses.length < LEAST_PAUSES ? undefined : median(pauses);
}
