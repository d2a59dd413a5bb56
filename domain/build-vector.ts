import { RandomCutForest } from './anomaly/forest/forest';
import type { Build } from './build';
import { BUILD_MEASURES, deviationOf, usualOf } from './build-measures';
import { isFailed } from './build-oddities';

/** With fewer earlier builds that tell the vector it says nothing. */
export const LEAST_VECTORS = 30;
/** A forest of fewer dimensions says no more than each measure does by itself. */
const LEAST_DIMENSIONS = 2;
/** The score must be so many times the highest that an earlier build had when it came, */
const MARGIN = 1.65;
/** and one of the dimensions that make most of it must be so many robust standard deviations from its usual. */
const OUTSIDE = 3;
/** Dimensions with at least this share of the score are named, and count. */
const LEAST_SHARE = 0.25;
/** The same builds give the same scores. */
const SEED = 1;
/** The forest is warm after a quarter of its sample. */
const SAMPLE = 100;

/** What the vector of a build has in its score. */
export interface VectorShare {
  readonly name: string;
  /** 0 to 1. */
  readonly share: number;
  /** Robust standard deviations from the usual, below 0 for less. */
  readonly deviations: number;
}

/** A build whose measures are odd together. */
export interface OddVector {
  readonly score: number;
  /** What no earlier build exceeded. */
  readonly highest: number;
  /** The dimensions that make the score, the largest first. */
  readonly shares: readonly VectorShare[];
}

/**
 * Judges duration, share of failed tests, CPU time and memory of a build together, by a Random Cut Forest that saw the builds of its pipeline before it, newest first in `usual`, in their order. Undefined
 * where it is not odd, or too little is known. Of a failed build, which may end early, and where less is no trouble, only what is more than usual counts.
 */
export function oddVector(build: Build, usual: readonly Build[]): OddVector | undefined {
  const told = BUILD_MEASURES.filter(
    ({ inVector, of }) => inVector && of(build) !== undefined && usual.filter((each) => of(each) !== undefined).length >= LEAST_VECTORS,
  );
  const whole = usual.filter((each) => told.every(({ of }) => of(each) !== undefined)).reverse();
  if (told.length < LEAST_DIMENSIONS || whole.length < LEAST_VECTORS) return undefined;
  const scales = told.map((measure) =>
    usualOf(
      measure,
      whole.map((each) => measure.of(each) ?? 0),
    ),
  );
  const vector = (each: Build): number[] => told.map((measure, i) => deviationOf(measure, scales[i] ?? { centre: 0, spread: 1 }, measure.of(each) ?? 0));
  const forest = new RandomCutForest({ dimensions: told.length, seed: SEED, sampleSize: SAMPLE });
  const highest = whole.reduce((most, each) => Math.max(most, forest.scoreAndUpdate(vector(each))), 0);
  const point = vector(build);
  const { score, high, low } = forest.attribution(point);
  if (score < MARGIN * highest) return undefined;
  const shares = told
    .map(({ name, below }, i) => {
      const deviations = point[i] ?? 0;
      const counts = deviations > 0 || (below && !isFailed(build.result));
      return { name, share: ((high[i] ?? 0) + (low[i] ?? 0)) / score, deviations, outside: counts && Math.abs(deviations) >= OUTSIDE };
    })
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share);
  if (!shares.some(({ outside }) => outside)) return undefined;
  return { score, highest, shares: shares.map(({ name, share, deviations }) => ({ name, share, deviations })) };
}
