import type { Judged } from '../../../bench/causes/judge';
import type { Run } from '../../../bench/causes/run';
import { planOf } from '../../../bench/causes/scenarios';
import type { Scenario } from '../../../bench/causes/scenarios';
import { failuresOf, scoreRuns } from '../../../bench/causes/score';
import { causesTable } from '../../../bench/causes/table';

const OF = { seeds: 1, from: 1, unplayed: [] };
const RIGHT: Judged = { causeRight: true, runbookRight: true, undeterminedRight: null };

function run(scenario: Scenario, seed: number, judged: Partial<Run['judged']> = {}, right = RIGHT): Run {
  const all = <T>(value: T) => ({ off: value, on: value, lying: value, silent: value });
  return {
    ...{
      plan: planOf(scenario, seed),
      said: all('as told'),
      heard: { ...all('failed'), on: 'used', lying: 'used' },
      alertMs: 1000 * seed,
      lateMs: 30,
      repeats: 0,
    },
    ...{ judged: { ...all(right), ...judged }, peers: { newestChange: 'bad-release', loudestSignal: 'undetermined' } },
  };
}

test('the shares at the top are those of the worst mode', () => {
  const runs = [run('bad-release', 1), run('dependency', 1, { lying: { ...RIGHT, causeRight: false } })];
  const result = scoreRuns(runs, OF);
  expect(result).toMatchObject({
    runs: 2,
    causeRight: 0.5,
    runbookRight: 1,
    undeterminedRight: null,
    byMode: { off: { causeRight: 1 }, lying: { causeRight: 0.5 } },
  });
  expect(result.misses).toEqual([{ fault: 'dependency', seed: 1, modes: ['lying'], said: 'as told', disturbed: false }]);
  expect(failuresOf(result)).toEqual(['causeRight is 0.500 with the model lying, below 0.950.']);
});

test('runs in which there is no cause to name make no other share better', () => {
  const known = { causeRight: true, runbookRight: true, undeterminedRight: true };
  const result = scoreRuns([run('bad-release', 1, {}, { ...RIGHT, causeRight: false }), run('false-alarm', 1, {}, known), run('unseen', 1, {}, known)], OF);
  expect(result).toMatchObject({
    runs: 3,
    causeRight: 0,
    undeterminedRight: 1,
    peers: { newestChange: 1 },
    byFault: { unseen: { causeRight: null, undeterminedRight: 1 } },
  });
});

test('a run in which no answer of the honest model counts is no measurement of it', () => {
  const deaf = { ...run('bad-release', 1), heard: { off: 'off', on: 'failed', lying: 'used', silent: 'failed' } };
  expect(failuresOf(scoreRuns([deaf], OF))).toEqual([expect.stringContaining('No answer of the honest model')]);
});

test('people see what was missed', () => {
  const result = scoreRuns([run('unknown', 7, { off: { causeRight: false, runbookRight: true, undeterminedRight: false } })], { ...OF, from: 7 });
  expect(causesTable(result)).toContain('missed: unknown, seed 7, model off: as told');
});

test('a run that could not be played is told, and counts in no share', () => {
  const unplayed = [{ fault: 'dependency', seed: 4, reason: 'payments did not start.' }];
  const result = scoreRuns([run('bad-release', 1)], { ...OF, unplayed });
  expect([result.causeRight, failuresOf(result)]).toEqual([1, ['dependency, seed 4, could not be played: payments did not start.']]);
});

test('runs on a machine that let them wait are told, and count all the same', () => {
  const late = { ...run('bad-release', 1, {}, { ...RIGHT, causeRight: false }), lateMs: 900, repeats: 2 };
  const result = scoreRuns([late, run('dependency', 1)], OF);
  expect(result).toMatchObject({ causeRight: 0.5, disturbed: 1, repeated: 1, misses: [{ fault: 'bad-release', disturbed: true }] });
});
