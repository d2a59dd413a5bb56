import { simulatedWeeks, WEEK_MINUTES } from '../../../bench/matrix/simulator/weeks';
import type { WindowStats } from '../../../domain/metrics';
import { median } from '../../../domain/quantile';

const WEEK = [...simulatedWeeks(1, 1)];
const firstOf = (seed: number): WindowStats[] => {
  const rows = simulatedWeeks(seed, 1);
  return Array.from({ length: 500 }, () => rows.next().value as WindowStats);
};

test('the same seed gives the same week, a row each minute, and another one another service', () => {
  expect(WEEK).toHaveLength(WEEK_MINUTES);
  expect(firstOf(1)).toEqual(WEEK.slice(0, 500));
  expect(firstOf(2)[0]).not.toEqual(WEEK[0]);
});

test('its requests take as long as those of the practice service, and nearly none fails', () => {
  const p95 = median(WEEK.flatMap(({ latencyP95Ms }) => latencyP95Ms ?? []));
  expect(p95).toBeGreaterThan(30);
  expect(p95).toBeLessThan(42);
  const errors = WEEK.reduce((sum, row) => sum + row.errors, 0);
  expect(errors).toBeGreaterThan(0);
  expect(errors).toBeLessThan(40);
});

test('it has times without scrapes, and minutes with fewer of them, which do not look like less traffic', () => {
  const away = WEEK.filter(({ samples }) => samples === 0);
  expect(away.length).toBeGreaterThan(0);
  expect(away.every(({ upShare, ratePerSecond, latencyP95Ms }) => upShare === null && ratePerSecond === null && latencyP95Ms === null)).toBe(true);
  const thin = WEEK.filter(({ samples }) => samples > 0 && samples < 4);
  expect(thin.length).toBeGreaterThan(0);
  expect(Math.min(...thin.map(({ ratePerSecond }) => ratePerSecond ?? 0))).toBeGreaterThan(0);
});
