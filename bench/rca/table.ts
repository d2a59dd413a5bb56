import type { RcaResult } from './rca';
import type { Hits } from './score';
import type { SeedScores, Spread } from './seeds';

/** The result as a table for people. */
export function rcaTable({ byDataset, confidentlyWrong, abstained, overSeeds }: RcaResult): string {
  const row = (name: string, cases: number | string, { top1, top3 }: Hits): string =>
    `  ${name.padEnd(28)}${String(cases).padStart(6)}${top1.toFixed(3).padStart(8)}${top3.toFixed(3).padStart(8)}\n`;
  const sets = Object.entries(byDataset).flatMap(([name, set]) => [
    row(name, set.cases, set),
    ...Object.entries(set.baselines).map(([baseline, each]) => row(`  ${baseline}`, '', each)),
    ...Object.entries(set.byKind).map(([kind, each]) => row(`    ${kind}`, each.cases, each)),
  ]);
  const wrong = confidentlyWrong === null ? 'none' : `${(100 * confidentlyWrong).toFixed(1)} %`;
  return [
    `\n  ${''.padEnd(28)}${'cases'.padStart(6)}${'top-1'.padStart(8)}${'top-3'.padStart(8)}\n`,
    ...sets,
    `\n  Of those named with high confidence ${wrong} are wrong; nothing was named in ${(100 * abstained).toFixed(1)} %.\n`,
    ...(overSeeds ? [seedsTable(overSeeds, row)] : []),
  ].join('');
}

function seedsTable(
  { from, seeds, top1, top3, confidentlyWrong, taken, takenWrong, byKind }: SeedScores,
  row: (name: string, cases: number, hits: Hits) => string,
): string {
  const line = (name: string, { mean, deviation, least, most }: Spread): string =>
    `  ${name}: mean ${mean.toFixed(3)}, deviation of a seed ${deviation.toFixed(3)}, from ${least.toFixed(3)} to ${most.toFixed(3)}\n`;
  return [
    `\n  Generated, seeds ${from} to ${from + seeds - 1}; confidently wrong ${confidentlyWrong === null ? 'none' : `${(100 * confidentlyWrong).toFixed(1)} %`}\n`,
    `  A diagnosis would take ${taken} over, of which ${takenWrong === null ? 'none' : `${(100 * takenWrong).toFixed(1)} %`} are wrong\n`,
    line('top-1', top1),
    line('top-3', top3),
    ...Object.entries(byKind).map(([kind, each]) => row(`    ${kind}`, each.cases, each)),
  ].join('');
}
