import { buildEvidence } from '../../domain/evidence-build';
import { NO_TOKENS } from '../../domain/reasoning/opinion';
import type { Reasoner } from '../../ports/reasoner';
import { openReasoner } from '../../workers/reasoner';
import { MemoryStore } from '../fakes/memory-store';
import { startOpenAi } from '../fakes/openai/server';
import { badRelease, unknownFault } from '../fakes/practice-faults';
import { heardWorld } from './support/heard-world';

const bundle = buildEvidence(badRelease());
const idOf = (kind: string): string => bundle.items.find((item) => item.kind === kind)?.id ?? '';
const [METRICS, CHANGE] = [idOf('metrics'), idOf('change')];

const hypothesis = (change: object = {}) => ({
  ...{ statistical: 'H1', cause: 'bad-release', statement: 'The new release fails.', evidence_ids: [METRICS, CHANGE] },
  ...{ counter_evidence_ids: [], quotes: [], confidence: 5 },
  ...change,
});
const answer = (change: object = {}): string =>
  JSON.stringify({ hypotheses: [hypothesis()], runbook: 'none', summary: 'Requests fail since the release.', unknowns: [], needs_human: false, ...change });

/** Says these texts one after another, and counts the questions. */
function says(...texts: readonly string[]): Reasoner & { asked: number } {
  const reasoner = {
    asked: 0,
    reason: async () => ({ ok: true, text: texts[(reasoner.asked += 1) - 1] ?? '', model: 'm', rung: 'plain', usage: NO_TOKENS, latencyMs: 1 }) as const,
  };
  return reasoner;
}

/** Takes a question and never answers, whatever calls it off. */
const deaf: Reasoner = { reason: () => new Promise(() => undefined) };

test('a model that agrees is told beside the diagnosis, and the plan is the one of the statistics', async () => {
  const without = await heardWorld(bundle, {}).run();
  const heard = await heardWorld(bundle, { reasoner: says(answer()) }).run();
  expect(heard.diagnosis.advice).toEqual({
    ...{ note: 'By the statistics, and read by m.', supports: [heard.diagnosis.hypotheses[0]?.id], disputes: [], unknown: [] },
    ...{ suggestions: [], explanation: 'Requests fail since the release.', askPerson: [] },
  });
  expect(heard.plan).toEqual(without.plan);
});

test('without a model the diagnosis says that it comes from the statistics alone', async () => {
  const { diagnosis } = await heardWorld(bundle, {}).run();
  expect(diagnosis.advice).toMatchObject({ note: 'By the statistics alone: no model is configured.', suggestions: [], askPerson: [] });
});

test('a question goes over the wire to the configured endpoint, and what it answers is recorded for the round', async () => {
  const endpoint = await startOpenAi();
  endpoint.answers(answer());
  const world = heardWorld(bundle, {
    reasoner: openReasoner({
      reasoning: {
        ...{ provider: 'openai', openai: { url: endpoint.url }, models: [{ id: 'local', rung: 'plain' }], price: { input: 0, output: 0 } },
        ...{ maxTokens: 1000, timeoutMs: 5000, limits: { tokensPerIncident: 1, microUsdPerIncident: 1, microUsdPerDay: 1 } },
      },
    }),
  });
  const { diagnosis } = await world.run();
  await endpoint.close();
  expect(diagnosis.advice?.note).toBe('By the statistics, and read by local.');
  expect(await world.store.opinions.ofRound(bundle.incidentId, 1)).toMatchObject({ outcome: 'used', model: 'local' });
  expect(world.opinions).toHaveLength(1);
});

test('a retry of the activity takes the opinion that was kept, and asks nobody', async () => {
  const reasoner = says(answer(), 'another');
  const world = heardWorld(bundle, { reasoner });
  const first = await world.run();
  expect(await world.run({ attempt: 2 })).toEqual(first);
  expect([reasoner.asked, world.opinions.length]).toEqual([1, 1]);
});

test('of a worker that is lost while a model thinks nothing stays but what it may have cost, and the next worker asks anew', async () => {
  const store = new MemoryStore();
  const lost = new AbortController();
  const broken = heardWorld(bundle, { store, reasoner: deaf }).run({ signal: lost.signal });
  lost.abort(new Error('the worker is gone'));
  await expect(broken).rejects.toThrow('the worker is gone');
  expect(await store.opinions.ofRound(bundle.incidentId, 1)).toBeUndefined();
  const { diagnosis } = await heardWorld(bundle, { store, reasoner: says(answer()) }).run({ attempt: 2 });
  expect(diagnosis.advice?.note).toBe('By the statistics, and read by m.');
  expect([...store.reasoningBudget.rows.values()].map(({ attempt, settled }) => [attempt, settled])).toEqual([
    [1, false],
    [3, true],
  ]);
});

test('a model that never answers is given up in time for the rest of the activity, and the statistics stand', async () => {
  const world = heardWorld(bundle, { reasoner: deaf });
  const { diagnosis, plan } = await world.run({ allowedMs: 100 });
  expect(diagnosis.advice?.note).toBe('By the statistics alone: the model did not answer within 50 ms.');
  expect(plan).toMatchObject({ kind: 'propose', proposal: { runbook: { id: 'rollback-release' } } });
  expect(await world.store.opinions.ofRound(bundle.incidentId, 1)).toMatchObject({ outcome: 'failed' });
  expect(world.beats.length).toBeGreaterThan(2);
});

test('over the budget the statistics stand and say so', async () => {
  const reasoner = says(answer());
  const { diagnosis } = await heardWorld(bundle, { reasoner, tokensPerIncident: 10 }).run();
  expect([diagnosis.advice?.note, reasoner.asked]).toEqual(['By the statistics alone: the incident may use 10 tokens of models.', 0]);
});

test('a model that names another cause changes no action, and a person hears why he is asked', async () => {
  const lie = hypothesis({ statistical: 'none', cause: 'dependency-failure', statement: 'Payments is away.' });
  const without = await heardWorld(bundle, {}).run();
  const { plan, diagnosis } = await heardWorld(bundle, { reasoner: says(answer({ hypotheses: [lie], runbook: 'restart-service' })) }).run();
  if (!('proposal' in plan) || !('proposal' in without.plan)) throw new Error('nothing is proposed');
  expect(plan.proposal).toEqual(without.plan.proposal);
  expect(plan.policy.reason).toMatch(/A person is asked, as a model names another cause\.$/);
  expect(diagnosis.advice?.suggestions).toEqual([{ cause: 'dependency-failure', statement: 'Payments is away.', evidence: [METRICS, CHANGE] }]);
});

test('where the statistics find nothing a suggestion is told, and a person is needed as before', async () => {
  const unknown = buildEvidence(unknownFault());
  const ids = unknown.items.filter(({ kind }) => kind === 'metrics' || kind === 'saturation').map(({ id }) => id);
  const reasoner = says(
    answer({ hypotheses: [hypothesis({ statistical: 'none', cause: 'resource-exhaustion', evidence_ids: ids, statement: 'A resource.' })] }),
  );
  const { plan, diagnosis } = await heardWorld(unknown, { reasoner }).run();
  expect(plan).toMatchObject({ kind: 'escalate' });
  expect(diagnosis).toMatchObject({ verdict: 'undetermined', advice: { suggestions: [{ cause: 'resource-exhaustion' }] } });
});
