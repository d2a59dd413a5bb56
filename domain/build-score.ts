import type { Build } from './build';
import { BUILD_MEASURES, deviationOf, usualOf } from './build-measures';
import type { BuildMeasure } from './build-measures';
import { isFailed } from './build-oddities';
import { oddVector } from './build-vector';
import type { OddVector } from './build-vector';
import type { BuildVerdict } from './build-verdict';
import { median } from './quantile';
import { percent, plainNumber } from './wording';

/** Builds of a pipeline that a further one is compared with, newest first. */
export const COMPARED_BUILDS = 100;
/** With fewer that tell a measure, nothing is said of it. */
export const LEAST_COMPARED = 10;
/** Robust standard deviations from the usual that are odd: about once in a million for what is normally distributed, and build times have longer tails than that. */
const ODD = 5;
/** A finished build judged, with what is odd about it. */
export interface ScoredBuild extends BuildVerdict {
  /** Names of the measures that are odd, the strangest first; none of a build that is not anomalous. */
  readonly odd: readonly string[];
  /** Of what is strangest: robust standard deviations, or times the highest score of a build before. */
  readonly strength: number;
}

/**
 * Judges a finished build by the ones of its pipeline before it: duration, tests, CPU time and memory, each by how many robust standard deviations (Hampel, JASA 69, 1974) it is from the
 * median, times by ratio; and together, where no single one is odd. A build that failed may end early, so that only what is more than usual counts of it; it is compared with those that succeeded.
 */
export function judgeBuild(build: Build, before: readonly Build[]): ScoredBuild {
  if (build.result === 'cancelled') return plain('unknown', 'it was cancelled');
  const usual = before.filter(({ result }) => result === 'succeeded').slice(0, COMPARED_BUILDS);
  const compared = BUILD_MEASURES.flatMap((measure) => compare(measure, build, usual) ?? []);
  if (compared.length === 0)
    return plain('unknown', `${String(usual.length)} builds of it succeeded before, ${String(LEAST_COMPARED)} that tell the same are needed`);
  const odd = compared.filter(({ deviations }) => deviations >= ODD).sort((a, b) => b.deviations - a.deviations);
  const [first] = odd;
  if (first) return { verdict: 'anomalous', reason: odd.map(({ text }) => text).join('; '), odd: odd.map(({ name }) => name), strength: first.deviations };
  const vector = oddVector(build, usual);
  if (vector) return together(vector, compared);
  return plain('normal', `${compared.map(({ name }) => name).join(', ')} as in the ${String(usual.length)} builds before`);
}

/** The verdict of `judgeBuild`. */
export function scoreBuild(build: Build, before: readonly Build[]): BuildVerdict {
  const { verdict, reason } = judgeBuild(build, before);
  return { verdict, reason };
}

function plain(verdict: BuildVerdict['verdict'], reason: string): ScoredBuild {
  return { verdict, reason, odd: [], strength: 0 };
}

function together({ score, highest, shares }: OddVector, compared: readonly Compared[]): ScoredBuild {
  const parts = shares.map(({ name, share }) => `${compared.find((each) => each.name === name)?.text ?? name} (${percent(share)} of the score)`);
  const reason = `odd taken together, ${plainNumber(score / highest)} times as much as any build before: ${parts.join('; ')}`;
  return { verdict: 'anomalous', reason, odd: shares.map(({ name }) => name), strength: score / highest };
}

interface Compared {
  readonly name: string;
  /** Robust standard deviations, 0 on the side that is no trouble. */
  readonly deviations: number;
  readonly text: string;
}

function compare(measure: BuildMeasure, build: Build, usual: readonly Build[]): Compared | undefined {
  const value = measure.of(build);
  const values = usual.flatMap((each) => measure.of(each) ?? []);
  if (value === undefined || values.length < LEAST_COMPARED) return undefined;
  const off = deviationOf(measure, usualOf(measure, values), value);
  const counts = off > 0 || (measure.below && !isFailed(build.result));
  return {
    name: measure.name,
    deviations: counts ? Math.abs(off) : 0,
    text: `${measure.name} ${measure.show(value)}, where ${measure.show(median(values))} is usual`,
  };
}
