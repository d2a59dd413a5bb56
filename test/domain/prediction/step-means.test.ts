import { StepMeans } from '../../../domain/prediction/step-means';

test('values are averaged over steps that are over, and belong to the step that they end', () => {
  const means = new StepMeans(10, 100);
  for (const [at, value] of [
    [20, 1],
    [11, 3],
    [21, 8],
    [25, NaN],
    [31, 9],
  ] as const)
    means.add(at, value);
  expect(means.points(30)).toEqual([
    { at: 10, value: 2 },
    { at: 20, value: 8 },
  ]);
});

test('what is read again replaces what was there', () => {
  const means = new StepMeans(10, 100);
  for (const at of [5, 15, 25]) means.add(at, 1);
  means.cut(10);
  means.add(15, 4);
  expect(means.points(100)).toEqual([
    { at: 0, value: 1 },
    { at: 10, value: 4 },
  ]);
});

test('the newest steps are kept', () => {
  const means = new StepMeans(10, 2);
  for (const at of [5, 35, 15, 25]) means.add(at, at);
  expect(means.points(100).map(({ at }) => at)).toEqual([20, 30]);
});
