import { NightshiftError } from '../../domain/errors';
import type { Benchmark } from '../benchmark';
import { measureLookback, type LookbackResult } from './lookback';
import { throughAws } from './through-aws';

/** What the look back has to reach on every fortnight. */
export const LEAST = { purity: 0.95, completeness: 0.95, changesNamed: 7 } as const;

/** `npm run bench -- lookback`. */
export const lookbackBenchmark: Benchmark = {
  about: `A generated fortnight on AWS with known truth (60 pages, 14 incidents, 6 after a deployment, 2 after a change in the
console, 1 by the provider; decoys, clock skew, names that say nothing), read page by page as the APIs give it:
incidents and causes found, and calls against the estimate. --seed N: another fortnight. A few seconds.`,
  options: { seed: { type: 'string' } },
  temporal: false,
  async run({ options }) {
    const { result } = await measureLookback(seedOf(options['seed']), throughAws);
    return { result, table: table(result), failures: failuresOf(result) };
  },
};

/** What was not reached, a sentence each. */
export function failuresOf({ purity, completeness, changesNamed, wrongCauses, rollbacksOfOthers, calls, estimatedCalls }: LookbackResult): string[] {
  return [
    ...(purity < LEAST.purity ? [`The purity of incidents is ${purity.toFixed(3)}, below ${String(LEAST.purity)}.`] : []),
    ...(completeness < LEAST.completeness ? [`The completeness of incidents is ${completeness.toFixed(3)}, below ${String(LEAST.completeness)}.`] : []),
    ...(changesNamed < LEAST.changesNamed ? [`The change is named for ${String(changesNamed)} of 8.`] : []),
    ...(wrongCauses > 0 ? [`${String(wrongCauses)} causes are named that were none.`] : []),
    ...(rollbacksOfOthers > 0 ? [`A rollback is proposed for ${String(rollbacksOfOthers)} incidents that no release caused.`] : []),
    ...(calls > estimatedCalls ? [`${String(calls)} calls were made and ${String(estimatedCalls)} estimated.`] : []),
  ];
}

function seedOf(text: unknown): number {
  const seed = text === undefined ? 1 : Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new NightshiftError('invalid_input', '--seed must be a whole number.');
  return seed;
}

function table(result: LookbackResult): string {
  return Object.entries(result)
    .map(([name, value]) => `${name.padEnd(20)} ${String(Math.round(Number(value) * 1000) / 1000)}\n`)
    .join('');
}
