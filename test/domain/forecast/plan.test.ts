import fc from 'fast-check';
import { forecastBy } from '../../../domain/forecast/forecast';
import type { Plan } from '../../../domain/forecast/plan';
import { planForecast } from '../../../domain/forecast/plan';
import type { TimedValue } from '../../../domain/trend';
import { busyWeeks, DAY, HOUR, normals, pointsOf, START } from './samples';

const LEADS = 24;

function planOf(points: readonly TimedValue[], leads = LEADS): Plan {
  const plan = planForecast(points, { leads });
  if (!('fitted' in plan)) throw new Error(plan.record.why);
  return plan;
}

function errorOf(points: readonly TimedValue[], truth: (i: number) => number, plan: Plan): number {
  const forecast = forecastBy(plan, points);
  return forecast.reduce((sum, { at, value }) => sum + Math.abs(value - truth((at - START) / HOUR)) / forecast.length, 0);
}

describe('a series with days and weeks', () => {
  const points = busyWeeks(1, 600);
  const plan = planOf(points);

  test('is forecast by both seasons, better than by repeating one, and the record says why', () => {
    expect(plan.seasons).toEqual([24, 168]);
    expect(plan.record.mase).toBeLessThan(0.9);
    expect(plan.record.coverage).toEqual({ '0.8': expect.any(Number), '0.95': expect.any(Number) });
    expect(plan.record.why).toMatch(/^In 80 trials on its past \w+ erred \d+ % of what repeating the last season \(\d+ steps\) did/);
  });

  test('has a forecast for each step after the last, with intervals inside each other', () => {
    const forecast = forecastBy(plan, points);
    expect(forecast.map(({ at }) => at)).toEqual(Array.from({ length: LEADS }, (_, i) => START + (points.length + i) * HOUR));
    for (const { value, intervals } of forecast) {
      const [narrow, wide] = intervals;
      expect([wide?.low, narrow?.low, value, narrow?.high, wide?.high]).toEqual(
        [wide?.low, narrow?.low, value, narrow?.high, wide?.high].sort((a, b) => (a ?? 0) - (b ?? 0)),
      );
    }
  });

  test('has the same plan each time, and the plan is plain data', () => {
    const again = planForecast(points, { leads: LEADS });
    expect(again).toEqual(plan);
    expect(forecastBy(JSON.parse(JSON.stringify(plan)) as Plan, points)).toEqual(forecastBy(plan, points));
  });

  test('outliers and gaps do not spoil it', () => {
    const truth = (i: number): number => 200 + 0.02 * i + 50 * Math.sin((2 * Math.PI * i) / 24) - (Math.floor(i / 24) % 7 >= 5 ? 40 : 0);
    const spoilt = points.filter((_, i) => i % 11 !== 0 && !(i > 500 && i < 520)).map(({ at, value }, i) => ({ at, value: i % 97 === 0 ? value * 20 : value }));
    expect(errorOf(spoilt, truth, planOf(spoilt))).toBeLessThan(15);
  });

  test('a new level is followed within two days', () => {
    const shifted = points.map(({ at, value }, i) => ({ at, value: i >= points.length - 48 ? value + 150 : value }));
    const first = forecastBy(planOf(shifted), shifted)[0]?.value ?? 0;
    expect(first).toBeGreaterThan((points.at(-24)?.value ?? 0) + 90);
  });
});

test('growth without a season is forecast: a disk that fills', () => {
  const normal = normals(2);
  const points = pointsOf(400, (i) => 100 + 2 * i + 5 * normal());
  expect(errorOf(points, (i) => 100 + 2 * i, planOf(points))).toBeLessThan(12);
});

test('swings that grow with the level are forecast on the logarithm, and stay positive', () => {
  const normal = normals(4);
  const points = Array.from({ length: 144 }, (_, i) => ({
    at: Date.UTC(2010, i, 1),
    value: 100 * 1.01 ** i * (1 + 0.4 * Math.sin((2 * Math.PI * i) / 12)) * Math.exp(0.03 * normal()),
  }));
  const plan = planOf(points, 12);
  expect([plan.seasons, plan.transform.log]).toEqual([[12], true]);
  expect(Math.min(...forecastBy(plan, points).flatMap(({ intervals }) => intervals.map(({ low }) => low)))).toBeGreaterThan(0);
});

test('a season that is declared is found where the calendar knows none: a day of two hours', () => {
  const normal = normals(6);
  const points = pointsOf(400, (i) => 10 * Math.sin((2 * Math.PI * i) / 20) + normal(), 6 * 60_000);
  const plan = planForecast(points, { leads: 20, seasonsMs: [2 * HOUR] });
  expect('fitted' in plan && plan.seasons).toEqual([20]);
});

describe('declines', () => {
  const declined = (points: readonly TimedValue[]): string => {
    const plan = planForecast(points, { leads: LEADS });
    expect([plan.record.method, 'fitted' in plan]).toEqual([null, false]);
    return plan.record.why;
  };

  test.each([1, 2, 3])('white noise (seed %d)', (seed) => {
    const normal = normals(seed + 100);
    expect(declined(pointsOf(300, () => 50 + normal()))).toContain('no pattern to go by');
  });

  test('random walks, but for one in five at most', () => {
    const answered = Array.from({ length: 5 }, (_, seed) => {
      const normal = normals(seed + 200);
      let level = 0;
      return planForecast(
        pointsOf(200, () => (level += normal())),
        { leads: LEADS },
      ).record.method;
    });
    expect(answered.filter((method) => method !== null).length).toBeLessThanOrEqual(1);
  });

  test.each([
    ['nothing', 0],
    ['one point', 1],
    ['three points', 3],
    ['ten points', 10],
  ])('%s', (_name, count) => {
    expect(declined(pointsOf(count, (i) => i % 3))).toMatch(/^No forecast: /);
  });

  test('a constant series', () => {
    expect(declined(pointsOf(500, () => 7))).toBe('No forecast: the values never change.');
  });

  test('a series of nothing but NaN', () => {
    expect(declined(pointsOf(500, () => NaN))).toMatch(/^No forecast: /);
  });
});

test('never looks ahead: what follows the last known point changes neither plan nor forecast', () => {
  const points = busyWeeks(8, 240);
  const whole = { plan: planOf(points), forecast: forecastBy(planOf(points), points) };
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { maxLength: 20 }), (future) => {
      const longer = [...points, ...future.map((value, i) => ({ at: START + (240 + i) * HOUR, value }))];
      const known = longer.filter(({ at }) => at < START + 240 * HOUR);
      expect({ plan: planOf(known), forecast: forecastBy(planOf(known), known) }).toEqual(whole);
    }),
    { numRuns: 2 },
  );
});

test('any values give a plan or a reason, and finite forecasts', () => {
  const value = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1e-320, 1e15, -1e300, NaN), fc.integer({ min: -5, max: 5 }));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 120 }), fc.integer({ min: 1, max: 30 }), (values, leads) => {
      const points = values.map((each, i) => ({ at: START + i * DAY, value: each }));
      const plan = planForecast(points, { leads });
      expect(plan.record.why.length).toBeGreaterThan(10);
      const made = 'fitted' in plan ? forecastBy(plan, points) : [];
      expect(made.every(({ value: middle }) => Number.isFinite(middle))).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('intervals hold about their nominal share of what comes, over many series', () => {
  const inside = { '0.8': 0, '0.95': 0 };
  let count = 0;
  for (let seed = 0; seed < 8; seed += 1) {
    const points = busyWeeks(seed + 20, 444);
    const known = points.slice(0, 420);
    const plan = planOf(known);
    forecastBy(plan, known).forEach(({ intervals }, lead) => {
      const actual = points[420 + lead]?.value ?? NaN;
      count += 1;
      for (const { nominal, low, high } of intervals) if (actual >= low && actual <= high) inside[String(nominal) as '0.8' | '0.95'] += 1;
    });
  }
  // 192 values of 8 series: their share varies by about 4 points.
  expect(Math.abs(inside['0.8'] / count - 0.8)).toBeLessThan(0.08);
  expect(Math.abs(inside['0.95'] / count - 0.95)).toBeLessThan(0.05);
});
