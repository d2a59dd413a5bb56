import { createHash } from 'node:crypto';
import { seriesIdentity } from '../series-batch';
import type { MetricPoint } from '../telemetry';

/** Kinds of series. */
export const KINDS = ['gauge', 'counter', 'delta', 'histogram'] as const satisfies readonly MetricPoint['kind'][];

/** A series as it is exported. */
export type ExportedSeries = Omit<MetricPoint, 'at' | 'value' | 'histogram'>;

/** A point of it. */
export interface ExportedPoint {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly value: number;
  readonly histogram?: MetricPoint['histogram'];
}

/** What a series measured on one day. */
export interface SeriesDay {
  readonly series: ExportedSeries;
  /** Oldest first. */
  readonly points: readonly ExportedPoint[];
}

/** A text under a key. */
export interface ExportFile {
  readonly key: string;
  readonly text: string;
}

/** Media type of the files. */
export const CSV = 'text/csv';
/** Keys of what RCF trains on begin so, and nothing else's do. */
export const TRAINING = 'points/';
/** Keys of points with their times and names begin so. */
export const ARCHIVED = 'archive/';

const DAY_MS = 86_400_000;

/** Key of a series' file of one day (`YYYY-MM-DD`): always the same for the same series; `variant` tells files of one series apart. Names are percent-encoded, as `/` would begin a folder. */
export function fileKey(form: string, series: ExportedSeries, date: string, variant = ''): string {
  const { environment, service, metric } = series;
  const part = createHash('sha256')
    .update(seriesIdentity(series) + variant)
    .digest('hex')
    .slice(0, 16);
  const folder = Object.entries({ environment, service, metric, date }).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${form}${folder.join('/')}/part-${part}.csv`;
}

/** Day in UTC of a time (epoch milliseconds), as `YYYY-MM-DD`. */
export function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Whether a text is a day that there is, as `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00.000Z`);
  return !Number.isNaN(at) && dateOf(at) === text;
}

/** First and last millisecond of a day. */
export function dayBounds(date: string): { readonly from: number; readonly to: number } {
  const from = Date.parse(`${date}T00:00:00.000Z`);
  return { from, to: from + DAY_MS - 1 };
}

/** The day after. */
export function nextDate(date: string): string {
  return dateOf(dayBounds(date).from + DAY_MS);
}
