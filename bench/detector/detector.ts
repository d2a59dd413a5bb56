import { SeriesDetector } from '../../domain/anomaly/detector';
import { PRESETS } from '../../domain/anomaly/presets';
import { SeriesWatch } from '../../domain/anomaly/watch';
import { median } from '../../domain/quantile';
import { seededRandom } from '../../domain/seeded-random';
import type { Benchmark } from '../benchmark';

/** Result of `detector`: points a second of processor time, one core. */
export interface DetectorResult {
  /** The default detector, windows full. */
  readonly pointsPerSecond: number;
  /** With threshold, band and explanation. */
  readonly watchedPointsPerSecond: number;
  /** The peer in the same run: a z-score against an exponentially weighted mean, about the least that a detector can do. */
  readonly ewmaPointsPerSecond: number;
  /** Share of the time that went by in which the process had the processor; far below 1 others had it. */
  readonly processorShare: number;
  /** What a watched series keeps in memory with full windows, and its snapshot. */
  readonly bytesPerSeries: number;
  readonly snapshotBytes: number;
}

const STEP_MS = 300_000;
const WARM_UP = 20_000;
const POINTS = 200_000;
const ROUNDS = 5;

interface Scorer {
  push(at: number, value: number): unknown;
}

/** `bench detector`. */
export const detectorBenchmark: Benchmark = {
  about: `Points a second of the default detector and memory per series, beside a plain EWMA z-score in the same run: 20,000
points to warm up, then 200,000 of a daily wave with noise, median of 5 interleaved rounds. About half a minute.`,
  temporal: false,
  run: async ({ tell }) => {
    const result = benchDetector(tell);
    return { result, table: tableOf(result) };
  },
};

function benchDetector(tell: (line: string) => void): DetectorResult {
  const values = wave(WARM_UP + POINTS);
  const makers: (() => Scorer)[] = [
    () => new SeriesDetector(PRESETS.default),
    () => new SeriesWatch({ detector: PRESETS.default, kind: 'rate' }),
    () => new EwmaScore(),
  ];
  const began = { cpu: process.cpuUsage(), at: performance.now() };
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const rates = makers.map((make) => rateOf(make(), values));
    tell(`round ${String(round + 1)}: ${rates.join(', ')} points/s`);
    return rates;
  });
  const { user, system } = process.cpuUsage(began.cpu);
  const [detector = 0, watched = 0, ewma = 0] = makers.map((_, i) => Math.round(median(rounds.map((rates) => rates[i] ?? 0))));
  const watch = new SeriesWatch({ detector: PRESETS.default, kind: 'rate' });
  values.subarray(0, WARM_UP).forEach((value, i) => watch.push(i * STEP_MS, value));
  return {
    ...{ pointsPerSecond: detector, watchedPointsPerSecond: watched, ewmaPointsPerSecond: ewma },
    processorShare: Number(((user + system) / 1000 / (performance.now() - began.at)).toFixed(2)),
    bytesPerSeries: watch.bytes,
    snapshotBytes: watch.snapshot().length,
  };
}

/** Points a second of processor time. */
function rateOf(scorer: Scorer, values: Float64Array): number {
  for (let i = 0; i < WARM_UP; i += 1) scorer.push(i * STEP_MS, values[i] as number);
  const before = process.cpuUsage();
  for (let i = WARM_UP; i < values.length; i += 1) scorer.push(i * STEP_MS, values[i] as number);
  const { user, system } = process.cpuUsage(before);
  return Math.round(((values.length - WARM_UP) * 1e6) / (user + system));
}

function wave(count: number): Float64Array {
  const random = seededRandom(1);
  return Float64Array.from({ length: count }, (_, i) => 100 + 50 * Math.sin((2 * Math.PI * i) / 288) + 10 * (random() + random() + random() - 1.5));
}

/** The peer: exponentially weighted mean and variance. */
class EwmaScore implements Scorer {
  private mean = 0;
  private variance = 1;

  push(_at: number, value: number): number {
    const off = value - this.mean;
    const score = Math.abs(off) / Math.sqrt(this.variance);
    this.mean += 0.01 * off;
    this.variance = 0.99 * (this.variance + 0.01 * off * off);
    return score;
  }
}

function tableOf(result: DetectorResult): string {
  const row = (name: string, value: number): string => `  ${name.padEnd(44)}${String(value).padStart(14)}\n`;
  return [
    '\n',
    row('points/s, default detector', result.pointsPerSecond),
    row('points/s, with threshold, band, explanation', result.watchedPointsPerSecond),
    row('points/s, plain EWMA z-score', result.ewmaPointsPerSecond),
    row('share of the processor during the run', result.processorShare),
    row('bytes per series in memory', result.bytesPerSeries),
    row('bytes of its snapshot', result.snapshotBytes),
  ].join('');
}
