import { CONFIDENCE_DEFAULTS } from '../../domain/confidence/settings';
import { median, quantileOf } from '../../domain/quantile';
import type { Benchmark } from '../benchmark';
import { benchCalibration } from './calibration';
import type { CalibrationResult } from './calibration';
import { benchDecay } from './decay';
import type { DecayResult } from './decay';
import { failuresOf } from './limits';
import { poolRun } from './pool';
import { fall, harmOnce, life } from './runs';
import type { Life, Loss } from './runs';
import { confidenceTable } from './table';

/** Result of `confidence`. Shares are from 0 to 1, the rest are numbers of outcomes. */
export interface ConfidenceResult {
  readonly gate: number;
  readonly seeds: number;
  readonly outcomes: number;
  /** Share of runs in which a runbook ever acted alone, by its true success; `useless…` ones recover no more often than what heals alone. */
  readonly granted: Readonly<Record<(typeof WORLDS)[number]['name'], number>>;
  readonly outcomesUntilGranted: { readonly p50: number; readonly p90: number; readonly within400: number };
  readonly outcomesUntilDemoted: {
    /** Most over all runs; 1 is with the harm itself. */
    readonly afterHarm: number;
    readonly afterFall: LossSummary;
    /** The same, held for 200 outcomes before. */
    readonly afterFallLate: LossSummary;
  };
  readonly outcomesUntilGrantedAgain: { readonly p50: number; readonly p90: number };
  /** Share of the outcomes after its grant that a runbook of 0.99 is on `auto`: within 500 outcomes, and within 5,000; and the share of the runs of 500 that have at least 0.8. */
  readonly keptAuto: { readonly share: number; readonly long: number; readonly runsAbove80: number };
  /** The worst kind of diagnosis. */
  readonly expectedCalibrationError: number;
  readonly calibration: Readonly<Record<string, CalibrationResult>>;
  readonly decay: readonly DecayResult[];
  /** Ten like services: own outcomes until a like one is granted (median), and the share of runs in which the odd one is, by its success. */
  readonly pool: readonly { readonly odd: number; readonly likeP50: number; readonly oddGranted: number }[];
  /** The plain Beta bound on the same outcomes. */
  readonly peer: { readonly granted: ConfidenceResult['granted']; readonly within400: number };
}

/** When autonomy was lost after a fall of success to 0.5. */
export interface LossSummary {
  /** Until it is not on `auto`. */
  readonly p50: number;
  readonly p95: number;
  readonly most: number;
  readonly within10: number;
  /** Until it acts on `veto` no more either. */
  readonly asksP50: number;
  readonly asksP95: number;
  /** Outcomes on `auto`, of the 90 from the eleventh on: mean. */
  readonly autoLater: number;
}

const OUTCOMES = 500;
const LONG = 5000;
const NEVER = Number.MAX_SAFE_INTEGER;
const WORLDS = [
  { name: '0.93', success: 0.93, healsAlone: 0.1 },
  { name: '0.949', success: 0.949, healsAlone: 0.1 },
  { name: '0.99', success: 0.99, healsAlone: 0.1 },
  { name: 'useless0.99', success: 0.99, healsAlone: 0.99 },
  { name: 'useless0.96', success: 0.96, healsAlone: 0.96 },
] as const;

/** `bench confidence`. */
export const confidenceBenchmark: Benchmark = {
  about: `Earned autonomy on simulated runbooks of known success: who is granted it and how soon, how soon it is lost, the error
of calibrated diagnoses, decay, like services; beside a plain 95 % Beta bound. 500 outcomes, 200 seeds. Under a minute.`,
  temporal: false,
  run({ tell }) {
    const result = benchConfidence(200, tell);
    return Promise.resolve({ result, table: confidenceTable(result), failures: failuresOf(result) });
  },
};

/** Measures with seeds from 1 on. */
export function benchConfidence(count: number, tell: (line: string) => void): ConfidenceResult {
  const settings = CONFIDENCE_DEFAULTS;
  const seeds = Array.from({ length: count }, (_, i) => i + 1);
  const lives = WORLDS.map(({ name, success, healsAlone }) => {
    tell(`confidence: ${name}`);
    return { name, runs: seeds.map((seed) => life({ seed, success: () => success, healsAlone }, settings, OUTCOMES)) };
  });
  const good = lives.find(({ name }) => name === '0.99')?.runs ?? [];
  tell('confidence: falls and harms');
  const harms = seeds.map((seed) => harmOnce(seed, settings)).filter((run) => run !== undefined);
  const long = seeds.slice(0, Math.ceil(count / 10)).map((seed) => life({ seed: seed + count, success: () => 0.99, healsAlone: 0.1 }, settings, LONG));
  tell('confidence: calibration, decay, like services');
  const calibration = benchCalibration(seeds.slice(0, 5));
  return {
    ...{ gate: settings.needs.auto.bound, seeds: count, outcomes: OUTCOMES },
    granted: sharesOf(lives, ({ grantedAt }) => grantedAt),
    outcomesUntilGranted: {
      ...quantiles(good.map(({ grantedAt }) => grantedAt)),
      within400: withinShare(
        good.map(({ grantedAt }) => grantedAt),
        400,
      ),
    },
    outcomesUntilDemoted: {
      afterHarm: Math.max(...harms.map(({ until }) => until)),
      afterFall: lossSummary(seeds.map((seed) => fall(seed, 0.5, 0, settings))),
      afterFallLate: lossSummary(seeds.map((seed) => fall(seed, 0.5, 200, settings))),
    },
    outcomesUntilGrantedAgain: quantiles(harms.map(({ again }) => again)),
    keptAuto: { share: keptShare(good), long: keptShare(long), runsAbove80: runsAbove(good, 0.8) },
    expectedCalibrationError: rounded(Math.max(...Object.values(calibration).map(({ calibrated }) => calibrated))),
    calibration,
    decay: benchDecay(settings),
    pool: [0.5, 0.8, 0.99].map((odd) => {
      const runs = seeds.slice(0, Math.ceil(count / 4)).map((seed) => poolRun(seed, odd, settings, 100));
      return {
        odd,
        likeP50: median(runs.map(({ like }) => like ?? NEVER)),
        oddGranted: withinShare(
          runs.map((run) => run.odd),
          NEVER,
        ),
      };
    }),
    peer: {
      granted: sharesOf(lives, ({ peerAt }) => peerAt),
      within400: withinShare(
        good.map(({ peerAt }) => peerAt),
        400,
      ),
    },
  };
}

type Lives = readonly { readonly name: (typeof WORLDS)[number]['name']; readonly runs: readonly Life[] }[];

function sharesOf(lives: Lives, of: (life: Life) => number | undefined): ConfidenceResult['granted'] {
  return Object.fromEntries(lives.map(({ name, runs }) => [name, withinShare(runs.map(of), NEVER)])) as ConfidenceResult['granted'];
}

function withinShare(values: readonly (number | undefined)[], most: number): number {
  return rounded(values.filter((value) => value !== undefined && value <= most).length / values.length);
}

function quantiles(values: readonly (number | undefined)[]): { p50: number; p90: number } {
  const filled = values.map((value) => value ?? NEVER);
  return { p50: median(filled), p90: quantileOf(filled, 0.9) ?? NEVER };
}

function lossSummary(losses: readonly (Loss | undefined)[]): LossSummary {
  const runs = losses.filter((loss) => loss !== undefined);
  const auto = runs.map((run) => run.auto ?? NEVER);
  const alone = runs.map((run) => run.alone ?? NEVER);
  return {
    ...{ p50: median(auto), p95: quantileOf(auto, 0.95) ?? NEVER, most: Math.max(...auto), within10: withinShare(auto, 10) },
    ...{ asksP50: median(alone), asksP95: quantileOf(alone, 0.95) ?? NEVER },
    autoLater: rounded(runs.reduce((sum, { autoLater }) => sum + autoLater, 0) / runs.length),
  };
}

function keptShare(lives: readonly Life[]): number {
  return rounded(lives.reduce((sum, { kept }) => sum + kept, 0) / lives.reduce((sum, { after }) => sum + after, 0));
}

function runsAbove(lives: readonly Life[], least: number): number {
  const granted = lives.filter(({ after }) => after > 0);
  return rounded(granted.filter(({ kept, after }) => kept >= least * after).length / granted.length);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
