import { z } from 'zod';
import { featureRows } from '../aws/endpoint-scorer';
import { Shingles } from '../aws/shingles';
import type { MeasureRow } from '../detection/measure-row';
import { formatDuration } from '../duration';
import { dayBounds } from './series';
import type { ExportFile } from './series';

/** A service whose rows were judged, and how long each is, milliseconds. */
export interface MeasuredService {
  readonly environment: string;
  readonly service: string;
  readonly rowMs: number;
}

/** What one measure of a service was on a day: the values of its rows, oldest first, and the ones just before, which the first features are made of. Nothing measured is left out. */
export interface MeasureDay extends MeasuredService {
  readonly measure: string;
  readonly before: readonly number[];
  readonly values: readonly number[];
}

/** Reads services with rows in a stretch of time, in an order that stays, after one of them, and their rows. */
export interface MeasureReader {
  services(from: number, to: number, after: MeasuredService | undefined, limit: number): Promise<readonly MeasuredService[]>;
  read(place: MeasuredService, from: number, to: number): Promise<readonly MeasureRow[]>;
  span(place: MeasuredService): Promise<{ readonly first: number } | undefined>;
}

/** Some of the measures of a day. */
export interface MeasurePage {
  readonly measures: readonly MeasureDay[];
  /** The last service that was looked at, where there may be more. */
  readonly next?: MeasuredService;
}

/** Keys of rows of measures begin so. */
export const MEASURES = 'measures/';
/** Key of what tells of them, which does not lie among them. */
export const MEASURES_MANIFEST = 'measures.manifest.json';

const cursor = z.tuple([z.string(), z.string(), z.int().positive()]);

const SERVICES_AT_ONCE = 10;
const DAY_MS = 86_400_000;

/** The services after one that have rows on a day, with every measure of theirs. A row is of the day in which it ends, at midnight of the one before. */
export async function measurePage(reader: MeasureReader, date: string, after: MeasuredService | undefined, width: number): Promise<MeasurePage> {
  const { from } = dayBounds(date);
  const services = await reader.services(from, from + DAY_MS, after, SERVICES_AT_ONCE);
  const measures: MeasureDay[] = [];
  for (const service of services) measures.push(...(await measuresOf(reader, service, from, width)));
  const next = services.length === SERVICES_AT_ONCE ? services.at(-1) : undefined;
  return { measures, ...(next && { next }) };
}

async function measuresOf(reader: MeasureReader, service: MeasuredService, from: number, width: number): Promise<readonly MeasureDay[]> {
  const values = byMeasure(await reader.read(service, from, from + DAY_MS));
  const before = await valuesBefore(reader, service, from, { wanted: width - 1, measures: [...values.keys()] });
  return [...values].map(([measure, known]) => ({ ...service, measure, before: before.get(measure) ?? [], values: known }));
}

/** So many values of each measure before a time, or all that there are: the further back, the longer nothing was measured. */
async function valuesBefore(
  reader: MeasureReader,
  service: MeasuredService,
  from: number,
  { wanted, measures }: { readonly wanted: number; readonly measures: readonly string[] },
): Promise<ReadonlyMap<string, readonly number[]>> {
  if (wanted === 0) return new Map();
  const first = (await reader.span(service))?.first ?? from;
  for (let reach = Math.max(DAY_MS, wanted * service.rowMs); ; reach *= 4) {
    const found = byMeasure(await reader.read(service, from - reach, from));
    const enough = measures.every((measure) => (found.get(measure)?.length ?? 0) >= wanted);
    if (enough || from - reach < first) return new Map([...found].map(([measure, values]) => [measure, values.slice(-wanted)]));
  }
}

function byMeasure(rows: readonly MeasureRow[]): ReadonlyMap<string, readonly number[]> {
  const values = new Map<string, number[]>();
  for (const { measures } of rows) {
    for (const { name, value } of measures) {
      if (value === null || !Number.isFinite(value)) continue;
      const list = values.get(name);
      if (list) list.push(value);
      else values.set(name, [value]);
    }
  }
  return values;
}

/** The file of a day of a measure: the features that an endpoint is asked with for each of its rows, in the same text. None where too few values came before. */
export function measureFile({ environment, service, rowMs, measure, before, values }: MeasureDay, date: string, width: number): readonly ExportFile[] {
  const shingles = new Shingles(width);
  for (const value of before) shingles.take(measure, value);
  const rows = values.flatMap((value) => {
    const features = shingles.take(measure, value);
    return features ? [features] : [];
  });
  if (rows.length === 0) return [];
  const folders = Object.entries({ rows: formatDuration(rowMs), measure, environment, service, date });
  const key = folders.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('/');
  return [{ key: `${MEASURES}${key}/part-0.csv`, text: featureRows(rows) }];
}

/** What the files of measures are, for whoever trains on them. */
export function measuresManifest(width: number): string {
  const columns = Array.from({ length: width }, (_, i) => (i === width - 1 ? 'value' : `value ${String(width - 1 - i)} before`));
  const hyperparameters = { feature_dim: String(width) };
  const training = { prefix: MEASURES, contentType: 'text/csv;label_size=0', distribution: 'ShardedByS3Key', hyperparameters, columns };
  return `${JSON.stringify({ version: 1, training, each: 'one endpoint learns one measure: take the prefix of that' }, null, 2)}\n`;
}

/** A service as the text that a page of the API goes on from. */
export function cursorText({ environment, service, rowMs }: MeasuredService): string {
  return JSON.stringify([environment, service, rowMs]);
}

/** The service of such a text; undefined for what is none. */
export function cursorOf(text: string): MeasuredService | undefined {
  try {
    const { data } = cursor.safeParse(JSON.parse(text));
    return data && { environment: data[0], service: data[1], rowMs: data[2] };
  } catch {
    return undefined;
  }
}
