import type { Sample } from '../../domain/metrics';
import { seriesPoints, windowStats } from '../../domain/windows';
import { makeSeries, T0 } from '../fakes/bookshop-series';

const sample = (second: number, requests: number, errors: number, more: Partial<Sample> = {}): Sample => ({
  service: 's',
  environment: 'e',
  instance: 'a',
  at: T0 + second * 1000,
  up: true,
  routes: { '/': { requests, errors } },
  latency: { le: [0.1, 0.2, null], counts: [0, requests, requests] },
  saturation: {},
  ...more,
});
const stats = (samples: readonly Sample[], to: number, from = 0) => windowStats(samples, T0 + from * 1000, T0 + to * 1000);

describe('a window', () => {
  test('counts what happened in it, not what the counters stood at', () => {
    expect(stats([sample(0, 1000, 500), sample(10, 1100, 510)], 10)).toMatchObject({
      requests: 100,
      errors: 10,
      errorShare: 0.1,
      ratePerSecond: 10,
      upShare: 1,
    });
  });

  test('counts on from zero after a restart, even one that shows only in the start time', () => {
    const fell = [sample(0, 1000, 0), sample(5, 20, 10)];
    expect(stats(fell, 10)).toMatchObject({ requests: 20, errors: 10 });
    const grew = [sample(0, 10, 0, { startedAt: T0 - 60_000 }), sample(5, 50, 5, { startedAt: T0 + 2_000 })];
    expect(stats(grew, 10)).toMatchObject({ requests: 50, errors: 5 });
  });

  test('takes a restart of one instance for that instance alone', () => {
    const a = [sample(0, 100, 0), sample(5, 10, 10)];
    const b = [sample(0, 500, 0, { instance: 'b' }), sample(5, 600, 0, { instance: 'b' })];
    const both = stats([...b, ...a], 10);
    expect(both).toMatchObject({ requests: 110, errors: 10 });
    expect(both.instances).toMatchObject({ a: { requests: 10, errorShare: 1 }, b: { requests: 100, errorShare: 0 } });
  });

  test('counts a new process whole when it began in the window, and not at all when that is not known', () => {
    expect(stats([sample(5, 30, 3, { startedAt: T0 + 1000 })], 10).requests).toBe(30);
    expect(stats([sample(5, 30, 3)], 10).requests).toBe(0);
  });

  test('interpolates the p95 inside its bucket, in milliseconds', () => {
    const at = (counts: number[]) => ({ latency: { le: [0.1, 0.2, null], counts } });
    expect(stats([sample(0, 0, 0, at([0, 0, 0])), sample(5, 100, 0, at([90, 100, 100]))], 10).latencyP95Ms).toBeCloseTo(150, 6);
    expect(stats([sample(0, 0, 0, at([0, 0, 0])), sample(5, 100, 0, at([10, 20, 100]))], 10).latencyP95Ms).toBe(200);
  });

  test('has null where nothing was measured', () => {
    expect(stats([], 10)).toMatchObject({ upShare: null, errorShare: null, latencyP95Ms: null, ratePerSecond: null, samples: 0 });
    expect(stats([sample(0, 5, 0), sample(5, 5, 0)], 10)).toMatchObject({ errorShare: null, latencyP95Ms: null, requests: 0 });
  });

  test('tells how many scrapes were answered', () => {
    const down = { up: false, routes: {}, latency: { le: [], counts: [] } };
    expect(stats([sample(1, 1, 0), sample(2, 0, 0, down), sample(3, 0, 0, down), sample(4, 9, 0)], 10)).toMatchObject({ upShare: 0.5, requests: 8 });
  });

  test('tells whether the newest scrape was answered, by all instances of it', () => {
    const down = { up: false, routes: {}, latency: { le: [], counts: [] } };
    const blind = { ...down, unreadable: true as const };
    const back = [sample(1, 0, 0, down), sample(2, 0, 0, down), sample(3, 1, 0)];
    expect(stats(back, 10)).toMatchObject({ upShareLast: 1 });
    expect(stats([...back, sample(3, 0, 0, { ...down, instance: 'b' }), sample(4, 0, 0, blind)], 10)).toMatchObject({ upShareLast: 0.5 });
    expect(stats([...back, sample(4, 0, 0, down)], 10)).toMatchObject({ upShareLast: 0 });
    expect(stats([sample(4, 0, 0, blind)], 10)).not.toHaveProperty('upShareLast');
  });

  test('leaves scrapes without numbers out of the share that was answered', () => {
    const blind = { up: false, unreadable: true as const, routes: {}, latency: { le: [], counts: [] } };
    expect(stats([sample(1, 1, 0), sample(2, 0, 0, blind), sample(3, 5, 0)], 10)).toMatchObject({ upShare: 1, samples: 3, requests: 4 });
    expect(stats([sample(1, 0, 0, blind), sample(2, 0, 0, blind)], 10)).toMatchObject({ upShare: null, samples: 2, requests: 0 });
  });

  test('tells how long its numbers cover, and how many instances answer as a rule', () => {
    const at = (second: number, names: readonly string[]) => names.map((instance) => sample(second, second, 0, { instance }));
    const three = [2, 3, 4, 5].flatMap((second) => at(second, second === 4 ? ['a', 'b', 'c', 'd'] : ['a', 'b', 'c']));
    expect(stats(three, 10)).toMatchObject({ coveredMs: 3000, running: 3 });
    expect(stats(three, 4, 3)).toMatchObject({ coveredMs: 1000 });
    expect(stats([], 10)).toMatchObject({ coveredMs: 0, running: 0 });
  });

  test('takes a scrape that failed as a whole for no instance, and one that names a dead instance for one', () => {
    const down = { up: false, routes: {}, latency: { le: [], counts: [] } };
    const pair = (second: number) => [sample(second, second, 0), sample(second, second, 0, { instance: 'b' })];
    expect(Object.keys(stats([...pair(1), sample(2, 0, 0, { ...down, instance: 'host:1' }), ...pair(3)], 10).instances ?? {})).toEqual(['a', 'b']);
    const dead = stats([...pair(1), sample(2, 2, 0), sample(2, 0, 0, { ...down, instance: 'b' })], 10, 1);
    expect(dead.instances).toMatchObject({ a: { upShare: 1 }, b: { upShare: 0 } });
  });

  test('keeps first, last and highest of each resource, of the fullest instance', () => {
    const full = (second: number, cache: number, instance = 'a') => sample(second, 1, 0, { saturation: { cache }, instance });
    expect(stats([full(1, 0.2), full(2, 0.9), full(3, 0.5), full(3, 0.6, 'b')], 10).saturation).toEqual({ cache: { first: 0.6, last: 0.6, max: 0.9 } });
  });

  test('next to another one shares no request with it and loses none', () => {
    const samples = makeSeries({ seconds: 20, restarts: [7], at: () => ({ rate: 80, errorShare: 0.1 }) });
    const halves = stats(samples, 9).requests + stats(samples, 20, 9).requests;
    expect(halves).toBe(stats(samples, 20).requests);
  });
});

test('a series adds up to its window', () => {
  const samples = makeSeries({ seconds: 20, at: () => ({ rate: 80, errorShare: 0.1 }) });
  const points = seriesPoints(samples, T0, T0 + 20_000, 3000);
  expect(points).toHaveLength(7);
  expect(points.reduce((sum, p) => sum + p.requests, 0)).toBe(stats(samples, 20).requests);
  expect(points.every((p) => p.errorShare !== null && p.latencyP95Ms !== null)).toBe(true);
});
