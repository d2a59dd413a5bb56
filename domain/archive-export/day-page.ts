import { errorCode } from '../errors';
import type { ExportedPoint, ExportedSeries, SeriesDay } from './series';
import { dayBounds } from './series';

/** A series with its number, and the times of its first and its last point. */
type Numbered = ExportedSeries & { readonly id: number; readonly counts: { readonly first: number; readonly last: number } };

/** Reads series in the order of their numbers, and their points. */
export interface DayReader {
  series(filter: { readonly after: number; readonly receivedSince: number; readonly limit: number }): Promise<readonly Numbered[]>;
  /** Throws `too_large`. */
  read(series: readonly number[], from: number, to: number): Promise<ReadonlyMap<number, readonly ExportedPoint[]>>;
}

/** Told of a series that is left out, and why. */
export type PassOver = (series: ExportedSeries, error: unknown) => void;

/** Some of what was measured on a day. */
export interface DayPage {
  readonly series: readonly SeriesDay[];
  /** Number of the last series that was looked at, where there may be more. */
  readonly next?: number;
}

const MOST_SERIES = 200;
/** A page ends when it has so many points. */
const MOST_POINTS = 50_000;
/** Read at once: with a point each second about 860,000, which is less than a reader gives. */
const AT_ONCE = 10;

/** The series after a number that have points on a day, with these. A series that by itself has too many points is passed over where `passOver` is told of it; without it `too_large` is thrown. */
export async function dayPage(reader: DayReader, date: string, after: number, passOver?: PassOver): Promise<DayPage> {
  const { from, to } = dayBounds(date);
  const found = await reader.series({ after, receivedSince: from, limit: MOST_SERIES });
  const days: SeriesDay[] = [];
  let points = 0;
  let looked = 0;
  while (looked < found.length && points < MOST_POINTS) {
    const some = found.slice(looked, looked + AT_ONCE);
    looked += some.length;
    const there = some.filter(({ counts }) => counts.first <= to && counts.last >= from);
    for (const day of await readSome(reader, there, { from, to }, passOver)) {
      days.push(day);
      points += day.points.length;
    }
  }
  const more = looked < found.length || found.length === MOST_SERIES;
  const next = found[looked - 1]?.id;
  return { series: days, ...(more && next !== undefined && { next }) };
}

type Bounds = ReturnType<typeof dayBounds>;

async function readSome(reader: DayReader, series: readonly Numbered[], { from, to }: Bounds, passOver: PassOver | undefined): Promise<readonly SeriesDay[]> {
  if (series.length === 0) return [];
  const ids = series.map(({ id }) => id);
  const alone = (each: Numbered): Promise<ReadonlyMap<number, readonly ExportedPoint[]>> =>
    reader.read([each.id], from, to).catch((error: unknown) => {
      if (errorCode(error) !== 'too_large' || !passOver) throw error;
      passOver(exported(each), error);
      return new Map<number, readonly ExportedPoint[]>();
    });
  const read = await reader.read(ids, from, to).catch(async (error: unknown) => {
    if (errorCode(error) !== 'too_large') throw error;
    const each = await Promise.all(series.map(alone));
    return new Map(each.flatMap((one) => [...one]));
  });
  return series.flatMap((each) => {
    const points = read.get(each.id) ?? [];
    return points.length === 0 ? [] : [{ series: exported(each), points }];
  });
}

function exported({ source, environment, service, metric, kind, unit, labels }: Numbered): ExportedSeries {
  return { source, environment, service, metric, kind, ...(unit !== undefined && { unit }), labels };
}
