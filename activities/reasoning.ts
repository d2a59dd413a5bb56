import { defined } from '../domain/defined';
import { humanDuration } from '../domain/human-time';
import { costOf, mostOf, tokensOf } from '../domain/reasoning/budget';
import type { ModelPrice, ReasoningLimits } from '../domain/reasoning/budget';
import { judgeAnswer } from '../domain/reasoning/judge';
import { addUsage, NO_TOKENS, noOpinion } from '../domain/reasoning/opinion';
import type { Judged, Opinion } from '../domain/reasoning/opinion';
import { outsideText } from '../domain/reasoning/outside';
import { repairOf } from '../domain/reasoning/repair';
import { reasoningRequest } from '../domain/reasoning/request';
import type { Asked, ReasoningRequest } from '../domain/reasoning/request';
import type { Clock } from '../ports/clock';
import type { OpinionStore, Question, Reasoner, ReasonerResult, ReasoningBudget } from '../ports/reasoner';

/** What hearing a model works with. */
export interface ReasoningDeps {
  /** Absent where none is configured. */
  readonly reasoner?: Reasoner;
  readonly budget: ReasoningBudget;
  readonly opinions: OpinionStore;
  readonly limits: ReasoningLimits;
  /** The dearest of the models that may answer. */
  readonly price: ModelPrice;
  readonly maxTokens: number;
  readonly clock: Clock;
  /** A word that nobody knows beforehand. */
  readonly boundary: () => string;
  /** Told of each opinion that was made, once. */
  readonly onOpinion?: (opinion: Opinion) => void;
}

/** Which time a round asks a model, from 1, so that each has its own place in the budget; how long all of it may take, milliseconds; and what calls it off. */
export interface Hearing {
  readonly attempt: number;
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

/** Questions of one hearing: the first, and one to mend the answer. */
const TURNS = 2;
const MOST_WHY = 300;

/** Whatever an answer was worth so far. */
interface Heard {
  readonly results: readonly ReasonerResult[];
  readonly judged?: Judged;
  readonly why?: string;
  readonly outcome: Opinion['outcome'];
}

/** What a model thinks of a round: asked once, mended once at most, checked, and recorded. Throws for nothing that a model or its provider does: without a usable answer the opinion says why. */
export async function hearModel(deps: ReasoningDeps, asked: Omit<Asked, 'boundary'>, { attempt, withinMs, signal }: Hearing): Promise<Opinion> {
  const { incidentId, round } = asked.bundle;
  const kept = await deps.opinions.ofRound(incidentId, round);
  if (kept) return kept;
  const of = { incidentId, round, at: new Date(deps.clock.now()).toISOString() };
  if (!deps.reasoner) return noOpinion({ ...of, outcome: 'off', why: 'no model is configured' });
  const request = reasoningRequest({ ...asked, boundary: deps.boundary() });
  const heard = await hear(deps, deps.reasoner, request, { attempt, withinMs, signal });
  // What was called off is no opinion, and must not stand as the one of its round.
  signal.throwIfAborted();
  const answered = heard.results.filter((result) => result.ok);
  const usage = heard.results.reduce((sum, each) => addUsage(sum, each.usage), NO_TOKENS);
  const told = noOpinion({
    ...{ ...of, outcome: heard.outcome, why: outsideText(heard.why ?? '', MOST_WHY) },
    ...{ usage, microUsd: costOf(usage, deps.price), turns: heard.results.length },
    latencyMs: heard.results.reduce((sum, each) => sum + each.latencyMs, 0),
    ...defined({ model: answered.at(-1)?.model, rung: answered.at(-1)?.rung, guardrail: answered.find(({ guardrail }) => guardrail)?.guardrail }),
  });
  const { why: _why, ...used } = told;
  const opinion = heard.judged ? { ...used, ...heard.judged } : told;
  const saved = await deps.opinions.save(opinion);
  deps.onOpinion?.(opinion);
  return saved;
}

async function hear(deps: ReasoningDeps, reasoner: Reasoner, request: ReasoningRequest, { attempt, withinMs, signal }: Hearing): Promise<Heard> {
  const late = AbortSignal.timeout(withinMs);
  const stop = AbortSignal.any([signal, late]);
  const tooLate = `the model did not answer within ${humanDuration(withinMs)}`;
  const results: ReasonerResult[] = [];
  let best: Judged | undefined;
  let why = '';
  let repair: Question['repair'];
  for (let turn = 1; turn <= TURNS; turn += 1) {
    const key = { incidentId: request.incidentId, round: request.round, attempt: (attempt - 1) * TURNS + turn };
    const most = mostOf(request, repair ? repair.answer + repair.problems : '', deps);
    const { refused } = await deps.budget.reserve(key, most, deps.limits, deps.clock.now());
    if (refused !== undefined) return ended(results, best, 'over-budget', refused);
    const result = await answerOf(reasoner, { request, ...defined({ repair }) }, stop);
    results.push(result);
    // What nobody counted may have cost all that was set aside, and stays so.
    if (!result.unsure) await deps.budget.settle(key, { tokens: tokensOf(result.usage), microUsd: costOf(result.usage, deps.price) });
    if (!result.ok) return ended(results, best, 'failed', late.aborted ? tooLate : result.message);
    const { judged, problems } = judgeAnswer(request, result.text);
    best = judged ?? best;
    if (judged && problems.length === 0) break;
    why = problems.map(({ path, message }) => `${path} ${message}`.trim()).join('; ');
    if (late.aborted) return ended(results, best, 'failed', tooLate);
    repair = repairOf(result.text, problems);
  }
  return ended(results, best, 'unusable', `its answer could not be used: ${why}`);
}

/** An answer, or none once it is called off: whoever does not listen to that is left alone, and may have cost all that was set aside. */
async function answerOf(reasoner: Reasoner, question: Question, stop: AbortSignal): Promise<ReasonerResult> {
  const left = new AbortController();
  const given = AbortSignal.any([stop, left.signal]);
  const none = new Promise<ReasonerResult>((resolve) => {
    const leave = (): void => resolve({ ok: false, failure: 'cancelled', message: 'it was called off', usage: NO_TOKENS, latencyMs: 0, unsure: true });
    if (stop.aborted) leave();
    else stop.addEventListener('abort', leave, { once: true, signal: left.signal });
  });
  try {
    return await Promise.race([reasoner.reason(question, { signal: given }), none]);
  } finally {
    left.abort();
  }
}

function ended(results: readonly ReasonerResult[], judged: Judged | undefined, outcome: Heard['outcome'], why: string): Heard {
  return judged ? { results, judged, outcome: 'used' } : { results, outcome, why };
}
