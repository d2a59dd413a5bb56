import { failuresOf } from '../../../bench/lookback/benchmark';
import { measureLookback } from '../../../bench/lookback/lookback';
import { makeFortnight } from '../../fakes/past/fortnight';

const SEEDS = [3, 12, 17];

test('fortnights with known truth: incidents are found, their changes named, nothing else is named, and no call is made beyond the estimate', async () => {
  const results = await Promise.all(SEEDS.map((seed) => measureLookback(seed)));
  expect(results.flatMap(({ result }) => failuresOf(result).map((failure) => `seed ${String(result.seed)}: ${failure}`))).toEqual([]);
  expect(results.map(({ result }) => result.providerNamed)).toEqual(SEEDS.map(() => 1));
});

test('a fortnight holds what it says', () => {
  const { truth } = makeFortnight(4);
  const count = (kind: string): number => truth.filter((each) => each.kind === kind).length;
  expect([truth.length, truth.flatMap(({ pages }) => pages).length, count('deployment'), count('console'), count('provider'), count('none')]).toEqual([
    14, 60, 6, 2, 1, 5,
  ]);
});

test('the same seed gives the same fortnight, another one another', () => {
  expect(makeFortnight(7)).toEqual(makeFortnight(7));
  expect(makeFortnight(7).truth).not.toEqual(makeFortnight(8).truth);
});
