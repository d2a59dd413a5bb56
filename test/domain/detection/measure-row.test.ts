import { coarserRows, isMeasured } from '../../../domain/detection/measure-row';
import type { MeasureRow } from '../../../domain/detection/measure-row';
import { kindOfMeasure } from '../../../domain/detection/measures';

const row = (at: number, values: Record<string, number | null>): MeasureRow => ({
  at,
  measures: Object.entries(values).map(([name, value]) => ({ name, kind: kindOfMeasure(name), value })),
});

test('a longer row has the mean of each measure, of failures and latency by the requests behind them, and the highest of a resource', () => {
  const rows = [
    row(10, { errorShare: 0.5, up: 1, latencyP95Ms: 100, rate: 1, 'saturation:disk': 0.9 }),
    row(20, { errorShare: 0.1, up: 0.5, latencyP95Ms: 200, rate: 3, 'saturation:disk': 0.2 }),
    row(30, { errorShare: null, up: null, latencyP95Ms: null, rate: null }),
  ];
  const [made, ...others] = coarserRows(rows, 30);
  expect(others).toEqual([]);
  expect(made?.at).toBe(30);
  expect(Object.fromEntries(made?.measures.map(({ name, value }) => [name, value]) ?? [])).toEqual({
    ...{ errorShare: expect.closeTo(0.2) as number, up: 0.75, latencyP95Ms: expect.closeTo(175) as number, rate: 2, 'saturation:disk': 0.9 },
  });
});

test('rows of which nothing is known stay out, and what was not measured stays null', () => {
  const rows = [
    row(10, { rate: 1 }),
    row(70, { rate: null, errorShare: null }),
    row(80, { rate: 0, errorShare: 0.25 }),
    row(90, { rate: 0, errorShare: 0.75 }),
  ];
  const made = coarserRows(rows, 30);
  expect(made.map(({ at }) => at)).toEqual([30, 90]);
  expect(made[1]?.measures.map(({ value }) => value)).toEqual([0.5, 0]);
  expect(coarserRows([row(10, { rate: null })], 30)[0]?.measures[0]?.value).toBeNull();
  expect([isMeasured(row(1, { up: null })), isMeasured(row(1, { up: 0 }))]).toEqual([false, true]);
});
