import { errorCode, NightshiftError } from '../errors';
import type { DayPage, PassOver } from './day-page';
import { filesOf, MANIFEST, manifestText } from './files';
import { CSV } from './series';

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

/** Writes the manifest, or finds it as it would be written. Throws `conflict` where rows of another width lie there: one training takes rows of one width. */
export async function claimTarget(target: ExportTarget, width: number): Promise<void> {
  const text = manifestText(width);
  const there = await target.get(MANIFEST);
  if (there === text) return;
  if (there !== undefined) {
    throw new NightshiftError(
      'conflict',
      `At ${target.name} lies an export with rows of another width than ${String(width)}; use that width, or another place.`,
    );
  }
  await target.put(MANIFEST, text, 'application/json');
}

/** Writes the files of some series of a day; returns how many. What was there under their keys is replaced by the same. What is `too_large` is passed over where `passOver` is told of it. */
export async function writePage(target: ExportTarget, { series }: DayPage, date: string, width: number, passOver?: PassOver): Promise<number> {
  let written = 0;
  for (let i = 0; i < series.length; i += AT_ONCE) {
    const files = series.slice(i, i + AT_ONCE).flatMap((each) => filesOf(each, date, width).map((file) => ({ ...file, of: each.series })));
    await Promise.all(
      files.map(async ({ key, text, of }) => {
        try {
          await target.put(key, text, CSV);
          written += 1;
        } catch (error) {
          if (errorCode(error) !== 'too_large' || !passOver) throw error;
          passOver(of, error);
        }
      }),
    );
  }
  return written;
}
