import { z } from 'zod';
import { canonicalJson } from '../canonical-json';
import { NightshiftError } from '../errors';
import { defined } from '../defined';
import { KINDS } from './series';
import type { ExportedPoint, ExportedSeries, SeriesDay } from './series';

const HEAD = ['timestamp', 'value'] as const;
const INFINITE = 'inf';

const identity = z.strictObject({
  source: z.string(),
  environment: z.string(),
  service: z.string(),
  metric: z.string(),
  kind: z.enum(KINDS),
  unit: z.string().optional(),
  labels: z.record(z.string(), z.string()),
});

/**
 * Points with their times as CSV: a comment with the series as JSON, a line of names, and a row for each point. Those of a histogram with the same bounds have how many were observed in
 * all, and how many lie at or below each bound. `nightshift detect` and `nightshift forecast` read it too.
 */
export function archivedText({ series, points }: SeriesDay): string {
  const bounds = points[0]?.histogram?.le;
  const names = bounds ? [...HEAD, 'count', ...bounds.map((bound) => (bound === null ? INFINITE : String(bound)))] : HEAD;
  const rows = points.map(({ at, value, histogram }) => {
    const cells = [new Date(at).toISOString(), value, ...(histogram ? [histogram.count, ...histogram.counts] : [])];
    return cells.join(',');
  });
  return [`# ${canonicalJson(series)}`, names.join(','), ...rows, ''].join('\n');
}

/** Reads such a text. Throws `invalid_input` with its name and the line that cannot be read. */
export function readArchived(text: string, name: string): SeriesDay {
  const [comment = '', head = '', ...rows] = text.split('\n');
  const fail = (line: number, what: string): never => {
    throw new NightshiftError('invalid_input', `${name} is no exported archive: line ${String(line)} ${what}.`);
  };
  const series = seriesOf(comment) ?? fail(1, 'does not name a series');
  const [first, second, ...more] = head.split(',');
  if (first !== HEAD[0] || second !== HEAD[1] || (more.length > 0 && more[0] !== 'count')) fail(2, `must begin with ${HEAD.join(',')}`);
  const le = more.slice(1).map((bound) => (bound === INFINITE ? null : Number(bound)));
  const points = rows.flatMap((row, i) => (row === '' ? [] : [pointOf(row, le, more.length > 0) ?? fail(i + 3, 'cannot be read')]));
  return { series, points };
}

function seriesOf(comment: string): ExportedSeries | undefined {
  try {
    const { data } = identity.safeParse(JSON.parse(comment.replace(/^# /, '')));
    return data && defined(data);
  } catch {
    return undefined;
  }
}

function pointOf(row: string, le: readonly (number | null)[], histogram: boolean): ExportedPoint | undefined {
  const [time = '', ...cells] = row.split(',');
  const at = Date.parse(time);
  const [value = NaN, count = NaN, ...counts] = cells.map((cell) => (cell === '' ? NaN : Number(cell)));
  if (Number.isNaN(at) || !Number.isFinite(value) || cells.length !== (histogram ? 2 + le.length : 1)) return undefined;
  if (!histogram) return { at, value };
  return [count, ...counts].every(Number.isFinite) ? { at, value, histogram: { count, le, counts } } : undefined;
}
