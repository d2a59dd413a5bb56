import { access } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { NightshiftError } from '../../domain/errors';
import type { Benchmark, BenchRun, Outcome } from '../benchmark';
import { readScenario, scenariosIn } from './petshop';
import type { SetScore } from './score';
import { scoreSet, together } from './score';
import type { SeedScores } from './seeds';
import { overSeeds, scoreSeed } from './seeds';
import { rcaTable } from './table';

/** What `bench rca` prints. `top1` and `top3` are of the generated cases, an abstention counts as a miss; the other two are over all sets. */
export interface RcaResult {
  readonly seed: number;
  readonly top1: number;
  readonly top3: number;
  readonly byDataset: Readonly<Record<string, SetScore>>;
  /** Of the causes that were named with high confidence the share that is wrong; null where none was. */
  readonly confidentlyWrong: number | null;
  /** Share of all cases in which nothing was named. */
  readonly abstained: number;
  /** With --seeds N: the generated cases of N seeds from `seed` on. */
  readonly overSeeds?: SeedScores;
}

const SEED = 1;
const SHARED = join('..', 'shared', 'data');
/** Limits of the generated cases, and the most that the loudest series may reach there: a generator that noise solves shows nothing. */
const LIMITS = { top1: 0.8, top3: 0.92, loudest: 0.5, confidentlyWrong: 0.05 };

/** `bench rca`. */
export const rcaBenchmark: Benchmark = {
  about: `Root causes over call graphs: 200 generated incidents (--seed K), then every application below --data DIR in PetShop's
layout (\`../shared/data\` where it is there), beside a constant guess, the loudest series and the deepest anomaly.
--seeds N scores the generated incidents of N seeds from K on, and the limits hold for their mean. About 10 seconds a seed.`,
  options: { data: { type: 'string' }, seed: { type: 'string' }, seeds: { type: 'string' } },
  temporal: false,
  run: benchRca,
};

async function benchRca({ options, tell }: BenchRun): Promise<Outcome> {
  const seed = wholeNumber(options, 'seed') ?? SEED;
  const seeds = wholeNumber(options, 'seeds') ?? 1;
  const scores: SetScore[] = [];
  for (let each = seed; each < seed + seeds; each += 1) {
    const score = scoreSeed(each);
    tell(`generated, seed ${each}: top-1 ${score.top1.toFixed(3)}, top-3 ${score.top3.toFixed(3)}`);
    scores.push(score);
  }
  const generated = scores[0] as SetScore;
  const sets: Record<string, SetScore> = { generated, ...(await applications(typeof options['data'] === 'string' ? options['data'] : undefined, tell)) };
  const { confidentlyWrong, abstained } = together(Object.values(sets));
  const several = options['seeds'] === undefined ? {} : { overSeeds: overSeeds(seed, scores) };
  const result: RcaResult = { seed, top1: generated.top1, top3: generated.top3, byDataset: sets, confidentlyWrong, abstained, ...several };
  return { result, table: rcaTable(result), failures: failuresOf(together(scores), confidentlyWrong) };
}

/** A whole number from 1 on, or undefined where the option is not given. */
function wholeNumber(options: BenchRun['options'], name: 'seed' | 'seeds'): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new NightshiftError('invalid_input', `--${name} takes a whole number from 1 on, not ${String(text)}.`);
  return value;
}

/** Scores of each application below a folder, by the name of its folder; all its scenarios count together. */
async function applications(given: string | undefined, tell: (line: string) => void): Promise<Record<string, SetScore>> {
  const dir = given ?? SHARED;
  const scenarios = await scenariosIn(dir);
  if (scenarios.length === 0) {
    tell(`There is no application in PetShop's layout (graph.csv, noissue/metrics.csv, <split>/issue_N) below ${dir}: only generated cases are scored.`);
    return {};
  }
  const scores: Record<string, SetScore[]> = {};
  for (const scenario of scenarios) {
    if (!(await isThere(join(scenario, 'noissue', 'metrics.csv')))) continue;
    const name = relative(dir, scenario).split(/[\\/]/)[0] ?? '';
    const score = scoreSet(await readScenario(scenario, dir));
    tell(`${relative(dir, scenario)}: ${score.cases} issues, top-1 ${score.top1.toFixed(3)}, top-3 ${score.top3.toFixed(3)}`);
    (scores[name === '' ? 'given' : name] ??= []).push(score);
  }
  return Object.fromEntries(Object.entries(scores).map(([name, each]) => [name, together(each)]));
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** What was not reached, the generated cases of all seeds together. */
function failuresOf(generated: SetScore, overall: number | null): string[] {
  const confidentlyWrong = Math.max(overall ?? 0, generated.confidentlyWrong ?? 0);
  const loudest = generated.baselines['loudest']?.top1 ?? 0;
  return [
    ...(generated.top1 < LIMITS.top1 ? [`Top-1 of the generated cases is ${generated.top1.toFixed(3)}, below ${LIMITS.top1}.`] : []),
    ...(generated.top3 < LIMITS.top3 ? [`Top-3 of the generated cases is ${generated.top3.toFixed(3)}, below ${LIMITS.top3}.`] : []),
    ...(loudest > LIMITS.loudest ? [`The generated cases are too easy: the loudest series finds ${loudest.toFixed(3)} of them.`] : []),
    ...(confidentlyWrong >= LIMITS.confidentlyWrong ? [`Of the causes named with high confidence ${confidentlyWrong.toFixed(3)} are wrong.`] : []),
  ];
}
