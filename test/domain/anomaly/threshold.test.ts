import { AlertBudget } from '../../../domain/anomaly/threshold';
import { seededRandom } from '../../../domain/seeded-random';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Scores of noise with a thin tail: one an hour. */
function filled(budget: AlertBudget, weeks: number, scale = 0.05, seed = 1): AlertBudget {
  const random = seededRandom(seed);
  for (let hour = 0; hour <= weeks * 168; hour += 1) budget.observe(hour * HOUR, Math.min(0.99, -scale * Math.log(1 - random())));
  return budget;
}

test('a series without history has the first threshold', () => {
  expect(new AlertBudget(0.1).threshold).toBe(0.2);
  expect(filled(new AlertBudget(0.1), 0.5).threshold).toBe(0.2);
});

test('the threshold is where so few scores of the series reach as the budget allows', () => {
  for (const perWeek of [0.1, 1, 5]) {
    const { threshold } = filled(new AlertBudget(perWeek), 12, 0.1);
    const expected = -0.1 * Math.log(perWeek / 168);
    expect(threshold).toBeGreaterThan(0.75 * expected);
    expect(threshold).toBeLessThan(1.3 * expected);
  }
});

test('a noisier series has a higher threshold, and none leaves its bounds', () => {
  expect(filled(new AlertBudget(0.1), 8, 0.001).threshold).toBe(0.2);
  expect(filled(new AlertBudget(0.1), 8, 0.08).threshold).toBeGreaterThan(filled(new AlertBudget(0.1), 8, 0.04).threshold);
  expect(filled(new AlertBudget(0.1), 8, 0.9).threshold).toBe(0.95);
});

test('noise halves the budget, useful raises it, both within bounds', () => {
  const budget = filled(new AlertBudget(1), 8);
  budget.feedback(0.5, 'noise');
  expect(budget.allowed).toBe(0.5);
  for (let i = 0; i < 20; i += 1) budget.feedback(0.5, 'noise');
  expect(budget.allowed).toBe(1 / 8);
  for (let i = 0; i < 20; i += 1) budget.feedback(0.5, 'useful');
  expect(budget.allowed).toBe(4);
});

test('an alert that was acted on moves the budget up, one that was ignored down', () => {
  const [acted, ignored] = [new AlertBudget(1), new AlertBudget(1)];
  acted.feedback(0.4, 'acted');
  ignored.feedback(0.4, 'ignored');
  expect([acted.allowed, ignored.allowed]).toEqual([1.25, 0.8]);
});

test('what was long ago is forgotten', () => {
  const budget = filled(new AlertBudget(0.1), 8, 0.1);
  const before = budget.threshold;
  for (let hour = 8 * 168 + 1; hour < 40 * 168; hour += 1) budget.observe(hour * HOUR, 0.01);
  expect(budget.threshold).toBeLessThan(before);
});

test('rarity counts how often a score was reached', () => {
  const budget = new AlertBudget(0.1);
  for (let hour = 0; hour < 168; hour += 1) budget.observe(hour * HOUR, hour % 24 === 0 ? 0.6 : 0.1);
  expect(budget.rarity(0.5)).toMatchObject({ never: false, days: expect.closeTo(1, 0) as number });
  expect(budget.rarity(0.8)).toMatchObject({ never: true, days: expect.closeTo(7, 0) as number });
});

test('a week may be made short', () => {
  const budget = new AlertBudget(0.1, DAY);
  for (let i = 0; i < 400; i += 1) budget.observe((i * DAY) / 168, 0.5 + 0.001 * (i % 7));
  expect(budget.threshold).toBeGreaterThan(0.5);
});

test('a budget of nothing is refused', () => {
  expect(() => new AlertBudget(0)).toThrow(/above 0 a week/);
});
