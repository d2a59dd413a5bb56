import type { Environment } from '../../config/types';
import { RandomCutForest } from '../../domain/anomaly/forest/forest';
import { forestBytes, forestSettings } from '../../domain/anomaly/forest/options';
import { median } from '../../domain/quantile';
import { startJava } from './java';
import { makePoints } from './points';
import { meanCorrelation, ranksOf } from './ranks';

/** Result of the benchmark: medians of the rounds, and means of the correlations. Null is what needs Java where that is missing. */
export interface RcfResult {
  /** Points that our forest scores and learns in a second, on one thread. */
  readonly pointsPerSecond: number;
  readonly javaPointsPerSecond: number | null;
  /** Median of the rounds' ratios. */
  readonly ratio: number | null;
  /** Spearman's, of our scores and AWS's, over all pairs of their rounds. */
  readonly rankCorrelation: number | null;
  /** The same of AWS's among themselves: what another seed makes of it. */
  readonly javaSelfCorrelation: number | null;
  /** Memory of our forest. */
  readonly bytes: number;
  readonly note?: string;
}

/** How much is measured. */
export interface RcfSizes {
  readonly rounds: number;
  readonly warmUp: number;
  readonly measured: number;
}

/** The usual sizes. */
export const RCF_SIZES: RcfSizes = { rounds: 5, warmUp: 20_000, measured: 20_000 };

const SHAPE = { dimensions: 8, trees: 50, sampleSize: 256 };
const DATA_SEED = 20_261_121;

interface Round {
  readonly seconds: number;
  readonly scores: Float64Array;
}

/** Scores and learns the same points with our forest and AWS's, with the same sizes and decay, in turn. */
export async function benchRcf(options: { readonly env: Environment; readonly tell: (line: string) => void; readonly sizes?: RcfSizes }): Promise<RcfResult> {
  const { env, tell, sizes = RCF_SIZES } = options;
  const points = makePoints(sizes.warmUp + sizes.measured, SHAPE.dimensions, DATA_SEED);
  const java = await startJava({ env, settings: forestSettings({ ...SHAPE, seed: 1 }), points, warmUp: sizes.warmUp });
  if (typeof java === 'string') tell(`AWS's forest cannot be run here, so that nothing is compared: ${java}.`);
  const ours: Round[] = [];
  const theirs: Round[] = [];
  const rate = ({ seconds }: Round): number => sizes.measured / seconds;
  try {
    for (let round = 1; round <= sizes.rounds; round += 1) {
      ours.push(runOurs(points, sizes, round));
      if (typeof java !== 'string') theirs.push(await java.run(round));
      tell(
        `Round ${String(round)}: ${[ours, theirs]
          .map(
            (rounds) =>
              rounds
                .slice(-1)
                .map((last) => `${rate(last).toFixed(0)}/s`)
                .join('') || '-',
          )
          .join(" ours, AWS's ")}`,
      );
    }
  } finally {
    if (typeof java !== 'string') await java.close();
  }
  const [ourRanks, theirRanks] = [ours, theirs].map((rounds) => rounds.map(({ scores }) => ranksOf(scores)));
  const compared = theirs.length > 0;
  return {
    pointsPerSecond: Math.round(median(ours.map(rate))),
    javaPointsPerSecond: compared ? Math.round(median(theirs.map(rate))) : null,
    ratio: compared ? rounded(median(ours.map((round, i) => rate(round) / rate(theirs[i] ?? round))), 2) : null,
    rankCorrelation: rounded(meanCorrelation((ourRanks ?? []).flatMap((a) => (theirRanks ?? []).map((b) => [a, b] as const))), 4),
    javaSelfCorrelation: rounded(meanCorrelation((theirRanks ?? []).flatMap((a, i, all) => all.slice(i + 1).map((b) => [a, b] as const))), 4),
    bytes: forestBytes(SHAPE),
    ...(typeof java === 'string' ? { note: `no AWS: ${java}` } : {}),
  };
}

function runOurs(points: Float64Array, { warmUp, measured }: RcfSizes, seed: number): Round {
  const { dimensions } = SHAPE;
  const rows = Array.from({ length: warmUp + measured }, (_, i) => points.subarray(i * dimensions, (i + 1) * dimensions));
  const forest = new RandomCutForest({ ...SHAPE, seed });
  for (const row of rows.slice(0, warmUp)) forest.scoreAndUpdate(row);
  const rest = rows.slice(warmUp);
  const scores = new Float64Array(measured);
  const start = performance.now();
  for (const [i, row] of rest.entries()) scores[i] = forest.scoreAndUpdate(row);
  return { seconds: (performance.now() - start) / 1000, scores };
}

function rounded<T extends number | null>(value: T, digits: number): T {
  return (value === null ? null : Number(value.toFixed(digits))) as T;
}
