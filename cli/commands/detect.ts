import { writeFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { CounterRates } from '../../domain/anomaly/counter-rates';
import type { Anomaly } from '../../domain/anomaly/explain';
import { explain } from '../../domain/anomaly/explain';
import type { MeasureKind } from '../../domain/anomaly/kinds';
import { MEASURE_KINDS } from '../../domain/anomaly/kinds';
import type { PlotPoint } from '../../domain/anomaly/plot';
import { drawAnomaly } from '../../domain/anomaly/plot';
import { pngOf } from '../../domain/anomaly/plot-png';
import { svgOf } from '../../domain/anomaly/plot-svg';
import { PRESETS, presetNamed, withSeason } from '../../domain/anomaly/presets';
import { ALERTS_PER_WEEK, SeriesWatch } from '../../domain/anomaly/watch';
import type { CsvSeries } from '../../domain/csv-series';
import { seriesOfCsv } from '../../domain/csv-series';
import { errorMessage, NightshiftError } from '../../domain/errors';
import { plainText } from '../../domain/plain-text';
import { duration, oneOf } from '../arguments';
import { textOfFile } from '../file-or-stdin';
import type { Run } from '../run';
import { isJson, leaf } from '../run';

interface DetectOptions {
  readonly preset: keyof typeof PRESETS;
  readonly kind: MeasureKind;
  readonly season: number;
  readonly budget: number;
  readonly counter?: true;
  readonly rows?: true;
  readonly svg?: string;
  readonly png?: string;
}

/** A value as it was judged; times as ISO 8601. */
interface DetectedRow {
  readonly at: string;
  readonly value: number | null;
  readonly score: number;
  readonly threshold: number;
  readonly low: number | null;
  readonly expected: number | null;
  readonly high: number | null;
}

interface Detected {
  readonly name: string;
  readonly rows: readonly DetectedRow[];
  readonly points: readonly PlotPoint[];
  readonly anomalies: readonly Anomaly[];
  readonly learning: boolean;
  readonly missing: number;
  readonly late: number;
}

const WEEK_MS = 7 * 86_400_000;
/** Values before the onset and after the anomaly that a drawing shows. */
const BEFORE = 150;
const AFTER = 30;

/** Adds `nightshift detect`, which needs no running system. */
export function addDetectCommand(program: Command, run: Run): void {
  leaf(program, 'detect', 'find anomalies in a CSV of times and values, and say why; needs no running system')
    .argument('[file]', 'lines of a time and one or more values; - or nothing for stdin', '-')
    .option('--preset <name>', `how to look: ${Object.keys(PRESETS).join(', ')}`, oneOf(Object.keys(PRESETS) as (keyof typeof PRESETS)[]), 'default')
    .option('--kind <kind>', `what is measured, which says what is bad: ${MEASURE_KINDS.join(', ')}`, oneOf(MEASURE_KINDS), 'other')
    .option('--season <duration>', 'what repeats, such as 1d; a week when not given', duration(366 * 86_400_000), WEEK_MS)
    .option('--budget <number>', 'alerts a week that are bearable', budget, ALERTS_PER_WEEK)
    .option('--counter', 'the values are counters: judge what they grow by per second')
    .option('--rows', 'print each value with its score, threshold and band as CSV')
    .option('--svg <out>', 'draw the strongest anomaly into this file')
    .option('--png <out>', 'the same as a PNG')
    .action(async (file: string, options: DetectOptions, command: Command) => {
      const series = seriesOfCsv(await textOfFile(run, file));
      const detected = series.map((each) => detect(each, options));
      await draw(run, detected, options);
      run.emit(command, { preset: options.preset, kind: options.kind, series: detected.map(jsonOf) }, () =>
        options.rows === true ? rowsText(detected) : detected.flatMap(anomalyLines).join('\n'),
      );
      if (!isJson(command)) for (const each of detected) run.tell(summary(each, detected.length > 1));
    });
}

function detect({ name, points }: CsvSeries, { preset, kind, season, budget: alertsPerWeek, counter }: DetectOptions): Detected {
  const watch = new SeriesWatch({ detector: withSeason(presetNamed(preset), season), kind, alertsPerWeek });
  const rates = new CounterRates();
  const rows: DetectedRow[] = [];
  const drawn: PlotPoint[] = [];
  const anomalies: Anomaly[] = [];
  for (const point of points) {
    const { at } = point;
    const value = counter === true ? rates.push(at, point.value) : point.value;
    const { score, threshold, band, anomaly } = watch.push(at, value);
    const edges = { low: band?.low ?? null, expected: band?.expected ?? null, high: band?.high ?? null };
    rows.push({ at: new Date(at).toISOString(), value, score, threshold, ...edges });
    drawn.push({ at, value, band });
    if (anomaly) anomalies.push(anomaly);
  }
  const { missing, late } = watch.counts;
  return { name, rows, points: drawn, anomalies, learning: watch.learning, missing, late };
}

function jsonOf({ name, rows, anomalies, learning, missing, late }: Detected): object {
  const iso = (at: number): string => new Date(at).toISOString();
  const told = anomalies.map((each) => ({ ...each, at: iso(each.at), since: iso(each.since), sentence: explain(each) }));
  return { name, learning, missing, late, anomalies: told, rows };
}

function anomalyLines({ name, anomalies }: Detected): string[] {
  return anomalies.map((each) => `${each.alerting ? 'ALERT   ' : 'evidence'}  ${plainText(name)}  score ${each.score.toFixed(2)}: ${explain(each)}`);
}

function rowsText(detected: readonly Detected[]): string {
  const lines = detected.flatMap(({ name, rows }) =>
    rows.map(({ at, value, score, threshold, low, expected, high }) => {
      const numbers = [score, threshold, low, expected, high].map((each) => (each === null ? '' : String(Number(each.toPrecision(6)))));
      return [plainText(name).replaceAll(',', ' '), at, value ?? '', ...numbers].join(',');
    }),
  );
  return ['series,timestamp,value,score,threshold,low,expected,high', ...lines].join('\n');
}

function summary({ name, rows, anomalies, learning, missing, late }: Detected, several: boolean): string {
  const alerting = anomalies.filter((each) => each.alerting).length;
  const left = [missing > 0 ? `${String(missing)} missing` : '', late > 0 ? `${String(late)} out of order or twice` : ''].filter((text) => text !== '');
  return [
    `${several ? `${plainText(name)}: ` : ''}${String(rows.length)} values${left.length > 0 ? ` (${left.join(', ')})` : ''}, `,
    `${String(alerting)} to alert, ${String(anomalies.length - alerting)} as evidence.`,
    learning ? ' There is less than two seasons of history, so that most is evidence only; --season says what repeats.' : '',
  ].join('');
}

async function draw(run: Run, detected: readonly Detected[], { svg, png }: DetectOptions): Promise<void> {
  if (svg === undefined && png === undefined) return;
  const ranked = detected
    .flatMap(({ anomalies, points }) => anomalies.map((anomaly) => ({ anomaly, points })))
    .sort((a, b) => Number(b.anomaly.alerting) - Number(a.anomaly.alerting) || b.anomaly.score - a.anomaly.score);
  const [strongest] = ranked;
  if (!strongest) {
    run.tell('Nothing is drawn, as there is no anomaly.');
    return;
  }
  const { anomaly, points } = strongest;
  const [first, last] = [points.findIndex(({ at }) => at >= anomaly.since), points.findIndex(({ at }) => at >= anomaly.at)];
  const drawing = drawAnomaly(anomaly, points.slice(Math.max(0, first - BEFORE), last + 1 + AFTER));
  if (svg !== undefined) await write(svg, svgOf(drawing));
  if (png !== undefined) await write(png, pngOf(drawing));
}

async function write(file: string, content: string | Uint8Array): Promise<void> {
  await writeFile(file, content).catch((error: unknown) => {
    throw new NightshiftError('invalid_input', `${file} cannot be written: ${errorMessage(error)}.`);
  });
}

function budget(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1000)) throw new InvalidArgumentError('It must be a number above 0 and at most 1000.');
  return value;
}
