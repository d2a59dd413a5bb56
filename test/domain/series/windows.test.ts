import fc from 'fast-check';
import type { SeriesDefinition } from '../../../domain/series/definition';
import type { Measure, StreamKind } from '../../../domain/series/measure';
import { observe } from '../../../domain/series/observe';
import type { Observation, Stream } from '../../../domain/series/stream';
import type { Bucket, Cut } from '../../../domain/series/windows';
import { windowSums } from '../../../domain/series/windows';

const define = (measure: Measure, more: Partial<SeriesDefinition> = {}): SeriesDefinition => ({
  name: 's',
  from: { metric: 'm', labels: {} },
  measure,
  windowMs: 60,
  slideMs: 60,
  latenessMs: 30,
  settleMs: 0,
  by: [],
  ...more,
});
const stream = (kind: StreamKind, observations: readonly Observation[], labels: Record<string, string> = {}): Stream => ({
  environment: 'prod',
  service: 'shop',
  kind,
  labels,
  observations,
});
const gauge = (...values: (readonly [at: number, value: number])[]): Stream =>
  stream(
    'gauge',
    values.map(([at, sum]) => ({ at, count: 1, sum })),
  );
const events = (labels: Record<string, string>, ...told: (readonly [at: number, count: number])[]): Stream =>
  stream(
    'delta',
    told.map(([at, count]) => ({ at, count, sum: count })),
    labels,
  );
const measure = (definition: SeriesDefinition, streams: readonly Stream[], cut: Partial<Cut> = {}) => {
  const sums = windowSums(definition, { firstEnd: 60, lastEnd: 120, mostKeys: 100, known: [], ...cut });
  for (const each of streams) sums.add(each);
  return sums.measure();
};
const values = (buckets: readonly Bucket[]) => buckets.map(({ end, value }) => [end, value]);

describe('windows', () => {
  test('hold what lies after their start, up to and with their end', () => {
    const found = measure(define('count'), [events({}, [0, 1], [1, 2], [60, 4], [61, 8], [120, 16], [121, 32])]);
    expect(values(found.buckets)).toEqual([
      [60, 6],
      [120, 24],
    ]);
  });

  test('may overlap: each is merged from its parts', () => {
    const found = measure(define('sum', { slideMs: 20 }), [events({}, [10, 1], [30, 2], [50, 4], [70, 8], [90, 16])], { firstEnd: 60, lastEnd: 100 });
    expect(values(found.buckets)).toEqual([
      [60, 7],
      [80, 14],
      [100, 28],
    ]);
  });

  test.each([
    ['mean', 2.5],
    ['min', 1],
    ['max', 4],
    ['sum', 10],
    ['count', 4],
  ] as const)('measure the %s of values', (name, value) => {
    expect(measure(define(name), [gauge([1, 4], [2, 1], [3, 2], [4, 3])]).buckets).toMatchObject([{ end: 60, value, points: 4 }]);
  });

  test('a rate is a second', () => {
    expect(
      measure(define('rate', { windowMs: 60_000, slideMs: 60_000 }), [events({}, [1, 30], [2, 60])], { firstEnd: 60_000, lastEnd: 60_000 }).buckets[0]?.value,
    ).toBe(1.5);
  });

  test('the share of errors is that of events whose label matches wholly; without events there is none', () => {
    const definition = define('error-share', { errors: { label: 'status', matches: '5..' } });
    const found = measure(definition, [events({ status: '200' }, [1, 6]), events({ status: '503' }, [2, 2]), events({ status: '5030' }, [2, 2], [70, 0])]);
    expect(values(found.buckets)).toEqual([[60, 0.2]]);
  });

  test('labels of `by` have buckets of their own, and services always', () => {
    const streams = [events({ route: '/a', pod: '1' }, [1, 1]), events({ route: '/a', pod: '2' }, [1, 2]), events({ route: '/b' }, [1, 4])];
    const found = measure(define('count', { by: ['route'] }), [...streams, { ...events({ route: '/a' }, [1, 8]), service: 'till' }]);
    expect(found.buckets.map(({ service, labels, value }) => [service, labels['route'], value])).toEqual([
      ['shop', '/a', 3],
      ['shop', '/b', 4],
      ['till', '/a', 8],
    ]);
  });

  test('a quantile of values is within a hundredth; values of a histogram lie evenly in their buckets', () => {
    const latencies = gauge(...Array.from({ length: 50 }, (_, i) => [i + 1, i + 1] as const));
    expect(measure(define('p90'), [latencies]).buckets[0]?.value).toBeCloseTo(45, -0.5);
    const spread = new Map([
      [0.1, 9000],
      [0.5, 1000],
      [Infinity, 0],
    ]);
    const p95 = measure(define('p95'), [stream('histogram', [{ at: 1, count: 10_000, sum: 700, spread }])]).buckets[0]?.value ?? NaN;
    expect(Math.abs(p95 - 0.3)).toBeLessThan(0.01);
  });

  test('of values beyond the last bound of a histogram that bound is all that is known', () => {
    const spread = new Map([
      [0.5, 0],
      [Infinity, 4],
    ]);
    const p50 = measure(define('p50'), [stream('histogram', [{ at: 1, count: 4, sum: 7, spread }])]).buckets[0]?.value ?? NaN;
    expect(Math.abs(p50 - 0.5)).toBeLessThan(0.006);
  });

  test('values below zero have quantiles too', () => {
    const spread = new Map([
      [-10, 0],
      [10, 10_000],
    ]);
    const p75 = measure(define('p75'), [stream('histogram', [{ at: 1, count: 10_000, sum: 0, spread }])]).buckets[0]?.value ?? NaN;
    expect(Math.abs(p75 - 5)).toBeLessThan(0.15);
  });

  test('streams that the measure means nothing on are counted and left aside', () => {
    expect(measure(define('p95'), [stream('counter', [{ at: 1, count: 3, sum: 3 }])])).toEqual({ buckets: [], overKeys: 0, unfit: 1 });
  });

  test('beyond the limit of label sets nothing is measured, and it is counted; known ones come first', () => {
    const definition = define('count', { by: ['id'] });
    const known = [{ key: { environment: 'prod', service: 'shop', labels: { id: 'c' } }, firstEnd: 0 }];
    const found = measure(definition, [events({ id: 'a' }, [1, 1]), events({ id: 'b' }, [1, 1], [2, 1]), events({ id: 'c' }, [1, 1])], { mostKeys: 2, known });
    expect(found.buckets.map(({ labels }) => labels['id'])).toEqual(['c', 'a']);
    expect(found.overKeys).toBe(2);
  });

  test('a log that says nothing goes on with a rate of 0; a metric that says nothing is not known', () => {
    const known = [{ key: { environment: 'prod', service: 'shop', labels: {} }, firstEnd: 60 }];
    expect(values(measure(define('rate', { from: { log: '', labels: {} } }), [], { known }).buckets)).toEqual([[120, 0]]);
    expect(measure(define('rate'), [], { known }).buckets).toEqual([]);
  });

  test('are the same for any order of streams and of readings', () => {
    const readings = fc.array(fc.record({ at: fc.integer({ min: 0, max: 240 }), value: fc.nat(1000) }), { maxLength: 40 });
    const all = fc.array(fc.record({ readings, status: fc.constantFrom('200', '500') }), { maxLength: 6 });
    const order = fc.func(fc.integer());
    const definition = define('count', { by: ['status'], slideMs: 20 });
    const unique = (list: readonly { at: number; value: number }[]) => [...new Map(list.map((each) => [each.at, each])).values()];
    fc.assert(
      fc.property(all, order, (list, rank) => {
        const streams = list.map(({ readings: told, status }) => ({ told: unique(told), labels: { status } }));
        const shuffled = [...streams].sort((a, b) => rank(a) - rank(b)).map((each) => ({ ...each, told: [...each.told].sort((a, b) => rank(a) - rank(b)) }));
        const of = (each: typeof streams) => each.map(({ told, labels }) => stream('counter', observe('counter', told), labels));
        const sorted = (buckets: readonly Bucket[]) => [...buckets].sort((a, b) => a.end - b.end || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
        const cut = { firstEnd: 60, lastEnd: 240 };
        expect(sorted(measure(definition, of(shuffled), cut).buckets)).toEqual(sorted(measure(definition, of(streams), cut).buckets));
      }),
    );
  });
});
