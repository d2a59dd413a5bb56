import { archivedText } from './archived-text';
import { ARCHIVED, fileKey, TRAINING } from './series';
import type { ExportFile, SeriesDay } from './series';
import { shingleRows } from './shingles';

/** Key of the manifest, which does not lie among the data. */
export const MANIFEST = 'manifest.json';

/** The files of a day of a series: its points with their times, and the rows that RCF trains on where there are any. The same points give the same keys and texts. */
export function filesOf(day: SeriesDay, date: string, width: number): readonly ExportFile[] {
  const rows = shingleRows(day, width);
  const training = { key: fileKey(TRAINING, day.series, date), text: rows.map((row) => `${row.join(',')}\n`).join('') };
  return [...archivedFiles(day, date), ...(rows.length > 0 ? [training] : [])];
}

/** One file, or one for each set of bounds that a histogram had on that day. */
function archivedFiles({ series, points }: SeriesDay, date: string): readonly ExportFile[] {
  const byBounds = new Map<string, SeriesDay['points'][number][]>();
  for (const point of points) {
    const bounds = point.histogram ? JSON.stringify(point.histogram.le) : '';
    const list = byBounds.get(bounds);
    if (list) list.push(point);
    else byBounds.set(bounds, [point]);
  }
  return [...byBounds].map(([bounds, some]) => ({ key: fileKey(ARCHIVED, series, date, bounds), text: archivedText({ series, points: some }) }));
}

/** What the files are, for whoever trains on them. */
export function manifestText(width: number): string {
  const columns = Array.from({ length: width }, (_, i) => (i === width - 1 ? 'value' : `value ${String(width - 1 - i)} before`));
  const manifest = {
    version: 1,
    training: {
      prefix: TRAINING,
      contentType: 'text/csv;label_size=0',
      distribution: 'ShardedByS3Key',
      hyperparameters: { feature_dim: String(width) },
      columns,
      values: { gauge: 'as measured', delta: 'as measured', counter: 'rate per second', histogram: 'mean of what was observed since the point before' },
    },
    archive: { prefix: ARCHIVED, columns: ['timestamp', 'value'], series: 'JSON in the comment of the first line' },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
