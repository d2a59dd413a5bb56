import fc from 'fast-check';
import { errorCode } from '../../../../domain/errors';
import { RandomCutForest } from '../../../../domain/anomaly/forest/forest';
import { somePoints, thrown } from './naive';

const OPTIONS = { dimensions: 3, trees: 10, sampleSize: 32, seed: 4 };
const POINTS = somePoints(300, 3, 9);

function scores(points: readonly (readonly number[])[], options = OPTIONS): number[] {
  const forest = new RandomCutForest(options);
  return points.map((point) => forest.scoreAndUpdate(point));
}

test('the score of a point never depends on what comes after it', () => {
  const all = scores(POINTS);
  for (const length of [1, 20, 33, 150, 299]) expect(scores(POINTS.slice(0, length))).toEqual(all.slice(0, length));
});

test('one seed gives the same scores again, another seed others', () => {
  expect(scores(POINTS)).toEqual(scores(POINTS));
  expect(scores(POINTS, { ...OPTIONS, seed: 5 })).not.toEqual(scores(POINTS));
  expect(scores(POINTS, { ...OPTIONS, seed: 4 + 2 ** 32 })).not.toEqual(scores(POINTS));
});

test('scoring and learning in one is the same as one after the other, and scoring alone changes nothing', () => {
  const forest = new RandomCutForest(OPTIONS);
  const apart = POINTS.map((point) => {
    forest.score([99, 0, -99]);
    const score = forest.score(point);
    forest.update(point);
    return score;
  });
  expect(apart).toEqual(scores(POINTS));
  expect(forest.seen).toBe(POINTS.length);
});

test('a point is scored before it is learned: the first of a kind is unusual, the twentieth is not', () => {
  const forest = new RandomCutForest({ ...OPTIONS, decay: 0.05 });
  for (const point of POINTS) forest.update(point);
  const again = Array.from({ length: 60 }, () => forest.scoreAndUpdate([40, 40, 40]));
  expect(again[0]).toBeGreaterThan(2);
  expect(again[59]).toBeLessThan(1);
});

test('a point far from all others has a higher score than any usual one', () => {
  const forest = new RandomCutForest({ ...OPTIONS, trees: 50 });
  const usual = POINTS.filter((point) => Math.max(...point) < 13);
  for (const point of usual) forest.update(point);
  const most = Math.max(...usual.slice(-50).map((point) => forest.score(point)));
  expect(forest.score([11, 11, -30])).toBeGreaterThan(most);
});

test('there is no score until a quarter of the sample is there', () => {
  expect(scores(POINTS.slice(0, 20)).map((score) => score > 0)).toEqual([...new Array<boolean>(8).fill(false), ...new Array<boolean>(12).fill(true)]);
});

describe('attribution', () => {
  const value = fc.oneof(fc.integer({ min: -2, max: 14 }), fc.float({ min: -100, max: 100, noNaN: true }));
  const forest = new RandomCutForest(OPTIONS);
  for (const point of POINTS) forest.update(point.map(Math.round));

  test('adds up to the score, for points that were seen and others', () => {
    fc.assert(
      fc.property(fc.tuple(value, value, value), (point) => {
        const { score, high, low } = forest.attribution(point);
        expect(score).toBe(forest.score(point));
        expect([...high, ...low].reduce((sum, each) => sum + each, 0)).toBeCloseTo(score, 9);
        expect(Math.min(...high, ...low)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('says which dimension is too high or too low', () => {
    const { score, high, low } = forest.attribution([1, 60, 1]);
    expect(high[1]! / score).toBeGreaterThan(0.8);
    expect(forest.attribution([1, 1, -60]).low[2]).toBeGreaterThan(0.8 * score);
    expect(low[1]).toBe(0);
  });

  test('is even where all points are the same', () => {
    const constant = new RandomCutForest(OPTIONS);
    for (let i = 0; i < 50; i += 1) constant.update([7, 7, 7]);
    const { score, high, low } = constant.attribution([7, 7, 7]);
    for (const each of [...high, ...low]) expect(each).toBeCloseTo(score / 6, 12);
  });
});

describe('odd numbers', () => {
  test('a constant has the same low score for ever, and the first other value a high one', () => {
    const forest = new RandomCutForest(OPTIONS);
    const constant = Array.from({ length: 200 }, () => forest.scoreAndUpdate([3, 3, 3]));
    expect(new Set(constant.slice(32)).size).toBe(1);
    expect(constant[199]).toBeCloseTo(0.5, 9);
    expect(forest.score([3, 3, 3.001])).toBeCloseTo(Math.log2(33), 9);
  });

  test.each([
    ['denormals', [5e-324, 1e-310, 1e-45, 2e-45, 1e-39]],
    ['huge values', [1e300, -1e300, 3e38, -3.4e38, Number.MAX_VALUE]],
    ['neighbours in floating point', [1, 1 + 2 ** -23, 1 + 2 ** -22, 1 - 2 ** -24, 1]],
    ['both zeros', [0, -0, 0, -0, 1]],
    ['huge beside tiny', [1e300, 1e-300, 0, 1, -1e300]],
  ])('%s are learned and scored like any numbers', (_, values) => {
    const forest = new RandomCutForest({ ...OPTIONS, decay: 0.05 });
    for (let i = 0; i < 300; i += 1) {
      const score = forest.scoreAndUpdate([values[i % 5]!, values[(i * 3) % 5]!, values[(i * i) % 5]!]);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(Math.log2(33));
    }
    for (let i = 0; i < 200; i += 1) forest.update(POINTS[i]!);
    expect(forest.score([1, 1, -80])).toBeGreaterThan(forest.score(POINTS[150]!));
  });

  test.each([[NaN], [Infinity], [-Infinity]])('%p is refused with where it stands, and nothing is learned', (bad) => {
    const forest = new RandomCutForest(OPTIONS);
    expect(() => forest.update([1, bad, 1])).toThrow(`Value 1 of the point is ${String(bad)}`);
    expect(() => forest.scoreAndUpdate([1, 1, bad])).toThrow('finite numbers only');
    expect(forest.seen).toBe(0);
  });

  test('a point of another size is refused', () => {
    const refused = (): number => new RandomCutForest(OPTIONS).score([1, 2]);
    expect(refused).toThrow('The point has 2 values, and this forest takes 3.');
    expect(errorCode(thrown(refused))).toBe('invalid_input');
  });
});
