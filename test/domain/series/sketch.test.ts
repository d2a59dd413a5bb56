import fc from 'fast-check';
import { Sketch } from '../../../domain/series/sketch';

const value = fc.oneof(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), fc.double({ min: -1e9, max: -1e-6, noNaN: true }), fc.constant(0));
const values = fc.array(value, { minLength: 1, maxLength: 300 });
const quantile = fc.double({ min: 0, max: 1, noNaN: true });
const sketchOf = (list: readonly number[], error?: number): Sketch => {
  const sketch = new Sketch(error);
  for (const each of list) sketch.add(each);
  return sketch;
};
const parts = (sketch: Sketch): (number | null)[] => [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1].map((q) => sketch.quantile(q));

describe('a sketch', () => {
  test('is within its relative error of the value at the rank, for any values', () => {
    fc.assert(
      fc.property(values, quantile, fc.constantFrom(0.01, 0.02, 0.05), (list, q, error) => {
        const exact = [...list].sort((a, b) => a - b)[Math.floor(q * (list.length - 1))] ?? NaN;
        const found = sketchOf(list, error).quantile(q) ?? NaN;
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(error * Math.abs(exact) * (1 + 1e-9));
      }),
    );
  });

  test('merged from parts is the sketch of the whole', () => {
    fc.assert(
      fc.property(values, values, (some, others) => {
        const merged = sketchOf(some);
        merged.merge(sketchOf(others));
        expect(parts(merged)).toEqual(parts(sketchOf([...some, ...others])));
        expect(merged.count).toBe(some.length + others.length);
      }),
    );
  });

  test('does not depend on the order of the values, even where the lowest ones share a bin', () => {
    const wide = fc.array(fc.integer({ min: -11, max: 300 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(wide, (exponents) => {
        const list = exponents.map((exponent) => 10 ** exponent);
        expect(parts(sketchOf([...list].reverse()))).toEqual(parts(sketchOf(list)));
      }),
    );
  });

  test('has a bounded number of bins, and keeps its error for the large values', () => {
    const list = Array.from({ length: 6000 }, (_, i) => 1.1 ** (i - 3000));
    const sketch = sketchOf(list);
    expect(sketch.bins).toBeLessThanOrEqual(2049);
    expect(sketch.count).toBe(6000);
    const exact = list[Math.floor(0.99 * 5999)] ?? NaN;
    expect(Math.abs((sketch.quantile(0.99) ?? NaN) - exact) / exact).toBeLessThanOrEqual(0.01);
  });

  test('takes weights, and leaves out what is no finite number or has no weight', () => {
    const sketch = new Sketch();
    sketch.add(10, 0.25);
    sketch.add(1000, 99.75);
    for (const nothing of [NaN, Infinity, -Infinity]) sketch.add(nothing);
    sketch.add(5, 0);
    sketch.add(5, -1);
    expect(sketch.count).toBe(100);
    expect(sketch.quantile(0.5)).toBeCloseTo(1000, -2);
  });

  test('of nothing has no quantile', () => {
    expect(new Sketch().quantile(0.5)).toBeNull();
  });

  test('is not merged with one of another error', () => {
    expect(() => new Sketch(0.01).merge(new Sketch(0.02))).toThrow(RangeError);
  });
});
