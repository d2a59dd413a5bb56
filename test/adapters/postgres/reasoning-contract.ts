/* eslint-disable jest/no-export -- a suite that is run against every database */
import { noOpinion } from '../../../domain/reasoning/opinion';
import type { Store } from '../../../ports/store';

const LIMITS = { tokensPerIncident: 1000, microUsdPerIncident: 5000, microUsdPerDay: 8000 };
const DAY = Date.parse('2031-03-01T10:00:00Z');

/** What must hold of what models said and cost. */
export function reasoningContract(getStore: () => Store): void {
  const reserve = (incidentId: string, attempt: number, tokens: number, microUsd: number, at = DAY) =>
    getStore().reasoningBudget.reserve({ incidentId, round: 1, attempt }, { tokens, microUsd }, LIMITS, at);

  test('the first opinion of a round stays', async () => {
    const { opinions } = getStore();
    const first = noOpinion({ incidentId: 'inc-op', round: 1, at: '2031-03-01T10:00:00Z', outcome: 'failed', why: 'it did not answer' });
    expect(await opinions.save(first)).toEqual(first);
    expect(await opinions.save({ ...first, why: 'something else' })).toEqual(first);
    expect([await opinions.ofRound('inc-op', 1), await opinions.ofRound('inc-op', 2)]).toEqual([first, undefined]);
  });

  test('an incident has its tokens, however many ask at once', async () => {
    const asked = await Promise.all([1, 2, 3, 4].map((attempt) => reserve('inc-many', attempt, 400, 10)));
    expect(asked.filter(({ refused }) => refused === undefined)).toHaveLength(2);
    expect(asked.find(({ refused }) => refused !== undefined)?.refused).toContain('1000 tokens');
  });

  test('a question that was granted is granted again, and counts once', async () => {
    for (let i = 0; i < 3; i += 1) expect(await reserve('inc-again', 1, 900, 10)).toEqual({});
    expect((await reserve('inc-again', 2, 200, 10)).refused).toBeDefined();
  });

  test('what it did cost takes the place of what was set aside, once', async () => {
    const { reasoningBudget } = getStore();
    const key = { incidentId: 'inc-settled', round: 1, attempt: 1 };
    await reserve('inc-settled', 1, 900, 10);
    await reasoningBudget.settle(key, { tokens: 100, microUsd: 5 });
    await reasoningBudget.settle(key, { tokens: 0, microUsd: 0 });
    expect(await reserve('inc-settled', 2, 900, 10)).toEqual({});
    expect((await reserve('inc-settled', 3, 1, 10)).refused).toBeDefined();
  });

  test('a day has its money, and the next one has it anew', async () => {
    const next = DAY + 86_400_000;
    expect(await reserve('inc-a', 1, 1, 5000, next)).toEqual({});
    expect((await reserve('inc-a', 2, 1, 1, next)).refused).toContain('0.005 USD');
    expect((await reserve('inc-b', 1, 1, 4000, next)).refused).toContain('a day');
    expect(await reserve('inc-b', 1, 1, 4000, next + 86_400_000)).toEqual({});
  });
}
