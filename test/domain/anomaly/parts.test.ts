import fc from 'fast-check';
import { PeakHold } from '../../../domain/anomaly/peak-hold';
import { SpreadExpert } from '../../../domain/anomaly/expert-spread';
import { kept, SortedWindow } from '../../../domain/anomaly/sorted-window';

const numbers = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true })), { minLength: 40, maxLength: 400 });

test('a window holds the last values in order, and novelty is the distance to the nearest of them', () => {
  fc.assert(
    fc.property(numbers, (values) => {
      const window = new SortedWindow(100);
      values.map(kept).forEach((value, i, all) => {
        const last = all.slice(Math.max(0, i - 100), i);
        const novelty = window.take(value);
        const [low, high] = [Math.min(...last), Math.max(...last)];
        const range = Math.max(high - low, 0.01 * Math.max(high, -low));
        const distance = Math.min(...last.map((each) => Math.abs(each - value)));
        expect(novelty).toBe(last.length < 30 || distance === 0 ? 0 : distance / (distance + range));
      });
      const sorted = values
        .map(kept)
        .slice(-100)
        .sort((a, b) => a - b);
      expect([0, 0.25, 0.5, 1].map((q) => window.quantile(q))).toEqual(
        [0, 0.25, 0.5, 1].map((q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]),
      );
    }),
    { numRuns: 60 },
  );
});

test('a strength passes where it beats all of the last rows and of the last time', () => {
  const strengths = fc.array(fc.record({ strength: fc.integer({ min: 0, max: 9 }), step: fc.integer({ min: 95, max: 300 }) }), { maxLength: 120 });
  fc.assert(
    fc.property(strengths, (rows) => {
      const hold = new PeakHold(10, 1000);
      let at = 0;
      const seen: { at: number; strength: number }[] = [];
      for (const { strength, step } of rows) {
        at += step;
        const before = seen.filter((each, i) => seen.length - i < 10 || at - each.at <= 1000).map((each) => each.strength);
        expect(hold.pass(at, strength)).toBe(before.every((each) => strength > each) ? strength : 0);
        seen.push({ at, strength });
      }
    }),
  );
});

test('a hold keeps what it keeps in bounds, however many rows fall into its time', () => {
  const hold = new PeakHold(5, 1_000_000);
  const passed = Array.from({ length: 1000 }, (_, i) => hold.pass(i, 1000 - i));
  expect(passed.filter((strength) => strength > 0)).toEqual([1000]);
  expect(hold.bytes).toBe(3 * 6 * 8);
});

test('a hold lasts for its time where rows are many, and for its rows where they are few', () => {
  const hold = new PeakHold(2, 1000);
  expect([hold.pass(0, 5), hold.pass(100, 1), hold.pass(200, 1), hold.pass(300, 4), hold.pass(1400, 4.5)]).toEqual([5, 0, 0, 0, 4.5]);
  const slow = new PeakHold(2, 1000);
  expect([slow.pass(0, 5), slow.pass(5000, 4), slow.pass(10_000, 4), slow.pass(15_000, 4.5)]).toEqual([5, 0, 0, 4.5]);
});

test('an outage is learnt only in part: the same one soon after is as far off, and what lies between is not', () => {
  const spread = new SpreadExpert();
  const usual = (i: number): number => 0.02 * ((i % 5) - 2);
  for (let i = 0; i < 600; i += 1) spread.judge(usual(i));
  const outage = Array.from({ length: 6 }, () => spread.judge(-1));
  const between = Array.from({ length: 20 }, (_, i) => spread.judge(usual(i)));
  expect([Math.min(...outage), spread.judge(-1)]).toEqual([1, 1]);
  expect(Math.max(...between)).toBeLessThan(0.5);
});
