import fc from 'fast-check';
import { mannKendallZ, theilSenSlope, trendOf } from '../../domain/trend';

const line = (count: number, value: (i: number) => number) => Array.from({ length: count }, (_, i) => ({ at: i * 1000, value: value(i) }));
/** Noise that is the same every time. */
const noise = (i: number): number => Math.sin(i * 12.9898) * 10;

test('the slope is the median of the slopes of all pairs', () => {
  // Pairs: 1, 1.5, 2 per step.
  expect(
    theilSenSlope([
      { at: 0, value: 0 },
      { at: 1, value: 1 },
      { at: 2, value: 3 },
    ]),
  ).toBe(1.5);
});

test('the statistic of Mann and Kendall is that of a sample worked by hand, with ties', () => {
  // S = 10, variance 16.67 without ties; 1 2 2 3: S = 5, variance (156 - 18) / 18.
  expect(mannKendallZ([1, 2, 3, 4, 5])).toBeCloseTo(9 / Math.sqrt(300 / 18), 10);
  expect(mannKendallZ([1, 2, 2, 3])).toBeCloseTo(4 / Math.sqrt(138 / 18), 10);
});

test.each([
  ['doubling', (i: number) => 100 + i * 5, 'rising'],
  ['halving', (i: number) => 200 - i * 5, 'falling'],
  ['growing by a tenth', (i: number) => 100 + i * 0.5, 'steady'],
  ['noise', (i: number) => 100 + noise(i), 'steady'],
  ['a doubling under noise', (i: number) => 100 + i * 5 + noise(i), 'rising'],
  ['constant values', () => 100, 'steady'],
  ['only zeros', () => 0, 'steady'],
])('%s', (_name, value, direction) => {
  expect(trendOf(line(20, value)).direction).toBe(direction);
});

test('a quarter of wild values changes no trend', () => {
  expect(trendOf(line(20, (i) => (i % 4 === 3 ? 100_000 : 100))).direction).toBe('steady');
});

test('fewer than eight values, or all at one time, are no trend', () => {
  expect(trendOf(line(7, (i) => i * 100)).direction).toBe('unknown');
  expect(trendOf(line(20, (i) => i).map(({ value }) => ({ at: 5, value }))).direction).toBe('unknown');
});

test('thousands of values have the trend that their line has', () => {
  const { direction, changeShare, line: fitted } = trendOf(line(5000, (i) => 1000 + i + noise(i)));
  expect(direction).toBe('rising');
  expect(changeShare).toBeCloseTo(5000 / 3500, 1);
  expect(fitted?.to.value).toBeCloseTo(6000, -2);
});

test('whatever the values are, the trend is finite, and the other way round it is the opposite', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 8, maxLength: 60 }), (values) => {
      const there = trendOf(line(values.length, (i) => values[i] ?? 0));
      const back = trendOf(line(values.length, (i) => values[values.length - 1 - i] ?? 0));
      const opposite = { rising: 'falling', falling: 'rising', steady: 'steady', unknown: 'unknown' } as const;
      return Number.isFinite(there.changeShare) && back.direction === opposite[there.direction];
    }),
    { numRuns: 200 },
  );
});
