import { hearModel } from '../../activities/reasoning';
import type { ReasoningDeps } from '../../activities/reasoning';
import { costOf } from '../../domain/reasoning/budget';
import { NO_TOKENS } from '../../domain/reasoning/opinion';
import type { Question, ReasonerResult } from '../../ports/reasoner';
import { answer, BOUNDARY, bundle, CANDIDATES, DETERMINED, hypothesis } from '../domain/reasoning/support/asked';
import { MemoryBudget, MemoryOpinions } from '../fakes/memory-reasoning';

const NOW = Date.parse('2026-03-01T12:06:00Z');
const USAGE = { input: 3000, output: 400, cacheRead: 0, cacheWrite: 0 };
const PRICE = { input: 3, output: 15 };
const FAILED = { ok: false, usage: NO_TOKENS, latencyMs: 5, failure: 'unavailable', message: 'the model is away' } as const;

type Said = string | Extract<ReasonerResult, { ok: false }>;

function world(said: readonly Said[], change: Partial<ReasoningDeps> = {}) {
  const questions: Question[] = [];
  const budget = new MemoryBudget();
  const opinions = new MemoryOpinions();
  const deps: ReasoningDeps = {
    reasoner: {
      reason: async (question) => {
        questions.push(question);
        const next = said[questions.length - 1] ?? '';
        return typeof next === 'string' ? { ok: true, text: next, model: 'vendor.model', rung: 'native', usage: USAGE, latencyMs: 40 } : next;
      },
    },
    ...{ budget, opinions, price: PRICE, maxTokens: 1000, clock: { now: () => NOW }, boundary: () => BOUNDARY },
    limits: { tokensPerIncident: 100_000, microUsdPerIncident: 1_000_000, microUsdPerDay: 5_000_000 },
    ...change,
  };
  const hear = (attempt = 1, signal = new AbortController().signal) =>
    hearModel(deps, { bundle: bundle(), diagnosis: DETERMINED, candidates: CANDIDATES }, { attempt, withinMs: 60_000, signal });
  return { hear, questions, budget, opinions };
}

const BAD = answer({ hypotheses: [hypothesis({ evidence_ids: ['E01', 'E40'] })] });

test('a good answer is used after one question, with what it cost', async () => {
  const { hear, budget } = world([answer()]);
  expect(await hear()).toMatchObject({
    ...{ outcome: 'used', model: 'vendor.model', rung: 'native', turns: 1, usage: USAGE, microUsd: costOf(USAGE, PRICE), latencyMs: 40, discarded: [] },
    hypotheses: [{ statistical: 'change:c-1' }],
  });
  expect([...budget.rows.values()]).toMatchObject([{ attempt: 1, tokens: 3400, settled: true }]);
});

test('a round is heard once: the opinion that is kept is the answer from then on', async () => {
  const { hear, questions } = world([answer(), 'another']);
  expect(await hear(2)).toEqual(await hear(1));
  expect(questions).toHaveLength(1);
});

test('a bad answer is mended once, with the problems', async () => {
  const { hear, questions } = world([BAD, answer()]);
  expect(await hear()).toMatchObject({ outcome: 'used', turns: 2, discarded: [], usage: { input: 6000 } });
  expect(questions[1]?.repair?.problems).toContain('E40, which was not shown');
});

test('what is still wrong after that is left out, and told', async () => {
  const { hear, questions } = world([BAD, BAD]);
  expect(await hear()).toMatchObject({ outcome: 'used', hypotheses: [], discarded: [{ what: 'hypotheses.0' }] });
  expect(questions).toHaveLength(2);
});

test('an answer that is none twice is discarded, with the reason', async () => {
  const { hear } = world(['no', "I'm sorry, I can't."]);
  const opinion = await hear();
  expect(opinion).toMatchObject({ outcome: 'unusable', hypotheses: [], turns: 2 });
  expect(opinion.why).toContain('not one JSON object');
});

test('when the mending fails what held of the first answer is used', async () => {
  const half = answer({ summary: 'It failed 777 times.' });
  expect(await world([half, FAILED]).hear()).toMatchObject({ outcome: 'used', hypotheses: [{ cause: 'bad-release' }], discarded: [{ what: 'summary' }] });
});

test('a model that is away leaves the statistics, and costs nothing', async () => {
  const { hear, budget } = world([FAILED]);
  expect(await hear()).toMatchObject({ outcome: 'failed', why: 'the model is away', microUsd: 0 });
  expect([...budget.rows.values()]).toMatchObject([{ tokens: 0, settled: true }]);
});

test('what nobody counted stays in the budget as all that was set aside', async () => {
  const { hear, budget } = world([{ ...FAILED, failure: 'timeout', unsure: true }]);
  await hear();
  const [row] = [...budget.rows.values()];
  expect(row).toMatchObject({ settled: false });
  expect(row?.tokens).toBeGreaterThan(2000);
});

test('over the budget no model is asked', async () => {
  const { hear, questions } = world([answer()], { limits: { tokensPerIncident: 10, microUsdPerIncident: 1, microUsdPerDay: 1 } });
  expect(await hear()).toMatchObject({ outcome: 'over-budget', why: 'the incident may use 10 tokens of models', turns: 0 });
  expect(questions).toEqual([]);
});

test('without a model the opinion says so', async () => {
  const { reasoner: _none, ...rest } = { reasoner: undefined };
  const deps = world([]);
  expect(deps.questions).toEqual([]);
  const opinion = await hearModel(
    {
      ...rest,
      budget: deps.budget,
      opinions: deps.opinions,
      price: PRICE,
      maxTokens: 1,
      clock: { now: () => NOW },
      boundary: () => BOUNDARY,
      limits: { tokensPerIncident: 1, microUsdPerIncident: 1, microUsdPerDay: 1 },
    },
    { bundle: bundle(), diagnosis: DETERMINED, candidates: [] },
    { attempt: 1, withinMs: 60_000, signal: new AbortController().signal },
  );
  expect(opinion).toMatchObject({ outcome: 'off', why: 'no model is configured' });
});

test('what was called off is no opinion of the round', async () => {
  const stop = new AbortController();
  stop.abort();
  const { hear, opinions } = world([{ ...FAILED, failure: 'cancelled' }]);
  await expect(hear(1, stop.signal)).rejects.toThrow();
  expect(opinions.rows.size).toBe(0);
});

test('each time that a round is asked anew has a place of its own in the budget', async () => {
  const { hear, budget } = world([FAILED, FAILED]);
  await hear(3);
  expect([...budget.rows.values()].map(({ attempt }) => attempt)).toEqual([5]);
});
