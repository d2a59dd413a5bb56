import { costOf, dearestOf, mostOf, overBudget } from '../../../domain/reasoning/budget';
import { asked } from './support/asked';

const PRICE = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 };

test('a call costs its tokens by their prices, in millionths of a dollar', () => {
  expect(costOf({ input: 1000, output: 100, cacheRead: 2000, cacheWrite: 10 }, PRICE)).toBe(3000 + 1500 + 600 + 38);
});

test('without a price of the cache its tokens cost as much as others', () => {
  expect(costOf({ input: 0, output: 0, cacheRead: 10, cacheWrite: 10 }, { input: 2, output: 1 })).toBe(40);
});

test('what is set aside covers every try with an answer of the greatest length', () => {
  const none = mostOf(asked(), '', { maxTokens: 0, price: PRICE });
  expect(mostOf(asked(), '', { maxTokens: 1000, price: PRICE })).toEqual({ tokens: none.tokens + 2000, microUsd: none.microUsd + 30_000 });
  expect(none.tokens).toBeGreaterThan((2 * asked().system.length) / 4);
});

test('of two models the dearer one counts, kind by kind', () => {
  expect(dearestOf([PRICE, { input: 4, output: 2 }])).toEqual({ input: 4, output: 15, cacheRead: 4, cacheWrite: 4 });
});

test.each([
  [{ tokens: 901, microUsd: 0 }, { microUsd: 0 }, '1000 tokens'],
  [{ tokens: 0, microUsd: 451 }, { microUsd: 451 }, 'the incident may cost'],
  [{ tokens: 0, microUsd: 0 }, { microUsd: 1951 }, 'a day may cost'],
])('with %j of the incident and %j of the day it is refused', (incident, day, why) => {
  const limits = { tokensPerIncident: 1000, microUsdPerIncident: 500, microUsdPerDay: 2000 };
  expect(overBudget(limits, { tokens: 100, microUsd: 50 }, incident, day)).toContain(why);
});
