import type { Measure } from './measures';
import { byMeasure, kindOfMeasure } from './measures';

/** The measures of one service in one row, as they are judged. */
export interface MeasureRow {
  /** End of the row, epoch milliseconds. */
  readonly at: number;
  readonly measures: readonly Measure[];
}

/** Whether anything was measured in it. */
export function isMeasured({ measures }: MeasureRow): boolean {
  return measures.some(({ value }) => value !== null);
}

/** Measures whose rows weigh as much as requests were in them. */
const WEIGHED: readonly string[] = ['errorShare', 'latencyP95Ms'];

/**
 * Rows of `rowMs` made of shorter ones (oldest first), only those that something is known of: the mean of each measure, of error share and latency by the rate of each row, and the highest of a resource. A mean of
 * 95th percentiles is not the percentile of all, but rises and falls with it.
 */
export function coarserRows(rows: readonly MeasureRow[], rowMs: number): readonly MeasureRow[] {
  const groups = new Map<number, MeasureRow[]>();
  for (const row of rows) {
    const end = Math.ceil(row.at / rowMs) * rowMs;
    const group = groups.get(end);
    if (group) group.push(row);
    else groups.set(end, [row]);
  }
  return [...groups].map(([at, group]) => ({ at, measures: together(group) }));
}

function together(rows: readonly MeasureRow[]): readonly Measure[] {
  const names = new Set(rows.flatMap(({ measures }) => measures.map(({ name }) => name)));
  return [...names].sort(byMeasure).map((name) => ({ name, kind: kindOfMeasure(name), value: valueOf(name, rows) }));
}

function valueOf(name: string, rows: readonly MeasureRow[]): number | null {
  const known = rows.flatMap(({ measures }) => {
    const value = measures.find((each) => each.name === name)?.value ?? null;
    const rate = measures.find((each) => each.name === 'rate')?.value ?? 1;
    return value === null ? [] : [{ value, weight: WEIGHED.includes(name) ? rate : 1 }];
  });
  if (known.length === 0) return null;
  if (kindOfMeasure(name) === 'saturation') return Math.max(...known.map(({ value }) => value));
  const weights = known.reduce((sum, { weight }) => sum + weight, 0);
  // Without a request there is nothing to weigh by.
  return known.reduce((sum, { value, weight }) => sum + value * (weights > 0 ? weight / weights : 1 / known.length), 0);
}
