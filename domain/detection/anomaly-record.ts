import type { Anomaly } from '../anomaly/explain';
import { explain } from '../anomaly/explain';
import type { Drawing, PlotPoint } from '../anomaly/plot';
import { drawAnomaly } from '../anomaly/plot';
import { valueText } from './measure-text';
import { cleanText, digestId } from '../outside-text';
import { plainText } from '../plain-text';

/** Most points that a record keeps, the newest. */
export const MOST_POINTS = 120;
const NAME = 64;
const MEASURE = 200;
const LABEL = 120;
const UNIT = 24;
/** What is drawn needs no more; the record stays small. */
const DIGITS = 6;

/** A value before or at an anomaly, with its band where there was one. `at` is epoch milliseconds. */
export interface AnomalyPoint {
  readonly at: number;
  readonly value: number | null;
  readonly low?: number;
  readonly expected?: number;
  readonly high?: number;
}

/** Where a series is and what people call it. */
export interface AnomalySeries {
  readonly environment: string;
  readonly service: string;
  /** What is measured, the same for all time: `errorShare`, or the name and labels of a series. */
  readonly measure: string;
  /** What is measured in words; the measure when absent. */
  readonly label?: string;
  readonly unit?: string;
}

/** An anomaly with what its picture needs, as it is kept: plain JSON under 16 KB, redacted. */
export interface AnomalyRecord extends Required<Omit<AnomalySeries, 'unit'>> {
  readonly id: string;
  /** Key of the series. */
  readonly series: string;
  readonly unit?: string;
  readonly anomaly: Anomaly;
  /** Values up to the anomaly, oldest first. */
  readonly points: readonly AnomalyPoint[];
}

/** The key of a series of a service. */
export function seriesKey({ environment, service, measure }: Pick<AnomalySeries, 'environment' | 'service' | 'measure'>): string {
  return `${environment}/${service}/${measure}`;
}

/** The measure that a series' key names, where the series is of that service. */
export function measureIn(key: string, { environment, name }: { readonly environment: string; readonly name: string }): string | undefined {
  const before = seriesKey({ environment, service: name, measure: '' });
  return key.startsWith(before) ? key.slice(before.length) : undefined;
}

/** Id of the anomaly of a series (its key) at a time. */
export function anomalyId(series: string, at: number): string {
  return digestId('ano', [series, at]);
}

/** Makes the record of an anomaly. Its id follows from the series and the time, so that one that is told twice is one. Of `points`, oldest first, those up to the anomaly are kept. */
export function anomalyRecord(series: AnomalySeries, anomaly: Anomaly, points: readonly AnomalyPoint[]): AnomalyRecord {
  const key = seriesKey(series);
  const measure = cleanText(series.measure, MEASURE);
  return {
    id: anomalyId(key, anomaly.at),
    series: key,
    environment: cleanText(series.environment, NAME),
    service: cleanText(series.service, NAME),
    measure,
    label: series.label === undefined ? measure : cleanText(series.label, LABEL),
    ...(series.unit === undefined ? {} : { unit: cleanText(series.unit, UNIT) }),
    anomaly,
    points: points
      .filter(({ at }) => at <= anomaly.at)
      .slice(-MOST_POINTS)
      .map(shortPoint),
  };
}

/** One sentence on what is wrong with which measure; plain text. */
export function anomalyText({ label, measure, unit, anomaly }: Pick<AnomalyRecord, 'label' | 'measure' | 'unit' | 'anomaly'>): string {
  const said = explain(anomaly, (value) => valueText(measure, value));
  return plainText(`${label}${unit === undefined ? '' : ` (${unit})`}: ${said}`);
}

/** The picture of an anomaly. */
export function anomalyDrawing(record: AnomalyRecord): Drawing {
  const { anomaly, points } = record;
  const last = points.at(-1);
  // The picture ends at the anomaly, also where its own value is not among the points.
  const whole = last?.at === anomaly.at ? points : [...points, { at: anomaly.at, value: anomaly.value, ...anomaly.band }];
  return { ...drawAnomaly(anomaly, whole.map(plotPoint)), title: anomalyText(record) };
}

function plotPoint({ at, value, low, expected, high }: AnomalyPoint): PlotPoint {
  if (low === undefined || expected === undefined || high === undefined) return { at, value };
  return { at, value, band: { low, expected, high } };
}

function shortPoint({ at, value, low, expected, high }: AnomalyPoint): AnomalyPoint {
  const band = [low, expected, high].every((each) => each !== undefined && Number.isFinite(each));
  return {
    at,
    value: value === null || !Number.isFinite(value) ? null : short(value),
    ...(band && { low: short(low as number), expected: short(expected as number), high: short(high as number) }),
  };
}

function short(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
