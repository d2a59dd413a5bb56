import fc from 'fast-check';
import { Changes } from '../../../../domain/anomaly/forest/change';
import { RandomCutForest } from '../../../../domain/anomaly/forest/forest';
import { forestSettings } from '../../../../domain/anomaly/forest/options';
import { Streams } from '../../../../domain/anomaly/forest/random';
import { ForestState } from '../../../../domain/anomaly/forest/state';
import { checkTree, chiSquare, forksOf, gapsOf, learned, leavesOf, meanDepth, naiveScore, naiveTree, somePoints } from './naive';

/** Few values, so that there are duplicates and ties; some far from the others. */
const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(1e30, -1e30, 1e-40, 0.1), fc.float({ noNaN: true, noDefaultInfinity: true }));
const stream = fc
  .integer({ min: 1, max: 4 })
  .chain((dimensions) => fc.array(fc.array(value, { minLength: dimensions, maxLength: dimensions }), { minLength: 1, maxLength: 60 }));

test('after any points each leaf counts its points, each cut parts its leaves and each box is the hull of its points', () => {
  fc.assert(
    fc.property(stream, fc.integer({ min: 2, max: 20 }), fc.nat(), (points, sampleSize, seed) => {
      const state = learned({ dimensions: points[0]!.length, trees: 2, sampleSize, seed, decay: 0.05 }, points);
      for (const tree of [0, 1]) {
        checkTree(state, tree);
        const root = naiveTree(state, tree);
        expect(leavesOf(root).reduce((sum, { mass }) => sum + mass, 0)).toBe(Math.min(points.length, sampleSize));
        expect(new Set(leavesOf(root).map(({ point }) => JSON.stringify(point))).size).toBe(leavesOf(root).length);
        for (const { dimension, cut, left, right } of forksOf(root)) {
          expect(Math.max(...leavesOf(left).map(({ point }) => point[dimension]!))).toBeLessThanOrEqual(cut);
          expect(Math.min(...leavesOf(right).map(({ point }) => point[dimension]!))).toBeGreaterThan(cut);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test('a score is what the definition says of the tree', () => {
  fc.assert(
    fc.property(stream, fc.nat(), (points, seed) => {
      const options = { dimensions: points[0]!.length, trees: 3, sampleSize: 16, seed, decay: 0.05 };
      const state = learned(options, points);
      const forest = new RandomCutForest(options, state);
      const held = Math.min(points.length, 16);
      const probe = points[seed % points.length]!.map((each, j) => Math.fround(j === 0 && seed % 2 === 0 ? each + 1 : each));
      const expected = [0, 1, 2].reduce((sum, tree) => sum + naiveScore(naiveTree(state, tree), probe, held), 0) / 3;
      expect(forest.score(probe)).toBeCloseTo(points.length < 4 ? 0 : expected * Math.log2(held + 1), 9);
    }),
    { numRuns: 150 },
  );
});

describe('after points came and went', () => {
  const TREES = 1000;
  const points = somePoints(11, 3, 5).map((point) => point.map(Math.fround));
  const gone = 5;
  const kept = points.slice(gone);
  const state = learned({ dimensions: 3, trees: TREES, sampleSize: points.length, seed: 11 }, points);
  for (let tree = 0; tree < TREES; tree += 1) for (let leaf = 0; leaf < gone; leaf += 1) state.changes.remove(tree, tree * (points.length + 1) + leaf);
  const roots = Array.from({ length: TREES }, (_, tree) => naiveTree(state, tree));

  test('the first cut falls into each gap between the points that are left as often as the gap is long: chi-square over 1,000 trees', () => {
    const gaps = gapsOf(kept);
    const extent = gaps.reduce((sum, { low, high }) => sum + (high - low), 0);
    const cuts = roots.map((root) => forksOf(root)[0]!);
    const counts = gaps.map(({ dimension, low, high }) => cuts.filter((fork) => fork.dimension === dimension && fork.cut >= low && fork.cut < high).length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(TREES);
    // 14 degrees of freedom: more than 36.1 has a chance of 1 in 1,000.
    expect(gaps).toHaveLength(15);
    expect(
      chiSquare(
        counts,
        gaps.map(({ low, high }) => (TREES * (high - low)) / extent),
      ),
    ).toBeLessThan(36.1);
  });

  test('each point lies on average as deep as in a tree that never had the others', () => {
    const depthOf = (root: ReturnType<typeof naiveTree>, point: readonly number[]): number =>
      'mass' in root ? 0 : 1 + depthOf(point[root.dimension]! <= root.cut ? root.left : root.right, point);
    for (const [i, point] of kept.entries()) {
      const depths = roots.map((root) => depthOf(root, point));
      const mean = depths.reduce((sum, depth) => sum + depth, 0) / TREES;
      const deviation = Math.sqrt(depths.reduce((sum, depth) => sum + (depth - mean) ** 2, 0) / TREES);
      expect(Math.abs(mean - meanDepth(kept, i))).toBeLessThan((4 * deviation) / Math.sqrt(TREES) + 1e-9);
    }
  });
});

test('the dimension of the first cut of trees that forget has the chance of its extent: chi-square over 2,000 trees', () => {
  const points = somePoints(60, 3, 3).map(([a, b, c]) => [a!, 2 * b!, 5 * c!]);
  const counts = [0, 0, 0];
  const expected = [0, 0, 0];
  for (let seed = 0; seed < 2; seed += 1) {
    const state = learned({ dimensions: 3, trees: 1000, sampleSize: 8, seed, decay: 0.02 }, points);
    for (let tree = 0; tree < 1000; tree += 1) {
      const root = naiveTree(state, tree);
      const gaps = gapsOf(leavesOf(root).map(({ point }) => point));
      const extent = gaps.reduce((sum, { low, high }) => sum + (high - low), 0);
      for (const { dimension, low, high } of gaps) expected[dimension]! += (high - low) / extent;
      counts[forksOf(root)[0]!.dimension]! += 1;
    }
  }
  // 2 degrees of freedom: more than 13.8 has a chance of 1 in 1,000.
  expect(chiSquare(counts, expected)).toBeLessThan(13.8);
});

test('a cut that rounding moves to the far end still parts the two points', () => {
  const random = Object.assign(new Streams(1, 1), { next: () => 1 - 2 ** -33 });
  const [low, high] = [Float64Array.of(1), Float64Array.of(1 + 2 ** -23)];
  const {
    trees,
    walks: [walk],
  } = new ForestState(forestSettings({ dimensions: 1, trees: 1, seed: 1 }));
  const changes = new Changes(trees, random);
  changes.plant(0, low);
  walk.descend(0, high);
  walk.score(high, 1);
  changes.insert(0, high, walk);
  expect(trees.cuts[trees.roots[0]!]).toBe(1);
});
