import { errorCode, NightshiftError } from '../errors';
import type { DayPage } from './day-page';
import { filesOf, MANIFEST, manifestText } from './files';
import { measureFile, MEASURES_MANIFEST, measuresManifest } from './measure-day';
import type { MeasurePage } from './measure-day';
import { CSV } from './series';
import type { ExportFile } from './series';

/** Where files are written. */
export interface ExportTarget {
  /** For people: a folder, or `s3://bucket/prefix`. */
  readonly name: string;
  /** Throws `too_large` where it takes no key so long. */
  put(key: string, text: string, mediaType: string): Promise<void>;
  /** Undefined where there is none. */
  get(key: string): Promise<string | undefined>;
}

/** Series whose files are made and on their way at once: making them takes some milliseconds each, in which nothing else runs. */
const AT_ONCE = 4;

/** Told of what is left out, and why. */
export type LeftOut<T> = (of: T, error: unknown) => void;

/** Writes the manifest, or finds it as it would be written. Throws `conflict` where rows of another width lie there: one training takes rows of one width. */
export function claimTarget(target: ExportTarget, width: number): Promise<void> {
  return claim(target, width, MANIFEST, manifestText(width));
}

/** The same for measures, whose rows may be of another width. */
export function claimMeasures(target: ExportTarget, width: number): Promise<void> {
  return claim(target, width, MEASURES_MANIFEST, measuresManifest(width));
}

async function claim(target: ExportTarget, width: number, key: string, text: string): Promise<void> {
  const there = await target.get(key);
  if (there === text) return;
  if (there !== undefined) {
    throw new NightshiftError(
      'conflict',
      `At ${target.name} lies an export with rows of another width than ${String(width)}; use that width, or another place.`,
    );
  }
  await target.put(key, text, 'application/json');
}

/** Writes the files of some series of a day; returns how many. What was there under their keys is replaced by the same. What is `too_large` is passed over where `leftOut` is told of it. */
export function writePage(
  target: ExportTarget,
  { series }: DayPage,
  date: string,
  width: number,
  leftOut?: LeftOut<DayPage['series'][number]['series']>,
): Promise<number> {
  return writeAll(target, series, (each) => filesOf(each, date, width), leftOut && ((each, error) => leftOut(each.series, error)));
}

/** The same of some measures. */
export function writeMeasures(
  target: ExportTarget,
  { measures }: MeasurePage,
  date: string,
  width: number,
  leftOut?: LeftOut<MeasurePage['measures'][number]>,
): Promise<number> {
  return writeAll(target, measures, (each) => measureFile(each, date, width), leftOut);
}

async function writeAll<T>(
  target: ExportTarget,
  all: readonly T[],
  files: (each: T) => readonly ExportFile[],
  leftOut: LeftOut<T> | undefined,
): Promise<number> {
  let written = 0;
  for (let i = 0; i < all.length; i += AT_ONCE) {
    const some = all.slice(i, i + AT_ONCE).flatMap((each) => files(each).map((file) => ({ ...file, of: each })));
    await Promise.all(
      some.map(async ({ key, text, of }) => {
        try {
          await target.put(key, text, CSV);
          written += 1;
        } catch (error) {
          if (errorCode(error) !== 'too_large' || !leftOut) throw error;
          leftOut(of, error);
        }
      }),
    );
  }
  return written;
}
