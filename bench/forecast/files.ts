import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seriesOfCsv } from '../../domain/csv-series';
import { NightshiftError } from '../../domain/errors';
import type { BenchSeries } from './evaluate';

/** The series of a folder and the folders in it, one a CSV file (`timestamp,value`; further columns are left alone), by name. Throws `invalid_input` where there is none. */
export function seriesFiles(dir: string): readonly { readonly name: string; read(): BenchSeries }[] {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.csv'))
    .sort();
  if (names.length === 0) throw new NightshiftError('invalid_input', `There are no .csv files in ${dir}.`);
  return names.map((name) => ({ name, read: () => readSeries(join(dir, name), name) }));
}

function readSeries(path: string, name: string): BenchSeries {
  const [series] = seriesOfCsv(readFileSync(path, 'utf8'));
  return { name, points: (series?.points ?? []).map(({ at, value }) => ({ at, value: value ?? NaN })) };
}
