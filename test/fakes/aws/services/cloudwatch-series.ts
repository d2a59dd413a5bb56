import type { Dimension, Metric } from '@aws-sdk/client-cloudwatch';
import { quantileOf } from '../../../../domain/quantile';
import { invalid } from '../errors';
import type { Place } from '../world';
import { stateKey } from './support';

/** A value as it was measured. */
export type Sample = readonly [at: number, value: number];

/** A metric with its dimensions, and what was measured. */
export interface FakeSeries {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit?: string;
  /** In milliseconds since the epoch, in any order. */
  readonly samples: readonly Sample[];
  /** What its result says in place of values, within an answer that says 200. */
  readonly refused?: 'InternalError' | 'Forbidden';
}

/** One statistic of a period that begins at `at`. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

const SERIES = stateKey('series', () => new Map<string, FakeSeries>());

/** Adds samples to a series, which comes to be with its first. */
export function putSeries(place: Place, { dimensions = {}, ...series }: Omit<FakeSeries, 'dimensions'> & Partial<FakeSeries>): void {
  const all = place.state(SERIES);
  const key = keyOf(series.namespace, series.metric, dimensions);
  all.set(key, { ...series, dimensions, samples: [...(all.get(key)?.samples ?? []), ...series.samples] });
}

/** All series of a place. */
export function seriesOf(place: Place): FakeSeries[] {
  return [...place.state(SERIES).values()];
}

/** The series of exactly this metric. */
export function seriesAt(place: Place, { Namespace = '', MetricName = '', Dimensions = [] }: Metric): FakeSeries | undefined {
  return place.state(SERIES).get(keyOf(Namespace, MetricName, recordOf(Dimensions)));
}

/** Dimensions as the API lists them. */
export function dimensionsOf({ dimensions }: FakeSeries): Dimension[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

function recordOf(dimensions: readonly Dimension[]): Record<string, string> {
  return Object.fromEntries(dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
}

function keyOf(namespace: string, metric: string, dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify([namespace, metric, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** A statistic of all samples of each period (milliseconds) that begins in [from, to); periods without samples are left out. */
export function statistics(samples: readonly Sample[], { from, to, periodMs, stat }: { from: number; to: number; periodMs: number; stat: string }): Point[] {
  const periods = new Map<number, number[]>();
  const first = Math.floor(from / periodMs) * periodMs;
  for (const [at, value] of samples) {
    const start = Math.floor(at / periodMs) * periodMs;
    if (start < first || start >= to) continue;
    const values = periods.get(start);
    if (values) values.push(value);
    else periods.set(start, [value]);
  }
  const measure = statistic(stat);
  return [...periods].sort(([a], [b]) => a - b).map(([at, values]) => ({ at, value: measure(values) }));
}

/** A statistic by its name in the API (`Average`, `p99`) or in Metrics Insights (`AVG`). */
function statistic(name: string): (values: readonly number[]) => number {
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const [, percent] = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(name) ?? [];
  if (percent !== undefined) return (values) => quantileOf(values, Number(percent) / 100) ?? 0;
  switch (name.toUpperCase()) {
    case 'SUM':
      return sum;
    case 'AVERAGE':
    case 'AVG':
      return (values) => sum(values) / values.length;
    case 'MINIMUM':
    case 'MIN':
      return (values) => values.reduce((a, b) => Math.min(a, b));
    case 'MAXIMUM':
    case 'MAX':
      return (values) => values.reduce((a, b) => Math.max(a, b));
    case 'SAMPLECOUNT':
    case 'COUNT':
      return (values) => values.length;
    default:
      throw invalid(`The value ${name} for parameter Stat is not supported by this fake.`);
  }
}
