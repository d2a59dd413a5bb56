import { isFailed } from './build-oddities';
import type { Build } from './build';
import type { BuildVerdict } from './build-verdict';
import { bytesText } from './health-wording';
import { humanDuration } from './human-time';
import { median } from './quantile';
import { percent } from './wording';

/** Builds of a pipeline that a further one is compared with, newest first. */
export const COMPARED_BUILDS = 100;
/** With fewer that tell a measure, nothing is said of it. */
const LEAST_COMPARED = 10;
/** Robust standard deviations from the usual that are odd: about once in a million for what is normally distributed, and build times have longer tails than that. */
const ODD = 5;
/** A median absolute deviation times this is the standard deviation of a normal distribution. */
const MAD_TO_DEVIATION = 1.4826;

/** One number of a build, on the scale that it is compared on. */
interface Measure {
  readonly name: string;
  /** Undefined where the build does not tell it. */
  readonly of: (build: Build) => number | undefined;
  readonly show: (value: number) => string;
  /** Durations, CPU and memory vary by ratio. */
  readonly byRatio: boolean;
  /** Least spread: a pipeline that always takes the same time is not odd for a second more. A ratio, or a difference where it does not vary by ratio. */
  readonly floor: number;
  /** Whether less than usual is odd as well. */
  readonly below: boolean;
}

const MEASURES: readonly Measure[] = [
  { name: 'duration', of: ({ durationMs }) => durationMs, show: humanDuration, byRatio: true, floor: 0.06, below: true },
  { name: 'share of failed tests', of: failedShare, show: percent, byRatio: false, floor: 0.004, below: false },
  { name: 'number of tests', of: ({ tests }) => tests?.total, show: (value) => String(Math.round(value)), byRatio: true, floor: 0.06, below: true },
  { name: 'CPU time', of: ({ usage }) => usage?.cpuMs, show: humanDuration, byRatio: true, floor: 0.06, below: true },
  { name: 'memory', of: ({ usage }) => usage?.memoryBytes, show: bytesText, byRatio: true, floor: 0.06, below: false },
];

/**
 * Judges a finished build by the ones of its pipeline before it: duration, tests, CPU time and memory, each by how many robust standard deviations (Hampel, JASA 69, 1974) it is from the
 * median, times by ratio. A build that failed may end early, so that only what is more than usual counts of it; it is compared with those that succeeded.
 */
export function scoreBuild(build: Build, before: readonly Build[]): BuildVerdict {
  if (build.result === 'cancelled') return { verdict: 'unknown', reason: 'it was cancelled' };
  const usual = before.filter(({ result }) => result === 'succeeded').slice(0, COMPARED_BUILDS);
  const compared = MEASURES.flatMap((measure) => compare(measure, build, usual) ?? []);
  if (compared.length === 0) {
    return { verdict: 'unknown', reason: `${String(usual.length)} builds of it succeeded before, ${String(LEAST_COMPARED)} that tell the same are needed` };
  }
  const odd = compared.filter(({ deviations }) => deviations >= ODD).sort((a, b) => b.deviations - a.deviations);
  if (odd.length > 0) return { verdict: 'anomalous', reason: odd.map(({ text }) => text).join('; ') };
  return { verdict: 'normal', reason: `${compared.map(({ name }) => name).join(', ')} as in the ${String(usual.length)} builds before` };
}

interface Compared {
  readonly name: string;
  /** Robust standard deviations, 0 on the side that is no trouble. */
  readonly deviations: number;
  readonly text: string;
}

function compare(measure: Measure, build: Build, usual: readonly Build[]): Compared | undefined {
  const value = measure.of(build);
  const values = usual.flatMap((each) => measure.of(each) ?? []);
  if (value === undefined || values.length < LEAST_COMPARED) return undefined;
  const scale = (each: number): number => (measure.byRatio ? Math.log(Math.max(each, Number.MIN_VALUE)) : each);
  const centre = median(values.map(scale));
  const spread = Math.max(measure.floor, MAD_TO_DEVIATION * median(values.map((each) => Math.abs(scale(each) - centre))));
  const off = (scale(value) - centre) / spread;
  const counts = off > 0 || (measure.below && !isFailed(build.result));
  return {
    name: measure.name,
    deviations: counts ? Math.abs(off) : 0,
    text: `${measure.name} ${measure.show(value)}, where ${measure.show(median(values))} is usual`,
  };
}

function failedShare({ tests }: Build): number | undefined {
  return tests === undefined || tests.total === 0 ? undefined : tests.failed / tests.total;
}
