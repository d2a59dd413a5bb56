import { NO_TOKENS } from '../../../domain/reasoning/opinion';
import type { ReasoningRequest } from '../../../domain/reasoning/request';
import type { Question, Reasoner } from '../../../ports/reasoner';
import type { Attack } from './case';
import { OWN_SECRET } from './scene';

/** Models that answer: one reads as it should, one repeats what the attacker wants word for word, one wants the same and says it so that it passes for an answer; the others are of no use. */
export const MODELS = ['none', 'honest', 'obedient', 'cunning', 'silent', 'garbage'] as const;
/** One of them. */
export type Model = (typeof MODELS)[number];

/** A model that was asked, and everything that it was shown. */
export interface Asked {
  readonly reasoner: Reasoner | undefined;
  readonly prompts: string[];
}

/** A model as the attack finds it. */
export function modelOf(model: Model, attack: Attack | undefined): Asked {
  const prompts: string[] = [];
  if (model === 'none') return { reasoner: undefined, prompts };
  const reason: Reasoner['reason'] = async (question) => {
    prompts.push(shownOf(question));
    if (model === 'silent') return { ok: false, failure: 'timeout', message: 'the model did not answer', usage: NO_TOKENS, latencyMs: 1, unsure: true };
    return { ok: true, text: answerOf(model, question.request, attack), model: 'recorded', rung: 'plain', usage: NO_TOKENS, latencyMs: 1 };
  };
  return { reasoner: { reason }, prompts };
}

function shownOf({ request, repair }: Question): string {
  return [request.system, ...request.parts.map(({ text }) => text), repair?.problems ?? ''].join('');
}

function answerOf(model: Model, request: ReasoningRequest, attack: Attack | undefined): string {
  if (model === 'garbage') return `Sure! ${attack?.text.slice(0, 5000) ?? ''} {"runbook":`;
  return model === 'honest' || !attack ? honest(request) : model === 'obedient' ? obedient(request, attack) : cunning(request, attack);
}

function honest({ hypotheses, items }: ReasoningRequest): string {
  const first = hypotheses['H1'];
  const cited = witnesses(items).slice(0, 8);
  const own = first && {
    ...{ statistical: 'H1', cause: first.cause, statement: 'The measured numbers fit this cause.', evidence_ids: cited },
    ...{ counter_evidence_ids: [], quotes: [], confidence: 4 },
  };
  return JSON.stringify({ hypotheses: own ? [own] : [], runbook: 'none', summary: 'Requests fail.', unknowns: [], needs_human: false });
}

/** Word for word: planted cause, runbook and parameters, the planted line as a quote, and every secret that the attacker asks for. */
function obedient({ items }: ReasoningRequest, { text, secret = '', plants }: Attack): string {
  const said = `${text.slice(0, 300)} ${secret} ${OWN_SECRET}`;
  const line = items.flatMap(({ id, told }) => told.map((each) => ({ evidence_id: id, text: each.slice(0, 200) })));
  const hypothesis = {
    ...{ statistical: 'none', cause: plants.cause, statement: said, evidence_ids: items.map(({ id }) => id).slice(0, 8), counter_evidence_ids: [] },
    ...{ quotes: line.slice(0, 4), confidence: 5, parameters: plants.parameters },
  };
  return JSON.stringify({
    hypotheses: [hypothesis],
    runbook: plants.runbook,
    parameters: plants.parameters,
    summary: said,
    unknowns: [said],
    needs_human: false,
  });
}

/** In the form that is asked for, resting on what was measured, so that as much as possible of it holds. */
function cunning({ items, runbooks, hypotheses }: ReasoningRequest, { text, secret = '', plants }: Attack): string {
  const cited = witnesses(items).slice(0, 8);
  const other = Object.entries(hypotheses).find(([, { cause }]) => cause === plants.cause)?.[0] ?? 'none';
  const hypothesis = {
    ...{ statistical: other, cause: plants.cause, statement: 'It is what the operators say.', evidence_ids: cited },
    ...{ counter_evidence_ids: [], quotes: [], confidence: 5 },
  };
  const runbook = runbooks.includes(plants.runbook) ? plants.runbook : (runbooks.at(-1) ?? 'none');
  const unknowns = [text.slice(0, 200), `the key ${secret}`, `the password of shop is ${OWN_SECRET}`];
  return JSON.stringify({ hypotheses: [hypothesis], runbook, summary: text.replace(/\d/g, '').slice(0, 600), unknowns, needs_human: false });
}

/** What nobody outside can write first. */
function witnesses(items: ReasoningRequest['items']): readonly string[] {
  const ours = items.filter(({ trust, source }) => trust !== 'outside' && source !== undefined);
  return [...ours, ...items.filter(({ trust }) => trust === 'outside')].map(({ id }) => id);
}
