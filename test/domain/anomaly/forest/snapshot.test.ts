import fc from 'fast-check';
import { errorCode } from '../../../../domain/errors';
import { RandomCutForest } from '../../../../domain/anomaly/forest/forest';
import { forestBytes } from '../../../../domain/anomaly/forest/options';
import { somePoints, thrown } from './naive';

const OPTIONS = { dimensions: 2, trees: 8, sampleSize: 16, seed: 2, decay: 0.02 };
// Rounded, so that some come twice.
const POINTS = somePoints(400, 2, 1).map((point) => point.map((value) => Math.round(2 * value) / 2));

function after(count: number): RandomCutForest {
  const forest = new RandomCutForest(OPTIONS);
  for (const point of POINTS.slice(0, count)) forest.update(point);
  return forest;
}

test.each([0, 1, 2, 15, 16, 17, 200])('a forest that was saved after %i points goes on with the same scores', (count) => {
  const forest = after(count);
  const restored = RandomCutForest.restore(forest.snapshot());
  expect(restored.seen).toBe(count);
  expect(restored.settings).toEqual(forest.settings);
  const rest = POINTS.slice(count);
  expect(rest.map((point) => restored.scoreAndUpdate(point))).toEqual(rest.map((point) => forest.scoreAndUpdate(point)));
});

test('a snapshot of a restored forest is the same snapshot', () => {
  const snapshot = after(100).snapshot();
  expect(RandomCutForest.restore(snapshot).snapshot()).toEqual(snapshot);
});

test('a snapshot takes less than a third of the memory', () => {
  const forest = new RandomCutForest({ dimensions: 8, trees: 5, seed: 1 });
  for (const point of somePoints(1000, 8, 1)) forest.update(point);
  expect(forest.snapshot().length).toBeLessThan(forestBytes(forest.settings) / 3);
});

test('what is no snapshot is refused', () => {
  const snapshot = after(100).snapshot();
  for (const bytes of [new Uint8Array(0), new Uint8Array(500), snapshot.subarray(0, -1), snapshot.subarray(0, 60), new Uint8Array([...snapshot, 0])])
    expect(errorCode(thrown(() => RandomCutForest.restore(bytes)))).toBe('unreadable');
});

test('a snapshot with a changed byte is refused or makes a forest that works', () => {
  const snapshot = after(100).snapshot();
  fc.assert(
    fc.property(fc.nat(snapshot.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = snapshot.slice();
      bytes[at]! ^= change;
      const error = thrown(() => {
        const forest = RandomCutForest.restore(bytes);
        for (const point of POINTS.slice(0, 30)) forest.scoreAndUpdate(point);
      });
      expect([undefined, 'unreadable']).toContain(error === undefined ? undefined : (errorCode(error) ?? error));
    }),
    { numRuns: 300 },
  );
});
