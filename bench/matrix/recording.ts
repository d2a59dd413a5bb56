import { gunzipSync, gzipSync } from 'node:zlib';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage, NightshiftError } from '../../domain/errors';
import type { LogLine, Sample } from '../../domain/metrics';

/** Of which make a recording is. */
const FORMAT = 1;
const ENDING = '.jsonl.gz';

/** Something that was done to the service or to the recorder, at a time (epoch milliseconds). */
export interface RecordedEvent {
  readonly at: number;
  readonly what: string;
}

/** What a recording is of: first line of its file. Times are epoch milliseconds. */
export interface RecordingHead {
  readonly name: string;
  /** Name of the fault; null where nothing went wrong. */
  readonly fault: string | null;
  readonly about: string;
  /** When the fault was brought about; null where none was. */
  readonly onset: number | null;
  readonly from: number;
  readonly to: number;
  readonly events: readonly RecordedEvent[];
  /** What customers saw: requests, and those that failed. */
  readonly customers: { readonly requests: number; readonly failed: number };
}

/** Scrapes and log lines of a service, in order of time. */
export interface Recording {
  readonly head: RecordingHead;
  readonly samples: readonly Sample[];
  readonly lines: readonly LogLine[];
}

type Row = { readonly sample: Sample } | { readonly line: LogLine };

/** A recording as bytes: JSON lines, packed with gzip; the head first. */
export function packed({ head, samples, lines }: Recording): Uint8Array {
  const rows = [{ format: FORMAT, head }, ...samples.map((sample) => ({ sample })), ...lines.map((line) => ({ line }))];
  return gzipSync(`${rows.map((row) => JSON.stringify(row)).join('\n')}\n`, { level: 9 });
}

/** The recording that bytes hold. Throws `invalid_input` for anything that `packed` did not write; `name` is told then. */
export function unpacked(bytes: Uint8Array, name: string): Recording {
  try {
    const [first = '', ...rest] = gunzipSync(bytes).toString('utf8').trimEnd().split('\n');
    const { format, head } = JSON.parse(first) as { readonly format: number; readonly head: RecordingHead };
    if (format !== FORMAT) throw new Error(`its format is ${String(format)}, not ${String(FORMAT)}`);
    const rows = rest.map((line) => JSON.parse(line) as Row);
    return { head, samples: rows.flatMap((row) => ('sample' in row ? [row.sample] : [])), lines: rows.flatMap((row) => ('line' in row ? [row.line] : [])) };
  } catch (error) {
    throw new NightshiftError('invalid_input', `${name} is no recording of bench/matrix: ${errorMessage(error)}.`, [], { cause: error });
  }
}

/** Name of the file of a recording. */
export function fileOf({ name }: Pick<RecordingHead, 'name'>): string {
  return `${name}${ENDING}`;
}

/** All recordings of a folder, by name. Throws `invalid_input` for a folder without any, or with one that cannot be read. */
export async function readRecordings(dir: string): Promise<Recording[]> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith(ENDING)).sort();
  if (names.length === 0)
    throw new NightshiftError('invalid_input', `${dir} holds no recordings (*${ENDING}); record some as bench/matrix/recordings/README.md says.`);
  return Promise.all(names.map(async (name) => unpacked(await readFile(join(dir, name)), join(dir, name))));
}
