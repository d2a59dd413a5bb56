import { LeadErrors } from '../../../domain/forecast/lead-errors';
import { normals } from './samples';

function filledWith(rows: number, leads: number, error: (lead: number) => number): LeadErrors {
  const errors = new LeadErrors(leads, rows);
  for (let k = 0; k < rows; k += 1) errors.add({ origin: k * leads, errors: Float64Array.from({ length: leads }, (_, lead) => error(lead)) });
  return errors;
}

test('of 19 errors the largest is the half width for 95 %, as the rank is raised for the value to come', () => {
  const errors = new LeadErrors(1, 100);
  for (let k = 1; k <= 19; k += 1) errors.add({ origin: k, errors: Float64Array.of(k % 2 === 0 ? k : -k) });
  expect(errors.intervals([0.95])[0]?.halfWidths[0]).toBeCloseTo(19, 9);
});

test('widths follow the lead', () => {
  const normal = normals(3);
  const [interval] = filledWith(90, 40, (lead) => (1 + lead) * normal()).intervals([0.8]);
  expect(interval?.halfWidths[39]).toBeGreaterThan(5 * (interval?.halfWidths[2] ?? Infinity));
});

test('intervals of normal errors hold about their nominal share of new ones', () => {
  const normal = normals(5);
  const intervals = filledWith(96, 24, () => normal()).intervals([0.8, 0.95]);
  for (const { nominal, halfWidths } of intervals) {
    const inside = Array.from({ length: 4800 }, (_, i) => Math.abs(normal()) <= (halfWidths[i % 24] ?? 0)).filter(Boolean).length / 4800;
    expect(Math.abs(inside - nominal)).toBeLessThan(0.03);
  }
});

test('where errors grew the intervals are wider than the errors alone would make them', () => {
  const normal = normals(7);
  const widthOf = (grow: number): number => {
    let k = 0;
    const [interval] = filledWith(90, 10, () => normal() * (1 + (grow * (k += 1)) / 900)).intervals([0.8]);
    return interval?.halfWidths[5] ?? 0;
  };
  // Mean size of the errors grows to the 2.5-fold; without regard to the order the width would.
  expect(widthOf(3) / widthOf(0)).toBeGreaterThan(2.5);
});

test('memory is bounded', () => {
  const errors = new LeadErrors(2, 10);
  for (let k = 0; k < 50; k += 1) errors.add({ origin: k, errors: Float64Array.of(k < 40 ? 1000 : 1, 1) });
  expect(errors.intervals([0.8])[0]?.halfWidths[0]).toBeCloseTo(1, 9);
});

test('a lead without errors has no width', () => {
  const errors = new LeadErrors(2, 10);
  errors.add({ origin: 0, errors: Float64Array.of(1, NaN) });
  expect(errors.intervals([0.8])[0]?.halfWidths[1]).toBeNaN();
});
