import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage, NightshiftError } from '../../domain/errors';

/** A file of a corpus in NAB's layout, `data/<folder>/<name>`. */
export interface CorpusFile {
  readonly folder: string;
  readonly name: string;
  /** As they stand in the file: results repeat them. */
  readonly stamps: readonly string[];
  /** Epoch milliseconds; the times of NAB tell no zone. */
  readonly at: readonly number[];
  readonly values: readonly number[];
  /** First and last row of each labelled window; undefined where there are no labels. */
  readonly windows: readonly (readonly [number, number])[] | undefined;
}

/** Reads all files of a corpus, with `labels/combined_windows.json` where it is there. Throws `invalid_input` for a folder that has no `data`. */
export async function readCorpus(dir: string): Promise<CorpusFile[]> {
  const folders = await readdir(join(dir, 'data')).catch((error: unknown) => {
    throw new NightshiftError('invalid_input', `${dir} is no corpus in NAB's layout (data/<folder>/<file>.csv): ${errorMessage(error)}.`);
  });
  const labels = await readFile(join(dir, 'labels', 'combined_windows.json'), 'utf8').then(
    (text) => JSON.parse(text) as Record<string, [string, string][]>,
    () => undefined,
  );
  const files: CorpusFile[] = [];
  for (const folder of folders.sort()) {
    for (const name of (await readdir(join(dir, 'data', folder))).filter((each) => each.endsWith('.csv')).sort()) {
      const text = await readFile(join(dir, 'data', folder, name), 'utf8');
      files.push(corpusFile(folder, name, text, labels && (labels[`${folder}/${name}`] ?? [])));
    }
  }
  return files;
}

function corpusFile(folder: string, name: string, text: string, labels: readonly (readonly [string, string])[] | undefined): CorpusFile {
  const rows = text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));
  const stamps = rows.map(([stamp = '']) => stamp);
  const at = stamps.map((stamp) => Date.parse(`${stamp.replace(' ', 'T')}Z`));
  const values = rows.map(([, value = '']) => (value === '' ? NaN : Number(value)));
  const plain = stamps.map(plainStamp);
  const windows = labels?.map(([first, last]): [number, number] => [plain.indexOf(plainStamp(first)), plain.indexOf(plainStamp(last))]);
  return { folder, name, stamps, at, values, windows };
}

/** NAB writes microseconds in labels and leaves them out in data. */
function plainStamp(stamp: string): string {
  return stamp.trim().replace('T', ' ').replace(/\.0+$/, '');
}

/** Writes the scores of a file in NAB's layout, `<folder>/nightshift_<name>`. */
export async function writeResult(out: string, { folder, name, stamps, values }: CorpusFile, scores: readonly number[]): Promise<void> {
  await mkdir(join(out, folder), { recursive: true });
  const lines = stamps.map((stamp, i) => `${stamp},${String(values[i])},${String(scores[i])}`);
  await writeFile(join(out, folder, `nightshift_${name}`), `timestamp,value,anomaly_score\n${lines.join('\n')}\n`);
}
