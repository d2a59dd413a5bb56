import type { Limit } from '../../domain/forecast/breach';
import { seededRandom } from '../../domain/seeded-random';
import { normal } from '../random';
import type { BenchSeries } from './evaluate';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 5);
/** Series of each kind. */
const EACH = 4;
/** A ramp begins somewhere between these shares of the series: before the held-out last quarter, or in it. */
const RAMP_FROM = { least: 0.55, most: 0.85 };

type Random = () => number;

interface Kind {
  readonly name: string;
  readonly stepMs: number;
  readonly count: number;
  /** Whether swings grow with the level. */
  readonly proportional: boolean;
  /** Growth over the whole series, as a share of the level. */
  readonly growth: number;
  readonly week: boolean;
  /** Whether the last part climbs out of its range: a breach is planted. */
  readonly ramp: boolean;
}

const KINDS: readonly Kind[] = [
  { name: 'hours', stepMs: HOUR, count: 8 * 7 * 24, proportional: false, growth: 0.2, week: true, ramp: false },
  { name: 'hours-growing', stepMs: HOUR, count: 8 * 7 * 24, proportional: true, growth: 0.8, week: true, ramp: false },
  { name: 'hours-ramp', stepMs: HOUR, count: 8 * 7 * 24, proportional: false, growth: 0.1, week: true, ramp: true },
  { name: 'five-minutes', stepMs: 5 * MINUTE, count: 14 * 288, proportional: false, growth: 0.1, week: false, ramp: false },
  { name: 'five-minutes-ramp', stepMs: 5 * MINUTE, count: 14 * 288, proportional: false, growth: 0, week: false, ramp: true },
  { name: 'days', stepMs: DAY, count: 400, proportional: true, growth: 0.5, week: true, ramp: false },
];

/**
 * Series that are the same for the same seed: a daily shape, a weekend, growth, noise that carries over, events (an hour to a day at another level), outliers, a level shift, and gaps.
 * In those named `ramp` the last part climbs; its limit is crossed on the way. The limit of the others is far above all that they do.
 */
export function generatedSeries(seed: number): readonly BenchSeries[] {
  return KINDS.flatMap((kind, k) => Array.from({ length: EACH }, (_, i) => seriesOf(kind, `${kind.name}-${i + 1}`, seededRandom(seed * 1000 + k * 100 + i))));
}

function seriesOf(kind: Kind, name: string, random: Random): BenchSeries {
  const values = shape(kind, random);
  const amplitude = 30;
  disturb(values, kind, amplitude, random);
  const limit: Limit = { side: 'above', value: limitOf(kind, values, amplitude) };
  if (kind.ramp) climb(values, limit.value, amplitude, random);
  const points = Array.from(values, (value, i) => ({ at: START + i * kind.stepMs, value }));
  return { name, points: withGaps(points, random), limits: [limit] };
}

function shape({ stepMs, count, proportional, growth, week }: Kind, random: Random): Float64Array {
  const phase = random() * 2 * Math.PI;
  const weekend = 0.6 + 0.2 * random();
  const second = 0.3 * random();
  const noise = 2 + 2 * random();
  let carried = 0;
  const values = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    const day = (i * stepMs) / DAY;
    const turn = 2 * Math.PI * day + phase;
    const daily = stepMs < DAY ? 30 * Math.sin(turn) + 30 * second * Math.sin(2 * turn) : 0;
    const weekly = week && Math.floor(day) % 7 >= 5 ? weekend : 1;
    const grown = 1 + (growth * i) / count;
    carried = 0.7 * carried + noise * normal(random);
    values[i] = proportional ? (100 + daily) * weekly * grown * Math.exp(carried / 100) : 100 * grown + daily - (1 - weekly) * 100 + carried;
  }
  return values;
}

/** Events, outliers and a level shift, anywhere. */
function disturb(values: Float64Array, { stepMs }: Kind, amplitude: number, random: Random): void {
  for (let event = 0; event < 3; event += 1) {
    const length = Math.max(1, Math.round(((1 + 23 * random()) * HOUR) / stepMs));
    const from = Math.floor(random() * (values.length - length));
    const by = (random() < 0.5 ? -1 : 1) * amplitude * (0.5 + random());
    for (let i = from; i < from + length; i += 1) values[i] = (values[i] ?? 0) + by;
  }
  for (let outlier = 0; outlier < values.length / 500; outlier += 1) {
    const at = Math.floor(random() * values.length);
    values[at] = (values[at] ?? 0) + (random() < 0.5 ? -4 : 4) * amplitude;
  }
  const shift = Math.floor((0.2 + 0.4 * random()) * values.length);
  const by = amplitude * (random() - 0.5);
  for (let i = shift; i < values.length; i += 1) values[i] = (values[i] ?? 0) + by;
}

/** For a ramp a little above the range without its outliers, else twice that range above it. */
function limitOf({ ramp }: Kind, values: Float64Array, amplitude: number): number {
  const sorted = values.slice().sort();
  const high = sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0;
  const low = sorted[Math.floor(0.01 * (sorted.length - 1))] ?? 0;
  return ramp ? high + amplitude : high + 2 * (high - low);
}

/** From somewhere on it climbs steadily, and its daily low would be over the limit at the end. */
function climb(values: Float64Array, limit: number, amplitude: number, random: Random): void {
  const from = Math.floor((RAMP_FROM.least + (RAMP_FROM.most - RAMP_FROM.least) * random()) * values.length);
  const mean = values.subarray(0, from).reduce((sum, value) => sum + value / from, 0);
  const rise = (limit - mean + amplitude) * (0.9 + 0.4 * random());
  for (let i = from; i < values.length; i += 1) values[i] = (values[i] ?? 0) + (rise * (i - from)) / (values.length - from);
}

/** Two gaps, and single points that are missing. */
function withGaps<T>(points: readonly T[], random: Random): readonly T[] {
  const gaps = Array.from({ length: 2 }, () => Math.floor(random() * points.length));
  const length = Math.ceil(points.length / 100);
  return points.filter((_, i) => random() > 0.01 && !gaps.some((from) => i >= from && i < from + length));
}
