import { join } from 'node:path';
import { packageRoot } from '../../config/package-root';
import { NightshiftError } from '../../domain/errors';
import type { Benchmark } from '../benchmark';
import { detectTimes, replayFaults, replayHealthy } from './faults';
import type { FaultResult, HealthyResult } from './faults';
import { shareInterval } from './intervals';
import type { Interval } from './intervals';
import { DEMO } from './product';
import { readRecordings } from './recording';
import { healthyWeeks } from './service-weeks';
import type { WeeksResult } from './service-weeks';
import { matrixTable } from './table';

const SERVICES = 200;
/** False pages a service and week that nobody would put up with. */
const MOST_FALSE_PAGES = 0.1;

/** What the detector finds in recordings of the practice service, and what it tells where nothing is wrong. Intervals are 95 %, times milliseconds. */
export interface MatrixResult {
  readonly found: number;
  readonly missed: number;
  /** Wilson's, of the share that was found. */
  readonly foundInterval: Interval;
  readonly medianDetectMs: number | null;
  readonly medianDetectInterval: Interval | null;
  /** The same in rows of the detector. */
  readonly medianDetectRows: number | null;
  /** In the simulated weeks, in healthy recordings, and before an onset. */
  readonly falseAlarms: number;
  readonly falsePagesPerServiceWeek: number;
  readonly falsePagesInterval: Interval;
  readonly faults: Readonly<Record<string, Omit<FaultResult, 'detectMs'>>>;
  readonly healthyRecordings: HealthyResult;
  readonly simulated: WeeksResult;
}

/** `npm run bench -- matrix`. */
export const matrixBenchmark: Benchmark = {
  about: `The detector on recordings of the practice service (bench/matrix/recordings), 20 runs a fault with seeded onset
and noise, and on 200 simulated weeks of healthy services: faults found, time to the first alert, false pages.
Exit code 1 when a fault is missed, or false pages per service and week are 0.1 or more. --recordings DIR: others
than the ones that are here. --seed N: other draws. About 4 minutes.`,
  options: { recordings: { type: 'string' }, seed: { type: 'string' } },
  temporal: false,
  async run({ options, tell }) {
    const { recordings: dir, seed } = options;
    const recordings = typeof dir === 'string' ? dir : join(packageRoot(), 'bench', 'matrix', 'recordings');
    const result = await benchMatrix({ recordings, seed: seedOf(seed), tell });
    return { result, table: matrixTable(result), failures: failuresOf(result) };
  },
};

/** Runs all of it. Throws `invalid_input` where there are no recordings. */
async function benchMatrix(with_: { readonly recordings: string; readonly seed: number; readonly tell: (line: string) => void }): Promise<MatrixResult> {
  const { seed, tell } = with_;
  const recordings = await readRecordings(with_.recordings);
  tell(`${String(recordings.length)} recordings are replayed.`);
  const faults = replayFaults(recordings, DEMO, seed);
  const healthyRecordings = replayHealthy(recordings, DEMO, seed);
  tell(`${String(SERVICES)} services are simulated.`);
  const simulated = healthyWeeks(SERVICES, seed, tell);
  const all = Object.values(faults);
  const [found, runs, before] = [sum(all, (each) => each.found), sum(all, (each) => each.runs), sum(all, (each) => each.falseAlarms)];
  const { falsePagesPerServiceWeek, falsePagesInterval } = simulated;
  return {
    ...{ found, missed: runs - found, foundInterval: shareInterval(found, runs), ...detectTimes(all, DEMO.rowMs) },
    ...{ falseAlarms: simulated.falseAlarms + healthyRecordings.falseAlarms + before, falsePagesPerServiceWeek, falsePagesInterval },
    faults: Object.fromEntries(Object.entries(faults).map(([name, { detectMs: _detectMs, ...rest }]) => [name, rest])),
    ...{ healthyRecordings, simulated },
  };
}

function failuresOf({ missed, faults, simulated }: MatrixResult): string[] {
  const unfound = Object.entries(faults).filter(([, { found, runs }]) => found < runs);
  const pages = simulated.falsePagesPerServiceWeek;
  return [
    ...(missed > 0 ? [`Missed: ${unfound.map(([name, { found, runs }]) => `${name} in ${String(runs - found)} of ${String(runs)} runs`).join(', ')}.`] : []),
    ...(pages >= MOST_FALSE_PAGES
      ? [`False pages: ${String(pages)} per service and week (${JSON.stringify(simulated.by)}), ${String(MOST_FALSE_PAGES)} or more.`]
      : []),
  ];
}

function seedOf(seed: unknown): number {
  if (seed === undefined) return 1;
  if (typeof seed !== 'string' || !/^\d{1,6}$/.test(seed))
    throw new NightshiftError('invalid_input', `--seed takes a whole number up to 999999, not ${typeof seed === 'string' ? seed : 'that'}.`);
  return Number(seed);
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}
