import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { readArchived } from '../../domain/archive-export/archived-text';
import { claimMeasures, claimTarget, writeMeasures, writePage } from '../../domain/archive-export/export';
import { ARCHIVED, dateOf, dayBounds, isDate, nextDate } from '../../domain/archive-export/series';
import type { SeriesDay } from '../../domain/archive-export/series';
import { NightshiftError } from '../../domain/errors';
import type { Objects } from '../../ports/objects';
import { wholeNumber } from '../arguments';
import type { ApiClient, ImportedPoints } from '../client';
import type { Run } from '../run';
import { configOf, leaf } from '../run';

interface ExportOptions {
  readonly out?: string;
  readonly s3: boolean;
  readonly measures: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly shingle?: number;
}

/** Values in a row where neither the command nor the configuration says it. */
const SHINGLE = 8;
const DAY_MS = 86_400_000;
/** Characters of points in one request: less than the door takes. */
const MOST_SENT = 400_000;
const NOTHING: ImportedPoints = { added: 0, duplicates: 0, corrected: 0, refused: { cardinality: 0, 'too-old': 0, ahead: 0 } };

/** Adds `nightshift archive export|import`. */
export function addArchiveCommands(program: Command, run: Run): void {
  const archive = program.command('archive').description('copy points of the archive into files, and back');
  leaf(archive, 'export', 'write the points of some days as CSV: rows that SageMaker RCF trains on, and points with their times')
    .option('--out <dir>', 'into a folder')
    .option('--s3', 'into the bucket of `aws.export`, from this machine and with its credentials', false)
    .option('--measures', 'instead the measures of services that were judged, as an endpoint of `aws.scorers` is asked', false)
    .option('--from <date>', 'first day in UTC; yesterday when left out', day)
    .option('--to <date>', 'last day in UTC; the first one, or yesterday if that is later, when left out', day)
    .option('--shingle <values>', 'values in a row that is trained on; 8, or as `aws.export` says', wholeNumber(1, 1000))
    .action(async (options: ExportOptions, command: Command) => {
      if ((options.out !== undefined) === options.s3) throw new NightshiftError('invalid_input', 'Say where to: --out DIR, or --s3.');
      const target = await run.deps.objects(options.out, configOf(command));
      const configured = options.s3 ? (await run.deps.loadConfig(configOf(command))).aws?.export?.shingle : undefined;
      const days = { ...datesOf(run, options), width: options.shingle ?? configured ?? SHINGLE };
      const copyOf = options.measures ? measuresOf : pointsOf;
      const done = await exportDays(run, copyOf(await run.client(command), target, days.width), days);
      run.emit(command, { target: target.name, ...done }, () => `${target.name}: ${String(done.files)} files of ${String(done.days)} days.`);
    });
  leaf(archive, 'import', 'put exported points into the archive again (admins only); what is there already stays as it is')
    .argument('<source>', 'a folder, or s3://bucket/prefix')
    .action(async (source: string, _options: unknown, command: Command) => {
      const objects = await run.deps.objects(source, configOf(command));
      const { files, ...sum } = await importAll(await run.client(command), objects);
      run.emit(command, { source: objects.name, files, ...sum }, () => importedText(objects.name, files, sum));
    });
}

function day(text: string): string {
  if (!isDate(text)) throw new InvalidArgumentError('It must be a day such as 2026-03-01.');
  return text;
}

function datesOf(run: Run, { from, to }: ExportOptions): { readonly from: string; readonly to: string } {
  const now = run.deps.clock.now();
  const yesterday = dateOf(now - DAY_MS);
  const first = from ?? (to !== undefined && to < yesterday ? to : yesterday);
  const last = to ?? (first > yesterday ? first : yesterday);
  if (last < first) throw new NightshiftError('invalid_input', `--to ${last} lies before --from ${first}.`);
  if (dayBounds(last).from > now) throw new NightshiftError('invalid_input', `${last} has not begun.`);
  return { from: first, to: last };
}

interface Days {
  readonly from: string;
  readonly to: string;
  readonly width: number;
}

/** How days are copied; a page says how many series and files it was, and where to go on. */
interface Copy<P> {
  claim(): Promise<void>;
  page(date: string, after: P | undefined): Promise<{ readonly series: number; readonly files: number; readonly next?: P | undefined }>;
}

function pointsOf(client: ApiClient, target: Objects, width: number): Copy<number | string> {
  return {
    claim: () => claimTarget(target, width),
    async page(date, after = 0) {
      const page = await client.exportPoints(date, Number(after));
      return { series: page.series.length, files: await writePage(target, page, date, width), next: page.next };
    },
  };
}

function measuresOf(client: ApiClient, target: Objects, width: number): Copy<number | string> {
  return {
    claim: () => claimMeasures(target, width),
    async page(date, after) {
      const { measures, next } = await client.exportMeasures(date, width, after === undefined ? undefined : String(after));
      return { series: measures.length, files: await writeMeasures(target, { measures }, date, width), next };
    },
  };
}

async function exportDays<P>(run: Run, copy: Copy<P>, { from, to }: Days): Promise<{ days: number; series: number; files: number }> {
  await copy.claim();
  const done = { days: 0, series: 0, files: 0 };
  for (let date = from; date <= to; date = nextDate(date)) {
    let after: P | undefined;
    do {
      const { series, files, next } = await copy.page(date, after);
      done.files += files;
      done.series += series;
      after = next;
    } while (after !== undefined);
    done.days += 1;
    run.tell(`${date}: ${String(done.files)} files so far.`);
  }
  return done;
}

async function importAll(client: ApiClient, objects: Objects): Promise<ImportedPoints & { readonly files: number }> {
  let sum = NOTHING;
  let files = 0;
  let waiting: SeriesDay[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    if (waiting.length > 0) sum = added(sum, await client.importPoints(waiting));
    waiting = [];
    size = 0;
  };
  for await (const key of objects.keys(ARCHIVED)) {
    if (!key.endsWith('.csv')) continue;
    const text = await objects.get(key);
    if (text === undefined) continue;
    files += 1;
    for (const part of partsOf(readArchived(text, key))) {
      const length = JSON.stringify(part).length;
      if (size + length > MOST_SENT) await flush();
      waiting.push(part);
      size += length;
    }
  }
  await flush();
  if (files === 0) throw new NightshiftError('not_found', `At ${objects.name} is no exported archive: name the folder or the prefix that holds ${ARCHIVED}.`);
  return { ...sum, files };
}

/** A day of a series in parts that fit into a request. */
function partsOf({ series, points }: SeriesDay): readonly SeriesDay[] {
  const each = Math.ceil(JSON.stringify(points).length / Math.max(1, points.length)) + 1;
  const most = Math.max(1, Math.floor(MOST_SENT / 2 / each));
  return Array.from({ length: Math.ceil(points.length / most) }, (_, i) => ({ series, points: points.slice(i * most, (i + 1) * most) }));
}

function added(a: ImportedPoints, b: ImportedPoints): ImportedPoints {
  const refused = {
    cardinality: a.refused.cardinality + b.refused.cardinality,
    'too-old': a.refused['too-old'] + b.refused['too-old'],
    ahead: a.refused.ahead + b.refused.ahead,
  };
  return { added: a.added + b.added, duplicates: a.duplicates + b.duplicates, corrected: a.corrected + b.corrected, refused };
}

function importedText(name: string, files: number, { added: fresh, duplicates, corrected, refused }: ImportedPoints): string {
  const words = [
    `${String(fresh)} points added`,
    `${String(duplicates)} there already`,
    ...(corrected > 0 ? [`${String(corrected)} had another value`] : []),
    ...(refused['too-old'] > 0 ? [`${String(refused['too-old'])} refused as older than retention.points`] : []),
    ...(refused.cardinality > 0 ? [`${String(refused.cardinality)} refused, as their service has too many series`] : []),
    ...(refused.ahead > 0 ? [`${String(refused.ahead)} refused, as they lie ahead of the clock`] : []),
  ];
  return `${name}: ${String(files)} files; ${words.join(', ')}.`;
}
