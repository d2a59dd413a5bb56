import fc from 'fast-check';
import { exactExp, exactLog, raised } from '../../../domain/anomaly/exact-math';

test('the logarithm is that of Math within 1e-9, for all numbers from 1 on', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, noNaN: true, noDefaultInfinity: true }), (value) => expect(Math.abs(exactLog(value) - Math.log(value))).toBeLessThan(1e-9)),
  );
});

test('the exponential undoes the logarithm', () => {
  fc.assert(fc.property(fc.double({ min: 1, max: 1e300, noNaN: true }), (value) => expect(exactExp(exactLog(value)) / value).toBeCloseTo(1, 8)));
});

test('numbers outside give the nearest answer', () => {
  expect([exactLog(0), exactLog(NaN), exactLog(Infinity), exactExp(-3), Number.isFinite(exactExp(1e9))]).toEqual([0, 0, Infinity, 1, true]);
});

test('a share is raised to the power of 0.75', () => {
  expect([raised(0), raised(0.0001), raised(1)]).toEqual([0, expect.closeTo(0.001, 6), 1]);
});
