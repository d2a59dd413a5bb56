import { seededRandom } from '../../../../domain/seeded-random';
import { chiSquare, learned, leavesOf, naiveTree } from './naive';

const TREES = 500;
const SAMPLE = 16;

/** Numbers of the points that the trees hold after so many have come. */
function held(count: number, decay: number): number[] {
  const points = Array.from({ length: count }, (_, number) => [number]);
  const state = learned({ dimensions: 1, trees: TREES, sampleSize: SAMPLE, seed: 21, decay }, points);
  return Array.from({ length: TREES }, (_, tree) => leavesOf(naiveTree(state, tree))).flatMap((leaves) => leaves.map(({ point }) => point[0]!));
}

test('without decay every point that ever came is as likely to be in a sample', () => {
  const numbers = held(160, 0);
  expect(numbers).toHaveLength(TREES * SAMPLE);
  const tenths = Array.from({ length: 10 }, (_, tenth) => numbers.filter((number) => Math.floor(number / 16) === tenth).length);
  // 9 degrees of freedom: more than 27.9 has a chance of 1 in 1,000.
  expect(chiSquare(tenths, new Array<number>(10).fill(TREES * 1.6))).toBeLessThan(27.9);
});

test('with decay a sample holds the points of the smallest keys of log(-log u) - decay * number', () => {
  // Fast enough that most of the newest points are in: a sample that took too few or too many would show.
  const decay = 0.1;
  const count = 120;
  const random = seededRandom(8);
  const naive = Array.from({ length: TREES }, () =>
    Array.from({ length: count }, (_, number) => ({ number, key: Math.log(-Math.log(random() || 0.5)) - decay * number }))
      .sort((a, b) => a.key - b.key)
      .slice(0, SAMPLE),
  ).flatMap((sample) => sample.map(({ number }) => number));
  const ages = [0, 2, 4, 7, 10, 15, 20, 30, 45, count];
  const counts = (numbers: readonly number[]): number[] =>
    ages.slice(1).map((most, i) => numbers.filter((number) => count - 1 - number >= ages[i]! && count - 1 - number < most).length);
  const ours = counts(held(count, decay));
  const theirs = counts(naive);
  // Both are counts, so that the difference varies twice as much; 8 degrees of freedom: more than 26.1 has a chance of 1 in 1,000.
  expect(ours.reduce((sum, n, i) => sum + (n - theirs[i]!) ** 2 / (n + theirs[i]!), 0)).toBeLessThan(26.1);
});
