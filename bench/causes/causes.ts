import { errorMessage, NightshiftError } from '../../domain/errors';
import { atOnce } from '../at-once';
import type { Benchmark, BenchRun, Outcome } from '../benchmark';
import { openModels } from './assess';
import { runOne } from './run';
import type { Around, Run } from './run';
import { planOf, SCENARIOS } from './scenarios';
import type { Plan, Scenario } from './scenarios';
import { failuresOf, isDisturbed, scoreRuns } from './score';
import type { Unplayed } from './score';
import { causesTable } from './table';

const SEEDS = 20;
const LANES = 6;
const MOST_LANES = 32;
/** How often a run is played again when the machine was too busy for it. */
const REPEATS = 2;

/** `bench causes`. */
export const causesBenchmark: Benchmark = {
  about: `Cause and runbook for the faults of the practice service, and for alerts of which nothing can be known, as real processes on
free ports: ${String(SEEDS)} seeds each (--seeds N from --from K), several at once (--lanes L; ${String(LANES)}). The evidence of a run is frozen once and
judged without a model, with an honest one, a lying one and a silent one. --fault F: only that. --keep DIR: the evidence of each
run as a file there. About half an hour on 2 cores.`,
  options: { seeds: { type: 'string' }, from: { type: 'string' }, lanes: { type: 'string' }, fault: { type: 'string' }, keep: { type: 'string' } },
  temporal: false,
  run: benchCauses,
};

async function benchCauses({ options, log, tell }: BenchRun): Promise<Outcome> {
  const seeds = wholeNumber(options, 'seeds') ?? SEEDS;
  const from = wholeNumber(options, 'from') ?? 1;
  const lanes = wholeNumber(options, 'lanes', MOST_LANES) ?? LANES;
  const plans = plansOf(scenariosOf(options['fault']), from, seeds);
  const keep = typeof options['keep'] === 'string' ? options['keep'] : undefined;
  const models = await openModels();
  const runs: Run[] = [];
  const unplayed: Unplayed[] = [];
  try {
    await atOnce(plans.length, lanes, async (i) => {
      const plan = plans[i] as Plan;
      const run = await playCalmly(plan, { models, log, ...(keep === undefined ? {} : { keep }) }).catch((error: unknown) => {
        unplayed.push({ fault: plan.scenario, seed: plan.seed, reason: errorMessage(error) });
        tell(`${plan.scenario}, seed ${String(plan.seed)}, could not be played: ${errorMessage(error)}`);
      });
      if (!run) return;
      runs.push(run);
      tell(lineOf(run, runs.length, plans.length));
    });
  } finally {
    await models.close();
  }
  const result = scoreRuns(inOrder(runs), { seeds, from, unplayed });
  return { result, table: causesTable(result), failures: failuresOf(result) };
}

/** What a busy machine spoilt is played again, right or wrong: the practice service was slow by itself. The last one counts, however it was. */
async function playCalmly(plan: Plan, around: Around): Promise<Run> {
  for (let repeats = 0; ; repeats += 1) {
    const run = await runOne(plan, around);
    if (!isDisturbed(run) || repeats >= REPEATS) return { ...run, repeats };
  }
}

/** Seed by seed, so that a run that is cut off has seen all faults, and faults that take long do not all come last. */
function plansOf(scenarios: readonly Scenario[], from: number, seeds: number): Plan[] {
  return Array.from({ length: seeds }, (_, i) => scenarios.map((scenario) => planOf(scenario, from + i))).flat();
}

function inOrder(runs: readonly Run[]): Run[] {
  const place = ({ plan }: Run): number => plan.seed * SCENARIOS.length + SCENARIOS.indexOf(plan.scenario);
  return [...runs].sort((a, b) => place(a) - place(b));
}

function lineOf({ plan, judged, said }: Run, nth: number, of: number): string {
  const { causeRight, runbookRight } = judged.off;
  const right = causeRight && runbookRight ? 'right' : `wrong: ${said.off}`;
  return `${String(nth)}/${String(of)} ${plan.scenario}, seed ${String(plan.seed)}: ${right}`;
}

function scenariosOf(given: BenchRun['options'][string]): readonly Scenario[] {
  if (given === undefined) return SCENARIOS;
  const found = SCENARIOS.filter((each) => each === given);
  if (found.length === 0) throw new NightshiftError('invalid_input', `--fault is one of ${SCENARIOS.join(', ')}.`);
  return found;
}

function wholeNumber(options: BenchRun['options'], name: 'seeds' | 'from' | 'lanes', most = 999_999): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const value = typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= 1 && value <= most)) throw new NightshiftError('invalid_input', `--${name} takes a whole number from 1 to ${String(most)}.`);
  return value;
}
