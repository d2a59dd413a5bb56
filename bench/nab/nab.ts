import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SeriesDetector } from '../../domain/anomaly/detector';
import type { PresetName } from '../../domain/anomaly/presets';
import { presetNamed } from '../../domain/anomaly/presets';
import type { Benchmark } from '../benchmark';
import { benchAlerts } from './alerts';
import type { AlertsResult } from './alerts';
import type { CorpusFile } from './corpus';
import { readCorpus, writeResult } from './corpus';
import { madeSeries } from './repeats';
import type { FileScore } from './score';
import { normalised, scoreFile } from './score';

/** Result of `nab`. Scores are NAB's standard profile at the frozen threshold of the preset; a scorer may look for a better one. */
export interface NabResult {
  readonly preset: string;
  readonly threshold: number;
  readonly rows: number;
  readonly pointsPerSecond: number;
  readonly score: number | null;
  readonly folders: Readonly<Record<string, number | null>>;
  readonly files: readonly FileScore[];
  /** Alerts of the whole chain on made series; only without `--data`. */
  readonly alerts?: AlertsResult;
}

/** Thresholds for all files, frozen: they lie between the best ones of the labelled files and of the made ones (0.13 and 0.10 for default). */
const THRESHOLDS: Readonly<Record<PresetName, number>> = { default: 0.12, nab: 0.1 };
const SEEDS = [1, 2, 3];

/** `bench nab`. */
export const nabBenchmark: Benchmark = {
  about: `Scores of the detector for a corpus in NAB's layout (--data DIR, with data/<folder>/<file>.csv and labels), written to
--out DIR as <folder>/nightshift_<file>.csv for a scorer of NAB. Without --data for a made corpus in which incidents
repeat, written to OUT/corpus. --preset default|nab. Under a minute.`,
  options: { data: { type: 'string' }, out: { type: 'string' }, preset: { type: 'string' } },
  temporal: false,
  async run({ options, tell }) {
    const text = (name: string, otherwise: string): string => (typeof options[name] === 'string' ? options[name] : otherwise);
    const out = text('out', 'nab-results');
    const made = typeof options['data'] !== 'string';
    const result = await benchNab({
      data: made ? await writeMade(join(out, 'corpus')) : text('data', ''),
      out: made ? join(out, 'results') : out,
      preset: text('preset', 'default'),
      tell,
    });
    const whole = made ? { ...result, alerts: benchAlerts(SEEDS) } : result;
    return { result: whole, table: tableOf(whole) };
  },
};

async function benchNab({ data, out, preset, tell }: { data: string; out: string; preset: string; tell: (line: string) => void }): Promise<NabResult> {
  const settings = presetNamed(preset);
  const threshold = THRESHOLDS[preset as PresetName];
  const files: FileScore[] = [];
  let rows = 0;
  let cpuMs = 0;
  for (const file of await readCorpus(data)) {
    const before = process.cpuUsage();
    const scores = scoresOf(file, settings);
    const { user, system } = process.cpuUsage(before);
    cpuMs += (user + system) / 1000;
    rows += scores.length;
    await writeResult(out, file, scores);
    const scored = scoreFile(file, scores, threshold);
    if (scored) files.push(scored);
    tell(
      `${file.folder}/${file.name}: ${scored ? `${String(scored.found)} of ${String(scored.windows)} windows, ${String(scored.falseRows)} false rows` : 'no labels'}`,
    );
  }
  const folders = [...new Set(files.map(({ file }) => folderOf(file)))];
  const byFolder = Object.fromEntries(folders.map((folder) => [folder, normalised(files.filter(({ file }) => folderOf(file) === folder))]));
  return { preset, threshold, rows, pointsPerSecond: Math.round((1000 * rows) / cpuMs), score: normalised(files), folders: byFolder, files };
}

function scoresOf({ at, values }: CorpusFile, settings: ReturnType<typeof presetNamed>): number[] {
  const detector = new SeriesDetector(settings);
  return values.map((value, i) => detector.push(at[i] ?? NaN, value));
}

function folderOf(file: string): string {
  return file.split('/')[0] ?? file;
}

/** Writes the made corpus in NAB's layout, and returns its folder. */
async function writeMade(dir: string): Promise<string> {
  const stamp = (at: number | undefined): string => new Date(at ?? 0).toISOString().slice(0, 19).replace('T', ' ');
  const labels: Record<string, [string, string][]> = {};
  for (const { name, rows, windows } of SEEDS.flatMap((seed) => madeSeries(seed))) {
    const folder = name.replace(/-\d+$/, '');
    await mkdir(join(dir, 'data', folder), { recursive: true });
    await writeFile(join(dir, 'data', folder, `${name}.csv`), `timestamp,value\n${rows.map(({ at, value }) => `${stamp(at)},${String(value)}`).join('\n')}\n`);
    labels[`${folder}/${name}.csv`] = windows.map(([first, last]) => [stamp(rows[first]?.at), stamp(rows[last]?.at)]);
  }
  await mkdir(join(dir, 'labels'), { recursive: true });
  await writeFile(join(dir, 'labels', 'combined_windows.json'), JSON.stringify(labels, null, 2));
  return dir;
}

function tableOf({ preset, threshold, score, folders, files, alerts }: NabResult): string {
  const row = (name: string, value: number | null): string => `  ${name.padEnd(28)}${value === null ? '-' : value.toFixed(1)}\n`;
  const found = files.reduce((sum, file) => sum + file.found, 0);
  const windows = files.reduce((sum, file) => sum + file.windows, 0);
  const falseRows = files.reduce((sum, file) => sum + file.falseRows, 0);
  return [
    `\n  Preset ${preset} at the frozen threshold ${String(threshold)}: ${String(found)} of ${String(windows)} windows, ${String(falseRows)} false rows.\n\n`,
    ...Object.entries(folders).map(([folder, value]) => row(folder, value)),
    row('all', score),
    ...(alerts
      ? [
          `\n  Alerts after learning: ${String(alerts.found)} of ${String(alerts.incidents)} incidents found; false ones per series and week ${String(alerts.falsePerSeriesWeek)} where some go wrong, ${String(alerts.falsePerHealthySeriesWeek)} where none does.\n`,
        ]
      : []),
  ].join('');
}
