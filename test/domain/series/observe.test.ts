import fc from 'fast-check';
import { longestPause, observe, observeBuild, observeLines } from '../../../domain/series/observe';

const counts = (...told: { at: number; count: number }[]) => told.map(({ at, count }) => [at, count]);
const histogram = (...cumulative: number[]) => ({ count: cumulative.at(-1) ?? 0, le: [0.1, 0.5, null], counts: cumulative });

describe('what readings say', () => {
  test('a counter counts what it grew by; the first reading only begins', () => {
    expect(
      counts(
        ...observe(
          'counter',
          [10, 25, 25].map((value, at) => ({ at, value })),
        ),
      ),
    ).toEqual([
      [1, 15],
      [2, 0],
    ]);
  });

  test('a counter that fell began again from zero', () => {
    expect(
      counts(
        ...observe(
          'counter',
          [100, 7, 9].map((value, at) => ({ at, value })),
        ),
      ),
    ).toEqual([
      [1, 7],
      [2, 2],
    ]);
  });

  test('what a counter grew by in a long pause belongs to no time', () => {
    const readings = [0, 300_000, 600_001].map((at, i) => ({ at, value: 10 * i }));
    expect(counts(...observe('counter', readings))).toEqual([[300_000, 10]]);
    expect(observe('counter', readings, longestPause(3_600_000))).toHaveLength(2);
  });

  test('lines of a minute belong to its end', () => {
    expect(observeLines([{ at: 60_000, lines: 3 }])).toEqual([{ at: 120_000, count: 3 }]);
  });

  test('a delta counts by itself, from the first one on', () => {
    expect(
      counts(
        ...observe(
          'delta',
          [4, 6].map((value, at) => ({ at, value })),
        ),
      ),
    ).toEqual([
      [0, 4],
      [1, 6],
    ]);
  });

  test('a gauge is one value each time', () => {
    expect(observe('gauge', [{ at: 5, value: -2 }])).toEqual([{ at: 5, count: 1, sum: -2 }]);
  });

  test('a histogram counts what each of its buckets grew by', () => {
    const readings = [
      { at: 1, value: 10, histogram: histogram(5, 9, 10) },
      { at: 2, value: 13, histogram: histogram(7, 13, 14) },
    ];
    const [grown] = observe('histogram', readings);
    expect(grown).toMatchObject({ at: 2, count: 4, sum: 3 });
    expect([...(grown?.spread ?? [])]).toEqual([
      [0.1, 2],
      [0.5, 2],
      [Infinity, 0],
    ]);
  });

  test('a histogram began again where any bucket fell, or where its bounds are others', () => {
    const began = { at: 1, value: 10, histogram: histogram(5, 9, 10) };
    expect(observe('histogram', [began, { at: 2, value: 3, histogram: histogram(1, 10, 11) }])[0]).toMatchObject({ count: 11, sum: 3 });
    const otherBounds = { at: 2, value: 20, histogram: { count: 12, le: [1, null], counts: [11, 12] } };
    expect(observe('histogram', [began, otherBounds])[0]).toMatchObject({ count: 12, sum: 20 });
  });

  test('a histogram of kind delta stands alone', () => {
    expect(observe('delta', [{ at: 1, value: 2.5, histogram: histogram(1, 2, 3) }])[0]).toMatchObject({ at: 1, count: 3, sum: 2.5 });
  });

  test('says the same whatever order readings come in and how often, and what is no number says nothing', () => {
    const readings = fc.uniqueArray(fc.record({ at: fc.integer({ min: 0, max: 50 }), value: fc.nat(100) }), { selector: ({ at }) => at, maxLength: 20 });
    fc.assert(
      fc.property(readings, fc.constantFrom('counter', 'delta', 'gauge'), (list, kind) => {
        const nothing = [
          { at: 3, value: NaN },
          { at: NaN, value: 3 },
        ];
        expect(observe(kind, [...nothing, ...list, ...[...list].reverse()])).toEqual(observe(kind, list));
      }),
    );
  });

  test('growth adds up to the whole, over any restarts', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ grows: fc.nat(1000), restarts: fc.boolean() }), { minLength: 1, maxLength: 50 }), (steps) => {
        let value = 5000;
        let grown = 0;
        const readings = [{ at: 0, value }];
        steps.forEach(({ grows, restarts }, i) => {
          // A restart that is seen: it has counted less than before.
          const began = restarts && grows < value;
          value = began ? grows : value + grows;
          grown += grows;
          readings.push({ at: i + 1, value });
        });
        expect(observe('counter', readings).reduce((sum, each) => sum + each.count, 0)).toBe(grown);
      }),
    );
  });

  test('a build is one event at its end, with its duration as the value where it is known', () => {
    expect(observeBuild({ endedAt: '1970-01-01T00:00:01Z', durationMs: 300 })).toEqual([{ at: 1000, count: 1, sum: 300 }]);
    expect(observeBuild({ endedAt: '1970-01-01T00:00:01Z' })).toEqual([{ at: 1000, count: 1 }]);
    expect(observeBuild({ endedAt: 'soon' })).toEqual([]);
  });
});
