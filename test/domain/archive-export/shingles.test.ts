import { shingleRows } from '../../../domain/archive-export/shingles';
import type { ExportedPoint, ExportedSeries } from '../../../domain/archive-export/series';

const SERIES: ExportedSeries = { source: 'otlp-metrics', environment: 'prod', service: 'shop', metric: 'latency', kind: 'gauge', labels: {} };
const minutes = (values: readonly number[]): ExportedPoint[] => values.map((value, i) => ({ at: i * 60_000, value }));

test('each row is a window of values one after another, the newest last', () => {
  expect(shingleRows({ series: SERIES, points: minutes([1, 2, 3, 4]) }, 3)).toEqual([
    [1, 2, 3],
    [2, 3, 4],
  ]);
});

test('fewer values than a row has give no row', () => {
  expect(shingleRows({ series: SERIES, points: minutes([1, 2]) }, 3)).toEqual([]);
  expect(shingleRows({ series: SERIES, points: [] }, 1)).toEqual([]);
});

test('no row spans a gap of more than three usual intervals', () => {
  const points = [...minutes([1, 2, 3]), { at: 8 * 60_000, value: 4 }, { at: 9 * 60_000, value: 5 }];
  expect(shingleRows({ series: SERIES, points }, 2)).toEqual([
    [1, 2],
    [2, 3],
    [4, 5],
  ]);
});

test('a counter is a rate per second, and what it grew by in a restart is left out', () => {
  const series = { ...SERIES, kind: 'counter' as const };
  expect(shingleRows({ series, points: minutes([0, 60, 180, 30, 90]) }, 1)).toEqual([[1], [2], [1]]);
});

test('a histogram is the mean of what was observed since the point before', () => {
  const of = (count: number, sum: number, at: number): ExportedPoint => ({ at, value: sum, histogram: { count, le: [null], counts: [count] } });
  const points = [of(10, 100, 0), of(14, 140, 1_000), of(14, 140, 2_000), of(2, 8, 3_000), of(4, 16, 4_000)];
  expect(shingleRows({ series: { ...SERIES, kind: 'histogram' }, points }, 1)).toEqual([[10], [4]]);
});
