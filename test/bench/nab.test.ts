import type { CorpusFile } from '../../bench/nab/corpus';
import { madeSeries } from '../../bench/nab/repeats';
import { normalised, scoreFile } from '../../bench/nab/score';

const FILE: CorpusFile = { folder: 'a', name: 'b.csv', stamps: [], at: [], values: Array.from({ length: 1000 }, () => 0), windows: [[500, 599]] };
const at = (...rows: number[]): number[] => FILE.values.map((_, i) => (rows.includes(i) ? 0.9 : 0));
const points = (...rows: number[]): number => scoreFile(FILE, at(...rows), 0.5)?.points ?? NaN;

test('a window seen where it begins earns 1, in its middle 0.86, near its end little, and missed -1', () => {
  expect([points(500), points(550), points(599), points()]).toEqual([expect.closeTo(1, 5), expect.closeTo(0.86, 2), expect.closeTo(0.025, 2), -1]);
});

test('only the first sign in a window counts', () => {
  expect(points(550, 560, 570)).toBe(points(550));
});

test('a false row costs 0.11, less just behind a window, and nothing in probation', () => {
  expect(points(500, 300)).toBeCloseTo(1 - 0.11, 5);
  expect(points(500, 999)).toBeCloseTo(1 - 0.11, 3);
  expect(points(500, 601)).toBeGreaterThan(0.99);
  expect(points(500, 100)).toBeCloseTo(1, 5);
});

test('saying nothing is 0, and everything at once 100', () => {
  expect(normalised([scoreFile(FILE, at(), 0.5)].flatMap((file) => file ?? []))).toBe(0);
  expect(normalised([scoreFile(FILE, at(500), 0.5)].flatMap((file) => file ?? []))).toBe(100);
});

test('made series are the same for the same seed, with windows that hold rows', () => {
  const [first, again] = [madeSeries(4), madeSeries(4)];
  expect(again).toEqual(first);
  expect(first.every(({ rows, windows }) => windows.every(([from, to]) => from > 0 && from < to && to < rows.length))).toBe(true);
  expect(madeSeries(4, { days: 7, healthy: true }).every(({ windows }) => windows.length === 0)).toBe(true);
});
