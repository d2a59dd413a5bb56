import type { Build } from './build';
import { bytesText } from './health-wording';
import { humanDuration } from './human-time';
import { median } from './quantile';
import { percent } from './wording';

/** A median absolute deviation times this is the standard deviation of a normal distribution. */
const MAD_TO_DEVIATION = 1.4826;

/** One number of a build, on the scale that it is compared on. */
export interface BuildMeasure {
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
  /** Whether it is part of the vector that is judged as a whole. */
  readonly inVector: boolean;
}

/** What is compared of builds. */
export const BUILD_MEASURES: readonly BuildMeasure[] = [
  { name: 'duration', of: ({ durationMs }) => durationMs, show: humanDuration, byRatio: true, floor: 0.06, below: true, inVector: true },
  { name: 'share of failed tests', of: failedShare, show: percent, byRatio: false, floor: 0.004, below: false, inVector: true },
  {
    name: 'number of tests',
    of: ({ tests }) => tests?.total,
    show: (value) => String(Math.round(value)),
    byRatio: true,
    floor: 0.06,
    below: true,
    inVector: false,
  },
  { name: 'CPU time', of: ({ usage }) => usage?.cpuMs, show: humanDuration, byRatio: true, floor: 0.06, below: true, inVector: true },
  { name: 'memory', of: ({ usage }) => usage?.memoryBytes, show: bytesText, byRatio: true, floor: 0.06, below: false, inVector: true },
];

/** What is usual of a measure: the median, and the robust standard deviation from it, on the scale that it is compared on. */
export interface Usual {
  readonly centre: number;
  readonly spread: number;
}

/** What is usual among values, at least one. */
export function usualOf(measure: BuildMeasure, values: readonly number[]): Usual {
  const scaled = values.map((value) => scaleOf(measure, value));
  const centre = median(scaled);
  return { centre, spread: Math.max(measure.floor, MAD_TO_DEVIATION * median(scaled.map((value) => Math.abs(value - centre)))) };
}

/** How many robust standard deviations a value is from the usual, below 0 for less. */
export function deviationOf(measure: BuildMeasure, usual: Usual, value: number): number {
  return (scaleOf(measure, value) - usual.centre) / usual.spread;
}

function scaleOf({ byRatio }: BuildMeasure, value: number): number {
  return byRatio ? Math.log(Math.max(value, Number.MIN_VALUE)) : value;
}

function failedShare({ tests }: Build): number | undefined {
  return tests === undefined || tests.total === 0 ? undefined : tests.failed / tests.total;
}
