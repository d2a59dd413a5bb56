import { detectStep, gridOf, MOST_POINTS, stepReaching, timeOf, usualLeads } from '../../../domain/forecast/grid';
import { DAY, HOUR, pointsOf, START } from './samples';

const MINUTE = 60_000;

test.each([
  ['hours', Array.from({ length: 9 }, (_, i) => i * HOUR), { unit: 'ms', size: HOUR }],
  ['five minutes with late scrapes and a gap', [0, 300, 601, 899, 1201, 4500, 4800].map((s) => s * 1000), { unit: 'ms', size: 5 * MINUTE }],
  ['an unusual distance', [0, 6, 12, 18, 24].map((m) => m * MINUTE), { unit: 'ms', size: 6 * MINUTE }],
  ['weekdays', [0, 1, 2, 3, 4, 7, 8, 9].map((d) => d * DAY), { unit: 'ms', size: DAY }],
  ['months', [0, 1, 2, 3, 4].map((m) => Date.UTC(2026, m, 1)), { unit: 'month', size: 1 }],
  ['quarters', [0, 3, 6, 9].map((m) => Date.UTC(2026, m, 1)), { unit: 'month', size: 3 }],
  ['irregular times, by the next usual step', [0, 4, 12, 19, 33, 40].map((m) => m * MINUTE), { unit: 'ms', size: 10 * MINUTE }],
])('the step of %s', (_name, times, step) => {
  expect(detectStep(times)).toEqual(step);
});

test('one time has no step', () => {
  expect(detectStep([5, 5])).toBeNull();
});

test('values of one step are averaged, missing ones are NaN, and the order of points makes no difference', () => {
  const points = [0, 20, 60, 180].map((minutes) => ({ at: START + minutes * MINUTE, value: minutes }));
  const grid = gridOf([...points].reverse(), { unit: 'ms', size: HOUR });
  expect(grid && [...grid.values]).toEqual([10, 60, NaN, 180]);
  expect(grid && timeOf(grid.step, grid.first)).toBe(START);
});

test('what is not finite, or too huge to be squared, counts as unmeasured', () => {
  const values = [1, NaN, Infinity, 1e200, 2];
  expect([...(gridOf(pointsOf(5, (i) => values[i] ?? 0))?.values ?? [])]).toEqual([1, NaN, NaN, NaN, 2]);
});

test('memory is bounded: the newest steps are kept', () => {
  const grid = gridOf(pointsOf(MOST_POINTS + 100, (i) => i));
  expect([grid?.values.length, grid?.values.at(-1)]).toEqual([MOST_POINTS, MOST_POINTS + 99]);
});

test('months begin on the first', () => {
  const grid = gridOf([0, 1, 2].map((m) => ({ at: Date.UTC(2026, m, 15), value: m })));
  expect(grid && timeOf(grid.step, grid.first + 3)).toBe(Date.UTC(2026, 3, 1));
});

test('a far horizon is reached by longer steps', () => {
  expect(stepReaching({ unit: 'ms', size: 5 * MINUTE }, 30 * DAY)).toEqual({ unit: 'ms', size: 2 * HOUR });
  expect(stepReaching({ unit: 'ms', size: HOUR }, DAY)).toEqual({ unit: 'ms', size: HOUR });
});

test.each([
  [{ unit: 'ms', size: HOUR }, 24],
  [{ unit: 'ms', size: 1000 }, 400],
  [{ unit: 'ms', size: DAY }, 14],
  [{ unit: 'ms', size: 7 * DAY }, 13],
  [{ unit: 'month', size: 3 }, 4],
] as const)('the usual horizon of %j is %d steps', (step, leads) => {
  expect(usualLeads(step)).toBe(leads);
});
