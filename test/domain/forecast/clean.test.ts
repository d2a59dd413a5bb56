import fc from 'fast-check';
import { cleaned } from '../../../domain/forecast/clean';
import { normals } from './samples';

const series = (count: number, seed = 1): Float64Array => {
  const normal = normals(seed);
  return Float64Array.from({ length: count }, (_, i) => Math.sin((2 * Math.PI * i) / 24) + 0.05 * normal());
};

test('an outlier is cut to about what is usual', () => {
  const values = series(240);
  values[200] = 50;
  expect(Math.abs((cleaned(values, 24)[200] ?? 0) - Math.sin((2 * Math.PI * 200) / 24))).toBeLessThan(1);
});

test('a gap is filled by the season', () => {
  const values = series(240).map((value, i) => (i >= 200 && i < 212 ? NaN : value));
  const filled = cleaned(values, 24);
  for (let i = 200; i < 212; i += 1) expect(Math.abs((filled[i] ?? NaN) - Math.sin((2 * Math.PI * i) / 24))).toBeLessThan(0.5);
});

test('a new level is believed once it has lasted', () => {
  const values = series(480).map((value, i) => (i >= 300 ? value + 20 : value));
  const result = cleaned(values, 24);
  expect(result[479]).toBe(values[479]);
});

test('what comes later changes nothing before it', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: false, min: -1e6, max: 1e6 }), { minLength: 30, maxLength: 90 }), fc.nat(29), (values, cut) => {
      const whole = cleaned(Float64Array.from(values), 7);
      const part = cleaned(Float64Array.from(values.slice(0, cut)), 7);
      expect(whole.slice(0, cut)).toEqual(part);
    }),
    { numRuns: 50 },
  );
});
