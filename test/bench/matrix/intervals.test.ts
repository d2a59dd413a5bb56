import { medianInterval, rateInterval, shareInterval } from '../../../bench/matrix/intervals';

test("the interval of a share is Wilson's", () => {
  const [low, high] = shareInterval(8, 10);
  expect(low).toBeCloseTo(0.490162, 5);
  expect(high).toBeCloseTo(0.943318, 5);
  expect(shareInterval(100, 100)[0]).toBeCloseTo(0.963007, 5);
  expect(shareInterval(100, 100)[1]).toBe(1);
  expect(shareInterval(0, 0)).toEqual([0, 1]);
});

test("the interval of a rate is Garwood's: half of a chi-square quantile", () => {
  expect(rateInterval(0, 1)[0]).toBe(0);
  expect(rateInterval(0, 1)[1]).toBeCloseTo(3.688879, 5);
  expect(rateInterval(10, 1)[0]).toBeCloseTo(4.795389, 5);
  expect(rateInterval(10, 1)[1]).toBeCloseTo(18.390356, 5);
  expect(rateInterval(10, 200)[1]).toBeCloseTo(18.390356 / 200, 7);
});

test('the interval of a median lies between ranks, and needs six values', () => {
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
  expect(medianInterval(upTo(5))).toBeUndefined();
  expect(medianInterval(upTo(6))).toEqual([1, 6]);
  expect(medianInterval(upTo(10).reverse())).toEqual([2, 9]);
  expect(medianInterval(upTo(20))).toEqual([6, 15]);
});
