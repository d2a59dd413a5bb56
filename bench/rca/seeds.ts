import { generatedCase } from './generator/generate';
import type { Hits, SetScore } from './score';
import { scoreSet, together } from './score';

/** Mean of some seeds, their standard deviation (0 for one), and the extremes. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
}

/** Scores of the generated cases over many seeds: one seed of 200 cases is uncertain by about 0.03 by itself. */
export interface SeedScores {
  readonly from: number;
  readonly seeds: number;
  readonly top1: Spread;
  readonly top3: Spread;
  /** Over all cases of all seeds, as in a single run. */
  readonly confidentlyWrong: number | null;
  readonly taken: number;
  readonly takenWrong: number | null;
  readonly abstained: number;
  readonly baselines: Readonly<Record<string, Hits>>;
  readonly byKind: SetScore['byKind'];
}

/** Generated incidents of one seed. */
const CASES = 200;

/** Scores of the generated cases of one seed. */
export function scoreSeed(seed: number): SetScore {
  return scoreSet(Array.from({ length: CASES }, (_each, i) => generatedCase(seed, i)));
}

/** Scores of several seeds in a row together; `scores` holds one for each. */
export function overSeeds(from: number, scores: readonly SetScore[]): SeedScores {
  const { confidentlyWrong, taken, takenWrong, abstained, baselines, byKind } = together(scores);
  const spread = (of: (score: SetScore) => number): Spread => spreadOf(scores.map(of));
  return {
    from,
    seeds: scores.length,
    top1: spread(({ top1 }) => top1),
    top3: spread(({ top3 }) => top3),
    ...{ confidentlyWrong, taken, takenWrong, abstained, baselines, byKind },
  };
}

function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, each) => sum + each, 0) / Math.max(1, values.length);
  const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)), least: Math.min(...values), most: Math.max(...values) };
}
