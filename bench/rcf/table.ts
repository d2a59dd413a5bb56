import type { RcfResult } from './rcf';

/** The result for people. */
export function rcfTable(result: RcfResult): string {
  const { pointsPerSecond, javaPointsPerSecond, ratio, rankCorrelation, javaSelfCorrelation, bytes } = result;
  return [
    `\n  Points a second, scored and learned: ${String(pointsPerSecond)} (AWS's forest: ${String(javaPointsPerSecond ?? '-')}), a ratio of ${String(ratio ?? '-')}.\n`,
    `  Rank correlation with AWS's scores: ${String(rankCorrelation ?? '-')}; of AWS's among themselves: ${String(javaSelfCorrelation ?? '-')}.\n`,
    `  Our forest takes ${(bytes / 2 ** 20).toFixed(1)} MiB.\n`,
  ].join('');
}
