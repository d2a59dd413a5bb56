import type { SetScore } from '../../../bench/rca/score';
import { overSeeds } from '../../../bench/rca/seeds';

const score = (top1: number, confident: number, wrong: number): SetScore => ({
  ...{ cases: 200, top1, top3: 0.9, abstained: 0.02, confident, confidentlyWrong: wrong / confident },
  ...{ taken: 2 * confident, takenWrong: wrong / (2 * confident) },
  ...{ baselines: { loudest: { top1: 0.3, top3: 0.6 } }, byKind: { down: { cases: 40, top1, top3: 0.9 } } },
});

test('several seeds are told by mean, deviation and extremes, with every confident cause counted once', () => {
  expect(overSeeds(7, [score(0.7, 50, 5), score(0.8, 100, 1), score(0.9, 50, 0)])).toMatchObject({
    ...{ from: 7, seeds: 3, confidentlyWrong: 6 / 200 },
    top1: { mean: expect.closeTo(0.8) as unknown, deviation: expect.closeTo(0.1) as unknown, least: 0.7, most: 0.9 },
    top3: { mean: expect.closeTo(0.9) as unknown, deviation: expect.closeTo(0) as unknown },
    byKind: { down: { cases: 120, top1: expect.closeTo(0.8) as unknown } },
  });
});

test('roots that a diagnosis would take over are counted once each', () => {
  expect(overSeeds(7, [score(0.7, 50, 5), score(0.8, 100, 1), score(0.9, 50, 0)])).toMatchObject({ taken: 400, takenWrong: 6 / 400 });
});

test('one seed has no deviation', () => {
  expect(overSeeds(1, [score(0.8, 10, 1)]).top1).toEqual({ mean: 0.8, deviation: 0, least: 0.8, most: 0.8 });
});
