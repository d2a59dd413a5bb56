import { findExplosion } from '../../../domain/quality/cardinality';
import { checkSeries } from '../../../domain/quality/check';
import type { SeriesHistory } from '../../../domain/quality/history';
import { keepSince } from '../../../domain/quality/mark';

const S = 1000;
const HOUR = 3600 * S;
const NOW = Date.parse('2026-03-01T12:00:00Z');
/** Values every 15 s until now, with some everyday noise. */
const noisy = (i: number): number => 100 + 10 * Math.sin(i * 1.7) + (i % 7);
const every15s = (count: number, value: (i: number) => number = noisy, until = NOW) =>
  Array.from({ length: count }, (_, i) => ({ at: until - (count - 1 - i) * 15 * S, value: value(i) }));
const history = (more: Partial<SeriesHistory> = {}): SeriesHistory => ({
  ...{ kind: 'gauge', points: every15s(100), receivedAt: NOW, lagMs: 200, ahead: 0, unitChanges: 0, createdAt: NOW - HOUR },
  ...more,
});
const found = (more: Partial<SeriesHistory> = {}) => checkSeries(history(more), NOW);
const rules = (more: Partial<SeriesHistory> = {}) => found(more).map(({ rule }) => rule);

test('a series that is as always has no mark', () => {
  expect(found()).toEqual([]);
});

describe('gaps', () => {
  test('a series that stopped is marked since its last point', () => {
    const points = every15s(40, noisy, NOW - 120 * S);
    expect(found({ points })).toEqual([
      { rule: 'gap', since: NOW - 120 * S, severity: 'error', detail: 'No point for 2m; it has a point every 15s as a rule.' },
    ]);
  });

  test('a pause that has ended is told with its end', () => {
    const points = every15s(100).filter((_, i) => i < 50 || i > 60);
    expect(found({ points })).toMatchObject([{ rule: 'gap', severity: 'warning', detail: expect.stringContaining('until 2026-03-01T11:') }]);
  });

  test.each([
    ['one lost point', { points: every15s(100).filter((_, i) => i !== 50) }],
    ['too few points to know what is usual', { points: every15s(5, noisy, NOW - HOUR) }],
    ['a delta, which is only told when something happened', { kind: 'delta' as const, points: every15s(40, noisy, NOW - HOUR / 2) }],
    ['a longer pause that is declared', { everyMs: 60 * S, points: every15s(40, noisy, NOW - 120 * S) }],
  ])('%s is none', (_, more) => {
    expect(rules(more)).not.toContain('gap');
  });

  test('what is declared holds from the first point on', () => {
    expect(rules({ everyMs: 60 * S, points: every15s(1, noisy, NOW - 300 * S) })).toEqual(['gap']);
  });
});

describe('stuck values', () => {
  test('a gauge that varied and does not any more is marked since then', () => {
    expect(found({ points: every15s(60, (i) => (i < 40 ? noisy(i) : 42)) })).toMatchObject([
      { rule: 'stuck', since: NOW - 19 * 15 * S, detail: 'The last 20 values are all 42; before, 100 % of them differed from the one before.' },
    ]);
  });

  test.each([
    ['a counter that is idle', { kind: 'counter' as const, points: every15s(60, (i) => Math.min(i, 30)) }],
    ['a queue that is empty', { points: every15s(60, (i) => (i < 30 ? noisy(i) : 0)) }],
    ['a number of instances that seldom changes', { points: every15s(60, (i) => (i < 20 ? 2 : 3)) }],
    ['a setting that never changed', { points: every15s(100, () => 8) }],
    ['a short pause in the noise', { points: every15s(60, (i) => (i < 53 ? noisy(i) : 42)) }],
  ])('%s is not', (_, more) => {
    expect(rules(more)).not.toContain('stuck');
  });
});

describe('clocks', () => {
  test('times ahead of ours are marked, whether told on arrival or still to come', () => {
    expect(rules({ lagMs: -90 * S, ahead: 12 })).toEqual(['clock-skew']);
    expect(found({ points: every15s(100, noisy, NOW + HOUR) })).toMatchObject([{ rule: 'clock-skew', detail: expect.stringContaining('ahead of ours by 1h') }]);
  });

  test('points that come constantly late are marked, and are no gap', () => {
    expect(found({ points: every15s(100, noisy, NOW - 600 * S), lagMs: 600 * S })).toMatchObject([
      { rule: 'clock-skew', severity: 'warning', detail: expect.stringContaining('come 10m after their time') },
    ]);
  });

  test.each([
    ['a second ahead', { lagMs: -1500 }],
    ['a minute behind', { lagMs: 60 * S }],
    [
      'five minutes behind, of what is told every five minutes',
      { points: every15s(30).map(({ at, value }) => ({ at: NOW - (NOW - at) * 20, value })), lagMs: 400 * S },
    ],
  ])('%s is no skew', (_, more) => {
    expect(rules(more)).not.toContain('clock-skew');
  });
});

describe('units', () => {
  test('another declared unit is marked', () => {
    expect(found({ unitChanges: 1, unit: 'ms' })).toMatchObject([
      { rule: 'unit-change', severity: 'error', detail: 'The metric is told in ms now, and was told in another unit before.' },
    ]);
  });

  test('a declared change is no news after a day', () => {
    expect(rules({ unitChanges: 1, createdAt: NOW - 25 * HOUR })).toEqual([]);
  });

  test.each([
    [1000, 'rose', 'milliseconds'],
    [1 / 1000, 'fell', 'milliseconds'],
    [1e6, 'rose', 'microseconds'],
    [60, 'rose', 'minutes'],
    [1 / 100, 'fell', 'percent'],
  ])('a level that jumps by %d and stays is marked', (factor, way, unit) => {
    const [mark] = found({ points: every15s(100, (i) => noisy(i) * (i < 60 ? 1 : factor)) });
    expect(mark).toMatchObject({ rule: 'unit-change', since: NOW - 39 * 15 * S, detail: expect.stringContaining(way) });
    expect(mark?.detail).toContain(unit);
  });

  test('of a counter it is what it grows by', () => {
    let total = 0;
    const points = every15s(100, (i) => (total += noisy(i) * (i < 60 ? 1 : 1000)));
    expect(rules({ kind: 'counter', points })).toEqual(['unit-change']);
  });

  test.each([
    ['a level that doubles', every15s(100, (i) => noisy(i) * (i < 60 ? 1 : 2))],
    ['a level that rises twentyfold', every15s(100, (i) => noisy(i) * (i < 60 ? 1 : 20))],
    ['a spike', every15s(100, (i) => noisy(i) * (i === 60 ? 1000 : 1))],
    ['a steady rise over the same range', every15s(100, (i) => 1000 ** (i / 99))],
    ['values all over the place', every15s(100, (i) => 10 ** (3 * Math.abs(Math.sin(i * 7.3))))],
    ['a jump that is too fresh', every15s(100, (i) => noisy(i) * (i < 95 ? 1 : 1000))],
  ])('%s is no other unit', (_, points) => {
    expect(rules({ points })).not.toContain('unit-change');
  });
});

describe('the number of series', () => {
  const hourly = (each: number, hours: number) => Array.from({ length: hours * each }, (_, i) => NOW - HOUR - (Math.floor(i / each) + 0.5) * HOUR);
  const fresh = (count: number) => Array.from({ length: count }, (_, i) => NOW - i * S);

  test('an hour with far more new series than before is marked since the first of them', () => {
    expect(findExplosion([...hourly(4, 10), ...fresh(200)], NOW)).toMatchObject({ rule: 'cardinality', since: NOW - 199 * S, severity: 'error' });
  });

  test.each([
    ['a service that is new itself', fresh(500)],
    ['a few more than usual', [...hourly(30, 10), ...fresh(60)]],
    ['a small number', [...hourly(1, 10), ...fresh(40)]],
    ['a restart that names all anew', [...hourly(100, 10), ...fresh(100)]],
    ['no series at all', []],
  ])('%s is none', (_, began) => {
    expect(findExplosion(began, NOW)).toBeUndefined();
  });
});

test('a mark that is found again keeps its beginning; one that ended and comes back begins anew', () => {
  const mark = {
    rule: 'stuck',
    since: 50,
    detail: '',
    severity: 'error',
    series: { environment: 'e', service: 's', metric: 'm', labels: { a: '1' } },
  } as const;
  expect(keepSince([mark], [{ ...mark, since: 90 }])).toEqual([mark]);
  expect(keepSince([{ ...mark, rule: 'gap' }], [{ ...mark, since: 90 }])[0]?.since).toBe(90);
});
