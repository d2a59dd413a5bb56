import fc from 'fast-check';
import { chanceOfFewer, chanceOfMore, expectedBand, expectedOf } from '../../../domain/log-templates/rates-tail';

test('the chances are those of Poisson when the variance is the mean', () => {
  const poisson = { mean: 3, variance: 3 };
  expect(chanceOfMore(8, poisson)).toBeCloseTo(0.011905, 5);
  expect(chanceOfFewer(0, poisson)).toBeCloseTo(Math.exp(-3), 5);
});

test('and of the negative binomial when it is more', () => {
  // Size 2, q 0.6: chance of k is (k + 1) 0.16 0.6^k.
  const expected = { mean: 3, variance: 7.5 };
  const below = Array.from({ length: 8 }, (_, k) => (k + 1) * 0.16 * 0.6 ** k);
  expect(chanceOfMore(8, expected)).toBeCloseTo(1 - below.reduce((sum, p) => sum + p, 0), 8);
  expect(chanceOfFewer(1, expected)).toBeCloseTo(0.16 + 0.192, 8);
});

test('a rate that varies expects more variance than one that does not', () => {
  expect(expectedOf([2, 2, 2, 2]).variance).toBeLessThan(expectedOf([0, 4, 0, 4]).variance);
  expect(expectedOf([0, 0, 0, 0]).mean).toBeGreaterThan(0);
});

test('the band holds the mean and is narrower for steadier rates', () => {
  const [steady, varying] = [expectedBand({ mean: 50, variance: 50 }, 0.01), expectedBand({ mean: 50, variance: 500 }, 0.01)];
  expect(steady).toEqual({ low: 33, high: 69 });
  expect(varying.low).toBeLessThan(steady.low);
  expect(varying.high).toBeGreaterThan(steady.high);
});

test('chances lie between 0 and 1, and more is never more likely', () => {
  const positive = fc.double({ min: 0.001, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(positive, fc.double({ min: 1, max: 1000, noNaN: true }), fc.nat({ max: 2_000_000 }), (mean, dispersion, count) => {
      const expected = { mean, variance: mean * dispersion };
      for (const chance of [chanceOfMore(count, expected), chanceOfFewer(count, expected)]) {
        expect(chance).toBeGreaterThanOrEqual(0);
        expect(chance).toBeLessThanOrEqual(1);
      }
      expect(chanceOfMore(count + 1, expected)).toBeLessThanOrEqual(chanceOfMore(count, expected) * (1 + 1e-6));
    }),
  );
});
